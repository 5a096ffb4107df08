import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { In } from 'typeorm';
import type { OrganisationKind, OrganisationState } from '../domain/actor.js';
import type { RegistryNumber } from '../domain/registry-number.js';
import { OrganisationRow, RegistryNumberRow } from './identity.entities.js';

/** What every room may know of an organisation. */
export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly subdivision: string | null;
  readonly state: OrganisationState;
  readonly assuranceLevel: number | null;
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
  readonly registryNumbers: readonly (RegistryNumber & { readonly proven: boolean })[];
}

interface Row {
  id: string; kind: OrganisationKind; legal_name: string; jurisdiction: string; subdivision: string | null; state: OrganisationState;
  assurance_level: number | null; verified_at: Date | null; created_at: Date; numbers: Organisation['registryNumbers'] | null;
}

const SELECT = `select o.*, (select json_agg(json_build_object('scheme', r.scheme, 'value', r.value, 'checksum', r.checksum, 'proven', r.proven) order by r.scheme)
  from identity.registry_number r where r.organisation_id = o.id) as numbers from identity.organisation o`;
const BY_IDS = { name: 'identity.organisations-by-ids', text: `${SELECT} where o.id = any($1::uuid[])` };
const PAGE = { name: 'identity.organisations-page', text: `${SELECT} where ($1::text is null or o.state = $1) and ($2::uuid is null or o.id > $2) order by o.id limit $3` };
const EXCHANGE = { name: 'identity.exchange', text: `select id from identity.organisation where kind = 'EXCHANGE'` };

@Injectable()
export class OrganisationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, organisation: Organisation): Promise<void> {
    const { registryNumbers, ...row } = organisation;
    await tx.insert(OrganisationRow, row);
    await tx.insert(RegistryNumberRow, registryNumbers.map((n) => ({ ...n, organisationId: organisation.id })));
  }

  /** Reads an organisation and holds it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Organisation | null> {
    const row = await tx.findOne(OrganisationRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (!row) return null;
    const numbers = await tx.find(RegistryNumberRow, { where: { organisationId: id }, order: { scheme: 'ASC' } });
    return { ...row, registryNumbers: numbers };
  }

  async setState(tx: Tx, id: string, state: OrganisationState): Promise<void> {
    await tx.update(OrganisationRow, { id }, { state });
  }

  async setVerified(tx: Tx, id: string, assuranceLevel: number, verifiedAt: Date): Promise<void> {
    await tx.update(OrganisationRow, { id }, { state: 'VERIFIED', assuranceLevel, verifiedAt });
  }

  /** Marks the numbers as proven; false when another organisation has proven one of them before. */
  async prove(tx: Tx, id: string, schemes: readonly string[]): Promise<boolean> {
    // Two who prove the same number at once do it one after the other, and the second sees the first.
    await tx.query(
      `select pg_advisory_xact_lock(hashtextextended(scheme || ' ' || value, 7301131)) from identity.registry_number where organisation_id = $1 and scheme = any($2::text[]) order by scheme`, [id, schemes],
    );
    const clash = (await tx.query(
      `select 1 from identity.registry_number mine join identity.registry_number theirs on theirs.scheme = mine.scheme and theirs.value = mine.value
       where mine.organisation_id = $1 and mine.scheme = any($2::text[]) and theirs.proven and theirs.organisation_id <> $1`, [id, schemes],
    )) as unknown[];
    if (clash.length) return false;
    await tx.update(RegistryNumberRow, { organisationId: id, scheme: In([...schemes]) }, { proven: true });
    return true;
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Organisation>> {
    const rows = await this.database.query<Row & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, toOrganisation(r)]));
  }

  async page(state: OrganisationState | null, request: PageRequest): Promise<Page<Organisation>> {
    const rows = await this.database.query<Row & Record<string, unknown>>(PAGE, [state, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map(toOrganisation), request, (o) => [o.id]);
  }

  async exchangeId(): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(EXCHANGE);
    return row?.id ?? null;
  }
}

const toOrganisation = (r: Row): Organisation => ({
  id: r.id, kind: r.kind, legalName: r.legal_name, jurisdiction: r.jurisdiction, subdivision: r.subdivision, state: r.state,
  assuranceLevel: r.assurance_level, verifiedAt: r.verified_at, createdAt: r.created_at, registryNumbers: r.numbers ?? [],
});
