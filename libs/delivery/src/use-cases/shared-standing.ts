import { Injectable } from '@nestjs/common';
import type { Refusal } from '#shared';
import { type ClientProof, fingerprintOf } from '../domain/channels/client-proof.js';
import type { Delivery } from '../domain/delivery.js';
import { DeliveryStanding } from './delivery-standing.js';
import type { Basis } from './licence-standing.js';

/** An answer serves every response of the same token and client that asks within this time: hundreds of parts that run ask once, and a stop is told that much later. */
const SHARED_MS = 500;

/** The question of responses that run. */
@Injectable()
export class SharedStanding {
  private readonly asked = new Map<string, Promise<Basis | Refusal>>();

  constructor(private readonly standing: DeliveryStanding) {}

  check(delivery: Delivery, known: Basis, requestId: string, proof: ClientProof): Promise<Basis | Refusal> {
    const key = `${delivery.id} ${known.decidedBasis} ${proof.address} ${proof.certificate ? fingerprintOf(proof.certificate) : ''}`;
    const running = this.asked.get(key);
    if (running) return running;
    const answer = this.standing.check(delivery, known, requestId, proof);
    this.asked.set(key, answer);
    setTimeout(() => this.asked.delete(key), SHARED_MS).unref();
    return answer;
  }
}
