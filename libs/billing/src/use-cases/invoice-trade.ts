import { Injectable } from '@nestjs/common';
import { Contracts, startLines } from '#contracts';
import { basisPoints, type Caller, majorUnits, subtract, type Tx } from '#shared';
import type { Trade } from '#settlement';
import { creditLine } from '../domain/credit.js';
import { line } from '../domain/invoice.js';
import type { TaxTreatment } from '../domain/tax.js';
import { CreditRepository } from '../storage/credit.repository.js';
import { InvoiceRepository } from '../storage/invoice.repository.js';
import { IssueInvoice } from './issue-invoice.js';
import { lineOf } from './periods/open-periods.js';
import { TaxDesk } from './tax-desk.js';

/** The invoices that follow from a trade's way: the purchase's once it is accepted, the commission's once it is cleared. Each once. */
@Injectable()
export class InvoiceTrade {
  constructor(private readonly invoices: InvoiceRepository, private readonly issue: IssueInvoice, private readonly taxes: TaxDesk, private readonly contracts: Contracts, private readonly credits: CreditRepository) {}

  async purchase(tx: Tx, caller: Caller, trade: Trade): Promise<void> {
    if (await this.invoices.exists(tx, { tradeId: trade.id, kind: 'PURCHASE' })) return;
    const { seller, buyer } = await this.taxes.sides(trade.vendorId, trade.buyerId);
    const agreement = await this.contracts.agreementById(trade.agreementId);
    if (!agreement) throw new Error(`agreement ${trade.agreementId} of trade ${trade.id} is gone`);
    const { net, tax, gross: total } = trade;
    await this.issue.execute(tx, caller, {
      kind: 'PURCHASE', tradeId: trade.id, agreementId: trade.agreementId, issuer: seller, customer: buyer, net, tax, total, taxTreatment: trade.taxTreatment as unknown as TaxTreatment,
      lines: [...startLines(agreement.plan, 0).map((l) => ({ ...lineOf(l, net.currency), description: `${l.label}, licence ${trade.licenceId} of data product ${agreement.productId}` })), ...(await this.credits.ofTrade(tx, trade.id)).map(creditLine)],
    });
  }

  async commission(tx: Tx, caller: Caller, trade: Trade): Promise<void> {
    if (trade.commission.minor === 0n || (await this.invoices.exists(tx, { tradeId: trade.id, kind: 'COMMISSION' }))) return;
    const { seller, buyer } = await this.taxes.commission(trade.vendorId);
    const net = subtract(trade.commission, trade.commissionTax);
    await this.issue.execute(tx, caller, {
      kind: 'COMMISSION', tradeId: trade.id, agreementId: trade.agreementId, issuer: seller, customer: buyer, net, tax: trade.commissionTax, total: trade.commission,
      taxTreatment: trade.commissionTaxTreatment as unknown as TaxTreatment,
      lines: [line(`Commission of ${majorUnits(basisPoints({ minor: 10_000n, currency: 'CNY' }, trade.commissionBasisPoints))} % of the net amount, tax included, on trade ${trade.id}`, 1n, majorUnits(net), net.currency)],
    });
  }
}
