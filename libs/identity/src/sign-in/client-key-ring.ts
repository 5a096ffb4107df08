import { Injectable, type OnModuleInit } from '@nestjs/common';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { Clock, SecretBox, Sweeps, type Tx } from '#shared';
import { CLIENT_KEY_PURPOSE, type ClientKeyRow, SignInRepository } from '../storage/sign-in.repository.js';
import { ProofRepository } from '../storage/proof.repository.js';
import { type ClientKeys, ENCRYPTION_ALGORITHM, type PrivateKey, SIGNING_ALGORITHM } from './relying-party.js';

const SWEEP_MS = 60_000;

/** The exchange's keys as a client of issuers: made for each issuer, the private half sealed, the public half published. */
@Injectable()
export class ClientKeyRing implements OnModuleInit {
  /** Opened once: a key never changes, and cannot be got out of what is kept here. */
  private readonly opened = new Map<string, PrivateKey>();

  constructor(
    private readonly repository: SignInRepository, private readonly box: SecretBox, private readonly clock: Clock, private readonly sweeps: Sweeps, private readonly proofs: ProofRepository,
  ) {}

  onModuleInit(): void {
    for (const column of this.repository.sealedColumns()) this.box.register(column);
    this.sweeps.add({
      name: 'identity.used-proofs', everyMs: SWEEP_MS,
      run: async () => {
        await this.proofs.sweep(this.clock.now());
        await this.repository.sweep(this.clock.now());
      },
    });
  }

  /** New keys for an issuer, to be kept in the transaction of its proposal. */
  async make(issuer: string): Promise<ClientKeyRow[]> {
    return Promise.all([this.pair(issuer, 'sig', SIGNING_ALGORITHM), this.pair(issuer, 'enc', ENCRYPTION_ALGORITHM)]);
  }

  async keep(tx: Tx, keys: readonly ClientKeyRow[]): Promise<void> {
    for (const key of keys) await this.repository.addKey(tx, key);
  }

  /** For issuers: with which keys the exchange signs its assertions, and to which they encrypt (RFC 7517). */
  async published(): Promise<JSONWebKeySet> {
    return { keys: await this.repository.publicKeys() };
  }

  async of(issuer: string): Promise<ClientKeys> {
    const rows = await this.repository.keysFor(issuer);
    const sig = rows.find((r) => r.use === 'sig');
    if (!sig) throw new Error(`there are no client keys for ${issuer}`);
    return { sig: await this.open(sig), enc: await Promise.all(rows.filter((r) => r.use === 'enc').map((r) => this.open(r))) };
  }

  private async open({ kid, use, sealed }: Pick<ClientKeyRow, 'kid' | 'use' | 'sealed'>): Promise<PrivateKey> {
    const known = this.opened.get(kid);
    if (known) return known;
    const jwk = JSON.parse(await this.box.open(CLIENT_KEY_PURPOSE, sealed)) as JWK;
    const opened = { kid, key: (await importJWK(jwk, use === 'sig' ? SIGNING_ALGORITHM : ENCRYPTION_ALGORITHM, { extractable: false })) as CryptoKey };
    this.opened.set(kid, opened);
    return opened;
  }

  private async pair(issuer: string, use: 'sig' | 'enc', alg: string): Promise<ClientKeyRow> {
    const { privateKey } = await generateKeyPair(alg, { extractable: true, crv: 'P-256' });
    const secret = await exportJWK(privateKey);
    const jwk: JWK = { kty: secret.kty, crv: secret.crv!, x: secret.x!, y: secret.y! };
    const kid = await calculateJwkThumbprint(jwk);
    return { kid, issuer, use, publicJwk: { ...jwk, kid, use, alg }, sealed: await this.box.seal(CLIENT_KEY_PURPOSE, JSON.stringify(secret)), createdAt: this.clock.now() };
  }
}
