import { Injectable } from '@nestjs/common';
import { type LicenceTerms, type Meter, periodAt, restedDays, TRIAL } from '#contracts';
import type { UsageEvent } from '#metering';
import { type Caller, Clock, newId, type Tx } from '#shared';
import { type PeriodCharge, chargePeriod } from '../../domain/period-charge.js';
import { CORRECTION_SOURCE, type UsageCorrection } from '../../domain/usage-correction.js';
import { CreditRepository } from '../../storage/credit.repository.js';
import { RatingSources } from '../close-usage.js';

/** Brings the difference: as an event, and where the use was charged too high, as a credit. In the transaction of whoever holds the licence's closings. */
@Injectable()
export class ApplyCorrection {
  constructor(private readonly sources: RatingSources, private readonly credits: CreditRepository, private readonly clock: Clock) {}

  /** Answers the credit; null: nothing was charged for the difference, or the next closing charges it. */
  async execute(tx: Tx, caller: Caller, terms: LicenceTerms, correction: UsageCorrection, event: UsageEvent): Promise<string | null> {
    const { id: eventId, licenceId, agreementId, vendorId, buyerId, meter } = correction;
    const { occurredAt, subjectId, dimensions } = event;
    const quantity = correction.quantity - correction.before;
    const difference = { source: CORRECTION_SOURCE, eventId, licenceId, agreementId, vendorId, buyerId, meter, quantity, occurredAt, subjectId, receiptId: null, dimensions, reportedBy: caller.subject };
    const { recorded } = await this.sources.metering.record(tx, caller, [difference]);
    // What is more, or was not charged, the next closing reckons with the rest of its period.
    if (!correction.charged || quantity > 0n) return null;
    await this.sources.billed.openClosing(tx, { id: eventId, licenceId, vendorId, buyerId });
    await this.sources.billed.bill(tx, eventId, licenceId, recorded);
    const charges = await this.charges(tx, terms, meter, quantity, occurredAt);
    await this.sources.billed.insertCharges(tx, eventId, licenceId, charges);
    return this.giveBack(tx, terms, charges);
  }

  /** What the whole period comes to now, less what was charged of it: below zero. */
  private async charges(tx: Tx, { licence, spans, planOf }: LicenceTerms, meter: Meter, quantity: bigint, occurredAt: Date): Promise<PeriodCharge[]> {
    const period = periodAt(spans, occurredAt);
    if (period === TRIAL) return [{ period, component: 0, meter, quantity, netMinor: 0n, line: null, before: { quantity: 0n, netMinor: 0n } }];
    const before = (await this.sources.billed.charged(tx, licence.id)).get(period) ?? new Map();
    const rests = await this.sources.licences.restsOf(tx, licence.id);
    return chargePeriod(planOf(period), period, before, new Map([[meter, quantity]]), false, restedDays(spans[period]!, rests, this.clock.now()));
  }

  private async giveBack(tx: Tx, { licence, agreement, spans }: LicenceTerms, charges: readonly PeriodCharge[]): Promise<string | null> {
    const netMinor = -charges.reduce((sum, c) => sum + c.netMinor, 0n);
    const period = charges[0]?.period ?? TRIAL;
    if (netMinor <= 0n || period === TRIAL) return null;
    const { vendorId, buyerId, plan } = agreement;
    const { from, until } = spans[period]!;
    const id = newId();
    await this.credits.insert(tx, {
      id, licenceId: licence.id, agreementId: agreement.id, vendorId, buyerId, cause: 'CORRECTION', ofLicenceId: licence.id, period, days: 0, ofDays: 0, spanFrom: from, spanUntil: until, currency: plan.currency, netMinor, givenAt: this.clock.now(),
    });
    return id;
  }
}
