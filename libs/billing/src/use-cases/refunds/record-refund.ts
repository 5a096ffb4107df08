import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity, Notices } from '#identity';
import { accepted, type Caller, Clock, formatMoney, type Tx } from '#shared';
import { type Reversal, Settlement } from '#settlement';
import { PaymentMismatchError } from '../../billing.errors.js';
import { nextCheck } from '../../domain/payment.js';
import type { RefundAnswer } from '../../domain/payment-port.js';
import { type Refund, refundStates } from '../../domain/refund.js';
import { type RefundPatch, RefundRepository } from '../../storage/refund.repository.js';

/** Groups whom a refund concerns, so that the use case keeps its constructor short. */
@Injectable()
export class RefundBooks {
  constructor(readonly settlement: Settlement, readonly notices: Notices, readonly identity: Identity) {}
}

/** Writes down what the provider says of a refund, and books it. Safe to repeat in any order: an answer that is known changes nothing. */
@Injectable()
export class RecordRefund {
  constructor(private readonly refunds: RefundRepository, private readonly books: RefundBooks, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, refundId: string, attempt: number, answer: RefundAnswer): Promise<Refund> {
    const refund = await this.refunds.lock(tx, refundId);
    if (!refund) throw new Error(`refund ${refundId} is gone`);
    // An answer to an order that was given up since.
    if (refund.attempt !== attempt) return refund;
    if (refund.providerReference && answer.reference && refund.providerReference !== answer.reference) {
      throw new PaymentMismatchError(`the provider speaks of ${answer.reference}, the refund is ${refund.providerReference}`);
    }
    if (refund.state === 'FAILED' || (refund.state === 'SUCCEEDED' && answer.state !== 'FAILED')) return refund;
    if (refund.state === 'SUCCEEDED') return this.bounce(tx, caller, refund, answer as Extract<RefundAnswer, { state: 'FAILED' }>);
    const known = refund.state === 'INTENT' ? await this.move(tx, caller, refund, 'process', answer.reference ? { providerReference: answer.reference } : {}) : refund;
    switch (answer.state) {
      case 'PROCESSING': return this.wait(tx, known);
      case 'FAILED': return this.fail(tx, caller, known, 'fail', answer.reason);
      case 'SUCCEEDED': {
        await this.books.settlement.refundConfirmed(tx, await this.reversalOf(known), known);
        return this.move(tx, caller, known, 'succeed', { providerReference: answer.reference, problem: null, endedAt: this.clock.now() });
      }
      default: return answer satisfies never;
    }
  }

  /** It was paid, and came back to the provider. */
  private async bounce(tx: Tx, caller: Caller, refund: Refund, answer: Extract<RefundAnswer, { state: 'FAILED' }>): Promise<Refund> {
    await this.books.settlement.refundReturned(tx, await this.reversalOf(refund), refund);
    return this.fail(tx, caller, refund, 'bounce', answer.reason);
  }

  private async fail(tx: Tx, caller: Caller, refund: Refund, event: 'fail' | 'bounce', reason: string): Promise<Refund> {
    const failed = await this.move(tx, caller, refund, event, { failure: reason.slice(0, 500), endedAt: this.clock.now() });
    const { notices, identity } = this.books;
    await notices.tell(tx, [await identity.exchangeId()], {
      objectType: 'TRADE', objectId: refund.tradeId, kind: 'REFUND_FAILED', text: `The refund of ${formatMoney(refund.amount)} was not paid: ${reason}`, details: { tradeId: refund.tradeId, refundId: refund.id },
    });
    return failed;
  }

  private async wait(tx: Tx, refund: Refund): Promise<Refund> {
    const attempts = refund.attempts + 1;
    await this.refunds.save(tx, refund.id, { attempts, problem: null, nextCheckAt: nextCheck(this.clock.now(), attempts) });
    return { ...refund, attempts, problem: null };
  }

  private async reversalOf(refund: Refund): Promise<Reversal> {
    const reversal = await this.books.settlement.reversalById(refund.id);
    if (!reversal) throw new Error(`reversal ${refund.id} is gone`);
    return reversal;
  }

  async move(tx: Tx, caller: Caller, refund: Refund, event: 'process' | 'succeed' | 'fail' | 'bounce' | 'retry', patch: Omit<RefundPatch, 'state'>): Promise<Refund> {
    const state = accepted(await this.audit.transition(tx, caller, {
      table: refundStates, state: refund.state, event, objectType: 'refund', objectId: refund.id, tenantId: refund.buyerId, tradeId: refund.tradeId, details: { ...patch },
    }));
    await this.refunds.save(tx, refund.id, { ...patch, state });
    return { ...refund, ...patch, state };
  }
}
