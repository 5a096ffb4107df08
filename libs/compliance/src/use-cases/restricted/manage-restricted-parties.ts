import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity } from '#identity';
import { Clock, Commands, invalid, type InvalidInput, isCountry, isDay, isRefused, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import { normalName } from '../../domain/restricted/matcher.js';
import { type RestrictedEvent, type RestrictedState, restrictedStates } from '../../domain/restricted/restricted-party.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { RestrictedListChanged } from '../../register.events.js';
import { type RestrictedParty, RestrictedPartyRepository } from '../../storage/restricted-party.repository.js';

export interface ProposeRestrictedPartyInput {
  /** The word of the list, `pipl_42`. */
  readonly list: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly country?: string | null;
  readonly registryNumber?: { readonly scheme: string; readonly value: string } | null;
  readonly organisationId?: string | null;
  readonly effectiveFrom: string;
  readonly effectiveTo?: string | null;
  readonly source: string;
}

/** As registers print them, and as the exchange keeps those of its members: without spaces, dots, slashes and dashes. */
const SEPARATORS = /[\s./\p{Pd}\u2212\p{Cf}]/gu;

/** Officers keep the lists of restricted recipients: one proposes, another confirms; the same to take a party off. */
@Injectable()
export class ManageRestrictedParties {
  constructor(
    private readonly commands: Commands, private readonly parties: RestrictedPartyRepository, private readonly identity: Identity, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async propose(actor: Actor, input: ProposeRestrictedPartyInput): Promise<Result<RestrictedParty>> {
    const refusal = authorise(actor, 'compliance:screen-parties');
    if (refusal) return refusal;
    const wrong = problem(input);
    if (wrong) return wrong;
    return this.commands.run<Result<RestrictedParty>>(actor, 'compliance.propose-restricted-party', input, async (tx) => {
      const { list, country = null, registryNumber, organisationId = null, effectiveFrom, effectiveTo = null, source } = input;
      if (organisationId && !(await this.identity.byId(organisationId))) return invalid(REGISTER_ERRORS.ORGANISATION, 'organisationId', 'no such organisation');
      const [name, ...aliases] = [input.name, ...input.aliases].map((n) => n.normalize('NFC').trim()) as [string, ...string[]];
      const party: RestrictedParty = {
        id: newId(), list, name, aliases, normalNames: [...new Set([name, ...aliases].map(normalName))], country, scheme: registryNumber?.scheme ?? null,
        number: registryNumber?.value.normalize('NFKC').replace(SEPARATORS, '').toUpperCase() ?? null, organisationId, effectiveFrom, effectiveTo, source, state: 'PROPOSED', proposedBy: actor.subject, proposedAt: this.clock.now(),
        confirmedBy: null, confirmedAt: null, removalBy: null, removalReason: null, closedBy: null, closedAt: null,
      };
      await this.parties.insert(tx, party);
      await this.audit.append(tx, actor, { act: 'restricted-party.propose', objectType: 'restricted-party', objectId: party.id, tenantId: null, details: { ...input } });
      return party;
    });
  }

  /** The second officer, to an entry as to a removal. */
  confirm(actor: Actor, input: { readonly partyId: string }): Promise<Result<RestrictedParty>> {
    return this.act(actor, 'confirm', input, null, (party, state) => {
      const first = party.state === 'REMOVAL_PROPOSED' ? party.removalBy : party.proposedBy;
      if (first === actor.subject) return null;
      return state === 'REMOVED' ? { state, closedBy: actor.subject, closedAt: this.clock.now() } : { state, confirmedBy: actor.subject, confirmedAt: this.clock.now() };
    });
  }
  /** Says no to a proposal: an entry that was never in force is over, one that was to be removed stays. */
  reject(actor: Actor, input: { readonly partyId: string; readonly reason: string }): Promise<Result<RestrictedParty>> {
    return this.act(actor, 'reject', input, input.reason, (_, state) =>
      state === 'REJECTED' ? { state, closedBy: actor.subject, closedAt: this.clock.now() } : { state, removalBy: null, removalReason: null });
  }
  remove(actor: Actor, input: { readonly partyId: string; readonly reason: string }): Promise<Result<RestrictedParty>> {
    return this.act(actor, 'propose-removal', input, input.reason, (_, state) => ({ state, removalBy: actor.subject, removalReason: input.reason }));
  }

  /** `change` answers null where another officer has to do it. */
  private async act(actor: Actor, event: RestrictedEvent, input: { readonly partyId: string }, reason: string | null, change: (party: RestrictedParty, to: RestrictedState) => Partial<RestrictedParty> | null): Promise<Result<RestrictedParty>> {
    const refusal = authorise(actor, 'compliance:screen-parties');
    if (refusal) return refusal;
    return this.commands.run<Result<RestrictedParty>>(actor, `compliance.${event}-restricted-party`, input, async (tx: Tx) => {
      const party = await this.parties.lock(tx, input.partyId);
      if (!party) return notFound('restricted party');
      const to = restrictedStates.next(party.state, event);
      // Whoever stands on no list before and after is nobody's business but the officers'.
      const { id, list, organisationId } = party;
      const announce = to && event === 'confirm' ? { announce: { type: RestrictedListChanged, payload: { partyId: id, list, organisationId, state: to } } } : {};
      const state = await this.audit.transition(tx, actor, { table: restrictedStates, state: party.state, event, objectType: 'restricted-party', objectId: id, tenantId: null, reason, ...announce });
      if (isRefused(state)) return state;
      const moved = change(party, state);
      if (!moved) return stateConflict(REGISTER_ERRORS.FOUR_EYES, 'another officer confirms what you proposed', party.state);
      await this.parties.move(tx, id, moved);
      return { ...party, ...moved };
    });
  }
}

function problem({ name, aliases, country, effectiveFrom, effectiveTo }: ProposeRestrictedPartyInput): InvalidInput | undefined {
  if (country && !isCountry(country)) return invalid(REGISTER_ERRORS.COUNTRY, 'country', 'an ISO 3166-1 alpha-2 code');
  const nameless = [name, ...aliases].findIndex((n) => normalName(n) === '');
  if (nameless >= 0) return invalid(REGISTER_ERRORS.RESTRICTED_NAME, nameless === 0 ? 'name' : `aliases.${nameless - 1}`, 'a name with at least one letter or digit');
  if (!isDay(effectiveFrom)) return invalid(REGISTER_ERRORS.DAYS, 'effectiveFrom', 'a day, YYYY-MM-DD');
  if (effectiveTo && (!isDay(effectiveTo) || effectiveTo <= effectiveFrom)) return invalid(REGISTER_ERRORS.DAYS, 'effectiveTo', 'a day, YYYY-MM-DD, after effectiveFrom');
  return undefined;
}
