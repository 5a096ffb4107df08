import path from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CompactSign, type CryptoKey, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK, type JWTPayload, calculateJwkThumbprint, jwtVerify, SignJWT } from 'jose';
import { Clock } from '../clock.js';
import { canonicalJson } from '../codec.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { asSystem } from '../request-scope.js';
import { readKey, readOrMakeKey } from './key-file.js';

/** RFC 9068. No document may carry it. */
const ACCESS_TOKEN = 'at+jwt';
const CLOCK_TOLERANCE_SECONDS = 5;

const KEYS = { name: 'shared.signing-keys', text: 'select public_jwk from shared.signing_key order by created_at desc' };

/**
 * The exchange's signature: JWS (RFC 7515) with Ed25519 (RFC 8037) over canonical JSON. Every public key that ever signed stays
 * in the published key set, so that old documents verify.
 */
@Injectable()
export class Signer implements OnModuleInit {
  private key!: CryptoKey;
  private publicKey!: CryptoKey;
  private kid!: string;

  constructor(private readonly config: Config, private readonly database: Database, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  async onModuleInit(): Promise<void> {
    const jwk = await this.loadOrMake();
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || !jwk.d) throw new Error('SIGNING_KEY_FILE does not hold a private Ed25519 JWK');
    this.key = (await importJWK(jwk, 'EdDSA')) as CryptoKey;
    const publicJwk: JWK = { kty: jwk.kty, crv: jwk.crv, x: jwk.x!, alg: 'EdDSA', use: 'sig' };
    this.publicKey = (await importJWK(publicJwk, 'EdDSA')) as CryptoKey;
    this.kid = await calculateJwkThumbprint(publicJwk);
    await asSystem(() => this.uow.run((tx) => tx.query('insert into shared.signing_key (kid, public_jwk, created_at) values ($1, $2, $3) on conflict do nothing', [this.kid, { ...publicJwk, kid: this.kid }, this.clock.now()])));
  }

  /** `typ` tells receipts, certificates and seals apart, so that one cannot be passed off as another. `did`: the key is named as one of this DID. */
  sign(typ: string, payload: unknown, did?: string): Promise<string> {
    if (typ.toLowerCase().endsWith(ACCESS_TOKEN)) throw new Error('a document is no access token');
    return new CompactSign(Buffer.from(canonicalJson(payload))).setProtectedHeader({ alg: 'EdDSA', kid: did ? `${did}#${this.kid}` : this.kid, typ }).sign(this.key);
  }

  async verify(typ: string, jws: string): Promise<unknown> {
    return verifySigned(await this.publicKeys(), typ, jws);
  }

  /** An access token of the exchange itself. Its kind is pinned, so that no receipt passes as one. */
  signToken(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: this.kid, typ: ACCESS_TOKEN }).sign(this.key);
  }

  /**
   * The claims of a token that this key signed and that is good now; rejects otherwise. Keys of the past do not count: documents outlive
   * their key, tokens last minutes.
   */
  async verifyToken(token: string, expected: { readonly issuer: string; readonly audience: string }): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, this.publicKey, {
      ...expected, typ: ACCESS_TOKEN, algorithms: ['EdDSA'], currentDate: this.clock.now(), clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    });
    return payload;
  }

  /** The JSON Web Key Set (RFC 7517) of the exchange, newest key first. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const rows = await this.database.query<{ public_jwk: JWK }>(KEYS);
    return { keys: rows.map((r) => r.public_jwk) };
  }

  private async loadOrMake(): Promise<JWK> {
    const { SIGNING_KEY_FILE: file, DATA_DIR } = this.config;
    if (!file) return readOrMakeKey(path.join(DATA_DIR, 'signing-key.json'));
    const key = await readKey(file);
    if (!key) throw new Error(`SIGNING_KEY_FILE: there is no ${file}`);
    return key;
  }
}

/** Checks a signed document against a published key set; what an outsider does. The exchange itself signs with EdDSA. */
export async function verifySigned(keys: JSONWebKeySet, typ: string, jws: string, algorithms: readonly string[] = ['EdDSA']): Promise<unknown> {
  const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys), { algorithms: [...algorithms] });
  if (protectedHeader.typ !== typ) throw new Error(`a ${protectedHeader.typ} is not a ${typ}`);
  return JSON.parse(Buffer.from(payload).toString('utf8'));
}
