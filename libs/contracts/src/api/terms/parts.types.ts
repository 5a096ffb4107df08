import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsString, IsUUID, Length, MaxLength, ValidateNested } from 'class-validator';
import { enumOf } from '#shared';
import { COLUMN_NAME, MOST_COLUMNS, MOST_ROW_VALUES } from '../../domain/terms/parts/read-target.js';
import { type CellType, limitDigest, type RowOperator, type Target } from '../../domain/terms/parts/target.js';

const TYPES = { TEXT: 'string', NUMBER: 'decimal', BOOLEAN: 'boolean', DATE: 'date', INSTANT: 'dateTime' } as const satisfies Record<string, CellType>;
const OPERATORS = { EQ: ['eq'], NEQ: ['neq'], IS_ANY_OF: ['isAnyOf'], IS_NONE_OF: ['isNoneOf'], LT: ['lt'], LTEQ: ['lteq'], GT: ['gt'], GTEQ: ['gteq'], BETWEEN: ['gteq', 'lteq'] } as const satisfies Record<string, readonly RowOperator[]>;
type TypeName = keyof typeof TYPES;
type OperatorName = keyof typeof OPERATORS;
const [TYPE_NAMES, OPERATOR_NAMES] = [Object.keys(TYPES) as TypeName[], Object.keys(OPERATORS) as OperatorName[]];
const CellTypeEnum = enumOf(TYPE_NAMES);
const RowOperatorEnum = enumOf(OPERATOR_NAMES);
registerEnumType(CellTypeEnum, { name: 'CellType', description: 'How the cells of a column are compared: texts letter by letter, numbers by their value, instants in UTC.' });
registerEnumType(RowOperatorEnum, { name: 'RowOperator', description: 'How a cell is compared. A row without a value in the column fulfils no condition. Texts have no order; BETWEEN takes two values, both within.' });

@ObjectType({ description: 'A condition on the rows.' })
export class RowCondition {
  @Field(() => String, { description: 'The column, as it is called in the files.' }) column: string;
  @Field(() => CellTypeEnum, { description: 'How its cells are compared.' }) type: string;
  @Field(() => RowOperatorEnum, { description: 'By what.' }) operator: string;
  @Field(() => [String], { description: 'With which values.' }) values: readonly string[];
}

@ObjectType({ description: 'What of a dataset is licensed.' })
export class LicencePart {
  @Field(() => ID, { description: 'The dataset.' }) datasetId: string;
  @Field(() => [String], { nullable: true, description: 'Its columns that are licensed; null: all of them.' }) columns?: readonly string[] | null;
  @Field(() => [RowCondition], { description: 'What its rows have to fulfil, all of it; empty: every row is licensed.' }) rows: RowCondition[];
  @Field(() => String, { description: 'SHA-256 of the RFC 8785 form of `refinement` of this target in the policy, lower-case hex; receipts name it.' }) digest: string;
}

@InputType()
export class RowConditionInput {
  @IsString() @Length(1, COLUMN_NAME) @Field(() => String, { description: 'A column, as it is called in the files.' }) column: string;
  @IsIn(TYPE_NAMES) @Field(() => CellTypeEnum, { description: 'How its cells are compared.' }) type: TypeName;
  @IsIn(OPERATOR_NAMES) @Field(() => RowOperatorEnum, { description: 'By what.' }) operator: OperatorName;
  @ArrayMinSize(1) @ArrayMaxSize(MOST_ROW_VALUES) @IsString({ each: true }) @MaxLength(200, { each: true }) @Field(() => [String], { description: 'With which: one value, two of BETWEEN, any number of IS_ANY_OF and IS_NONE_OF. Numbers such as -12.5, days such as 2026-01-31, instants such as 2026-01-31T00:00:00Z.' }) values: string[];
}

@InputType()
export class LicencePartInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of the product.' }) datasetId: string;
  @IsOptional() @ArrayMinSize(1) @ArrayMaxSize(MOST_COLUMNS) @IsString({ each: true }) @Length(1, COLUMN_NAME, { each: true }) @Field(() => [String], { nullable: true, description: 'Its columns that are licensed, as they are called in the files; left out: all of them.' }) columns?: string[] | null;
  @IsOptional() @ArrayMaxSize(10) @ValidateNested({ each: true }) @Type(() => RowConditionInput) @Field(() => [RowConditionInput], { nullable: true, description: 'What its rows have to fulfil, all of it; left out: every row is licensed.' }) rows?: RowConditionInput[] | null;
}

const nameOf = <K extends string, V>(table: Readonly<Record<K, V>>, fits: (value: V) => boolean): K => (Object.keys(table) as K[]).find((k) => fits(table[k]))!;

export const toPartType = (target: Target): LicencePart => ({
  datasetId: target.datasetId, columns: target.columns, digest: limitDigest(target),
  rows: target.rows.map(({ column, type, operator, values }) => ({ column, type: nameOf(TYPES, (t) => t === type), operator: nameOf<OperatorName, readonly RowOperator[]>(OPERATORS, ([o]) => o === operator), values })),
});

/** A condition of two values becomes two of one; what is wrong with values is found where the policy is read. */
export const toTarget = ({ datasetId, columns, rows }: LicencePartInput): Target => ({
  datasetId: datasetId.toLowerCase(), title: null, columns: columns ?? null,
  rows: (rows ?? []).flatMap(({ column, type, operator, values }) => {
    const [one, other] = OPERATORS[operator] as readonly RowOperator[];
    const made = (of: RowOperator, own: readonly string[]) => ({ column, type: TYPES[type], operator: of, values: own });
    return other ? [made(one!, values.slice(0, 1)), made(other, values.slice(1))] : [made(one!, values)];
  }),
});
