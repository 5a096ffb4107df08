import { Injectable } from '@nestjs/common';
import { systemCaller, type Tx } from '#shared';
import { Settlement, type TradeState } from '#settlement';
import { CertifyTrade } from './certify-trade.js';
import { CreditTrade } from './refunds/credit-trade.js';
import { InvoiceTrade } from './invoice-trade.js';

/**
 * What billing owes to a trade at each step. One subscriber for all of them: its messages come in order per trade, so the
 * certificate finds the invoices that came before it.
 */
@Injectable()
export class FollowTrade {
  constructor(private readonly settlement: Settlement, private readonly invoices: InvoiceTrade, private readonly credits: CreditTrade, private readonly certificates: CertifyTrade) {}

  async execute(tx: Tx, tradeId: string, to: TradeState, requestId: string): Promise<void> {
    if (to !== 'ACCEPTED' && to !== 'CLEARED' && to !== 'SETTLED') return;
    // Held, so that what goes back of it at the same time finds the invoices that are issued here.
    const trade = await this.settlement.lockTrade(tx, tradeId);
    if (!trade) throw new Error(`trade ${tradeId} is gone`);
    const caller = systemCaller('billing', requestId);
    if (to === 'ACCEPTED' && trade.kind === 'PURCHASE') await this.invoices.purchase(tx, caller, trade);
    if (to === 'CLEARED') await this.invoices.commission(tx, caller, trade);
    // What went back before there was an invoice is credited once there is one.
    if (to !== 'SETTLED') await this.credits.execute(tx, caller, trade);
    if (to === 'SETTLED') await this.certificates.execute(tx, caller, trade);
  }
}
