import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { JSONWebKeySet } from 'jose';
import type { AssertedNumber } from '../domain/issuer.js';

const USE_DPOP = { name: 'identity.dpop-use', text: 'insert into identity.dpop_proof (digest, expires_at) values ($1, $2) on conflict do nothing returning 1 as used' };
const USE_ASSERTION = { name: 'identity.assertion-use', text: 'insert into identity.client_assertion (digest, expires_at) values ($1, $2) on conflict do nothing returning 1 as used' };
const SWEEP_DPOP = { name: 'identity.dpop-sweep', text: 'delete from identity.dpop_proof where expires_at < $1' };
const SWEEP_ASSERTIONS = { name: 'identity.assertion-sweep', text: 'delete from identity.client_assertion where expires_at < $1' };
const KEY_SETS_OF = {
  name: 'identity.key-sets-of',
  text: `select j.key_id as "keyId", j.jwks from identity.api_key_jwks j join identity.api_key k on k.id = j.key_id where j.organisation_id = $1 and k.revoked_at is null and k.expires_at > $2 order by j.key_id limit 100`,
};
const KEY_SET = { name: 'identity.key-jwks', text: 'select jwks from identity.api_key_jwks where key_id = $1' };
const MISSING = {
  name: 'identity.numbers-missing',
  text: `select 1 as missing from unnest($2::text[], $3::text[]) as asserted (scheme, value)
         where not exists (select 1 from identity.registry_number r where r.organisation_id = $1 and r.scheme = asserted.scheme and r.value = asserted.value) limit 1`,
};

/** Proofs that may be used once, the public keys of machines, and what an organisation holds of the numbers that an issuer asserts. */
@Injectable()
export class ProofRepository {
  constructor(private readonly database: Database) {}

  /** True the first time. One statement by itself: nothing else depends on it, and every process sees it. */
  async useDpop(digest: string, expiresAt: Date): Promise<boolean> {
    return (await this.database.query(USE_DPOP, [digest, expiresAt])).length === 1;
  }
  async useAssertion(digest: string, expiresAt: Date): Promise<boolean> {
    return (await this.database.query(USE_ASSERTION, [digest, expiresAt])).length === 1;
  }
  async sweep(now: Date): Promise<void> {
    await this.database.query(SWEEP_DPOP, [now]);
    await this.database.query(SWEEP_ASSERTIONS, [now]);
  }

  async keySet(keyId: string): Promise<JSONWebKeySet | null> {
    const [row] = await this.database.query<{ jwks: JSONWebKeySet }>(KEY_SET, [keyId]);
    return row?.jwks ?? null;
  }

  /** Of every key of an organisation that is good now. */
  async keySetsOf(organisationId: string, now: Date): Promise<{ keyId: string; jwks: JSONWebKeySet }[]> {
    return this.database.query<{ keyId: string; jwks: JSONWebKeySet }>(KEY_SETS_OF, [organisationId, now]);
  }

  async putKeySet(tx: Tx, set: { keyId: string; organisationId: string; jwks: JSONWebKeySet; registeredBy: string; registeredAt: Date }): Promise<void> {
    await tx.query(
      `insert into identity.api_key_jwks (key_id, organisation_id, jwks, registered_by, registered_at) values ($1, $2, $3, $4, $5)
       on conflict (key_id) do update set jwks = excluded.jwks, registered_by = excluded.registered_by, registered_at = excluded.registered_at`,
      [set.keyId, set.organisationId, set.jwks, set.registeredBy, set.registeredAt],
    );
  }

  /** Whether the organisation holds each of these numbers. */
  async holds(organisationId: string, numbers: readonly AssertedNumber[]): Promise<boolean> {
    return (await this.database.query(MISSING, [organisationId, numbers.map((n) => n.scheme), numbers.map((n) => n.value)])).length === 0;
  }
}
