import { Injectable } from '@nestjs/common';
import { Identity, type Organisation } from '#identity';
import { Clock, currentScope, type Page, sha256Hex, systemCaller, type Tx } from '#shared';
import { dayAt } from '../../domain/days.js';
import { type Days, match, matchesUser, normalName, type Screened } from '../../domain/restricted/matcher.js';
import { type EndUse, EndUseRepository } from '../../storage/end-use.repository.js';
import { FindingRepository } from '../../storage/finding.repository.js';
import { type RestrictedParty, RestrictedPartyRepository } from '../../storage/restricted-party.repository.js';
import { Find } from '../findings/find.js';

/** What the lists of restricted recipients say of an organisation. */
export interface RestrictedCheck {
  /** Nothing may go to it: a list means it, or may mean it and nobody has said yet that it does not. */
  readonly listed: boolean;
  /** Words of the lists. */
  readonly lists: readonly string[];
  /** Only by its name, and staff has not confirmed it. */
  readonly possible: boolean;
}

const caller = systemCaller('restricted-parties');
const PAGE = 100;

/** Compares organisations with the lists. A match by name alone opens a finding, and counts until staff dismisses it. */
@Injectable()
export class ScreenParty {
  constructor(
    private readonly parties: RestrictedPartyRepository, private readonly findings: FindingRepository, private readonly declarations: EndUseRepository, private readonly finding: Find, private readonly identity: Identity,
    private readonly clock: Clock,
  ) {}

  async check(tx: Tx, organisation: Screened): Promise<RestrictedCheck> {
    mustSeeLists();
    const days = this.days();
    const sure: string[] = [];
    const possible: string[] = [];
    for (const party of await this.parties.candidates(tx, organisation)) {
      const found = match(party, organisation, days);
      const standing = found === 'POSSIBLE' ? await this.judged(tx, party, organisation) : found;
      if (standing === 'SURE') sure.push(party.list);
      if (standing === 'POSSIBLE') possible.push(party.list);
    }
    return { listed: sure.length + possible.length > 0, lists: [...new Set([...sure, ...possible])].sort(), possible: sure.length === 0 && possible.length > 0 };
  }

  /** Whom a declaration names as end users: one whose name is on a list opens a finding about the order, which counts until staff dismisses it. */
  async endUsers(tx: Tx, declaration: EndUse): Promise<void> {
    const { facts: { endUsers }, normalUsers } = declaration;
    if (endUsers.length === 0) return;
    mustSeeLists();
    for (const party of await this.parties.named(tx, endUsers.flatMap((u) => u.organisationId ?? []), normalUsers)) await this.usersOf(tx, declaration, party);
  }

  /** An organisation came or has another name. */
  async organisation(tx: Tx, id: string): Promise<void> {
    const found = await this.identity.byId(id);
    if (found) await this.check(tx, found);
  }

  /** A list names somebody new: whoever has his name is found before he orders, or has him as end user before the next delivery. */
  async everybody(tx: Tx, partyId: string): Promise<void> {
    const party = await this.parties.lock(tx, partyId);
    if (!party) return;
    for (const declaration of await this.declarations.naming(tx, party.normalNames, party.organisationId)) await this.usersOf(tx, declaration, party);
    for (let after: readonly string[] | null = null; ; ) {
      const page: Page<Organisation> = await this.identity.everyone({ first: PAGE, after });
      for (const organisation of page.items) if (match(party, organisation, this.days()) === 'POSSIBLE') await this.judged(tx, party, organisation);
      if (!page.hasNextPage) return;
      after = [page.items.at(-1)!.id];
    }
  }

  private async usersOf(tx: Tx, { organisationId, objectId, facts }: EndUse, party: RestrictedParty): Promise<void> {
    for (const user of facts.endUsers.filter((u) => matchesUser(party, u, this.days()))) {
      await this.finding.execute(tx, caller, {
        kind: 'POSSIBLE_RESTRICTED_PARTY', severity: 'HIGH', organisationId, objectType: 'order', objectId, cause: `restricted:${party.id}:${objectId}:${sha256Hex(normalName(user.name))}`,
        details: `The name of an end user is on the list ${party.list}.`, internalNote: `${user.name}, ${user.country}; on the list: ${party.name}${party.country ? `, ${party.country}` : ''}`,
      });
    }
  }

  /** What staff has said of a match by name: nothing yet, that it is one, or that it is none. */
  private async judged(tx: Tx, { id, list, name, country }: RestrictedParty, organisation: Screened): Promise<'SURE' | 'POSSIBLE' | null> {
    const cause = `restricted:${id}:${organisation.id}`;
    const found = (await this.findings.ofCause(tx, cause)) ?? (await this.finding.execute(tx, caller, {
      kind: 'POSSIBLE_RESTRICTED_PARTY', severity: 'HIGH', organisationId: organisation.id, objectType: 'restricted-party', objectId: id, cause,
      details: `The name of the organisation is on the list ${list}.`, internalNote: `${name}${country ? `, ${country}` : ''}; the organisation is of ${organisation.jurisdiction}`,
    }));
    // Another transaction found it in the same moment.
    const { state } = found ?? (await this.findings.ofCause(tx, cause))!;
    return state === 'CONFIRMED' ? 'SURE' : state === 'OPEN' ? 'POSSIBLE' : null;
  }

  /** An entry holds from its first moment in the earliest time zone to its last in the latest. */
  private days(): Days {
    const now = this.clock.now();
    return { first: dayAt(now, 'Pacific/Kiritimati'), last: dayAt(now, 'Etc/GMT+12') };
  }
}

/** Whoever cannot see the lists would find nobody on them. */
function mustSeeLists(): void {
  if (!['system', 'staff', 'auditor'].includes(currentScope().reach)) throw new Error('restricted parties are looked up with the reach of the exchange alone');
}
