import { Injectable } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { Clock } from '#shared';
import { KeyRepository } from '../storage/key.repository.js';
import { ProofRepository } from '../storage/proof.repository.js';

/** Which keys speak for an organisation now. */
@Injectable()
export class RegisteredKeys {
  constructor(private readonly proofs: ProofRepository, private readonly keys: KeyRepository, private readonly clock: Clock) {}

  of(organisationId: string): Promise<{ keyId: string; jwks: JSONWebKeySet }[]> {
    return this.proofs.keySetsOf(organisationId, this.clock.now());
  }

  /** Whose key that is, where it is good now. */
  async holderOf(keyId: string): Promise<string | null> {
    return (await this.keys.standing(keyId, this.clock.now()))?.organisation_id ?? null;
  }
}
