import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { CREDENTIAL_ALGORITHMS, CREDENTIAL_PURPOSES } from '../domain/credential.js';
import { KEY_SOURCES } from '../domain/credential-issuer.js';
import { CREDENTIAL_STATES, PRESENTATION_FAILURES, PRESENTATION_STATES } from '../domain/credential-states.js';
import { RegistrySchemeEnum } from './organisations.types.js';

export const CredentialPurposeEnum = enumOf(CREDENTIAL_PURPOSES);
export const CredentialAlgorithmEnum = enumOf(CREDENTIAL_ALGORITHMS);
export const CredentialKeySourceEnum = enumOf(KEY_SOURCES);
export const CredentialIssuerStateEnum = enumOf(['PROPOSED', 'ACTIVE', 'WITHDRAWN']);
export const PresentationStateEnum = enumOf(PRESENTATION_STATES);
export const PresentationFailureEnum = enumOf(PRESENTATION_FAILURES);
export const CredentialStateEnum = enumOf(CREDENTIAL_STATES);
registerEnumType(CredentialPurposeEnum, { name: 'CredentialPurpose', description: 'What a credential proves: who the organisation is, or what a member may sign for it.' });
registerEnumType(CredentialAlgorithmEnum, { name: 'CredentialAlgorithm', description: 'Signature algorithms (JWA) that an issuer may be recognised with: asymmetric ones only.' });
registerEnumType(CredentialKeySourceEnum, { name: 'CredentialKeySource', description: 'Where the keys of an issuer are: METADATA, its `/.well-known/jwt-vc-issuer`; JWKS, a pinned key set; X5C, certificates below a pinned root.' });
registerEnumType(CredentialIssuerStateEnum, { name: 'CredentialIssuerState', description: 'Two officers put an issuer in force.' });
registerEnumType(PresentationStateEnum, { name: 'PresentationState', description: 'A request to a wallet waits for ten minutes and is answered once.' });
registerEnumType(PresentationFailureEnum, { name: 'PresentationFailure', description: 'Why a presentation was refused. HOLDER_* are about the proof that the holder of the credential presents it himself.' });
registerEnumType(CredentialStateEnum, { name: 'CredentialState', description: 'How a credential stands; only a VALID one counts.' });

@ObjectType({ description: 'A type of credentials that an issuer is recognised for, and where its claims stand.' })
export class CredentialType {
  @Field(() => String, { description: '`vct` of SD-JWT VC.' }) vct: string;
  @Field(() => CredentialPurposeEnum, { description: 'What it proves.' }) purpose: string;
  @Field(() => RegistrySchemeEnum, { description: 'The register that its number is of.' }) scheme: string;
  @Field(() => [String], { description: 'Where the registry number stands.' }) numberPath: readonly string[];
  @Field(() => [String], { nullable: true, description: 'Where the legal name stands.' }) legalNamePath?: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'Where the currency of a mandate stands.' }) currencyPath?: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'Where the limit of a mandate stands, in major units.' }) amountPath?: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'Where ALONE or JOINT stands.' }) modePath?: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'Where the end of a mandate stands.' }) validUntilPath?: readonly string[] | null;
}

@ObjectType({ description: 'An issuer of verifiable credentials that is recognised here.' })
export class CredentialIssuer {
  @Field(() => ID, { description: 'UUID of this version.' }) id: string;
  @Field(() => String, { description: '`iss` of its credentials.' }) iss: string;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => String, { description: 'The framework that it is trusted under.' }) trustFramework: string;
  @Field(() => [CredentialType], { description: 'What it is believed about.' }) types: readonly CredentialType[];
  @Field(() => CredentialKeySourceEnum, { description: 'How its keys are found.' }) keySource: string;
  @Field(() => [CredentialAlgorithmEnum], { description: 'Signature algorithms that are accepted of it.' }) algorithms: readonly string[];
  @Field(() => Int, { description: 'The assurance level that its word gives.' }) assuranceLevel: number;
  @Field(() => Boolean, { description: 'Whether its credentials must have a status list.' }) statusRequired: boolean;
  @Field(() => Date, { description: 'From when on.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'Until when.' }) validTo?: Date | null;
  @Field(() => CredentialIssuerStateEnum, { description: 'Whether it is in force.' }) state: string;
}

@ObjectType({ description: 'A credential that was accepted. Its claims are those that are needed.' })
export class Credential {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => CredentialPurposeEnum, { description: 'What it proves.' }) purpose: string;
  @Field(() => ID, { description: 'The member who presented it.' }) memberId: string;
  @Field(() => String, { description: 'Its issuer.' }) iss: string;
  @Field(() => String, { description: 'Its type.' }) vct: string;
  @Field(() => CredentialStateEnum, { description: 'How it stands.' }) state: string;
  @Field(() => Date, { description: 'Its end.' }) validUntil: Date;
  @Field(() => Date, { description: 'When it was accepted.' }) acceptedAt: Date;
  @Field(() => Date, { description: 'When its status was last found in the list of its issuer.' }) checkedAt: Date;
}

@ObjectType({ description: 'A request to a wallet, for a QR code or a link.' })
export class PresentationRequest {
  @Field(() => ID, { description: 'UUID; ask `presentation` what came of it.' }) id: string;
  @Field(() => String, { description: '`openid4vp://` address that the wallet opens.' }) requestUri: string;
  @Field(() => Date, { description: 'From then on the wallet is not heard.' }) expiresAt: Date;
}

@ObjectType({ description: 'What came of a request to a wallet.' })
export class Presentation {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => CredentialPurposeEnum, { description: 'What is to be proven.' }) purpose: string;
  @Field(() => PresentationStateEnum, { description: 'Whether it was answered.' }) state: string;
  @Field(() => PresentationFailureEnum, { nullable: true, description: 'Why it was refused.' }) failure?: string | null;
  @Field(() => Credential, { nullable: true, description: 'What was accepted.' }) credential?: Credential | null;
  @Field(() => Date, { description: 'When it ends.' }) expiresAt: Date;
}

export const CredentialIssuerConnection = connectionType(CredentialIssuer, 'CredentialIssuer');
export const CredentialConnection = connectionType(Credential, 'Credential');
export const ProposeCredentialIssuerResult = resultUnion('ProposeCredentialIssuerResult', () => CredentialIssuer);
export const ApproveCredentialIssuerResult = resultUnion('ApproveCredentialIssuerResult', () => CredentialIssuer);
export const WithdrawCredentialIssuerResult = resultUnion('WithdrawCredentialIssuerResult', () => CredentialIssuer);
export const RequestPresentationResult = resultUnion('RequestPresentationResult', () => PresentationRequest);
