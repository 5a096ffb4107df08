import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, newId, type Tx } from '#shared';
import { type Invoice, type InvoiceDraft, invoiceNumber, seriesOf } from '../domain/invoice.js';
import { InvoiceRepository } from '../storage/invoice.repository.js';

/** Issues an invoice under the next number of its issuer's series. Whoever issues in the same series at once waits for the commit. */
@Injectable()
export class IssueInvoice {
  constructor(private readonly invoices: InvoiceRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, draft: InvoiceDraft): Promise<Invoice> {
    const issuedAt = this.clock.now();
    const series = seriesOf(draft.kind, issuedAt);
    const number = await this.invoices.nextNumber(tx, draft.issuer.id, series);
    const invoice: Invoice = { ...draft, id: newId(), series, number, issuedAt };
    await this.invoices.insert(tx, invoice);
    await this.audit.append(tx, caller, {
      act: 'invoice.issue', objectType: 'invoice', objectId: invoice.id, tenantId: invoice.issuer.id, tradeId: invoice.tradeId,
      details: { number: invoiceNumber(invoice), kind: invoice.kind, total: invoice.total, taxRule: invoice.taxTreatment.rule },
    });
    return invoice;
  }
}
