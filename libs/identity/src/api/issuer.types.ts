import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { ISSUER_PROFILES, type IssuerPolicy, TOKEN_ALGORITHMS } from '../domain/issuer.js';
import { ISSUER_STATES } from '../domain/issuer-state.js';
import { actsAt } from '../domain/permissions.js';
import { ActEnum } from './identity.types.js';
import { ApiKey } from './keys.types.js';
import { RegistrySchemeEnum } from './organisations.types.js';

export const IssuerProfileEnum = enumOf(ISSUER_PROFILES);
export const IssuerStateEnum = enumOf(ISSUER_STATES);
export const TokenAlgorithmEnum = enumOf(TOKEN_ALGORITHMS);
registerEnumType(IssuerProfileEnum, { name: 'IssuerProfile', description: 'OIDC_BEARER and FAPI2_DPOP: it gives access tokens for the exchange, the latter bound to their caller. OIDC_SIGN_IN and FAPI2_SIGN_IN: it gives id tokens, people sign in through the exchange.' });
registerEnumType(IssuerStateEnum, { name: 'IssuerState', description: 'Only the word of an ACTIVE issuer is taken, within its dates.' });
registerEnumType(TokenAlgorithmEnum, { name: 'TokenAlgorithm', description: 'Signature algorithms of tokens (RFC 7518, RFC 8037): asymmetric ones only.' });

@ObjectType({ description: 'What a sign-in is worth here.' })
export class IssuerLevel {
  @Field(() => String, { nullable: true, description: "The value of the issuer's claim `acr`; null: any other, or none." }) acr: string | null;
  @Field(() => Int, { description: 'Assurance level, 1 to 4.' }) level: number;
  @Field(() => [ActEnum], { description: 'The acts for which it suffices; the role must carry them too.' }) permits: readonly string[];
}

@ObjectType({ description: "Where the issuer's tokens name the organisation for which a person acts." })
export class OrganisationClaim {
  @Field(() => String, { description: 'JSON Pointer into the claims (RFC 6901).' }) pointer: string;
  @Field(() => RegistrySchemeEnum, { description: 'The register whose number stands there.' }) scheme: string;
  @Field(() => String, { nullable: true, description: 'JSON Pointer to the name in that register.' }) legalNamePointer: string | null;
}

@ObjectType({ description: 'An issuer whose word about people and organisations is taken here (mutual recognition of digital identity). A change is a new row.' })
export class RecognisedIssuer {
  @Field(() => ID, { description: 'UUID of this row; GET /v1/sign-in/{id} signs in with it where its profile is one of sign-in.' }) id: string;
  @Field(() => String, { description: '`iss` of its tokens.' }) issuer: string;
  @Field(() => String, { description: 'For people.' }) displayName: string;
  @Field(() => String, { description: 'Who stands behind it, ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => String, { description: 'Such as SINGPASS, CORPPASS, IAM_SMART, EUDI, CTID, OTHER.' }) trustFramework: string;
  @Field(() => IssuerProfileEnum, { description: 'How it is used.' }) profile: string;
  @Field(() => [String], { description: 'What `aud` of its access tokens must name, one of them.' }) audiences: readonly string[];
  @Field(() => [TokenAlgorithmEnum], { description: 'The algorithms that are accepted.' }) algorithms: readonly string[];
  @Field(() => [String], { description: 'The clients whose tokens are taken (`azp`, `client_id`).' }) authorisedParties: readonly string[];
  @Field(() => Boolean, { description: 'Whether tokens must be bound to their caller (DPoP, RFC 9449).' }) senderConstrained: boolean;
  @Field(() => String, { nullable: true, description: 'Who the exchange is to it, where it signs people in.' }) clientId?: string | null;
  @Field(() => Boolean, { description: 'Whether its id tokens must be encrypted to the exchange.' }) encryptedIdToken: boolean;
  @Field(() => [IssuerLevel], { description: 'What a sign-in there is worth here.' }) levels: readonly IssuerLevel[];
  @Field(() => [OrganisationClaim], { description: 'Where its tokens name the organisation.' }) organisationClaims: readonly OrganisationClaim[];
  @Field(() => Date, { description: 'In force from then on.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'In force until then.' }) validTo?: Date | null;
  @Field(() => IssuerStateEnum, { description: 'PROPOSED until another officer approves it.' }) state: string;
}

/** The levels of a policy with what each suffices for; the default comes last. */
export const levelsOf = ({ acrLevels, defaultLevel }: Pick<IssuerPolicy, 'acrLevels' | 'defaultLevel'>): IssuerLevel[] =>
  [...acrLevels, { acr: null, level: defaultLevel }].map(({ acr, level }) => ({ acr, level, permits: actsAt(level) }));

export const RecognisedIssuerConnection = connectionType(RecognisedIssuer, 'RecognisedIssuer');
export const ProposeIssuerResult = resultUnion('ProposeIssuerResult', () => RecognisedIssuer);
export const ApproveIssuerResult = resultUnion('ApproveIssuerResult', () => RecognisedIssuer);
export const WithdrawIssuerResult = resultUnion('WithdrawIssuerResult', () => RecognisedIssuer);
export const RegisterKeyJwksResult = resultUnion('RegisterKeyJwksResult', () => ApiKey);
