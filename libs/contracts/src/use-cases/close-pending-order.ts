import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity } from '#identity';
import { accepted, type Caller, Clock, Commands, isRefused, type NotPermitted, notFound, type Result, type StateConflict, systemCaller, type Tx, UnitOfWork } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { PendingOrderChanged } from '../contracts.events.js';
import { pendingOrderStates } from '../domain/licence-state.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { changed } from './clear-order.js';
import { amountOf } from './take-offer.js';

const BATCH = 100;

/** An order that waits ends without agreement: whoever placed it takes it back, another who could sign it says no, or its time is over. */
@Injectable()
export class ClosePendingOrder {
  constructor(
    private readonly commands: Commands, private readonly uow: UnitOfWork, private readonly orders: PendingOrderRepository, private readonly identity: Identity,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async reject(actor: Actor, input: { readonly pendingOrderId: string; readonly reason: string }): Promise<Result<PendingOrder>> {
    const refusal = authorise(actor, 'contracts:sign');
    if (refusal) return refusal;
    return this.commands.run<Result<PendingOrder>>(actor, 'contracts.reject-order', input, async (tx) => {
      const order = await this.orders.lock(tx, input.pendingOrderId);
      if (!order || order.buyerId !== actor.tenantId) return notFound('pending order');
      const mayReject = order.requestedBy === actor.memberId || (await this.identity.signatory(tx, actor, amountOf(order.plan)));
      if (!mayReject) return NO_SIGNATORY;
      return this.close(tx, actor, order, 'reject', actor.memberId, input.reason);
    });
  }

  async expireLapsed(): Promise<void> {
    await this.uow.run(async (tx) => {
      for (const order of await this.orders.lapsed(tx, this.clock.now(), BATCH)) accepted(await this.close(tx, systemCaller('pending-order-expiry'), order, 'expire', null, null));
    });
  }

  private async close(tx: Tx, caller: Caller, order: PendingOrder, event: 'reject' | 'expire', closedBy: string | null, reason: string | null): Promise<PendingOrder | StateConflict> {
    const { id, buyerId } = order;
    const state = await this.audit.transition(tx, caller, {
      table: pendingOrderStates, state: order.state, event, objectType: 'pending-order', objectId: id, tenantId: buyerId, reason,
      announce: { type: PendingOrderChanged, payload: changed({ ...order, state: event === 'reject' ? 'REJECTED' : 'EXPIRED' }) },
    });
    if (isRefused(state)) return state;
    const closed: PendingOrder = { ...order, state, closedBy, closedAt: this.clock.now() };
    await this.orders.close(tx, closed);
    return closed;
  }
}

const NO_SIGNATORY: NotPermitted = { refused: true, kind: 'NotPermitted', code: CONTRACTS_ERRORS.NO_AUTHORITY, message: 'whoever placed it or could sign it rejects it' };
