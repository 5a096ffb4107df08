import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { connectionType, enumOf, isRefused, LIMITS, resultUnion } from '#shared';
import { FINDING_KINDS, FINDING_STATES, type FindingKind, SEVERITIES, type Severity } from '../domain/findings/finding.js';
import type { Finding } from '../storage/finding.repository.js';

export const FindingKindEnum = enumOf(FINDING_KINDS);
export const FindingStateEnum = enumOf(FINDING_STATES);
const SeverityEnum = enumOf(SEVERITIES);
registerEnumType(FindingKindEnum, {
  name: 'FindingKind', description: 'What is wrong. A confirmed finding stops transfers, but for CERTIFICATE_MISMATCH and OTHER.',
  valuesMap: {
    FALSE_DECLARATION: { description: 'What was declared is not so.' }, STALE_DECLARATION: { description: 'A declaration of end use was not renewed in time.' }, STALE_OWNERSHIP: { description: 'Owners were not declared, or more than twelve months ago.' },
    DESTINATION_MISMATCH: { description: 'The data went elsewhere than declared.' }, POSSIBLE_RESTRICTED_PARTY: { description: 'The name is on a list of restricted recipients. Stops transfers until it is dismissed.' },
    CERTIFICATE_MISMATCH: { description: 'A certificate does not say what it was taken for.' }, OTHER: { description: 'Anything else.' },
  },
});
registerEnumType(FindingStateEnum, {
  name: 'FindingState', description: 'Where a finding stands.',
  valuesMap: { OPEN: { description: 'Waits for an officer.' }, CONFIRMED: { description: 'It is so.' }, DISMISSED: { description: 'It is not so.' }, CLEARED: { description: 'It was so and was put right.' } },
});
registerEnumType(SeverityEnum, { name: 'FindingSeverity', description: 'How grave it is.' });

@ObjectType({ description: 'Something that stands, or may stand, against an organisation.' })
export class ComplianceFinding {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => FindingKindEnum, { description: 'What is wrong.' }) kind: string;
  @Field(() => SeverityEnum, { description: 'How grave it is.' }) severity: string;
  @Field(() => ID, { description: 'Whom it is about.' }) organisationId: string;
  @Field(() => String, { nullable: true, description: 'order: about one order. certificate, restricted-party and none: about the organisation as a whole.' }) objectType: string | null;
  @Field(() => ID, { nullable: true, description: 'The order, the certificate or the entry of a list.' }) objectId: string | null;
  @Field(() => String, { description: 'What was found.' }) details: string;
  @Field(() => FindingStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { nullable: true, description: 'Why it was confirmed, dismissed or cleared.' }) reason: string | null;
  @Field(() => Date, { description: 'When it was raised.' }) raisedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was confirmed or dismissed.' }) decidedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was cleared.' }) clearedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'For staff: notes that the organisation does not see.' }) internalNote: string | null;
  @Field(() => String, { nullable: true, description: 'For staff: who raised it.' }) raisedBy: string | null;
  @Field(() => String, { nullable: true, description: 'For staff: who confirmed or dismissed it.' }) decidedBy: string | null;
  @Field(() => String, { nullable: true, description: 'For staff: who cleared it.' }) clearedBy: string | null;
}

@InputType()
export class RaiseFindingInput {
  @IsIn(FINDING_KINDS) @Field(() => FindingKindEnum, { description: 'What is wrong.' }) kind: FindingKind;
  @IsIn(SEVERITIES) @Field(() => SeverityEnum, { description: 'How grave it is.' }) severity: Severity;
  @IsUUID() @Field(() => ID, { description: 'Whom it is about.' }) organisationId: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The order whose declaration it is about.' }) orderId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The certificate that it is about.' }) certificateId?: string | null;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What was found. The organisation reads it.' }) details: string;
  @IsOptional() @IsString() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'What the organisation does not read.' }) internalNote?: string | null;
}

@InputType()
export class ConfirmFindingInput {
  @IsUUID() @Field(() => ID, { description: 'One that the exchange or another officer raised.' }) findingId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why it is so. The organisation reads it.' }) reason: string;
}

@InputType()
export class DismissFindingInput {
  @IsUUID() @Field(() => ID, { description: 'An open one.' }) findingId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why it is not so. The organisation reads it.' }) reason: string;
}

@InputType()
export class ClearFindingInput {
  @IsUUID() @Field(() => ID, { description: 'One that another officer confirmed.' }) findingId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'How it was put right. The organisation reads it.' }) reason: string;
}

export const toFindingType = (finding: Finding): ComplianceFinding => ({ ...finding });
/** As the organisation itself sees it: what was found and why, not by whom, and no notes. */
export const toOwnFindingType = (finding: Finding): ComplianceFinding => ({ ...finding, internalNote: null, raisedBy: null, decidedBy: null, clearedBy: null });
export const showFinding = (result: Finding | { refused: true }): object => (isRefused(result) ? result : toFindingType(result as Finding));

export const FindingConnection = connectionType(ComplianceFinding, 'ComplianceFinding');
export const RaiseFindingResult = resultUnion('RaiseFindingResult', () => ComplianceFinding);
export const ConfirmFindingResult = resultUnion('ConfirmFindingResult', () => ComplianceFinding);
export const DismissFindingResult = resultUnion('DismissFindingResult', () => ComplianceFinding);
export const ClearFindingResult = resultUnion('ClearFindingResult', () => ComplianceFinding);
