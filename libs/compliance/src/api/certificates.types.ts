import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, isRefused, resultUnion } from '#shared';
import { CERTIFICATE_STATES } from '../domain/certificates/certificate.js';
import { RECOGNISED_FOR } from '../domain/law/lists.js';
import type { Certificate, CertificateRecord } from '../storage/certificate.repository.js';
import { ConfidenceEnum } from './decision.types.js';

export const CertificateStateEnum = enumOf(CERTIFICATE_STATES);
const RecognisedForEnum = enumOf(RECOGNISED_FOR);
registerEnumType(CertificateStateEnum, {
  name: 'CertificateState', description: 'Where a certificate stands. Only ACTIVE ones count.',
  valuesMap: {
    SUBMITTED: { description: 'Handed in; nobody has looked.' }, CHECKED: { description: "One officer found it in the body's public register." }, ACTIVE: { description: 'In force.' },
    SUSPENDED: { description: 'Does not count for now.' }, REVOKED: { description: 'Taken away.' }, EXPIRED: { description: 'Its last day is over.' }, REFUSED: { description: 'Was never in force.' },
  },
});
registerEnumType(RecognisedForEnum, { name: 'RecognisedFor', description: 'TRANSFER: it carries a cross-border transfer. LISTING: it counts for a listing.' });

@ObjectType({ description: 'A step in the life of a certificate.' })
export class CertificateStep {
  @Field(() => String, { description: 'submit, check, confirm, refuse, suspend, reinstate, revoke or expire.' }) event: string;
  @Field(() => CertificateStateEnum, { description: 'Where it led to.' }) state: string;
  @Field(() => String, { nullable: true, description: 'Why.' }) reason: string | null;
  @Field(() => Date, { description: 'When.' }) at: Date;
}

@ObjectType({ description: 'A certificate of a member, or of a body outside the exchange, as the register of certificates has it.' })
export class RegisteredCertificate {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { nullable: true, description: 'The member who holds it; null for a body outside the exchange.' }) holderId: string | null;
  @Field(() => String, { nullable: true, description: 'Name of a holder outside the exchange.' }) holderName: string | null;
  @Field(() => String, { nullable: true, description: 'Country of a holder outside the exchange, ISO 3166-1 alpha-2.' }) holderCountry: string | null;
  @Field(() => String, { description: 'Scheme: GLOBAL_CBPR, DPF, ISO27001 ...' }) scheme: string;
  @Field(() => String, { description: 'Number that the issuing body gave it.' }) number: string;
  @Field(() => String, { description: 'Who issued it.' }) issuingBody: string;
  @Field(() => String, { description: 'Country under whose system it was granted, ISO 3166-1 alpha-2.' }) grantedIn: string;
  @Field(() => String, { description: 'What it covers.' }) scope: string;
  @Field(() => [String], { description: 'Kinds of data that it covers, in words; none: its scope says.' }) dataKinds: readonly string[];
  @Field(() => String, { description: 'First day, YYYY-MM-DD.' }) validFrom: string;
  @Field(() => String, { nullable: true, description: 'Last day, YYYY-MM-DD; null: without end.' }) validUntil: string | null;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the document.' }) documentSha256: string | null;
  @Field(() => String, { description: 'Where the public register of the issuing body shows it.' }) registerUrl: string;
  @Field(() => CertificateStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'When an officer found it in the public register.' }) checkedAt: Date | null;
  @Field(() => Date, { description: 'When it came into its state.' }) changedAt: Date;
}

@ObjectType('RegisteredCertificateRecord', { description: 'A certificate with everything that became of it.' })
export class CertificateRecordType extends RegisteredCertificate {
  @Field(() => [CertificateStep], { description: 'Oldest first. Never changed.' }) history: readonly CertificateStep[];
}

@ObjectType({ description: 'A jurisdiction accepts a certification scheme.' })
export class MutualRecognition {
  @Field(() => String, { description: 'Who accepts: ISO 3166-1 alpha-2, or EU.' }) jurisdiction: string;
  @Field(() => String, { description: 'The scheme.' }) scheme: string;
  @Field(() => RecognisedForEnum, { description: 'What for.' }) for: string;
  @Field(() => [String], { description: 'Where it must have been granted, ISO 3166-1 alpha-2.' }) grantedIn: readonly string[];
  @Field(() => String, { description: 'From this day on, YYYY-MM-DD.' }) effectiveFrom: string;
  @Field(() => String, { nullable: true, description: 'The first day on which it no longer holds; null: open.' }) effectiveTo: string | null;
  @Field(() => String, { description: 'The law.' }) citation: string;
  @Field(() => ConfidenceEnum, { description: 'How sure the entry is.' }) confidence: string;
}

export const toCertificateType = ({ history, ...certificate }: CertificateRecord): CertificateRecordType => ({ ...certificate, history: history.map((step) => ({ ...step, at: new Date(step.at) })) });
export const showCertificate = (result: Certificate | { refused: true }): object => (isRefused(result) ? result : { ...result });

export const CertificateConnection = connectionType(CertificateRecordType, 'RegisteredCertificateRecord');
export const SubmitCertificateResult = resultUnion('SubmitCertificateResult', () => RegisteredCertificate);
export const VerifyCertificateResult = resultUnion('VerifyCertificateResult', () => RegisteredCertificate);
export const ConfirmCertificateResult = resultUnion('ConfirmCertificateResult', () => RegisteredCertificate);
export const RefuseCertificateResult = resultUnion('RefuseCertificateResult', () => RegisteredCertificate);
export const SuspendCertificateResult = resultUnion('SuspendCertificateResult', () => RegisteredCertificate);
export const ReinstateCertificateResult = resultUnion('ReinstateCertificateResult', () => RegisteredCertificate);
export const RevokeCertificateResult = resultUnion('RevokeCertificateResult', () => RegisteredCertificate);
