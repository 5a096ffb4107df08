import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Billing, type Invoice } from '#billing';
import { Clock, eachSafely, isId, isRefused, systemCaller, type Tx, UnitOfWork } from '#shared';
import { AccessPointPort, type Incoming } from '../domain/access-point.port.js';
import { documentOf } from '../domain/bridge/document-of.js';
import { matchInvoice } from '../domain/inbound/match-invoice.js';
import { type DocumentResponse, readResponse } from '../domain/inbound/read-response.js';
import { isUnreadable, readUbl } from '../domain/inbound/read-ubl.js';
import { transmissionStates } from '../domain/transmission.js';
import { type InboundMessage, InboundRepository } from '../storage/inbound.repository.js';
import { TransmissionRepository } from '../storage/transmission.repository.js';

const BATCH = 50;

/** The two tables of this room. */
@Injectable()
export class DocumentTables {
  constructor(readonly transmissions: TransmissionRepository, readonly inbound: InboundRepository) {}
}

/** Takes what came in, each once by its id at the access point: responses move the transmission that they answer, invoices are held against what is owed. The access point is told after the commit. */
@Injectable()
export class ReceiveDocuments {
  constructor(private readonly uow: UnitOfWork, private readonly port: AccessPointPort, private readonly tables: DocumentTables, private readonly billing: Billing, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const incoming = (await this.port.incoming(BATCH)) ?? [];
    await eachSafely('einvoice', incoming, (message) => this.take(message));
  }

  private async take(message: Incoming): Promise<void> {
    const response = readResponse(message.content);
    const stated = response ? null : await this.stated(message);
    await this.uow.run(async (tx) => {
      if (await this.tables.inbound.isKnown(tx, message.providerId)) return;
      const row = response ? await this.apply(tx, message, response) : stated!;
      if (!(await this.tables.inbound.insert(tx, row))) throw new Error(`message ${message.providerId} was taken by another process`);
      await this.audit.append(tx, systemCaller('einvoice'), { act: 'inbound_document.receive', objectType: 'inbound_document', objectId: message.providerId, tenantId: row.issuerId, details: { kind: row.kind, outcome: row.outcome } });
    });
    await this.port.taken(message.providerId);
  }

  private row(message: Incoming, more: Pick<InboundMessage, 'kind' | 'outcome' | 'details'> & Partial<InboundMessage>): InboundMessage {
    return { ...message, transmissionId: null, invoiceId: null, issuerId: null, customerId: null, receivedAt: this.clock.now(), ...more };
  }

  /** A number is its issuer's own: the participants of the response say whose. Of several the newest that is under way. One that comes late or twice moves nothing. */
  private async apply(tx: Tx, message: Incoming, response: DocumentResponse): Promise<InboundMessage> {
    const { code, reason, documentNumber, kind } = response;
    const details = { kind, code, reason, documentNumber };
    const held = (await this.tables.transmissions.lockByNumber(tx, documentNumber)).find((t) => t.receiver === response.from && (response.to === null || t.sender === response.to));
    if (!held || !response.event) return this.row(message, { kind: 'RESPONSE', outcome: 'NOTHING_TO_APPLY', details });
    const of = { transmissionId: held.id, invoiceId: held.invoiceId, issuerId: held.issuerId, customerId: held.customerId };
    const state = await this.audit.transition(tx, systemCaller('einvoice'), { table: transmissionStates, state: held.state, event: response.event, objectType: 'transmission', objectId: held.id, tenantId: held.issuerId, details });
    if (isRefused(state)) return this.row(message, { kind: 'RESPONSE', outcome: 'NOTHING_TO_APPLY', details, ...of });
    await this.tables.transmissions.move(tx, held.id, { state, nextAttemptAt: null, providerReference: null, problem: state === 'REJECTED' || state === 'FAILED' ? (reason ?? `answered ${code}`) : null, at: this.clock.now() });
    return this.row(message, { kind: 'RESPONSE', outcome: 'APPLIED', details, ...of });
  }

  private async stated(message: Incoming): Promise<InboundMessage> {
    const read = readUbl(message.content);
    if (isUnreadable(read)) return this.row(message, { kind: 'UNREADABLE', outcome: 'UNREADABLE', details: { problem: read.problem } });
    const owed = read.project && isId(read.project) ? await this.billing.invoicesOfTrade(read.project) : read.contract && isId(read.contract) ? await this.billing.invoicesOfAgreement(read.contract) : [];
    const match = matchInvoice(read, owed.map((i) => documentOf(i, 'SELLER')));
    const found: Invoice | undefined = match.outcome === 'UNKNOWN' ? undefined : owed.find((i) => i.id === match.uuid);
    return this.row(message, { kind: 'INVOICE', outcome: match.outcome, details: { number: read.number, differences: match.differences }, invoiceId: found?.id ?? null, issuerId: found?.issuer.id ?? null, customerId: found?.customer.id ?? null });
  }
}
