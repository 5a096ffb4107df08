import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Billing, type Invoice, invoiceNumber } from '#billing';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, newId, notFound, type Result, sha256Hex, stateConflict } from '#shared';
import { documentOf } from '../domain/bridge/document-of.js';
import { isUnwritten, writeDocument } from '../domain/formats.js';
import { keptUntil } from '../domain/retention.js';
import { endpointOf } from '../domain/ubl/parties.js';
import { EINVOICE_ERRORS } from '../einvoice.errors.js';
import { type Transmission, TransmissionRepository } from '../storage/transmission.repository.js';

export type SentFormat = Transmission['format'];

/** The seller has the exchange send an issued invoice over the network. The bytes that are checked here are the ones that go. */
@Injectable()
export class SendDocument {
  constructor(private readonly commands: Commands, private readonly billing: Billing, private readonly transmissions: TransmissionRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly invoiceId: string; readonly format: SentFormat }): Promise<Result<Transmission>> {
    const refusal = authorise(actor, 'billing:send');
    if (refusal) return refusal;
    const invoice = await this.billing.invoiceFor(actor, input.invoiceId);
    if (!invoice || invoice.issuer.id !== actor.tenantId) return notFound('invoice');
    const made = this.make(invoice, input.format);
    if ('refused' in made) return made;
    return this.commands.run<Result<Transmission>>(actor, 'einvoice.send', input, async (tx) => {
      if (!(await this.transmissions.insert(tx, made))) return stateConflict(EINVOICE_ERRORS.SENT_ALREADY, 'it is under way or has arrived', 'SENT');
      await this.audit.append(tx, actor, { act: 'transmission.queue', objectType: 'invoice', objectId: invoice.id, tradeId: invoice.tradeId, details: { transmissionId: made.id, format: made.format, receiver: made.receiver, sha256: made.sha256 } });
      return made;
    });
  }

  /** Newest first, for whoever sees the invoice; null where there is none. */
  async transmissionsOf(actor: Actor, invoiceId: string): Promise<Transmission[] | null> {
    return (await this.billing.invoiceFor(actor, invoiceId)) ? this.transmissions.ofInvoice(invoiceId) : null;
  }

  private make(invoice: Invoice, format: SentFormat): Result<Transmission> {
    const document = documentOf(invoice, 'SELLER');
    const written = writeDocument(document, format, 'en');
    if (isUnwritten(written)) return stateConflict(EINVOICE_ERRORS.NOT_IN_FORMAT, written.problem, 'NOT_IN_FORMAT');
    const [sender, receiver, now] = [endpointOf(document.seller)!, endpointOf(document.buyer)!, this.clock.now()];
    return {
      id: newId(), invoiceId: invoice.id, issuerId: invoice.issuer.id, customerId: invoice.customer.id, number: invoiceNumber(invoice), format, sender: `${sender.scheme}:${sender.value}`, receiver: `${receiver.scheme}:${receiver.value}`,
      content: written.content, sha256: sha256Hex(written.content), state: 'QUEUED', attempts: 0, providerReference: null, problem: null, keptUntil: keptUntil(document.issuedOn, [invoice.issuer.jurisdiction, invoice.customer.jurisdiction]), createdAt: now, changedAt: now,
    };
  }
}
