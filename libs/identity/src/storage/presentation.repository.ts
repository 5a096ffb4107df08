import { Injectable } from '@nestjs/common';
import { Database, type SealedColumn, type Tx } from '#shared';
import type { RequestPayload } from '../credentials/oid4vp.js';
import type { CredentialPurpose } from '../domain/credential.js';
import type { PresentationFailure, PresentationState } from '../domain/credential-states.js';
import type { Role } from '../domain/permissions.js';

export const RESPONSE_KEY_PURPOSE = 'oid4vp-response-key';

/** One request to a wallet and what came of it. */
export interface Presentation {
  readonly id: string;
  readonly organisationId: string;
  readonly memberId: string;
  readonly purpose: CredentialPurpose;
  readonly state: PresentationState;
  readonly failure: PresentationFailure | null;
  readonly credentialId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}
export interface OpenPresentation extends Presentation {
  readonly nonce: string;
  readonly request: RequestPayload;
  /** Sealed; gone once the request is finished. */
  readonly responseKey: string | null;
}

const COLUMNS = `p.id, p.organisation_id as "organisationId", p.member_id as "memberId", p.purpose, p.state, p.failure, p.credential_id as "credentialId", p.created_at as "createdAt", p.expires_at as "expiresAt"`;
const BY_ID = { name: 'identity.presentation', text: `select ${COLUMNS} from identity.presentation p where p.id = $1` };
const OPEN = { name: 'identity.presentation-open', text: `select ${COLUMNS}, p.nonce, p.request, p.response_key as "responseKey" from identity.presentation p where p.id = $1 and p.state = 'WAITING' and p.expires_at > $2` };
const LATE = { name: 'identity.presentations-late', text: `select p.id from identity.presentation p where p.state = 'WAITING' and p.expires_at <= $1 order by p.expires_at limit 500` };
const SEALED = { name: 'identity.presentation-keys', text: `select p.id as key, p.response_key as sealed from identity.presentation p where p.state = 'WAITING' and ($1::uuid is null or p.id > $1) order by p.id limit $2` };

@Injectable()
export class PresentationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, p: OpenPresentation): Promise<void> {
    await tx.query(
      `insert into identity.presentation (id, organisation_id, member_id, purpose, state, nonce, request, response_key, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)`,
      [p.id, p.organisationId, p.memberId, p.purpose, p.state, p.nonce, JSON.stringify(p.request), p.responseKey, p.createdAt, p.expiresAt],
    );
  }

  async countWaiting(tx: Tx, organisationId: string, now: Date): Promise<number> {
    const [row] = (await tx.query(`select count(*)::int as n from identity.presentation where organisation_id = $1 and state = 'WAITING' and expires_at > $2`, [organisationId, now])) as { n: number }[];
    return row!.n;
  }

  async byId(id: string): Promise<Presentation | null> {
    return (await this.database.query<Presentation & Record<string, unknown>>(BY_ID, [id]))[0] ?? null;
  }

  /** A request that can still be answered. */
  async open(id: string, now: Date): Promise<OpenPresentation | null> {
    return (await this.database.query<OpenPresentation & Record<string, unknown>>(OPEN, [id, now]))[0] ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Presentation | null> {
    return ((await tx.query(`select ${COLUMNS} from identity.presentation p where p.id = $1 for no key update`, [id])) as Presentation[])[0] ?? null;
  }

  /** The roles of the member who began it, while he is one. */
  async rolesOf(tx: Tx, memberId: string): Promise<readonly Role[]> {
    const rows = (await tx.query(`select roles from identity.member where id = $1 and state = 'ACTIVE'`, [memberId])) as { roles: Role[] }[];
    return rows[0]?.roles ?? [];
  }

  async finish(tx: Tx, id: string, at: Date, end: { readonly state: PresentationState; readonly failure?: PresentationFailure; readonly credentialId?: string }): Promise<void> {
    await tx.query('update identity.presentation set state = $2, failure = $3, credential_id = $4, finished_at = $5, response_key = null where id = $1', [id, end.state, end.failure ?? null, end.credentialId ?? null, at]);
  }

  async late(now: Date): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LATE, [now])).map((r) => r.id);
  }

  /** For the rotation of the envelope key. */
  sealedColumn(): SealedColumn {
    return {
      name: 'identity.presentation.response_key', purpose: RESPONSE_KEY_PURPOSE,
      after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SEALED, [key, limit]),
      replace: async (tx, key, old, sealed) => void (await tx.query('update identity.presentation set response_key = $3 where id = $1 and response_key = $2', [key, old, sealed])),
    };
  }
}
