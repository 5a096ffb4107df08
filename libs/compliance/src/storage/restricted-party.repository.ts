import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Screened } from '../domain/restricted/matcher.js';
import { normalName } from '../domain/restricted/matcher.js';
import type { RestrictedState } from '../domain/restricted/restricted-party.js';
import { RestrictedPartyRow } from './register.entities.js';

export type RestrictedParty = Readonly<RestrictedPartyRow>;

const COLUMNS = `id, list, name, aliases, normal_names as "normalNames", country, scheme, number, organisation_id as "organisationId", effective_from::text as "effectiveFrom", effective_to::text as "effectiveTo", source, state,
  proposed_by as "proposedBy", proposed_at as "proposedAt", confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", removal_by as "removalBy", removal_reason as "removalReason", closed_by as "closedBy", closed_at as "closedAt"`;
const PAGE = {
  name: 'compliance.restricted-parties',
  text: `select ${COLUMNS} from compliance.restricted_party where ($1::text is null or state = $1) and ($2::text is null or list = $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
};
const CANDIDATES = `select ${COLUMNS} from compliance.restricted_party
  where state in ('LISTED', 'REMOVAL_PROPOSED') and (organisation_id = $1 or (scheme, number) in (select * from unnest($2::text[], $3::text[])) or normal_names && array[$4::text])
  order by id limit 100`;

const NAMED = `select ${COLUMNS} from compliance.restricted_party where state in ('LISTED', 'REMOVAL_PROPOSED') and (organisation_id = any($1::uuid[]) or normal_names && $2::text[]) order by id limit 1000`;

@Injectable()
export class RestrictedPartyRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, party: RestrictedParty): Promise<void> {
    await tx.insert(RestrictedPartyRow, party);
  }
  lock(tx: Tx, id: string): Promise<RestrictedParty | null> {
    return tx.findOne(RestrictedPartyRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  async move(tx: Tx, id: string, change: Partial<Pick<RestrictedPartyRow, 'state' | 'confirmedBy' | 'confirmedAt' | 'removalBy' | 'removalReason' | 'closedBy' | 'closedAt'>>): Promise<void> {
    await tx.update(RestrictedPartyRow, { id }, change);
  }
  /** Entries that might mean this organisation. */
  candidates(tx: Tx, { id, legalName, registryNumbers }: Screened): Promise<RestrictedParty[]> {
    return tx.query(CANDIDATES, [id, registryNumbers.map((n) => n.scheme), registryNumbers.map((n) => n.value), normalName(legalName)]) as Promise<RestrictedParty[]>;
  }
  /** Entries that might mean one of several, of whom ids or names are known. */
  named(tx: Tx, organisationIds: readonly string[], normalNames: readonly string[]): Promise<RestrictedParty[]> {
    return tx.query(NAMED, [organisationIds, normalNames]) as Promise<RestrictedParty[]>;
  }
  async page(filter: { readonly state: RestrictedState | null; readonly list: string | null }, request: PageRequest): Promise<Page<RestrictedParty>> {
    const rows = await this.database.query<RestrictedParty & Record<string, unknown>>(PAGE, [filter.state, filter.list, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (p) => [p.id]);
  }
}
