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

export const keyOf = (event: Pick<UsageEventInput, 'vendorId' | 'source' | 'eventId'>): string => JSON.stringify([event.vendorId, event.source, event.eventId]);

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

export interface Batch {
  /** Each name once, in the order of the names, so that two batches take their locks in the same order. */
  readonly distinct: readonly UsageEventInput[];
  /** The digest of each of them, in the same order. */
  readonly digests: readonly string[];
  readonly repeated: number;
}

/** A use with its name and what it says: both are made of all of it, so they are made once. */
export interface NamedUse {
  readonly event: UsageEventInput;
  readonly key: string;
  readonly digest: string;
}
export function named(event: UsageEventInput): NamedUse {
  check(event);
  return { event, key: keyOf(event), digest: digestOf(event) };
}

/** Takes out the repetitions inside a batch. */
export function toBatch(uses: readonly NamedUse[]): Batch {
  if (uses.length > MAX_BATCH) throw new UsageEventError(METERING_ERRORS.BATCH_TOO_LARGE, `at most ${MAX_BATCH} events at a time`);
  const byKey = new Map<string, NamedUse>();
  for (const use of uses) {
    const before = byKey.get(use.key);
    if (before && before.digest !== use.digest) throw new UsageConflictError(use.event.source, use.event.eventId);
    byKey.set(use.key, use);
  }
  const sorted = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { distinct: sorted.map((n) => n.event), digests: sorted.map((n) => n.digest), repeated: uses.length - sorted.length };
}

function check(event: UsageEventInput): void {
  const wrong = !NAME.test(event.source) || !NAME.test(event.eventId) ? 'source and eventId are 1 to 200 printable characters'
    : !METERS.includes(event.meter) ? `meter is one of ${METERS.join(', ')}`
    : event.quantity === 0n || event.quantity > MAX_QUANTITY || (event.quantity < 0n && (event.source !== CORRECTIONS || event.quantity < -MAX_QUANTITY)) ? 'quantity is positive; of a correction it may be below zero'
    : Number.isNaN(event.occurredAt.getTime()) ? 'occurredAt is an instant' : null;
  if (wrong) throw new UsageEventError(METERING_ERRORS.EVENT_INVALID, wrong);
}
