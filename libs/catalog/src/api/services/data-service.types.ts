import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { enumOf, LIMITS, resultUnion } from '#shared';
import { API_CHARGES, API_METHODS, type ApiCharge, type ApiMethod, type DataService, type ServiceDescription } from '../../domain/services/data-service.js';

const ApiMethodEnum = enumOf(API_METHODS);
registerEnumType(ApiMethodEnum, { name: 'ApiMethod', description: 'A method of HTTP.' });
const ApiChargeEnum = enumOf(API_CHARGES);
registerEnumType(ApiChargeEnum, { name: 'ApiCharge', description: 'When a call is charged.', valuesMap: { COMPLETE: { description: 'When its whole answer has come.' }, BEGUN: { description: 'When its answer begins: for streams that have no end of their own.' } } });

@ObjectType({ description: 'What may be called of an API; everything else may not.' })
class ApiOperation {
  @Field(() => ApiMethodEnum, { description: 'Method.' }) method: string;
  @Field(() => String, { description: 'Path below the address of the service; a name in braces stands for one segment.' }) path: string;
  @Field(() => Int, { description: 'Calls that one call counts as.' }) cost: number;
  @Field(() => ApiChargeEnum, { description: 'When it is charged.' }) charged: string;
}

@ObjectType('DataService', { description: 'The API that a product is served by (dcat:DataService). Buyers call it at `/v1/apis/{licenceId}/{path}` of the exchange.' })
export class DataServiceType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The product that it serves.' }) productId: string;
  @Field(() => String, { nullable: true, description: "Where the vendor's system is (dcat:endpointURL); for the vendor and staff." }) endpointUrl?: string | null;
  @Field(() => String, { nullable: true, description: 'Where it is described, an OpenAPI document or a page (dcat:endpointDescription).' }) endpointDescription?: string | null;
  @Field(() => [ApiOperation], { description: 'What may be called.' }) operations: readonly ApiOperation[];
  @Field(() => String, { nullable: true, description: 'What the platform test asks; for the vendor and staff.' }) testPath?: string | null;
  @Field(() => Int, { description: 'Calls of one licence in a window.' }) rateCalls: number;
  @Field(() => Int, { description: 'Seconds of that window, which begins with its first call.' }) rateSeconds: number;
  @Field(() => Int, { description: 'Calls of one licence at the same time.' }) atOnce: number;
  @Field(() => Int, { description: 'Milliseconds until an answer begins, at the most.' }) firstByteMs: number;
  @Field(() => Int, { description: 'Milliseconds of a whole call, at the most.' }) totalMs: number;
  @Field(() => Int, { description: 'Bytes that a call may send.' }) requestBytes: number;
  @Field(() => Int, { description: 'Bytes that an answer may have; so many are reserved where a quota or a cap counts bytes.' }) answerBytes: number;
  @Field(() => Date, { description: 'When it was described.' }) describedAt: Date;
}

@InputType()
class ApiOperationInput {
  @IsIn(API_METHODS) @Field(() => ApiMethodEnum, { description: 'Method.' }) method: ApiMethod;
  @IsString() @MaxLength(500) @Field(() => String, { description: 'Path below the address: `/v1/quotes/{symbol}`; a name in braces stands for one segment.' }) path: string;
  @IsOptional() @IsInt() @Min(1) @Max(LIMITS.apiCallCost) @Field(() => Int, { nullable: true, description: 'Calls that one call counts as; 1 when left out.' }) cost?: number | null;
  @IsOptional() @IsIn(API_CHARGES) @Field(() => ApiChargeEnum, { nullable: true, description: 'When it is charged; COMPLETE when left out.' }) charged?: ApiCharge | null;
}

@InputType()
export class DescribeDataServiceInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
  @IsString() @Length(1, 2_000) @Field(() => String, { description: 'Address of your API, https, public, without query.' }) endpointUrl: string;
  @IsOptional() @IsString() @MaxLength(2_000) @Field(() => String, { nullable: true, description: 'Where it is described: an OpenAPI document or a page, https.' }) endpointDescription?: string | null;
  @ArrayMinSize(1) @ArrayMaxSize(LIMITS.apiOperations) @ValidateNested({ each: true }) @Type(() => ApiOperationInput) @Field(() => [ApiOperationInput], { description: 'What may be called.' }) operations: ApiOperationInput[];
  @IsString() @MaxLength(500) @Field(() => String, { description: 'A path that answers a GET with 2xx where the service is in order; the platform test asks it.' }) testPath: string;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Calls of one licence in a window; 10 when left out.' }) rateCalls?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Seconds of that window; 1 when left out.' }) rateSeconds?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Calls of one licence at the same time; 10 when left out.' }) atOnce?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Milliseconds until an answer begins, at the most; 10_000 when left out.' }) firstByteMs?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Milliseconds of a whole call, at the most; 60_000 when left out.' }) totalMs?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Bytes that a call may send; 65_536 when left out.' }) requestBytes?: number | null;
  @IsOptional() @IsInt() @Field(() => Int, { nullable: true, description: 'Bytes that an answer may have; 1_048_576 when left out.' }) answerBytes?: number | null;
}
@InputType()
export class RemoveDataServiceInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
}
export const DescribeDataServiceResult = resultUnion('DescribeDataServiceResult', () => DataServiceType);
export const RemoveDataServiceResult = resultUnion('RemoveDataServiceResult', () => DataServiceType);

const USUAL = { rateCalls: 10, rateSeconds: 1, atOnce: 10, firstByteMs: 10_000, totalMs: 60_000, requestBytes: 65_536, answerBytes: 1_048_576 };

export const fromServiceInput = ({ productId, endpointUrl, endpointDescription, operations, testPath, ...limits }: DescribeDataServiceInput): ServiceDescription => ({
  productId, endpointUrl, endpointDescription: endpointDescription ?? null, operations: operations.map(({ method, path, cost, charged }) => ({ method, path, cost: cost ?? 1, charged: charged ?? 'COMPLETE' })), testPath,
  ...USUAL, ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null && value !== undefined)),
});
export const toDataServiceType = ({ endpointUrl, testPath, ...service }: DataService, endpoint: boolean): DataServiceType => ({ ...service, endpointUrl: endpoint ? endpointUrl : null, testPath: endpoint ? testPath : null });
