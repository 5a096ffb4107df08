import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { enumOf } from '#shared';
import { CHANGE_CLASSES, CHANGE_KINDS } from '../../domain/profile/schema-change.js';
import { MASK, SAMPLE_ROWS } from '../../domain/profile/profile.js';

export const SchemaChangeClassEnum = enumOf(CHANGE_CLASSES);
export const SchemaChangeKindEnum = enumOf(CHANGE_KINDS);
registerEnumType(SchemaChangeClassEnum, {
  name: 'SchemaChangeClass', description: 'What a revision is to readers of the one before.',
  valuesMap: { NONE: { description: 'The same schema.' }, COMPATIBLE: { description: 'Whoever reads by names and bears wider values goes on reading.' }, BREAKING: { description: 'Readers may fail.' } },
});
registerEnumType(SchemaChangeKindEnum, { name: 'SchemaChangeKind', description: 'One change of a schema.' });

@ObjectType('FileProfile', { description: 'What is wrong with a file, or is not read of it.' })
export class FileProfileType {
  @Field(() => String, { description: 'Plain file name.' }) fileName: string;
  @Field(() => String, { description: 'Media type as described.' }) mediaType: string;
  @Field(() => String, { description: 'Length in bytes, a decimal string.' }) bytes: string;
  @Field(() => String, { nullable: true, description: 'How its text is written: UTF-8, UTF-8 with BOM, UTF-16LE, UTF-16BE or GB18030; null for formats that are no text.' }) encoding?: string | null;
  @Field(() => String, { nullable: true, description: 'What parts the cells of delimited text.' }) delimiter?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its rows; null where it could not be read.' }) rows?: number | null;
  @Field(() => [String], { description: 'What is wrong with it; places, never contents.' }) findings: readonly string[];
  @Field(() => String, { nullable: true, description: 'What of it is not read, though nothing is wrong with it.' }) unread?: string | null;
}

@ObjectType('ColumnProfile', { description: 'A column over all rows of its table. Of what is personal or sensitive no value and no length is shown.' })
export class ColumnProfileType {
  @Field(() => String, { description: 'Its name, or its place where the name itself is data. `outer.inner` of nested values; `list[]` for the first entry of a list of objects.' }) name: string;
  @Field(() => String, { description: 'Type in the file, in the words of DuckDB or Arrow.' }) physicalType: string;
  @Field(() => String, { description: 'What every value is: empty, boolean, integer, decimal, date, timestamp, time, text, mixed, nested or binary.' }) logicalType: string;
  @Field(() => Int, { description: 'Rows without a value.' }) nulls: number;
  @Field(() => Float, { description: 'Their share, 0 to 1, to four decimals.' }) nullShare: number;
  @Field(() => String, { nullable: true, description: 'The least value of numbers and dates, as it is written.' }) min?: string | null;
  @Field(() => String, { nullable: true, description: 'The greatest.' }) max?: string | null;
  @Field(() => Int, { nullable: true, description: 'Characters of the shortest text.' }) minLength?: number | null;
  @Field(() => Int, { nullable: true, description: 'Characters of the longest text.' }) maxLength?: number | null;
  @Field(() => Int, { description: 'Different values.' }) distinct: number;
  @Field(() => Boolean, { description: 'Whether they were counted; else an estimate, good to about a percent.' }) distinctExact: boolean;
  @Field(() => Boolean, { description: 'Taken for personal or sensitive information, by the detectors or by the vendor.' }) sensitive: boolean;
}

@ObjectType('TableProfile', { description: 'Files with the same columns.' })
export class TableProfileType {
  @Field(() => String, { description: 'Name of its first file.' }) name: string;
  @Field(() => [String], { description: 'Its files.' }) files: readonly string[];
  @Field(() => [String], { description: 'Their media types.' }) formats: readonly string[];
  @Field(() => Int, { description: 'Rows, counted.' }) rows: number;
  @Field(() => String, { description: 'Bytes of its files, a decimal string.' }) bytes: string;
  @Field(() => [ColumnProfileType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'Its columns, in their order.' }) columns: readonly ColumnProfileType[];
  @Field(() => Float, { description: 'Share of rows that repeat another one, 0 to 1, to four decimals.' }) duplicateShare: number;
  @Field(() => Boolean, { description: 'Whether they were counted; else estimated from an even part of the rows.' }) duplicatesExact: boolean;
}

@ObjectType('DataFreshness', { description: 'How fresh the data is: its latest date that is not after the revision, dates of people aside.' })
export class FreshnessType {
  @Field(() => Date, { description: 'That date.' }) latest: Date;
  @Field(() => Int, { description: 'Whole days from it to the day when the revision was finalised.' }) ageDays: number;
}

@ObjectType('SchemaChangeItem', { description: 'One change against the revision before.' })
export class SchemaChangeItem {
  @Field(() => SchemaChangeKindEnum, { description: 'What changed.' }) kind: string;
  @Field(() => SchemaChangeClassEnum, { description: 'What it is to readers.' }) class: string;
  @Field(() => String, { description: 'The table.' }) table: string;
  @Field(() => String, { nullable: true, description: 'The column.' }) column?: string | null;
  @Field(() => String, { nullable: true, description: 'What it was.' }) before?: string | null;
  @Field(() => String, { nullable: true, description: 'What it is.' }) after?: string | null;
}

@ObjectType('SchemaChange', { description: 'The schema against that of the revision before.' })
export class SchemaChangeType {
  @Field(() => SchemaChangeClassEnum, { description: 'The gravest of its changes.' }) class: string;
  @Field(() => [SchemaChangeItem], { description: 'The changes, breaking ones first; at most 200.' }) changes: readonly SchemaChangeItem[];
}

@ObjectType('DatasetProfile', { description: 'What the exchange itself computed of the files of a revision; nobody can type it.' })
export class DatasetProfileType {
  @Field(() => ID, { description: 'The revision.' }) revisionId: string;
  @Field(() => Int, { description: 'Its number.' }) revisionNumber: number;
  @Field(() => String, { description: 'Version of what computed it.' }) profilerVersion: string;
  @Field(() => Boolean, { description: 'Whether every file was read from end to end and nothing is wrong with any.' }) complete: boolean;
  @Field(() => String, { description: 'Rows of all tables, a decimal string.' }) rows: string;
  @Field(() => String, { description: 'Bytes of all files, a decimal string.' }) bytes: string;
  @Field(() => FreshnessType, { nullable: true, description: 'Null where no column holds dates.' }) freshness?: FreshnessType | null;
  @Field(() => SchemaChangeType, { nullable: true, description: 'Null of a first revision, and where not everything could be read.' }) schemaChange?: SchemaChangeType | null;
  @Field(() => [FileProfileType], { description: 'Its files.' }) files: readonly FileProfileType[];
  @Field(() => [TableProfileType], { complexity: ({ childComplexity }) => 3 * childComplexity, description: 'Its tables.' }) tables: readonly TableProfileType[];
  @Field(() => Date, { description: 'When it was computed.' }) createdAt: Date;
}

@ObjectType('TableSample', { description: `A few rows of a table, at most ${SAMPLE_ROWS}. Cells of sensitive columns, and free texts where there is data of people, are \`${MASK}\`; long ones are cut.` })
export class TableSampleType {
  @Field(() => String, { description: 'Name of the table.' }) table: string;
  @Field(() => [String], { description: 'Names of its columns.' }) columns: readonly string[];
  @Field(() => [[String]], { nullable: 'items', description: 'Rows; null for a cell without a value.' }) rows: readonly (readonly (string | null)[])[];
}
