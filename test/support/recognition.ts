import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { GraphClient } from './client.js';
import type { SigningKey } from './issuer.js';
import { done, hire } from './market.js';
import type { TestExchange } from './exchange.js';

/** Two officers, so that one proposes and the other approves. */
export async function officers(exchange: TestExchange): Promise<readonly [GraphClient, GraphClient]> {
  const admin = await exchange.client('staff-admin');
  return [await hire(exchange, admin, 'officer', 'COMPLIANCE_OFFICER'), await hire(exchange, admin, 'officer-two', 'COMPLIANCE_OFFICER')];
}

/** Recognises an issuer; answers the id of its row. */
export async function recognise([one, other]: readonly [GraphClient, GraphClient], input: object): Promise<string> {
  const { id } = await done(one, 'proposeIssuer', 'RecognisedIssuer', 'id', { displayName: 'National identity', jurisdiction: 'SG', trustFramework: 'OTHER', defaultLevel: 1, algorithms: ['ES256'], ...input });
  await done(other, 'approveIssuer', 'RecognisedIssuer', 'id', { id });
  return id;
}

/** A token that this key signed, whatever it says. */
export const forge = async (key: SigningKey, claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: key.jwk.alg, kid: key.jwk.kid, typ: 'at+jwt', ...header }).sign(await importJWK(key.jwk, key.jwk.alg));

/** A caller's key for DPoP, and its proofs. */
export class DpopKey {
  private constructor(readonly privateKey: CryptoKey, readonly publicKey: CryptoKey, readonly publicJwk: JWK) {}

  static async make(): Promise<DpopKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    return new DpopKey(privateKey, publicKey, await exportJWK(publicKey));
  }

  proof(method: string, url: string, token: string | null, over: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const ath = token === null ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
    return new SignJWT({ jti: randomUUID(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000), ...ath, ...over }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.publicJwk, ...header }).sign(this.privateKey);
  }
}
