import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { MandateRow } from './membership.entities.js';

export type Mandate = Readonly<MandateRow>;

/** Somebody who may come to sign: the member, or the one who made the key that acts. */
export interface Signer {
  readonly memberId: string;
  readonly displayName: string;
}

const PAGE = {
  name: 'identity.mandates',
  text: `select id, organisation_id as "organisationId", member_id as "memberId", currency, max_minor as "maxMinor", mode, valid_from as "validFrom", valid_to as "validTo", evidence,
           credential_id as "credentialId", granted_by as "grantedBy", state, revoked_at as "revokedAt", created_at as "createdAt"
         from identity.mandate where organisation_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
};

@Injectable()
export class MandateRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, mandate: Mandate): Promise<void> {
    await tx.insert(MandateRow, mandate);
  }
  lock(tx: Tx, id: string): Promise<Mandate | null> {
    return tx.findOne(MandateRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  /** Mandates of a member that are not revoked, held until the transaction ends: whoever revokes one waits, or is waited for. */
  holdOf(tx: Tx, memberId: string, mode: 'pessimistic_read' | 'for_no_key_update' = 'pessimistic_read'): Promise<Mandate[]> {
    return tx.find(MandateRow, { where: { memberId, state: 'ACTIVE' }, order: { id: 'ASC' }, lock: { mode } });
  }
  async revoke(tx: Tx, id: string, revokedAt: Date): Promise<void> {
    await tx.update(MandateRow, { id }, { state: 'REVOKED', revokedAt });
  }

  /** Whether the organisation has ever granted one, or this member has ever proven his by a credential: from then on a mandate decides. */
  async governs(tx: Tx, organisationId: string, memberId: string): Promise<boolean> {
    return ((await tx.query('select 1 from identity.mandate where organisation_id = $1 and (credential_id is null or member_id = $2) limit 1', [organisationId, memberId])) as unknown[]).length === 1;
  }

  /** A member as he is now; with `roles` only one who has one of them. */
  async member(tx: Tx, organisationId: string, memberId: string, roles: readonly string[] | null = null): Promise<Signer | null> {
    const [row] = (await tx.query(
      `select id as "memberId", display_name as "displayName" from identity.member where id = $1 and organisation_id = $2 and state = 'ACTIVE' and ($3::text[] is null or roles && $3) for share`, [memberId, organisationId, roles],
    )) as Signer[];
    return row ?? null;
  }
  /** Who made this key, whatever became of him. */
  async makerOfKey(tx: Tx, organisationId: string, keyId: string): Promise<Signer | null> {
    const [row] = (await tx.query(
      `select m.id as "memberId", m.display_name as "displayName" from identity.api_key k join identity.member m on m.id = k.created_by where k.id = $1 and k.organisation_id = $2`, [keyId, organisationId],
    )) as Signer[];
    return row ?? null;
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<Mandate>> {
    const rows = await this.database.query<Record<string, unknown> & { maxMinor: string | null }>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map((r) => ({ ...r, maxMinor: r.maxMinor === null ? null : BigInt(r.maxMinor) }) as unknown as Mandate), request, (m) => [m.id]);
  }
}
