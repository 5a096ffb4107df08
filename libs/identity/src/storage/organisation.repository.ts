import { Injectable } from '@nestjs/common';
import { Clock, Database, newId, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { In } from 'typeorm';
import type { OrganisationKind, OrganisationState } from '../domain/actor.js';
import { REGISTERED_LEVEL } from '../domain/assurance.js';
import type { RegistryNumber } from '../domain/registry-number.js';
import type { RegistryProof } from '../domain/registry-proof.js';
import { OrganisationRow, RegistryNumberRow } from './identity.entities.js';
import { RegistryProofRow } from './ownership.entities.js';

/** What every room may know of an organisation. */
export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly subdivision: string | null;
  /** As it stands at this moment: an overdue verification is none. */
  readonly state: OrganisationState;
  readonly assuranceLevel: number;
  readonly verifiedAt: Date | null;
  /** From then on it counts as unverified; null for the exchange, and for whoever was never verified. */
  readonly verificationDueAt: Date | null;
  readonly createdAt: Date;
  readonly registryNumbers: readonly (RegistryNumber & { readonly proven: boolean })[];
}

interface Row {
  id: string; kind: OrganisationKind; legal_name: string; jurisdiction: string; subdivision: string | null; state: OrganisationState;
  assurance_level: number; verified_at: Date | null; verification_due_at: Date | null; created_at: Date; state_now: OrganisationState; numbers: Organisation['registryNumbers'] | null;
}

const SELECT = `select o.*, identity.standing(o.kind, o.state, o.verification_due_at, $1) as state_now, (select json_agg(json_build_object('scheme', r.scheme, 'value', r.value, 'checksum', r.checksum, 'proven', r.proven) order by r.scheme)
  from identity.registry_number r where r.organisation_id = o.id) as numbers from identity.organisation o`;
const BY_IDS = { name: 'identity.organisations-by-ids', text: `${SELECT} where o.id = any($2::uuid[])` };
const PAGE = { name: 'identity.organisations-page', text: `${SELECT} where ($2::text is null or identity.standing(o.kind, o.state, o.verification_due_at, $1) = $2) and ($3::uuid is null or o.id > $3) order by o.id limit $4` };
const EXCHANGE = { name: 'identity.exchange', text: `select id from identity.organisation where kind = 'EXCHANGE'` };
const OVERDUE = { name: 'identity.verifications-overdue', text: `select id from identity.organisation where state = 'VERIFIED' and kind <> 'EXCHANGE' and verification_due_at <= $1 order by verification_due_at limit $2` };
const FALLING_DUE = {
  name: 'identity.verifications-falling-due',
  text: `select id from identity.organisation where state = 'VERIFIED' and kind <> 'EXCHANGE' and verification_announced_at is null and verification_due_at > $1 and verification_due_at <= $2 order by verification_due_at limit $3`,
};

@Injectable()
export class OrganisationRepository {
  constructor(private readonly database: Database, private readonly clock: Clock) {}

  async insert(tx: Tx, organisation: Organisation): Promise<void> {
    const { registryNumbers, ...row } = organisation;
    await tx.insert(OrganisationRow, { ...row, verificationAnnouncedAt: null });
    await tx.insert(RegistryNumberRow, registryNumbers.map((n) => ({ ...n, organisationId: organisation.id })));
  }

  /** Reads an organisation as it is written down and holds it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<(Organisation & { readonly verificationAnnouncedAt: Date | null }) | null> {
    const row = await tx.findOne(OrganisationRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (!row) return null;
    const numbers = await tx.find(RegistryNumberRow, { where: { organisationId: id }, order: { scheme: 'ASC' } });
    return { ...row, registryNumbers: numbers };
  }

  async setState(tx: Tx, id: string, state: OrganisationState): Promise<void> {
    await tx.update(OrganisationRow, { id }, { state });
  }

  async setVerified(tx: Tx, id: string, proof: Pick<OrganisationRow, 'assuranceLevel' | 'verifiedAt' | 'verificationDueAt'>): Promise<void> {
    await tx.update(OrganisationRow, { id }, { ...proof, state: 'VERIFIED', verificationAnnouncedAt: null });
  }

  async setLapsed(tx: Tx, id: string, assuranceLevel: number): Promise<void> {
    await tx.update(OrganisationRow, { id }, { state: 'PENDING_VERIFICATION', assuranceLevel });
  }

  async setOverdue(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.update(OrganisationRow, { id }, { verificationDueAt: at });
  }

  async setAnnounced(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.update(OrganisationRow, { id }, { verificationAnnouncedAt: at });
  }

  /** Verified organisations whose proof has run out. */
  async overdue(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(OVERDUE, [now, limit])).map((r) => r.id);
  }

  /** Those whose proof runs out in this time and who were not told. */
  async fallingDue(from: Date, to: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(FALLING_DUE, [from, to, limit])).map((r) => r.id);
  }

  /** What the registers answered, and the findings of today's check digits. */
  async record(tx: Tx, organisation: Organisation, proofs: readonly RegistryProof[], by: string, at: Date): Promise<void> {
    const valueOf = (scheme: string): string => organisation.registryNumbers.find((n) => n.scheme === scheme)!.value;
    await tx.insert(RegistryProofRow, proofs.map(({ scheme, register, reference, extractedAt }) => ({ id: newId(), organisationId: organisation.id, scheme, value: valueOf(scheme), register, reference, extractedAt, recordedBy: by, recordedAt: at })));
    for (const { scheme, checksum } of organisation.registryNumbers) await tx.update(RegistryNumberRow, { organisationId: organisation.id, scheme }, { checksum });
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
    const rows = await this.database.query<Row & Record<string, unknown>>(BY_IDS, [this.clock.now(), ids]);
    return new Map(rows.map((r) => [r.id, toOrganisation(r)]));
  }

  async page(state: OrganisationState | null, request: PageRequest): Promise<Page<Organisation>> {
    const rows = await this.database.query<Row & Record<string, unknown>>(PAGE, [this.clock.now(), state, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map(toOrganisation), request, (o) => [o.id]);
  }

  async exchangeId(): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(EXCHANGE);
    return row?.id ?? null;
  }
}

const toOrganisation = (r: Row): Organisation => ({
  id: r.id, kind: r.kind, legalName: r.legal_name, jurisdiction: r.jurisdiction, subdivision: r.subdivision, state: r.state_now,
  // A lapse takes the level back too.
  assuranceLevel: r.state_now === r.state ? r.assurance_level : REGISTERED_LEVEL, verifiedAt: r.verified_at, verificationDueAt: r.verification_due_at, createdAt: r.created_at, registryNumbers: r.numbers ?? [],
});
