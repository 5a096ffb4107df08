import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

export interface InboundMessage {
  readonly providerId: string;
  readonly kind: 'RESPONSE' | 'INVOICE' | 'UNREADABLE';
  readonly content: string;
  readonly transmissionId: string | null;
  readonly invoiceId: string | null;
  readonly issuerId: string | null;
  readonly customerId: string | null;
  readonly outcome: 'APPLIED' | 'NOTHING_TO_APPLY' | 'MATCHED' | 'DIFFERING' | 'UNKNOWN' | 'UNREADABLE';
  readonly details: object;
  readonly receivedAt: Date;
}

@Injectable()
export class InboundRepository {
  async isKnown(tx: Tx, providerId: string): Promise<boolean> {
    return ((await tx.query('select 1 from einvoice.inbound_message where provider_id = $1', [providerId])) as unknown[]).length > 0;
  }
  /** False where another process kept it meanwhile. */
  async insert(tx: Tx, m: InboundMessage): Promise<boolean> {
    const rows = (await tx.query(
      `insert into einvoice.inbound_message (provider_id, kind, content, transmission_id, invoice_id, issuer_id, customer_id, outcome, details, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1`,
      [m.providerId, m.kind, m.content, m.transmissionId, m.invoiceId, m.issuerId, m.customerId, m.outcome, JSON.stringify(m.details), m.receivedAt])) as unknown[];
    return rows.length > 0;
  }
}
