import { Injectable } from '@nestjs/common';
import { Database, type SealedColumn, type Tx } from '#shared';
import type { JWK } from 'jose';

export interface SignInRow {
  readonly id: string;
  readonly issuerId: string;
  readonly stateHash: string;
  readonly browserHash: string;
  readonly sealed: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}
export interface ClientKeyRow {
  readonly kid: string;
  readonly issuer: string;
  readonly use: 'sig' | 'enc';
  readonly publicJwk: JWK;
  readonly sealed: string;
  readonly createdAt: Date;
}

export const SIGN_IN_PURPOSE = 'identity.sign-in';
export const CLIENT_KEY_PURPOSE = 'identity.issuer-client-key';

/** Each issuer has two. */
const MOST_KEYS = 500;
const KEYS = { name: 'identity.client-keys', text: 'select public_jwk as jwk from identity.issuer_client_key order by created_at, kid' };
const KEYS_OF = { name: 'identity.client-keys-of', text: `select kid, use, issuer, sealed from identity.issuer_client_key where issuer = $1 or use = 'enc' order by (issuer = $1) desc, created_at desc limit $2` };
const SEALED_KEYS = { name: 'identity.client-keys-sealed', text: 'select kid as key, sealed from identity.issuer_client_key where $1::text is null or kid > $1 order by kid limit $2' };
const SEALED_SIGN_INS = { name: 'identity.sign-ins-sealed', text: 'select id::text as key, sealed from identity.sign_in where $1::uuid is null or id > $1 order by id limit $2' };
const SWEEP = { name: 'identity.sign-ins-sweep', text: 'delete from identity.sign_in where expires_at < $1' };

/** Sign-ins that have begun, and the keys with which the exchange is a client of issuers. */
@Injectable()
export class SignInRepository {
  constructor(private readonly database: Database) {}

  async begin(tx: Tx, row: SignInRow): Promise<void> {
    await tx.query(
      'insert into identity.sign_in (id, issuer_id, state_hash, browser_hash, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [row.id, row.issuerId, row.stateHash, row.browserHash, row.sealed, row.createdAt, row.expiresAt],
    );
  }

  /** Takes a sign-in away, so that of several who come back with it one gets it. */
  async take(tx: Tx, stateHash: string, browserHash: string, now: Date): Promise<Pick<SignInRow, 'issuerId' | 'sealed'> | null> {
    const [rows] = (await tx.query(
      'delete from identity.sign_in where state_hash = $1 and browser_hash = $2 and expires_at > $3 returning issuer_id as "issuerId", sealed', [stateHash, browserHash, now],
    )) as [Pick<SignInRow, 'issuerId' | 'sealed'>[], number];
    return rows[0] ?? null;
  }

  async sweep(now: Date): Promise<void> {
    await this.database.query(SWEEP, [now]);
  }

  /** Keeps the key unless the issuer has one for this use already. */
  async addKey(tx: Tx, key: ClientKeyRow): Promise<void> {
    await tx.query(
      'insert into identity.issuer_client_key (kid, issuer, use, public_jwk, sealed, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (issuer, use) do nothing',
      [key.kid, key.issuer, key.use, key.publicJwk, key.sealed, key.createdAt],
    );
  }

  async publicKeys(): Promise<JWK[]> {
    return (await this.database.query<{ jwk: JWK }>(KEYS)).map((r) => r.jwk);
  }

  /** The keys of this issuer, and those to which any issuer may have encrypted: all are published in one set. */
  keysFor(issuer: string): Promise<Pick<ClientKeyRow, 'kid' | 'use' | 'issuer' | 'sealed'>[]> {
    return this.database.query<Pick<ClientKeyRow, 'kid' | 'use' | 'issuer' | 'sealed'>>(KEYS_OF, [issuer, MOST_KEYS]);
  }

  /** For the rotation of the envelope key. */
  sealedColumns(): SealedColumn[] {
    return [
      {
        name: 'identity.issuer_client_key.sealed', purpose: CLIENT_KEY_PURPOSE,
        after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SEALED_KEYS, [key, limit]),
        replace: async (tx, key, old, sealed) => void (await tx.query('update identity.issuer_client_key set sealed = $3 where kid = $1 and sealed = $2', [key, old, sealed])),
      },
      {
        name: 'identity.sign_in.sealed', purpose: SIGN_IN_PURPOSE,
        after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SEALED_SIGN_INS, [key, limit]),
        replace: async (tx, key, old, sealed) => void (await tx.query('update identity.sign_in set sealed = $3 where id = $1 and sealed = $2', [key, old, sealed])),
      },
    ];
  }
}
