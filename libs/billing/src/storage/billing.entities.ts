import { bigintColumn, type Currency } from '#shared';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InboxState } from '../domain/inbox.js';
import type { CorrectedInvoice, InvoiceKind, InvoiceParty } from '../domain/invoice.js';
import type { PaymentState } from '../domain/payment.js';
import type { RefundState } from '../domain/refund.js';
import type { TaxScheme } from '../domain/tax-rules.js';
import type { TaxTreatment } from '../domain/tax.js';

@Entity({ schema: 'billing', name: 'tax_declaration' })
export class TaxDeclarationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text') scheme: TaxScheme;
  @Column('text') status: string;
  @Column('text') evidence: string;
  @Column('timestamptz', { name: 'declared_at' }) declaredAt: Date;
}

@Entity({ schema: 'billing', name: 'payment' })
export class PaymentRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'trade_id' }) tradeId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('text') provider: string;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'amount_minor', transformer: bigintColumn }) amountMinor: bigint;
  @Column('text') state: PaymentState;
  @Column('text', { name: 'provider_reference', nullable: true }) providerReference: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('text', { nullable: true }) problem: string | null;
  @Column('int') attempts: number;
  @Column('timestamptz', { name: 'next_check_at' }) nextCheckAt: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
}

@Entity({ schema: 'billing', name: 'refund' })
export class RefundRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'trade_id' }) tradeId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'payment_id' }) paymentId: string;
  @Column('text') provider: string;
  @Column('text', { name: 'payment_reference' }) paymentReference: string;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'amount_minor', transformer: bigintColumn }) amountMinor: bigint;
  @Column('text') state: RefundState;
  @Column('int') attempt: number;
  @Column('text', { name: 'provider_reference', nullable: true }) providerReference: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('text', { nullable: true }) problem: string | null;
  @Column('int') attempts: number;
  @Column('timestamptz', { name: 'next_check_at' }) nextCheckAt: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
}

@Entity({ schema: 'billing', name: 'inbox' })
export class InboxRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') provider: string;
  @Column('text', { name: 'event_id' }) eventId: string;
  @Column('text') type: string;
  @Column('jsonb') payload: object;
  @Column('text') state: InboxState;
  @Column('int') attempts: number;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt: Date;
  @Column('text', { name: 'last_error', nullable: true }) lastError: string | null;
  @Column('timestamptz', { name: 'received_at' }) receivedAt: Date;
}

@Entity({ schema: 'billing', name: 'invoice' })
export class InvoiceRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'issuer_id' }) issuerId: string;
  @Column('text') series: string;
  @Column('bigint', { transformer: bigintColumn }) number: bigint;
  @Column('text') kind: InvoiceKind;
  @Column('uuid', { name: 'trade_id' }) tradeId: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId: string;
  @Column('uuid', { name: 'customer_id' }) customerId: string;
  @Column('jsonb') issuer: InvoiceParty;
  @Column('jsonb') customer: InvoiceParty;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'net_minor', transformer: bigintColumn }) netMinor: bigint;
  @Column('bigint', { name: 'tax_minor', transformer: bigintColumn }) taxMinor: bigint;
  @Column('bigint', { name: 'total_minor', transformer: bigintColumn }) totalMinor: bigint;
  @Column('jsonb', { name: 'tax_treatment' }) taxTreatment: TaxTreatment;
  @Column('int', { name: 'line_count' }) lineCount: number;
  @Column('uuid', { name: 'corrects_id', nullable: true }) correctsId: string | null;
  @Column('jsonb', { nullable: true }) corrects: CorrectedInvoice | null;
  @Column('uuid', { name: 'reversal_id', nullable: true }) reversalId: string | null;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
}

@Entity({ schema: 'billing', name: 'invoice_line' })
export class InvoiceLineRow {
  @PrimaryColumn('uuid', { name: 'invoice_id' }) invoiceId: string;
  @PrimaryColumn('int') line: number;
  @Column('text') description: string;
  @Column('bigint', { transformer: bigintColumn }) quantity: bigint;
  @Column('text', { name: 'unit_price' }) unitPrice: string;
  @Column('bigint', { name: 'net_minor', transformer: bigintColumn }) netMinor: bigint;
}

@Entity({ schema: 'billing', name: 'usage_period' })
export class UsagePeriodRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'licence_id' }) licenceId: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('int', { name: 'event_count' }) eventCount: number;
  @Column('uuid', { name: 'trade_id' }) tradeId: string;
  @Column('uuid', { name: 'invoice_id' }) invoiceId: string;
  @Column('timestamptz', { name: 'closed_at' }) closedAt: Date;
}

@Entity({ schema: 'billing', name: 'certificate' })
export class CertificateRow {
  @PrimaryColumn('uuid', { name: 'trade_id' }) tradeId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('text') jws: string;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
}

export const billingEntities = [TaxDeclarationRow, PaymentRow, RefundRow, InboxRow, InvoiceRow, InvoiceLineRow, UsagePeriodRow, CertificateRow];
