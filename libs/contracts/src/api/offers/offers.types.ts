import { LicenceTerms } from '../terms/terms.types.js';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, MoneyType, resultUnion } from '#shared';
import { OFFER_STATES } from '../../domain/licence-state.js';
import { METERS, type Meter } from '../../domain/pricing/meters.js';
import { AUDIENCES } from '../../domain/pricing/offer.js';
import { type PricePlan as PlanRecord, USAGE_MODELS } from '../../domain/pricing/price-plan.js';
import { QUOTE_LINE_KINDS } from '../../domain/pricing/quote.js';
import { QUOTE_LANGUAGES } from '../../domain/pricing/quote-text.js';

export const OfferStateEnum = enumOf(OFFER_STATES);
export const AudienceEnum = enumOf(AUDIENCES);
export const MeterEnum = Object.fromEntries(METERS.map((m) => [m.toUpperCase(), m]));
export const UsageModelEnum = enumOf(USAGE_MODELS);
export const ComponentKindEnum = enumOf(['ONE_OFF', 'RECURRING', 'USAGE'] as const);
export const QuoteLineKindEnum = enumOf(QUOTE_LINE_KINDS);
export const QuotePartKindEnum = enumOf(['FREE', 'UNITS', 'PACKAGES', 'FLAT_FEE'] as const);
export const QuoteLanguageEnum = Object.fromEntries(QUOTE_LANGUAGES.map((l) => [l.toUpperCase(), l]));
registerEnumType(OfferStateEnum, { name: 'OfferState', description: 'Only an ACTIVE offer takes orders; what was agreed under a WITHDRAWN one stays. AWAITING_SIGNATURE: it binds its vendor once another holder of a mandate signs it; REJECTED or EXPIRED: nobody did.' });
registerEnumType(AudienceEnum, { name: 'Audience', description: 'PUBLIC: for everybody. NAMED: for the organisations that it names; to others it does not exist.' });
const METER_TEXTS: Readonly<Record<Meter, string>> = {
  downloads: 'Complete deliveries.', bytes: 'Distinct bytes of complete deliveries.', rows: 'Rows that were read.', calls: 'Successful calls.', minutes: 'Minutes of use.', seats: 'Users of a period.',
  titles: 'Works; digital content.', territories: 'Countries; digital content and livestreaming.', minutes_streamed: 'Minutes that were played; digital content and livestreaming.', sessions: 'Live sessions; livestreaming.',
  records: 'Records; supply chain.', vessels: 'Vessels; supply chain.', locodes: 'Places by UN/LOCODE; supply chain.',
};
registerEnumType(MeterEnum, { name: 'Meter', description: 'What is counted. DOWNLOADS and BYTES the exchange counts itself, as it delivers; the others their vendors report (POST /v1/usage-events).', valuesMap: Object.fromEntries(METERS.map((m) => [m.toUpperCase(), { description: METER_TEXTS[m] }])) });
registerEnumType(UsageModelEnum, { name: 'UsageModel', description: 'FLAT: one price a unit. GRADUATED: each unit at the price of the tier it lies in. VOLUME: all units at the price of the tier that the last one lies in. PACKAGE: begun packages of so many units, each at the price of its tier.' });
registerEnumType(ComponentKindEnum, { name: 'ComponentKind', description: 'ONE_OFF: paid once, at the start. RECURRING: paid in advance for each period. USAGE: what was used in a period, charged after it.' });
registerEnumType(QuoteLineKindEnum, { name: 'QuoteLineKind', description: 'ONE_OFF, RECURRING and USAGE: a component. COMMITMENT: what is missing to the minimum of a period.' });
registerEnumType(QuotePartKindEnum, { name: 'QuotePartKind', description: 'FREE: units of the free quota. UNITS and PACKAGES: so many at a price. FLAT_FEE: an amount of its own.' });
registerEnumType(QuoteLanguageEnum, { name: 'QuoteLanguage', description: 'EN: English. ZH: simplified Chinese.' });

@ObjectType({ description: 'A step of a usage price. It begins behind the last unit of the one before.' })
export class PriceTier {
  @Field(() => String, { nullable: true, description: 'Its last charged unit of a period, a whole number; null: open.' }) upTo?: string | null;
  @Field(() => String, { description: 'Major units, of one unit or of one package, net of tax.' }) unitPrice: string;
  @Field(() => MoneyType, { description: 'Once in a period that reaches the tier, net of tax.' }) flatFee: MoneyType;
}

@ObjectType({ description: 'One part of the price of a plan.' })
export class PriceComponent {
  @Field(() => ComponentKindEnum, { description: 'When it is charged.' }) kind: string;
  @Field(() => String, { description: 'What it is for, in words of the vendor.' }) label: string;
  @Field(() => MoneyType, { nullable: true, description: 'Of ONE_OFF and RECURRING, net of tax.' }) amount?: MoneyType | null;
  @Field(() => MeterEnum, { nullable: true, description: 'Of USAGE: what is counted.' }) meter?: string | null;
  @Field(() => UsageModelEnum, { nullable: true, description: 'Of USAGE: how units become an amount.' }) model?: string | null;
  @Field(() => [PriceTier], { nullable: true, description: 'Of USAGE: its steps, ascending, the last one open.' }) tiers?: readonly PriceTier[] | null;
  @Field(() => String, { nullable: true, description: 'Of USAGE by PACKAGE: units of a package, a whole number.' }) packageSize?: string | null;
  @Field(() => String, { nullable: true, description: 'Of USAGE: units of each period that cost nothing, a whole number; tiers count what is above.' }) freeQuota?: string | null;
}

@ObjectType({ description: 'So many units of a meter.' })
export class MeterQuantity {
  @Field(() => MeterEnum, { description: 'What is counted.' }) meter: string;
  @Field(() => String, { description: 'How many, a whole number.' }) quantity: string;
}

@ObjectType({ description: 'Free days before the first period. It converts by itself unless it is cancelled. Once for an organisation and a product.' })
export class PlanTrial {
  @Field(() => String, { description: 'How long, ISO 8601.' }) duration: string;
  @Field(() => [MeterQuantity], { description: 'What can be used in it, where that is limited.' }) quotas: readonly MeterQuantity[];
}

@ObjectType({ description: 'One step of the reckoning of a line.' })
export class QuotePart {
  @Field(() => QuotePartKindEnum, { description: 'What it is.' }) kind: string;
  @Field(() => String, { description: 'First unit of the period that it is about, counted from 1.' }) from: string;
  @Field(() => String, { description: 'Last unit of the period that it is about.' }) to: string;
  @Field(() => String, { description: 'Units or packages; 1 of a fee.' }) quantity: string;
  @Field(() => String, { description: 'Major units.' }) unitPrice: string;
  @Field(() => String, { description: 'Quantity times price in major units, exact.' }) amount: string;
}

@ObjectType({ description: 'One line of a quote. Its parts add up exactly; the line is rounded once, half up to the minor unit.' })
export class QuoteLine {
  @Field(() => QuoteLineKindEnum, { description: 'What is charged.' }) kind: string;
  @Field(() => String, { description: 'In words of the vendor.' }) label: string;
  @Field(() => MeterEnum, { nullable: true, description: 'Of USAGE: what is counted.' }) meter?: string | null;
  @Field(() => String, { description: 'Units of one period; 1 of what is not counted.' }) quantity: string;
  @Field(() => [QuotePart], { description: 'How it comes about.' }) parts: readonly QuotePart[];
  @Field(() => MoneyType, { description: 'Net of tax, each time.' }) amount: MoneyType;
  @Field(() => String, { description: 'How often it comes, a whole number.' }) times: string;
  @Field(() => [String], { description: 'The line in words: English, then Chinese.' }) texts: readonly string[];
}

@ObjectType({ description: 'What a plan comes to, line by line. The same reckoning charges it.' })
export class Quote {
  @Field(() => ID, { description: 'The plan.' }) planId: string;
  @Field(() => [QuoteLine], { description: 'What is charged.' }) lines: readonly QuoteLine[];
  @Field(() => MoneyType, { description: 'All lines as often as they come, net of tax.' }) total: MoneyType;
  @Field(() => MoneyType, { description: 'Of it, what is paid before the licence begins; nothing in a trial.' }) dueAtStart: MoneyType;
}

@ObjectType({ description: 'What a licence costs and how long it lasts. It never changes.' })
export class PricePlan {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'Its name.' }) label: string;
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => String, { description: 'How long the licence lasts from the day on which it is paid for, ISO 8601, by the calendar in UTC.' }) duration: string;
  @Field(() => String, { nullable: true, description: 'What it renews by, ISO 8601: what recurs, tiers, free quota and minimum count for each. The buyer may cancel at the end of each. Null: one fixed term.' }) period?: string | null;
  @Field(() => [PriceComponent], { description: 'What it is made of; nothing where it is free.' }) components: readonly PriceComponent[];
  @Field(() => MoneyType, { nullable: true, description: 'Recurring and used together come to so much in each period, or the rest is charged when it closes.' }) minimumCommitment?: MoneyType | null;
  @Field(() => PlanTrial, { nullable: true, description: 'Free days before the first period.' }) trial?: PlanTrial | null;
  @Field(() => [MeterQuantity], { description: 'What can be used in each period at the most; empty: as much as is paid for.' }) quotas: readonly MeterQuantity[];
  terms: PlanRecord;
}

@ObjectType({ description: 'Prices with terms on a listed product. They never change.' })
export class Offer {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => ID, { description: 'Who sells.' }) vendorId: string;
  @Field(() => String, { description: 'Title.' }) title: string;
  @Field(() => [PricePlan], { description: 'One of them is chosen with the order.' }) plans: readonly PricePlan[];
  @Field(() => [String], { description: 'Purposes that the licence allows.' }) purposes: readonly string[];
  @Field(() => [String], { description: 'Countries the data may go to, ISO 3166-1 alpha-2.' }) destinations: readonly string[];
  @Field(() => LicenceTerms, { description: 'What the licensee may do with the data.' }) terms: LicenceTerms;
  @Field(() => AudienceEnum, { description: 'Who may take it.' }) audience: string;
  @Field(() => [ID], { nullable: true, description: 'The organisations to whom it is made; for its vendor and overseers alone.' }) forOrganisations?: readonly string[] | null;
  @Field(() => OfferStateEnum, { description: 'Whether it can be taken.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'From when it can be taken; null: since it was made.' }) opensAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Until when it can be taken.' }) validUntil?: Date | null;
  @Field(() => ID, { nullable: true, description: 'The offer whose prices it changes.' }) supersedesId?: string | null;
  @Field(() => Date, { nullable: true, description: 'From then on another offer takes the orders.' }) supersededAt?: Date | null;
}

export const OfferConnection = connectionType(Offer, 'Offer');
export const QuoteResult = resultUnion('QuoteResult', () => Quote);
export const CreateOfferResult = resultUnion('CreateOfferResult', () => Offer);
export const WithdrawOfferResult = resultUnion('WithdrawOfferResult', () => Offer);
