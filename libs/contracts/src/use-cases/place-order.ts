import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Commands, isRefused, type Result } from '#shared';
import type { Agreement } from '../storage/contracts.repository.js';
import { type AwaitingSignature, OpenPendingOrder } from './open-pending-order.js';
import { noAuthority } from './second-signature.js';
import { amountOf, type AwaitingClearance, type PlaceOrderInput, showTaken, type Taken, TakeOffer, type TransferRefused, waits } from './take-offer.js';

/** A buyer takes an offer. Whoever may sign for the amount alone concludes; whoever may with a second leaves an order that waits for it. So does an order for which the law asks for a mechanism that is not held yet. */
@Injectable()
export class PlaceOrder {
  constructor(private readonly commands: Commands, private readonly taking: TakeOffer, private readonly identity: Identity, private readonly pending: OpenPendingOrder) {}

  async execute(actor: Actor, input: PlaceOrderInput): Promise<Result<Agreement, TransferRefused | AwaitingSignature | AwaitingClearance>> {
    const refusal = authorise(actor, 'contracts:order');
    if (refusal) return refusal;
    // Asks issuers' status lists, so before the transaction; its refusal inside, so that a repeated order gets its answer.
    const lapsed = await this.identity.credentialsStand(actor);
    const outcome = await this.commands.runAcross<Result<Taken | AwaitingSignature | AwaitingClearance>>(actor, 'contracts.place-order', input, async (tx) => {
      if (lapsed) return lapsed;
      const order = await this.taking.check(tx, organisationOf(actor), input);
      if (isRefused(order)) return order;
      const signatory = await this.identity.signatory(tx, actor, amountOf(order.plan));
      if (!signatory) return noAuthority(amountOf(order.plan));
      const undeclared = await this.taking.declare(tx, actor, order);
      if (undeclared) return undeclared;
      if (signatory.mode === 'JOINT') return { awaiting: await this.pending.open(tx, actor, order, signatory) };
      const taken = await this.taking.take(tx, actor, order, [signatory]);
      if ('agreement' in taken) return taken;
      if (waits(taken.refusedBy)) return this.pending.clearance(tx, actor, order, signatory, taken.refusedBy);
      await this.taking.forget(tx, actor, order);
      return taken;
    });
    return isRefused(outcome) || 'awaiting' in outcome || 'clearing' in outcome ? outcome : showTaken(outcome);
  }
}
