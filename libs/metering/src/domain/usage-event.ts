import { METERS, type Meter } from '#contracts';
import { sha256Hex } from '#shared';
import { METERING_ERRORS, UsageConflictError, UsageEventError } from '../metering.errors.js';


/** One batch of `record`: as many as one statement carries without strain. */
export const MAX_BATCH = 1_000;
const MAX_QUANTITY = 2n ** 62n;
/** Events that bring the difference where another one was counted wrongly: they alone may be below zero. */
const CORRECTIONS = 'urn:entrepot:correction';
const NAME = /^[\x21-\x7e]{1,200}$/;

/** What is told of one use. `source` is a URI of the teller; with `eventId` and the vendor it names the event for ever. */
export interface UsageEventInput {
  readonly source: string;
  readonly eventId: string;
  readonly licenceId: string;
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly meter: Meter;
  /** Downloads in pieces, bytes in bytes. */
  readonly quantity: bigint;
  readonly occurredAt: Date;
  /** The asset that was used, where it was one. */
  readonly subjectId: string | null;
  readonly receiptId: string | null;
  /** What the use can be told apart by: region, device, route. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Who told of it; null: the exchange's own delivery. */
  readonly reportedBy: string | null;
}

export interface UsageEvent extends UsageEventInput {
  readonly id: string;
  readonly recordedAt: Date;
}

export interface MeterTotal {
  readonly meter: Meter;
  readonly events: number;
  readonly quantity: bigint;
  readonly firstOccurredAt: Date;
  readonly lastOccurredAt: Date;
}

/** What an event is called for ever, in 16 bytes: a UUID of version 8 (RFC 9562, section 5.8) out of SHA-256 over vendor, source and id, as `metering.event_name` makes it. */
export function nameOf({ vendorId, source, eventId }: Pick<UsageEventInput, 'vendorId' | 'source' | 'eventId'>): string {
  const hash = sha256Hex(`${vendorId}\n${source}\n${eventId}`);
  const variant = '89ab'[Number.parseInt(hash[16]!, 16) & 3]!;
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export function byLicence<T extends { readonly licenceId: string }>(events: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const event of events) {
    const group = groups.get(event.licenceId);
    if (group) group.push(event);
    else groups.set(event.licenceId, [event]);
  }
  return groups;
}

/** Everything that a repetition must have in common with the first; by whom it is told may change, since keys are rotated. */
export const digestOf = (e: UsageEventInput): string =>
  sha256Hex(JSON.stringify([e.agreementId, e.vendorId, e.buyerId, e.meter, e.quantity.toString(), e.occurredAt.toISOString(), e.subjectId, e.receiptId, ...(e.reportedBy === null ? [] : [e.licenceId, Object.entries(e.dimensions).sort(([a], [b]) => (a < b ? -1 : 1))])]));

/** A use with its name and what it says: both are made of all of it, so they are made once. */
export interface NamedUse {
  readonly event: UsageEventInput;
  readonly name: string;
  readonly digest: string;
}
export function named(event: UsageEventInput): NamedUse {
  check(event);
  return { event, name: nameOf(event), digest: digestOf(event) };
}

/** Each name once, in the order of the names, so that two batches take their locks in the same order. */
export function toBatch(uses: readonly NamedUse[]): NamedUse[] {
  if (uses.length > MAX_BATCH) throw new UsageEventError(METERING_ERRORS.BATCH_TOO_LARGE, `at most ${MAX_BATCH} events at a time`);
  const byName = new Map<string, NamedUse>();
  for (const use of uses) {
    const before = byName.get(use.name);
    if (before && before.digest !== use.digest) throw new UsageConflictError(use.event.source, use.event.eventId);
    byName.set(use.name, use);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function check(event: UsageEventInput): void {
  const wrong = !NAME.test(event.source) || !NAME.test(event.eventId) ? 'source and eventId are 1 to 200 printable characters'
    : !METERS.includes(event.meter) ? `meter is one of ${METERS.join(', ')}`
    : event.quantity === 0n || event.quantity > MAX_QUANTITY || (event.quantity < 0n && (event.source !== CORRECTIONS || event.quantity < -MAX_QUANTITY)) ? 'quantity is positive; of a correction it may be below zero'
    : Number.isNaN(event.occurredAt.getTime()) ? 'occurredAt is an instant' : null;
  if (wrong) throw new UsageEventError(METERING_ERRORS.EVENT_INVALID, wrong);
}
