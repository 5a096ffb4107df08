import { Injectable } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { Clock } from '#shared';
import { ProofRepository } from '../storage/proof.repository.js';

/** Which keys speak for an organisation now. */
@Injectable()
export class RegisteredKeys {
  constructor(private readonly proofs: ProofRepository, private readonly clock: Clock) {}

  of(organisationId: string): Promise<{ keyId: string; jwks: JSONWebKeySet }[]> {
    return this.proofs.keySetsOf(organisationId, this.clock.now());
  }
}
