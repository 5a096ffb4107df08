import { type Currency, bigintColumn } from '#shared';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CycleState } from '../domain/clearing.js';
import type { PayoutState } from '../domain/payout.js';
import type { TaxTreatmentRecord, TradeKind, TradeState } from '../domain/trade.js';

@Entity({ schema: 'settlement', name: 'trade' })
export class TradeRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') reference: string;
  @Column('text') kind: TradeKind;
  @Column('uuid', { name: 'agreement_id' }) agreementId: string;
  @Column('uuid', { name: 'licence_id' }) licenceId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'net_minor', transformer: bigintColumn }) netMinor: bigint;
  @Column('bigint', { name: 'tax_minor', transformer: bigintColumn }) taxMinor: bigint;
  @Column('bigint', { name: 'gross_minor', transformer: bigintColumn }) grossMinor: bigint;
  @Column('text', { name: 'tax_jurisdiction' }) taxJurisdiction: string;
  @Column('jsonb', { name: 'tax_treatment' }) taxTreatment: TaxTreatmentRecord;
  @Column('int', { name: 'commission_basis_points' }) commissionBasisPoints: number;
  @Column('bigint', { name: 'commission_minor', transformer: bigintColumn }) commissionMinor: bigint;
  @Column('bigint', { name: 'commission_tax_minor', transformer: bigintColumn }) commissionTaxMinor: bigint;
  @Column('text', { name: 'commission_tax_jurisdiction' }) commissionTaxJurisdiction: string;
  @Column('jsonb', { name: 'commission_tax_treatment' }) commissionTaxTreatment: TaxTreatmentRecord;
  @Column('bigint', { name: 'reversed_net_minor', transformer: bigintColumn }) reversedNetMinor: bigint;
  @Column('bigint', { name: 'reversed_tax_minor', transformer: bigintColumn }) reversedTaxMinor: bigint;
  @Column('bigint', { name: 'reversed_commission_minor', transformer: bigintColumn }) reversedCommissionMinor: bigint;
  @Column('bigint', { name: 'reversed_commission_tax_minor', transformer: bigintColumn }) reversedCommissionTaxMinor: bigint;
  @Column('text') state: TradeState;
  @Column('text', { name: 'disputed_from', nullable: true }) disputedFrom: TradeState | null;
  @Column('text', { name: 'frozen_from', nullable: true }) frozenFrom: TradeState | null;
  @Column('uuid', { name: 'payment_id', nullable: true }) paymentId: string | null;
  @Column('text', { name: 'payment_provider', nullable: true }) paymentProvider: string | null;
  @Column('timestamptz', { name: 'accept_until', nullable: true }) acceptUntil: Date | null;
  @Column('uuid', { name: 'cycle_id', nullable: true }) cycleId: string | null;
  @Column('timestamptz', { name: 'executed_at' }) executedAt: Date;
  @Column('timestamptz', { name: 'funded_at', nullable: true }) fundedAt: Date | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt: Date | null;
  @Column('timestamptz', { name: 'accepted_at', nullable: true }) acceptedAt: Date | null;
  @Column('timestamptz', { name: 'cleared_at', nullable: true }) clearedAt: Date | null;
  @Column('timestamptz', { name: 'settled_at', nullable: true }) settledAt: Date | null;
  @Column('timestamptz', { name: 'unwound_at', nullable: true }) unwoundAt: Date | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt: Date | null;
}

@Entity({ schema: 'settlement', name: 'clearing_cycle' })
export class ClearingCycleRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') currency: Currency;
  @Column('text') state: CycleState;
  @Column('int', { name: 'trade_count' }) tradeCount: number;
  @Column('int', { name: 'payout_count' }) payoutCount: number;
  @Column('bigint', { name: 'gross_minor', transformer: bigintColumn }) grossMinor: bigint;
  @Column('bigint', { name: 'payout_minor', transformer: bigintColumn }) payoutMinor: bigint;
  @Column('date', { name: 'settlement_day', nullable: true }) settlementDay: string | null;
  @Column('text', { name: 'opened_by', nullable: true }) openedBy: string | null;
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt: Date | null;
}

@Entity({ schema: 'settlement', name: 'payout' })
export class PayoutRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'cycle_id' }) cycleId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('text') currency: Currency;
  @Column('bigint', { name: 'amount_minor', transformer: bigintColumn }) amountMinor: bigint;
  @Column('text') state: PayoutState;
  @Column('text') provider: string;
  @Column('int') attempt: number;
  @Column('timestamptz', { name: 'next_call_at' }) nextCallAt: Date;
  @Column('text', { name: 'provider_reference', nullable: true }) providerReference: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('text', { name: 'proposed_by', nullable: true }) proposedBy: string | null;
  @Column('text', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt: Date | null;
  @Column('timestamptz', { name: 'confirmed_at', nullable: true }) confirmedAt: Date | null;
}

export const settlementEntities = [TradeRow, ClearingCycleRow, PayoutRow];
