import { Injectable } from '@nestjs/common';
import { accepted, type Caller, Clock, systemCaller, type Tx, UnitOfWork } from '#shared';
import type { PendingOrderState } from '../../domain/licence-state.js';
import { NegotiationRepository } from '../../storage/negotiation.repository.js';
import { MoveNegotiation } from './move-negotiation.js';

const BATCH = 50;

/** The buyer's order on what was agreed is his verification; the concluded agreement finalises. What nobody answers in time ends. */
@Injectable()
export class FollowOrder {
  constructor(private readonly uow: UnitOfWork, private readonly repository: NegotiationRepository, private readonly moving: MoveNegotiation, private readonly clock: Clock) {}

  /** In the transaction that concludes. */
  async concluded(tx: Tx, caller: Caller, offerId: string, agreementId: string): Promise<void> {
    const negotiation = await this.repository.lockByOffer(tx, offerId);
    if (!negotiation) return;
    const verified = negotiation.state === 'AGREED' ? accepted(await this.moving.execute(tx, caller, negotiation, { event: 'verify', party: null })) : negotiation;
    if (verified.state === 'VERIFIED') accepted(await this.moving.execute(tx, caller, verified, { event: 'finalize', party: null, agreementId }));
  }

  /** An order that is kept is signed by its buyer; one that is rejected or lapses ends what was agreed. */
  async follow(tx: Tx, requestId: string, { offerId, state }: { readonly offerId: string; readonly state: PendingOrderState }): Promise<void> {
    const negotiation = await this.repository.lockByOffer(tx, offerId);
    const ended = state === 'REJECTED' || state === 'EXPIRED';
    if (negotiation?.state === 'AGREED' && !ended && state !== 'CONCLUDED') accepted(await this.moving.execute(tx, systemCaller('negotiations', requestId), negotiation, { event: 'verify', party: null }));
    if (negotiation?.state === 'VERIFIED' && ended) accepted(await this.moving.execute(tx, systemCaller('negotiations', requestId), negotiation, { event: 'terminate', party: null, text: 'the order came to nothing' }));
  }

  /** Safe when several processes do it at once. */
  expireLapsed(): Promise<void> {
    return this.uow.run(async (tx) => {
      for (const negotiation of await this.repository.lapsed(tx, this.clock.now(), BATCH)) accepted(await this.moving.execute(tx, systemCaller('negotiations'), negotiation, { event: 'terminate', party: null, text: 'nobody answered in time' }));
    });
  }
}
