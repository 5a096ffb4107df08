import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DecisionReasonType, DecisionType, FilingType, OutcomeEnum } from '#compliance';
import { HOLD_CAUSES, LICENCE_STATES, PENDING_ORDER_STATES } from '../domain/licence-state.js';
import { LicenceTerms } from './terms/terms.types.js';
import { connectionType, enumOf, Problem, resultUnion } from '#shared';
import { PricePlan, Quote } from './offers/offers.types.js';

export const PendingOrderStateEnum = enumOf(PENDING_ORDER_STATES);
export const LicenceStateEnum = enumOf(LICENCE_STATES);
export const HoldCauseEnum = enumOf(HOLD_CAUSES);
registerEnumType(LicenceStateEnum, { name: 'LicenceState', description: 'PENDING waits for the money; only an ACTIVE licence delivers; a SUSPENDED one rests while at least one cause holds it; EXPIRED by time, TERMINATED before it.' });
export const PartySideEnum = enumOf(['VENDOR', 'BUYER'] as const);
registerEnumType(PartySideEnum, { name: 'PartySide', description: 'A side of a deal.' });
registerEnumType(PendingOrderStateEnum, { name: 'PendingOrderState', description: 'AWAITING_SIGNATURE waits for a second holder of a mandate, AWAITING_CLEARANCE for a mechanism that the law asks for; only a CONCLUDED order has an agreement.' });
registerEnumType(HoldCauseEnum, { name: 'LicenceHoldCause', description: 'COMPLIANCE: the law does not permit its deliveries now; PAYMENT: a charge is overdue; BREACH: the vendor says that the terms are not kept; STAFF: the exchange.' });

@ObjectType({ description: 'What a buyer may do because of an agreement.' })
export class Licence {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The agreement behind it.' }) agreementId: string;
  @Field(() => ID, { description: 'The product that it opens.' }) productId: string;
  @Field(() => LicenceStateEnum, { description: 'Whether it delivers.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'From when.' }) validFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Until when.' }) validUntil?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When its first period began or begins; before it lies the trial.' }) paidFrom?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When its buyer had it end with the period that was running.' }) cancelledAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it is suspended or was terminated.' }) stateReason?: string | null;
}

@ObjectType({ description: 'A cause for which a licence rests or rested.' })
export class LicenceHold {
  @Field(() => HoldCauseEnum, { description: 'What it is about.' }) cause: string;
  @Field(() => String, { description: 'Why, in words.' }) reason: string;
  @Field(() => ID, { nullable: true, description: 'The decision of the screening, where the law is the cause.' }) decisionId?: string | null;
  @Field(() => Date, { description: 'Since when.' }) placedAt: Date;
  @Field(() => Date, { nullable: true, description: 'Until when; null: it holds now.' }) liftedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was lifted.' }) liftedReason?: string | null;
}

@ObjectType({ description: 'The frozen contract between a vendor and a buyer.' })
export class Agreement {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The offer that was taken.' }) offerId: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => ID, { description: 'The vendor organisation.' }) vendorId: string;
  @Field(() => ID, { description: 'The buyer organisation.' }) buyerId: string;
  @Field(() => String, { description: 'SHA-256 of the document in RFC 8785 form, lower-case hex.' }) hash: string;
  @Field(() => String, { description: 'The document itself, JSON text; hash it yourself.' }) document: string;
  @Field(() => PricePlan, { description: 'What it costs and for how long.' }) plan: PricePlan;
  @Field(() => LicenceTerms, { description: 'What the licensee may do with the data.' }) terms: LicenceTerms;
  @Field(() => String, { description: 'What the buyer declared to do with the data.' }) purpose: string;
  @Field(() => String, { description: 'Where the buyer declared to bring it, ISO 3166-1 alpha-2.' }) destination: string;
  @Field(() => Date, { description: 'When it was concluded.' }) concludedAt: Date;
  decisionId: string;
}

@ObjectType({ implements: () => [Problem], description: 'The law does not permit this transfer as it stands. Nothing was agreed; the decision is on record.' })
export class TransferRefused extends Problem {
  @Field(() => DecisionType, { description: 'The decision with its reasons, and the mechanisms that would make the transfer lawful.' }) decision: DecisionType;
}

@ObjectType({ description: 'An order that waits: for a second signature, or for a mechanism that the law asks for. Nothing is agreed until it is concluded.' })
export class PendingOrder {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The offer.' }) offerId: string;
  @Field(() => String, { description: 'What the buyer declares to do with the data.' }) purpose: string;
  @Field(() => String, { description: 'Where the buyer declares to bring it, ISO 3166-1 alpha-2.' }) destination: string;
  @Field(() => PricePlan, { description: 'What it costs and for how long, as the first signatory saw it.' }) plan: PricePlan;
  @Field(() => ID, { description: 'The member who signed first.' }) requestedBy: string;
  @Field(() => PendingOrderStateEnum, { description: 'Whether it waits.' }) state: string;
  @Field(() => Date, { description: 'It lapses then.' }) expiresAt: Date;
  @Field(() => ID, { nullable: true, description: 'The member who signed second, or rejected it.' }) closedBy?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was concluded or rejected, or lapsed.' }) closedAt?: Date | null;
  @Field(() => ID, { nullable: true, description: 'What came of it.' }) agreementId?: string | null;
  @Field(() => Date, { description: 'When it was placed.' }) createdAt: Date;
  @Field(() => [ID], { description: 'The members whose signatures it carries.' }) signedBy: readonly string[];
  @Field(() => [[String]], { description: 'What the law asks for and is not held yet, by the last decision: of each group one mechanism.' }) needs: readonly (readonly string[])[];
  @Field(() => String, { nullable: true, description: 'Why it could not be concluded whatever the law says, at the last try: sign it again, reject it, or wait until the cause has gone.' }) blockedBy?: string | null;
  @Field(() => ID, { nullable: true, description: 'The decision that let it wait; then the last one.' }) decisionId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The agreement that it renews.' }) renewsAgreementId?: string | null;
}

@ObjectType({ description: 'An order on an offer of your own that waits for a mechanism that the law asks of the exporter. It is concluded by itself once that is held.' })
export class WaitingOrder {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'Who orders.' }) buyerId: string;
  @Field(() => ID, { description: 'The offer.' }) offerId: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => String, { description: 'What the buyer declares to do with the data.' }) purpose: string;
  @Field(() => String, { description: 'Where the buyer declares to bring it, ISO 3166-1 alpha-2.' }) destination: string;
  @Field(() => PricePlan, { description: 'What it costs and for how long.' }) plan: PricePlan;
  @Field(() => [[String]], { description: 'What is not held yet: of each group one mechanism.' }) needs: readonly (readonly string[])[];
  @Field(() => Date, { description: 'It lapses then.' }) expiresAt: Date;
  @Field(() => Date, { description: 'When it was placed.' }) createdAt: Date;
  decisionId: string;
}

@ObjectType({ description: 'The law asks for a mechanism that is not held yet. The order is kept and concluded by itself once it is. Nothing is agreed and no export volume is reserved.' })
export class AwaitingClearance {
  @Field(() => PendingOrder, { description: 'The order that waits.' }) pendingOrder: PendingOrder;
  @Field(() => DecisionType, { description: 'The decision with its reasons and what it needs.' }) decision: DecisionType;
}

@ObjectType({ description: 'Signed by one, the order waits for another holder of a mandate: `signOrder` concludes it. Nothing is agreed yet.' })
export class AwaitingSignature {
  @Field(() => PendingOrder, { description: 'The order that waits.' }) pendingOrder: PendingOrder;
}

export const WaitingOrderConnection = connectionType(WaitingOrder, 'WaitingOrder');
@ObjectType({ description: 'What the law would say of an order and what it would cost, with what the exchange knows of both sides. Nothing is recorded, declared or reserved.' })
export class OrderPreview {
  @Field(() => OutcomeEnum, { description: 'What the law would ask for.' }) outcome: string;
  @Field(() => Boolean, { description: 'Whether the order would be concluded.' }) permitted: boolean;
  @Field(() => [String], { description: 'The mechanisms or exemptions that would carry the transfer.' }) mechanisms: readonly string[];
  @Field(() => [[String]], { description: 'Groups of mechanisms of which one each is not held yet: with them the order would wait for its clearance.' }) needs: readonly (readonly string[])[];
  @Field(() => [String], { description: 'Facts that decide and are not known: with them the order would be refused.' }) missing: readonly string[];
  @Field(() => [FilingType], { description: 'What would have to be filed.' }) filings: readonly FilingType[];
  @Field(() => [String], { description: 'Duties of the parties, each with its source and how sure it is.' }) obligations: readonly string[];
  @Field(() => [DecisionReasonType], { description: 'Rule and articles that decide.' }) reasons: readonly DecisionReasonType[];
  @Field(() => Quote, { description: 'What the plan comes to in its first period without any use.' }) quote: Quote;
}

export const PreviewOrderResult = resultUnion('PreviewOrderResult', () => OrderPreview);
export const PendingOrderConnection = connectionType(PendingOrder, 'PendingOrder');
export const AgreementConnection = connectionType(Agreement, 'Agreement');
export const LicenceConnection = connectionType(Licence, 'Licence');
export const PlaceOrderResult = resultUnion('PlaceOrderResult', () => Agreement, TransferRefused, AwaitingSignature, AwaitingClearance);
export const SignOrderResult = resultUnion('SignOrderResult', () => Agreement, TransferRefused, AwaitingClearance);
export const RejectOrderResult = resultUnion('RejectOrderResult', () => PendingOrder);
export const SuspendLicenceResult = resultUnion('SuspendLicenceResult', () => Licence);
export const ResumeLicenceResult = resultUnion('ResumeLicenceResult', () => Licence);
