import type { Signatory } from '#identity';
import { bigintColumn } from '#shared';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LicenceState, OfferState, PendingOrderState } from '../domain/licence-state.js';
import type { Audience } from '../domain/pricing/offer.js';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import type { LicenceTerms } from '../domain/terms/licence-terms.js';

@Entity({ schema: 'contracts', name: 'offer' })
export class OfferRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'product_id' }) productId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('text') title: string;
  @Column('jsonb') plans: readonly PricePlan[];
  /** What the cheapest plan asks for at the start. */
  @Column('bigint', { name: 'entry_minor', transformer: bigintColumn }) entryMinor: bigint;
  @Column('text') audience: Audience;
  @Column('uuid', { name: 'audience_ids', array: true }) audienceIds: readonly string[];
  @Column('timestamptz', { name: 'opens_at', nullable: true }) opensAt: Date | null;
  @Column('uuid', { name: 'supersedes_id', nullable: true }) supersedesId: string | null;
  @Column('timestamptz', { name: 'superseded_at', nullable: true }) supersededAt: Date | null;
  @Column('text', { array: true }) purposes: readonly string[];
  @Column('text', { array: true }) destinations: readonly string[];
  @Column('jsonb') terms: LicenceTerms;
  /** Who made it for its vendor, by what authority. */
  @Column('jsonb', { nullable: true }) signatory: Signatory | null;
  /** The second, where one alone could not. */
  @Column('jsonb', { name: 'co_signatory', nullable: true }) coSignatory: Signatory | null;
  @Column('text') state: OfferState;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'contracts', name: 'agreement' })
export class AgreementRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'offer_id' }) offerId: string;
  @Column('uuid', { name: 'product_id' }) productId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('uuid', { name: 'decision_id' }) decisionId: string;
  @Column('jsonb') document: object;
  @Column('text') hash: string;
  @Column('jsonb') plan: PricePlan;
  @Column('jsonb') terms: LicenceTerms;
  @Column('text') purpose: string;
  @Column('text') destination: string;
  @Column('timestamptz', { name: 'concluded_at' }) concludedAt: Date;
}

@Entity({ schema: 'contracts', name: 'licence' })
export class LicenceRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId: string;
  @Column('uuid', { name: 'product_id' }) productId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('text') state: LicenceState;
  @Column('text') duration: string;
  /** By which it is charged, or will be. */
  @Column('uuid', { name: 'plan_id' }) planId: string;
  @Column('timestamptz', { name: 'valid_from', nullable: true }) validFrom: Date | null;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  @Column('timestamptz', { name: 'paid_from', nullable: true }) paidFrom: Date | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt: Date | null;
  @Column('timestamptz', { name: 'first_delivered_at', nullable: true }) firstDeliveredAt: Date | null;
  @Column('text', { name: 'state_reason', nullable: true }) stateReason: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'contracts', name: 'pending_order' })
export class PendingOrderRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'buyer_id' }) buyerId: string;
  @Column('uuid', { name: 'offer_id' }) offerId: string;
  @Column('text') purpose: string;
  @Column('text') destination: string;
  @Column('jsonb') plan: PricePlan;
  @Column('uuid', { name: 'requested_by' }) requestedBy: string;
  @Column('text') state: PendingOrderState;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('uuid', { name: 'closed_by', nullable: true }) closedBy: string | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt: Date | null;
  @Column('uuid', { name: 'agreement_id', nullable: true }) agreementId: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('uuid', { name: 'decision_id', nullable: true }) decisionId: string | null;
  @Column('jsonb') needs: readonly (readonly string[])[];
  @Column('text', { name: 'blocked_by', nullable: true }) blockedBy: string | null;
  @Column('uuid', { name: 'signed_by', array: true }) signedBy: readonly string[];
  @Column('uuid', { name: 'signed_with_key', nullable: true }) signedWithKey: string | null;
  @Column('timestamptz', { name: 'next_try_at', nullable: true }) nextTryAt: Date | null;
  @Column('uuid', { name: 'renews_agreement_id', nullable: true }) renewsAgreementId: string | null;
}

export const contractsEntities = [OfferRow, AgreementRow, LicenceRow, PendingOrderRow];
