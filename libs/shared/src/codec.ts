import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** JSON that keeps bigint and Date, for stored answers and outbox payloads. */
export const encodeJson = (value: unknown): string => JSON.stringify(tag(value));
export const decodeJson = <T>(text: string): T => untag(JSON.parse(text)) as T;
export const untag = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(untag);
  if (value === null || typeof value !== 'object') return value;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  if (keys.length === 1 && typeof record['$bigint'] === 'string') return BigInt(record['$bigint']);
  if (keys.length === 1 && typeof record['$date'] === 'string') return new Date(record['$date']);
  return Object.fromEntries(keys.map((k) => [k, untag(record[k])]));
};

function tag(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(tag);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, tag(v)]));
}

/** RFC 8785 canonical JSON. Strings are brought to Unicode NFC first, so that equal texts have equal hashes. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(normalise(tag(value)));
  if (text === undefined) throw new Error('value has no canonical JSON form');
  return text;
}

function normalise(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC');
  if (Array.isArray(value)) return value.map(normalise);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k.normalize('NFC'), normalise(v)]));
}

export const sha256Hex = (data: string | Buffer): string => hash('sha256', data);
export const canonicalHash = (value: unknown): string => sha256Hex(canonicalJson(value));
