import { Injectable } from '@nestjs/common';
import { add, type Caller, majorUnits, type Money, subtract, type Tx } from '#shared';
import { type Reversal, Settlement, type Trade } from '#settlement';
import { creditNote, type Invoice } from '../../domain/invoice.js';
import { InvoiceRepository } from '../../storage/invoice.repository.js';
import { IssueInvoice } from '../issue-invoice.js';

/**
 * The credit notes of a trade: of each reversal one over what the buyer was invoiced and one over the commission, as soon as there is an invoice to
 * correct. Asked again it issues what is missing. The caller holds the trade.
 */
@Injectable()
export class CreditTrade {
  constructor(private readonly settlement: Settlement, private readonly invoices: InvoiceRepository, private readonly issue: IssueInvoice) {}

  async execute(tx: Tx, caller: Caller, trade: Pick<Trade, 'id'>): Promise<void> {
    const reversals = (await this.settlement.reversalsOfTrades([trade.id])).get(trade.id) ?? [];
    if (reversals.length === 0) return;
    const issued = await this.invoices.ofTradeIn(tx, trade.id);
    for (const invoice of issued.filter((i) => !i.corrects)) {
      const credited = new Set(issued.filter((i) => i.corrects?.invoiceId === invoice.id).map((i) => i.corrects!.reversalId));
      for (const reversal of reversals) if (!credited.has(reversal.id)) await this.note(tx, caller, invoice, reversal);
    }
  }

  private async note(tx: Tx, caller: Caller, invoice: Invoice, reversal: Reversal): Promise<void> {
    const [net, tax] = invoice.kind === 'COMMISSION' ? [subtract(reversal.commission, reversal.commissionTax), reversal.commissionTax] : [reversal.net, reversal.tax];
    const total: Money = add(net, tax);
    if (total.minor === 0n) return;
    await this.issue.execute(tx, caller, creditNote(invoice, reversal.id, { description: `${DESCRIBED[reversal.cause]}: ${reversal.reason}`.slice(0, 500), quantity: 1n, unitPrice: majorUnits(net), net }, tax));
  }
}

const DESCRIBED: Readonly<Record<Reversal['cause'], string>> = {
  REFUND: 'Refund', DISPUTE: 'Awarded in a dispute', UNWINDING: 'Trade undone by the exchange', CHARGEBACK: 'Charged back by the payer',
};
