import { isDeliveryMeter, isMeter, type Meter } from '#contracts';
import { isId } from '#shared';

/** The type of the events that are taken here. */
export const USAGE_EVENT_TYPE = 'entrepot.usage.v1';
/** Sources that the exchange itself tells under. */
const OWN_SOURCES = /^urn:entrepot:/i;
const NAME = /^[\x21-\x7e]{1,200}$/;
/** RFC 3339 with an offset; what has none names no instant. */
const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const JSON_TYPE = /^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i;
const DIMENSION = /^[a-z][a-z0-9_]{0,39}$/;
const MOST_DIMENSIONS = 10;
const LONGEST_VALUE = 200;
/** One event is one use, or one span of use: far below what a sum of many may come to. */
const MAX_QUANTITY = 10n ** 15n;

/** What a vendor says was used, before anybody looked at the licence. */
export interface UsageClaim {
  readonly source: string;
  readonly eventId: string;
  readonly licenceId: string;
  readonly meter: Meter;
  readonly quantity: bigint;
  readonly occurredAt: Date;
  readonly subjectId: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
}
/** What it calls itself, as far as that can be read, and what is wrong with it. */
export interface BadEvent {
  readonly source: string | null;
  readonly id: string | null;
  readonly path: string;
  readonly message: string;
}
export const isBad = (read: UsageClaim | BadEvent): read is BadEvent => 'message' in read;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 200) : null);

/**
 * A CloudEvent 1.0 (JSON format) as a use: `subject` names the licence, `time` says when, and `data` holds `meter`, `quantity` (a positive whole
 * number, as a string where it is larger than JSON numbers are exact), and, where they apply, `assetId` and `dimensions`.
 */
export function readUsageEvent(event: unknown): UsageClaim | BadEvent {
  if (!isObject(event)) return { source: null, id: null, path: '', message: 'an event is a JSON object' };
  const bad = (path: string, message: string): BadEvent => ({ source: text(event['source']), id: text(event['id']), path, message });
  const { specversion, type, source, id, subject, time, datacontenttype, data } = event;
  if (specversion !== '1.0') return bad('specversion', '1.0');
  if (type !== USAGE_EVENT_TYPE) return bad('type', USAGE_EVENT_TYPE);
  if (typeof source !== 'string' || !NAME.test(source)) return bad('source', 'a URI of 1 to 200 printable characters');
  if (OWN_SOURCES.test(source)) return bad('source', 'urn:entrepot: is of the exchange alone');
  if (typeof id !== 'string' || !NAME.test(id)) return bad('id', '1 to 200 printable characters');
  if (typeof subject !== 'string' || !isId(subject)) return bad('subject', 'the id of the licence');
  if (typeof time !== 'string' || !INSTANT.test(time) || Number.isNaN(Date.parse(time))) return bad('time', 'an instant of RFC 3339 with its offset');
  if (datacontenttype !== undefined && (typeof datacontenttype !== 'string' || !JSON_TYPE.test(datacontenttype))) return bad('datacontenttype', 'application/json');
  if (!isObject(data)) return bad('data', 'a JSON object with meter and quantity');
  const { meter, quantity, assetId = null, dimensions = {} } = data;
  if (typeof meter !== 'string' || !isMeter(meter) || isDeliveryMeter(meter)) return bad('data.meter', 'a meter that vendors report; downloads and bytes the exchange counts itself');
  const units = wholeOf(quantity);
  if (units === null || units < 1n || units > MAX_QUANTITY) return bad('data.quantity', `a whole number from 1 to ${MAX_QUANTITY}`);
  if (assetId !== null && (typeof assetId !== 'string' || !isId(assetId))) return bad('data.assetId', 'the id of an asset');
  const wrong = dimensionsProblem(dimensions);
  if (wrong) return bad('data.dimensions', wrong);
  return { source, eventId: id, licenceId: subject.toLowerCase(), meter, quantity: units, occurredAt: new Date(time), subjectId: assetId, dimensions: dimensions as Record<string, string> };
}

function wholeOf(quantity: unknown): bigint | null {
  if (typeof quantity === 'number') return Number.isSafeInteger(quantity) ? BigInt(quantity) : null;
  return typeof quantity === 'string' && /^\d{1,20}$/.test(quantity) ? BigInt(quantity) : null;
}

function dimensionsProblem(dimensions: unknown): string | null {
  if (!isObject(dimensions)) return 'an object';
  const entries = Object.entries(dimensions);
  if (entries.length > MOST_DIMENSIONS) return `at most ${MOST_DIMENSIONS}`;
  const isWrong = ([name, value]: [string, unknown]): boolean => !DIMENSION.test(name) || typeof value !== 'string' || value.length < 1 || value.length > LONGEST_VALUE || !value.isWellFormed() || value.includes('\0');
  return entries.some(isWrong) ? `names of small letters, digits and _, texts of 1 to ${LONGEST_VALUE} characters` : null;
}
