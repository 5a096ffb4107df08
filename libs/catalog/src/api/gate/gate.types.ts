import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { CERTIFICATE_ACTS, CERTIFICATE_STATES } from '../../domain/gate/certificate.js';
import { RULEBOOK_STATES } from '../../domain/gate/rulebook-state.js';
import { GateStepEnum, Product } from '../catalog.types.js';

export const RulebookStateEnum = enumOf(RULEBOOK_STATES);
export const CertificateStateEnum = enumOf(CERTIFICATE_STATES);
export const CertificateActEnum = enumOf(CERTIFICATE_ACTS);
registerEnumType(RulebookStateEnum, { name: 'GateRulebookState', description: 'Whether a rulebook of the gate counts: once a second person has confirmed it.' });
registerEnumType(CertificateStateEnum, {
  name: 'ListingCertificateState', description: 'Where a listing certificate stands.',
  valuesMap: { ACTIVE: { description: 'It counts until it lapses.' }, CANCELLED: { description: 'Given back by its holder.' }, REVOKED: { description: 'Taken by the exchange.' } },
});
registerEnumType(CertificateActEnum, { name: 'ListingCertificateAct', description: 'What happened to a listing certificate.' });

@ObjectType({ description: 'What a rulebook says of one step.' })
export class GateStepRule {
  @Field(() => GateStepEnum, { description: 'The step.' }) step: string;
  @Field(() => String, { nullable: true, description: 'JSON: the conditions of which one has to hold for the step to be demanded; null: it is demanded of every product.' }) when?: string | null;
  @Field(() => [String], { nullable: true, description: 'Roles of the staff that do it; null: whoever the table of permissions lets.' }) roles?: readonly string[] | null;
  @Field(() => Int, { nullable: true, description: 'Days: of an opinion the most, of a notice and a certificate as many.' }) days?: number | null;
}

@ObjectType('GateRulebook', { description: 'What the operator demands of products before they are listed. A product keeps the version that it was handed in under.' })
export class GateRulebookType {
  @Field(() => ID, { description: 'Version.' }) version: string;
  @Field(() => String, { description: 'What it is.' }) title: string;
  @Field(() => String, { description: 'The first day on which it counts, YYYY-MM-DD, UTC.' }) effectiveFrom: string;
  @Field(() => RulebookStateEnum, { description: 'Whether it counts.' }) state: string;
  @Field(() => [GateStepRule], { description: 'Its steps, in their sequence.' }) steps: readonly GateStepRule[];
  @Field(() => String, { description: 'SHA-256 of the document (RFC 8785 JSON).' }) hash: string;
  @Field(() => Date, { description: 'When it was handed in.' }) proposedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was decided on.' }) decidedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was decided so.' }) reason?: string | null;
}

@ObjectType({ description: 'A line of the life of a listing certificate.' })
export class ListingCertificateEvent {
  @Field(() => CertificateActEnum, { description: 'What happened.' }) act: string;
  @Field(() => String, { nullable: true, description: 'Why.' }) reason?: string | null;
  @Field(() => String, { description: 'Who held it from then on.' }) holderName: string;
  @Field(() => Date, { description: 'Until when it was good from then on.' }) validUntil: Date;
  @Field(() => Date, { description: 'When.' }) recordedAt: Date;
}

@ObjectType('ListingCertificate', { description: 'The numbered certificate under which a product is listed. Anybody may verify it.' })
export class ListingCertificateType {
  @Field(() => ID, { description: 'Its number.' }) number: string;
  @Field(() => CertificateStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => Boolean, { description: 'Whether it counts now: active and not lapsed.' }) inForce: boolean;
  @Field(() => ID, { nullable: true, description: 'What it is good for; null after a transfer, until its new holder lists.' }) productId?: string | null;
  @Field(() => String, { description: 'Title of the product, as certified.' }) productTitle: string;
  @Field(() => Boolean, { description: 'Whether the product can be bought now.' }) listed: boolean;
  @Field(() => ID, { description: 'The organisation that holds it.' }) holderId: string;
  @Field(() => String, { description: 'Its name.' }) holderName: string;
  @Field(() => String, { description: 'Version of the rulebook of the gate.' }) gateVersion: string;
  @Field(() => Date, { description: 'When it was issued.' }) issuedAt: Date;
  @Field(() => Date, { description: 'Until when it is good.' }) validUntil: Date;
  @Field(() => [ListingCertificateEvent], { description: 'Its life, oldest first.' }) events: readonly ListingCertificateEvent[];
  @Field(() => String, { description: 'How it stands now as a JWS (RFC 7515, EdDSA, `typ` entrepot-listing-certificate+jws); verifies with the keys at /.well-known/jwks.json.' }) jws: string;
}

export const GateRulebookConnection = connectionType(GateRulebookType, 'GateRulebook');
export const ProposeGateRulebookResult = resultUnion('ProposeGateRulebookResult', () => GateRulebookType);
export const DecideGateRulebookResult = resultUnion('DecideGateRulebookResult', () => GateRulebookType);
export const RenewListingCertificateResult = resultUnion('RenewListingCertificateResult', () => Product);
export const TransferListingCertificateResult = resultUnion('TransferListingCertificateResult', () => Product);
export const CancelListingCertificateResult = resultUnion('CancelListingCertificateResult', () => Product);
export const RevokeListingCertificateResult = resultUnion('RevokeListingCertificateResult', () => Product);
