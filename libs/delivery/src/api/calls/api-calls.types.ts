import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { connectionType, enumOf, PageArgs, resultUnion } from '#shared';
import { CALL_OUTCOMES, type CallReceipt as CallReceiptRecord, type EndedCall, type Placement, PLACEMENTS } from '../../domain/api/api-call.js';

const PlacementEnum = enumOf(PLACEMENTS);
registerEnumType(PlacementEnum, {
  name: 'ApiCredentialPlacement', description: 'Where the credential of an API stands in a call.',
  valuesMap: { BEARER: { description: '`Authorization: Bearer`.' }, HEADER: { description: 'A header field of its own.' }, BASIC: { description: '`Authorization: Basic`; the value is user:password.' }, QUERY: { description: 'A query parameter.' } },
});
const OutcomeEnum = enumOf(CALL_OUTCOMES);
registerEnumType(OutcomeEnum, {
  name: 'ApiCallOutcome', description: 'How a call ended; all but CHARGED are free.',
  valuesMap: {
    CHARGED: { description: 'It succeeded.' }, ANSWERED: { description: 'The vendor answered something else than success, and the caller has that.' }, VENDOR_FAILED: { description: "The vendor's system failed, or its answer was none that is passed on." }, TIMED_OUT: { description: 'It took too long.' },
    BROKEN_OFF: { description: 'What permitted it ended meanwhile.' }, CLIENT_LEFT: { description: 'The caller went.' }, REFUSED: { description: 'The caller sent more than the API takes.' },
    INTERRUPTED: { description: 'The exchange failed in the middle; listed once its time was over, so its duration is that of the wait.' },
  },
});

@InputType()
export class SetApiCredentialInput {
  @IsUUID() @Field(() => ID, { description: 'A product of your own with a data service.' }) productId: string;
  @IsIn(PLACEMENTS) @Field(() => PlacementEnum, { description: 'Where it stands.' }) placement: Placement;
  @IsOptional() @IsString() @MaxLength(100) @Field(() => String, { nullable: true, description: 'Of HEADER and QUERY: the name of the field or parameter.' }) name?: string | null;
  @IsString() @MaxLength(4_000) @Field(() => String, { description: 'The secret, 8 characters or more; of BASIC user:password. It is kept encrypted and never shown.' }) value: string;
}
@ObjectType({ description: 'That an API is open to the exchange. The secret itself is never shown.' })
export class ApiCredential {
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => PlacementEnum, { description: 'Where it stands.' }) placement: string;
  @Field(() => String, { nullable: true, description: 'Name of the field or parameter.' }) name?: string | null;
  @Field(() => Date, { description: 'When it was given last.' }) setAt: Date;
}
export const SetApiCredentialResult = resultUnion('SetApiCredentialResult', () => ApiCredential);

@ArgsType()
export class ApiCallsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
}
@ObjectType({ description: 'A call that ended. What was asked for in it is not kept.' })
export class ApiCall {
  @Field(() => ID, { description: 'As in `entrepot-call-id`.' }) id: string;
  @Field(() => String, { description: 'The operation: method and template of its path.' }) operation: string;
  @Field(() => OutcomeEnum, { description: 'How it ended.' }) outcome: string;
  @Field(() => Int, { nullable: true, description: "Status of the vendor's answer; null: there was none, or the exchange failed before it was written down." }) status?: number | null;
  @Field(() => String, { description: 'Calls that it was charged as, a whole number.' }) calls: string;
  @Field(() => String, { description: 'Bytes of its answer, a whole number.' }) bytes: string;
  @Field(() => Date, { description: 'When it was let in.' }) startedAt: Date;
  @Field(() => Int, { description: 'Milliseconds until it ended.' }) durationMs: number;
}
export const ApiCallConnection = connectionType(ApiCall, 'ApiCall');
export const toApiCall = ({ calls, bytes, ...call }: EndedCall): ApiCall => ({ ...call, calls: calls.toString(), bytes: bytes.toString() });

@ObjectType({ description: "The exchange's signed statement over calls that were charged together." })
export class CallReceipt {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that they were made under.' }) licenceId: string;
  @Field(() => ID, { description: 'The decision that permits its calls.' }) decisionId: string;
  @Field(() => String, { description: 'Calls charged, a whole number.' }) calls: string;
  @Field(() => String, { description: 'Bytes of their answers, a whole number.' }) bytes: string;
  @Field(() => String, { description: 'SHA-256 over the ids of the calls, sorted, a line each; they stand in the signed form.' }) digest: string;
  @Field(() => Date, { description: 'When they were charged.' }) completedAt: Date;
  @Field(() => String, { description: 'Signed form, JWS compact; verify with `/.well-known/jwks.json`.' }) jws: string;
}
export const CallReceiptConnection = connectionType(CallReceipt, 'CallReceipt');
export const toCallReceipt = ({ calls, bytes, ...receipt }: CallReceiptRecord): CallReceipt => ({ ...receipt, calls: calls.toString(), bytes: bytes.toString() });

@ObjectType({ description: 'Calls of one outcome.' })
class ApiOutcomeCount {
  @Field(() => OutcomeEnum, { description: 'How they ended.' }) outcome: string;
  @Field(() => Int, { description: 'How many.' }) calls: number;
  @Field(() => Int, { description: 'Half of them took so many milliseconds at the most.' }) medianMs: number;
  @Field(() => Int, { description: '95 of 100 of them did.' }) slowMs: number;
}
@ObjectType({ description: 'How an API does.' })
export class ApiHealth {
  @Field(() => Date, { description: 'Calls that ended since.' }) since: Date;
  @Field(() => [ApiOutcomeCount], { description: 'By how they ended.' }) outcomes: readonly ApiOutcomeCount[];
}
