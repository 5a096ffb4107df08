import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { accepted, add, Clock, systemCaller, type Tx } from '#shared';
import { type Reversal, Settlement, type Trade } from '#settlement';
import type { Refund } from '../../domain/refund.js';
import { PaymentRepository } from '../../storage/payment.repository.js';
import { RefundRepository } from '../../storage/refund.repository.js';
import { CreditTrade } from './credit-trade.js';

/** Where a refund comes from and goes to. */
@Injectable()
export class RefundSources {
  constructor(readonly settlement: Settlement, readonly contracts: Contracts, readonly payments: PaymentRepository, readonly refunds: RefundRepository) {}
}

/** Money of a trade goes back: its refund is written, to be paid by the provider that took the payment, and the credit notes are issued. A purchase that went back whole has no licence any more. */
@Injectable()
export class FollowReversal {
  constructor(private readonly sources: RefundSources, private readonly credit: CreditTrade, private readonly clock: Clock) {}

  async execute(tx: Tx, event: { readonly tradeId: string; readonly reversalId: string; readonly unwound: boolean }, requestId: string): Promise<void> {
    const { settlement, contracts } = this.sources;
    const [trade, reversal] = [await settlement.lockTrade(tx, event.tradeId), await settlement.reversalById(event.reversalId)];
    if (!trade || !reversal) throw new Error(`reversal ${event.reversalId} of trade ${event.tradeId} is gone`);
    const caller = systemCaller('refunds', requestId);
    // What was charged back the payer has already.
    if (reversal.cause !== 'CHARGEBACK') await this.refund(tx, trade, reversal);
    await this.credit.execute(tx, caller, trade);
    if (event.unwound && trade.kind === 'PURCHASE') accepted(await contracts.terminateLicence(tx, caller, trade.agreementId, `REFUNDED: ${reversal.reason}`));
  }

  private async refund(tx: Tx, trade: Trade, reversal: Reversal): Promise<void> {
    const { payments, refunds } = this.sources;
    const payment = trade.paymentId ? await payments.byId(trade.paymentId) : null;
    if (!payment?.providerReference) throw new Error(`the payment of trade ${trade.id} is gone`);
    const now = this.clock.now();
    const refund: Refund = {
      id: reversal.id, tradeId: trade.id, buyerId: trade.buyerId, vendorId: trade.vendorId, paymentId: payment.id, provider: payment.provider, paymentReference: payment.providerReference, amount: add(reversal.net, reversal.tax),
      state: 'INTENT', attempt: 1, providerReference: null, failure: null, problem: null, attempts: 0, createdAt: now, endedAt: null,
    };
    await refunds.insert(tx, refund, now);
  }
}
