import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Refusal } from '#shared';
import { type ClientProof, fingerprintOf } from '../domain/channels/client-proof.js';
import type { Delivery } from '../domain/delivery.js';
import { DeliveryStanding } from './delivery-standing.js';
import type { Basis } from './licence-standing.js';

/** Whoever asks while the question is under way waits so long for others and asks with them: a token with hundreds of parts that run asks ten times a second at the most. */
const GATHER_MS = 100;

/** The question of responses that run, shared by those of one token and client. Nobody is given an answer to a question that began before he asked. */
@Injectable()
export class SharedStanding {
  private readonly asked = new Map<string, { next: Promise<Basis | Refusal> | null }>();

  constructor(private readonly standing: DeliveryStanding) {}

  check(delivery: Delivery, known: Basis, requestId: string, proof: ClientProof): Promise<Basis | Refusal> {
    const key = `${delivery.id} ${known.decidedBasis} ${proof.address} ${proof.certificate ? fingerprintOf(proof.certificate) : ''}`;
    const begin = (): Promise<Basis | Refusal> => this.begin(key, () => this.standing.check(delivery, known, requestId, proof));
    const running = this.asked.get(key);
    return running ? (running.next ??= pause(GATHER_MS).then(begin)) : begin();
  }

  private begin(key: string, ask: () => Promise<Basis | Refusal>): Promise<Basis | Refusal> {
    const own = { next: null };
    this.asked.set(key, own);
    return ask().finally(() => {
      if (own.next === null && this.asked.get(key) === own) this.asked.delete(key);
    });
  }
}
