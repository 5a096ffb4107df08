import { DataType, type RecordBatch, type Schema, TimeUnit, type Vector } from 'apache-arrow';
import type { LogicalType } from '../../contents.js';
import { LEAF_DEPTH } from './leaves.js';

export interface ArrowLeaf {
  readonly name: string;
  readonly type: string;
  readonly logicalType: LogicalType | null;
  /** Reads a row of a batch as text. */
  readonly reader: (batch: RecordBatch) => (row: number) => string | null;
}

const MAX_NAME = 128;
type Get = (row: number) => unknown;

/** The columns of a schema; structures in structures become `outer.inner`. */
export function arrowLeaves(schema: Schema, limit: number): ArrowLeaf[] {
  const leaves: ArrowLeaf[] = [];
  const add = (name: string, declared: DataType, read: (batch: RecordBatch) => Get, depth: number): void => {
    if (leaves.length > limit) return;
    const type = DataType.isDictionary(declared) ? (declared.dictionary as DataType) : declared;
    if (DataType.isStruct(type) && depth < LEAF_DEPTH) {
      for (const field of type.children) {
        add(`${name}.${field.name}`, field.type as DataType, (batch) => {
          const outer = read(batch);
          return (row) => (outer(row) as Record<string, unknown> | null)?.[field.name] ?? null;
        }, depth + 1);
      }
      return;
    }
    const show = shower(type);
    leaves.push({
      name: name.slice(0, MAX_NAME), type: String(type), logicalType: logicalOf(type),
      reader: (batch) => {
        const get = read(batch);
        return (row) => {
          const value = get(row);
          return value === null || value === undefined ? null : show(value);
        };
      },
    });
  };
  for (const [place, field] of schema.fields.entries()) {
    add(field.name, field.type as DataType, (batch) => {
      const vector = batch.getChildAt(place) as Vector | null;
      return (row) => vector?.get(row) ?? null;
    }, 0);
  }
  return leaves;
}

function logicalOf(type: DataType): LogicalType | null {
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isInt(type)) return 'integer';
  if (DataType.isFloat(type) || DataType.isDecimal(type)) return 'decimal';
  if (DataType.isDate(type)) return 'date';
  if (DataType.isTimestamp(type)) return 'timestamp';
  if (DataType.isTime(type)) return 'time';
  if (isBinary(type)) return 'binary';
  return DataType.isList(type) || DataType.isFixedSizeList(type) || DataType.isStruct(type) || DataType.isMap(type) || DataType.isUnion(type) ? 'nested' : null;
}
const isBinary = (type: DataType): boolean => DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type);

function shower(type: DataType): (value: unknown) => string | null {
  if (DataType.isDecimal(type)) return (value) => scaled(BigInt(String(value)), type.scale);
  if (DataType.isDate(type)) return (value) => day(Number(value));
  if (DataType.isTimestamp(type)) return (value) => instant(Number(value));
  if (DataType.isTime(type)) return (value) => timeOfDay(value as number | bigint, type.unit);
  if (isBinary(type)) return (value) => Buffer.from(value as Uint8Array).toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  if (logicalOf(type) === 'nested') return (value) => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)) ?? '';
  return String;
}

function scaled(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale <= 0 ? `${sign}${digits}${'0'.repeat(-scale)}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The library answers milliseconds since 1970 for dates and timestamps of every unit. */
const valid = (ms: number): boolean => Math.abs(ms) <= 8.64e15;
const day = (ms: number): string | null => (valid(ms) ? new Date(ms).toISOString().slice(0, 10) : null);
const instant = (ms: number): string | null => (valid(ms) ? new Date(ms).toISOString() : null);

const PER_SECOND: Readonly<Record<TimeUnit, number>> = { [TimeUnit.SECOND]: 1, [TimeUnit.MILLISECOND]: 1e3, [TimeUnit.MICROSECOND]: 1e6, [TimeUnit.NANOSECOND]: 1e9 };
function timeOfDay(value: number | bigint, unit: TimeUnit): string | null {
  const seconds = Number(value) / PER_SECOND[unit];
  return valid(seconds * 1000) ? new Date(seconds * 1000).toISOString().slice(11, 23) : null;
}
