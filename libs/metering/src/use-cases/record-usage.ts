import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { METERS } from '#contracts';
import { type Caller, Clock, Outbox, type Tx } from '#shared';
import { byLicence, named, toBatch, type UsageEvent, type UsageEventInput } from '../domain/usage-event.js';
import { UsageConflictError } from '../metering.errors.js';
import { UsageRecorded } from '../metering.events.js';
import { UsageRepository } from '../storage/usage.repository.js';

export interface RecordedUsage {
  readonly recorded: UsageEvent[];
  /** How many of the given events had been counted before, or stood twice in the batch. */
  readonly duplicates: number;
}

/** Counts a batch of uses in the transaction of the act that they tell of. */
@Injectable()
export class RecordUsage {
  constructor(private readonly repository: UsageRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, events: readonly UsageEventInput[]): Promise<RecordedUsage> {
    if (events.length === 0) return { recorded: [], duplicates: 0 };
    const uses = events.map(named);
    const recordedAt = this.clock.now();
    const known = await this.repository.insert(tx, toBatch(uses), recordedAt);
    const contradicted = await this.repository.contradicted(tx, known);
    for (const { event, name } of known) if (contradicted.has(name)) throw new UsageConflictError(event.source, event.eventId);
    const counted = new Set(known.map(({ name }) => name));
    const recorded = uses.filter(({ name }) => !counted.has(name) && counted.add(name)).map(({ event, name }): UsageEvent => ({ ...event, id: name, recordedAt }));
    for (const [licenceId, ofLicence] of byLicence(recorded)) await this.tell(tx, caller, licenceId, ofLicence);
    return { recorded, duplicates: events.length - recorded.length };
  }

  /** Only where nothing was used before this transaction. Whoever records uses of a licence that way does it one after the other. */
  async tellFirst(tx: Tx, caller: Caller, { licenceId, agreementId, meter, quantity, eventId, source, receiptId, occurredAt }: UsageEventInput): Promise<void> {
    if (await this.repository.usedBefore(tx, licenceId, meter)) return;
    await this.outbox.publish(tx, caller, UsageRecorded, licenceId, { licenceId, agreementId, meter, quantity, eventId, source, receiptId, occurredAt });
  }

  private async tell(tx: Tx, caller: Caller, licenceId: string, events: readonly UsageEvent[]): Promise<void> {
    const totals = METERS.map((meter) => [meter, events.filter((e) => e.meter === meter).reduce((sum, e) => sum + e.quantity, 0n)] as const);
    await this.audit.append(tx, caller, {
      act: 'usage.record', objectType: 'licence', objectId: licenceId, tenantId: events[0]!.buyerId,
      details: { events: events.length, ...Object.fromEntries(totals.filter(([, quantity]) => quantity !== 0n)) },
    });
    for (const { agreementId, meter, quantity, eventId, source, receiptId, occurredAt } of events) {
      if (meter === 'downloads' && quantity > 0n) await this.outbox.publish(tx, caller, UsageRecorded, licenceId, { licenceId, agreementId, meter, quantity, eventId, source, receiptId, occurredAt });
    }
  }
}
