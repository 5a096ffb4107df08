import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { verifySigned } from '#shared';

/** Those that keys are registered for (FAPI 2.0). */
const ALGORITHMS = ['EdDSA', 'ES256', 'PS256'];

/** Whose registered key made a signature. */
@Injectable()
export class SigningKey {
  constructor(private readonly identity: Identity) {}

  /** The API key of this organisation whose registered key signed exactly this; undefined where none did, or it is over something else. */
  async of(organisationId: string, type: string, jws: string, expected: Readonly<Record<string, string>>): Promise<string | undefined> {
    for (const { keyId, jwks } of await this.identity.registeredKeys(organisationId)) {
      const said = await verifySigned(jwks, type, jws, ALGORITHMS).catch(() => null);
      if (said === null) continue;
      return Object.entries(expected).every(([name, value]) => (said as Record<string, unknown>)[name] === value) ? keyId : undefined;
    }
    return undefined;
  }
}
