import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Decision, whySuspended } from '#compliance';
import type { Signatory } from '#identity';
import { accepted, type Caller, Clock, LIMITS, Outbox, type Tx } from '#shared';
import { OrderAwaitsClearance, PendingOrderChanged } from '../contracts.events.js';
import { pendingOrderStates } from '../domain/licence-state.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { type AwaitingClearance, type Taken, type TakeableOffer, TakeOffer, waits } from './take-offer.js';

const DAY_MS = 86_400_000;

/** What may change of an order that waits for its clearance. */
type Wait = Pick<PendingOrder, 'decisionId' | 'needs' | 'blockedBy' | 'signedBy' | 'signedWithKey'>;

/** Decides on a signed order that was kept, in the transaction of its caller, who holds it: concluded, or it waits for what the law asks for. */
@Injectable()
export class ClearOrder {
  constructor(
    private readonly orders: PendingOrderRepository, private readonly taking: TakeOffer, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  /** `by`: the member whose signature completes the order; null where nobody signed, but something else has changed. */
  async decide(tx: Tx, caller: Caller, order: PendingOrder, takeable: TakeableOffer, signatories: readonly Signatory[], by: string | null): Promise<Taken | AwaitingClearance> {
    const taken = await this.taking.take(tx, caller, takeable, signatories);
    if ('agreement' in taken) {
      await this.conclude(tx, caller, order, taken.agreement.id, signatories, by);
      return taken;
    }
    const { refusedBy: decision } = taken;
    const wait: Wait = { decisionId: decision.id, needs: decision.needs, blockedBy: waits(decision) ? null : `the transfer is not permitted: ${whySuspended(decision)}`, ...signed(signatories) };
    if (order.state === 'AWAITING_SIGNATURE') return waits(decision) ? { clearing: await this.begin(tx, caller, order, takeable, wait), decision } : taken;
    const kept = await this.keep(tx, caller, order, wait, takeable.offer.productId);
    return waits(decision) ? { clearing: kept, decision } : taken;
  }

  /** The order cannot be concluded, whatever the law says: it says why, and waits for somebody of the buyer, or for the cause to go. */
  block(tx: Tx, caller: Caller, order: PendingOrder, blockedBy: string, signedBy = order.signedBy): Promise<PendingOrder> {
    return this.keep(tx, caller, order, { decisionId: order.decisionId, needs: order.needs, blockedBy, signedBy, signedWithKey: order.signedWithKey }, null);
  }

  private async conclude(tx: Tx, caller: Caller, order: PendingOrder, agreementId: string, signatories: readonly Signatory[], by: string | null): Promise<void> {
    const state = accepted(await this.audit.transition(tx, caller, {
      table: pendingOrderStates, state: order.state, event: by ? 'sign' : 'clear', objectType: 'pending-order', objectId: order.id, tenantId: order.buyerId, details: { agreementId },
      announce: { type: PendingOrderChanged, payload: changed({ ...order, state: 'CONCLUDED' }) },
    }));
    await this.orders.close(tx, { ...order, ...signed(signatories), blockedBy: null, state, closedBy: by, closedAt: this.clock.now(), agreementId });
  }

  private async begin(tx: Tx, caller: Caller, order: PendingOrder, { offer }: TakeableOffer, wait: Wait): Promise<PendingOrder> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + LIMITS.waitingOrderDays * DAY_MS);
    const state = accepted(await this.audit.transition(tx, caller, {
      table: pendingOrderStates, state: order.state, event: 'wait', objectType: 'pending-order', objectId: order.id, tenantId: order.buyerId, details: { ...wait },
      announce: { type: PendingOrderChanged, payload: changed({ ...order, state: 'AWAITING_CLEARANCE', expiresAt }) },
    }));
    const waiting: PendingOrder = { ...order, ...wait, state, expiresAt, nextTryAt: this.nextTry() };
    await this.orders.keepWaiting(tx, waiting);
    await this.outbox.publish(tx, caller, OrderAwaitsClearance, order.id, awaits(waiting, offer.productId));
    return waiting;
  }

  private async keep(tx: Tx, caller: Caller, order: PendingOrder, wait: Wait, productId: string | null): Promise<PendingOrder> {
    const waiting: PendingOrder = { ...order, ...wait, nextTryAt: this.nextTry() };
    await this.orders.keepWaiting(tx, waiting);
    const otherNeeds = !same(order.needs, wait.needs);
    if (!otherNeeds && order.blockedBy === wait.blockedBy && same(order.signedBy, wait.signedBy)) return waiting;
    await this.audit.append(tx, caller, { act: 'pending-order.go-on-waiting', objectType: 'pending-order', objectId: order.id, tenantId: order.buyerId, details: { ...wait } });
    await this.outbox.publish(tx, caller, PendingOrderChanged, order.id, changed(waiting));
    if (otherNeeds && wait.needs.length > 0 && productId) await this.outbox.publish(tx, caller, OrderAwaitsClearance, order.id, awaits(waiting, productId));
    return waiting;
  }

  private nextTry(): Date {
    return new Date(this.clock.now().getTime() + LIMITS.waitingOrderRetryMs);
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
export const signed = (signatories: readonly Signatory[]): Pick<PendingOrder, 'signedBy' | 'signedWithKey'> => ({ signedBy: signatories.map((s) => s.memberId), signedWithKey: signatories[0]?.keyId ?? null });
export const changed = ({ id, buyerId, offerId, state, expiresAt }: PendingOrder) => ({ pendingOrderId: id, buyerId, offerId, state, expiresAt: expiresAt.toISOString() });
export const awaits = ({ id, vendorId, buyerId, decisionId, needs }: PendingOrder, productId: string) => ({ pendingOrderId: id, vendorId, buyerId, productId, decisionId: decisionId!, needs });
/** Of an order that begins to wait for its clearance. */
export const firstWait = (decision: Decision, signatories: readonly Signatory[], now: Date) => ({
  state: 'AWAITING_CLEARANCE' as const, expiresAt: new Date(now.getTime() + LIMITS.waitingOrderDays * DAY_MS), decisionId: decision.id, needs: decision.needs, ...signed(signatories), nextTryAt: new Date(now.getTime() + LIMITS.waitingOrderRetryMs),
});
