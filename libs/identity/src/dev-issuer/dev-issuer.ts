import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, type CryptoKey, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { Clock, Config, readOrMakeKey } from '#shared';

const TOKEN_HOURS = 12;

/**
 * An OpenID Connect issuer for development: it gives a token to whoever asks for one. The configuration refuses it in
 * production, and so does its constructor.
 */
@Injectable()
export class DevIssuer {
  private loaded: Promise<{ key: CryptoKey; jwk: JWK }> | undefined;

  constructor(private readonly config: Config, private readonly clock: Clock) {
    if (config.production && config.devIssuer) throw new Error('the development issuer does not run in production');
  }

  metadata(): Record<string, unknown> {
    const base = `${this.config.publicUrl}/dev-issuer`;
    return { issuer: this.config.issuer, jwks_uri: `${base}/jwks`, token_endpoint: `${base}/token`, response_types_supported: ['token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['EdDSA'] };
  }

  async keys(): Promise<JSONWebKeySet> {
    return { keys: [(await this.key()).jwk] };
  }

  async token(subject: string, name: string): Promise<string> {
    const { key, jwk } = await this.key();
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({ name }).setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid!, typ: 'at+jwt' }).setIssuer(this.config.issuer).setAudience(this.config.OIDC_AUDIENCE)
      .setSubject(subject).setIssuedAt(now).setExpirationTime(now + TOKEN_HOURS * 3600).sign(key);
  }

  private key(): Promise<{ key: CryptoKey; jwk: JWK }> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  private async load(): Promise<{ key: CryptoKey; jwk: JWK }> {
    const secret = await readOrMakeKey(path.join(this.config.DATA_DIR, 'dev-issuer-key.json'));
    const jwk: JWK = { kty: secret.kty, crv: secret.crv!, x: secret.x!, alg: 'EdDSA', use: 'sig' };
    return { key: (await importJWK(secret, 'EdDSA')) as CryptoKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk) } };
  }
}
