import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { type Caller, LIMITS, Outbox, type Page, type PageRequest, type Tx } from '#shared';
import type { UsageEvent, UsageEventInput } from './domain/usage-event.js';
import { type Disallowed, UsageDisallowed } from './metering.events.js';
import { type UsagePosition, UsageRepository } from './storage/usage.repository.js';
import { type Stretch, UsageSumRepository } from './storage/usage-sum.repository.js';
import { type RecordedUsage, RecordUsage } from './use-cases/record-usage.js';

/** Rows of one reading for rating; a longer history is read on from the last event. */
const RATING_PAGE = 10_000;

/** What was used under which licence, each use once. */
@Injectable()
export class Metering {
  constructor(private readonly repository: UsageRepository, private readonly sums: UsageSumRepository, private readonly recording: RecordUsage, private readonly outbox: Outbox) {}

  /**
   * Counts up to 1,000 events in the caller's transaction. An event whose (licence, source, eventId) counted before, in whatever
   * month, is a duplicate and changes nothing. Throws UsageConflictError when that name stands for other content.
   */
  record(tx: Tx, caller: Caller, events: readonly UsageEventInput[]): Promise<RecordedUsage> {
    return this.recording.execute(tx, caller, events);
  }

  /**
   * Tells of the first use of a licence whose uses are too many to tell of each: once, whoever asks how often. In the transaction that records it; billing marks
   * the delivery of its purchase by it.
   */
  tellFirst(tx: Tx, caller: Caller, event: UsageEventInput): Promise<void> {
    return this.recording.tellFirst(tx, caller, event);
  }

  /** The events of a licence, oldest first. For rooms; whoever asks was let in by them. */
  ofLicence(licenceId: string, request: PageRequest): Promise<Page<UsageEvent>> {
    return this.repository.page(licenceId, request);
  }
  /** Up to 100 events of each licence, oldest first; a licence without events is missing from the map. */
  ofLicences(licenceIds: readonly string[]): Promise<Map<string, UsageEvent[]>> {
    return this.repository.ofLicences(licenceIds, LIMITS.pageSizeMax);
  }
  /**
   * The events of a meter that were recorded before an instant, oldest first, at most 10,000; `after` reads on. An event shows
   * when its transaction commits, with the instant at which it was written: what is billed must be known by its id, not by a span of time.
   */
  eventsOfLicence(tx: Tx, licenceId: string, meter: Meter, recordedBefore: Date, after: UsagePosition | null = null): Promise<UsageEvent[]> {
    return this.repository.recordedBefore(tx, licenceId, meter, recordedBefore, after, RATING_PAGE);
  }

  /** The event of a name; null: there is none. Names are the exchange's to read: for rooms, in its own transactions. */
  eventNamed(tx: Tx, name: Pick<UsageEventInput, 'vendorId' | 'source' | 'eventId'>): Promise<UsageEvent | null> {
    return this.repository.named(tx, name);
  }

  /** The uses that a receipt tells of, of which it says when they were. For rooms, in their own transactions. */
  ofReceipt(tx: Tx, { licenceId, receiptId, occurredAt }: Pick<Disallowed, 'licenceId' | 'receiptId' | 'occurredAt'>): Promise<UsageEvent[]> {
    return this.repository.ofReceipt(tx, licenceId, receiptId, occurredAt);
  }
  /** Says in the caller's transaction that the uses of a receipt are not to count. They stay on record: billing, which knows what is charged, corrects them. */
  disallow(tx: Tx, caller: Caller, disallowed: Disallowed): Promise<void> {
    return this.outbox.publish(tx, caller, UsageDisallowed, disallowed.licenceId, { ...disallowed, decidedBy: caller.subject });
  }

  /** What was used under a licence in each of these stretches, by meter and in their order, as the caller's transaction sees it. */
  usedWithin(tx: Tx, licenceId: string, stretches: readonly Stretch[]): Promise<Map<Meter, bigint>[]> {
    return this.sums.within(tx, licenceId, stretches);
  }
}
