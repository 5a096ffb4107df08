import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type DayShare, daysBetween, LicenceBilling, type LicenceTerms, type PeriodSpan, periodAt, restedDays } from '#contracts';
import { type Caller, Clock, newId, type Tx } from '#shared';
import { type Credit, creditFor } from '../../domain/credit.js';
import { CreditRepository } from '../../storage/credit.repository.js';
import { ScheduleRepository } from '../../storage/schedule.repository.js';

type For = Pick<Credit, 'licenceId' | 'agreementId'>;

/** Gives credit for what was paid and could not be used. Asked again it gives what has been added since: what is due by today's knowledge, less what was given. */
@Injectable()
export class GiveCredits {
  constructor(private readonly licences: LicenceBilling, private readonly credits: CreditRepository, private readonly schedule: ScheduleRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** For days on which a licence rested and not by its buyer's doing, in periods that were begun, and in the one that is being begun. Its caller holds the licence. */
  async forRests(tx: Tx, caller: Caller, terms: LicenceTerms, beginning: number | null): Promise<void> {
    const rests = terms.spans.length ? await this.licences.restsOf(tx, terms.licence.id) : [];
    if (rests.length === 0) return;
    const given = await this.credits.restsGiven(tx, terms.licence.id);
    for (const period of [...(await this.begun(tx, terms, beginning))].sort((a, b) => a - b)) {
      const span = spanOf(terms, period);
      const share = restedDays(span, rests, this.clock.now());
      const before = given.get(period) ?? { days: 0, netMinor: 0n };
      const due = { days: share.days - before.days, netMinor: creditFor(terms.planOf(period), period, share) - before.netMinor };
      if (due.days > 0 && due.netMinor > 0n) await this.give(tx, caller, terms, { licenceId: terms.licence.id, agreementId: terms.agreement.id }, 'REST', period, span, { days: due.days, of: share.of }, due.netMinor);
    }
  }

  /** For the days that are left of what an agreement replaces, counted from now on, where they are paid; once for that agreement. */
  async forUnused(tx: Tx, caller: Caller, older: LicenceTerms, newer: For): Promise<void> {
    const now = this.clock.now();
    const period = periodAt(older.spans, now);
    if (period < 0 || !(await this.isPaid(tx, older, period))) return;
    const span = spanOf(older, period);
    const of = Math.max(1, daysBetween(span.from, span.until));
    // No day is given twice: those on which it rested are given already.
    const rested = (await this.credits.restsGiven(tx, older.licence.id)).get(period)?.days ?? 0;
    const share: DayShare = { days: Math.min(daysBetween(now, span.until), of - rested), of };
    const plan = older.planOf(period);
    const netMinor = share.days > 0 ? creditFor(plan, period, share) : 0n;
    if (netMinor > 0n) await this.give(tx, caller, older, newer, 'UNUSED', period, span, share, netMinor);
  }

  private async give(tx: Tx, caller: Caller, { licence, agreement }: LicenceTerms, to: For, cause: Credit['cause'], period: number, { from, until }: PeriodSpan, { days, of }: DayShare, netMinor: bigint): Promise<void> {
    const { vendorId, buyerId, plan } = agreement;
    const credit: Credit = { ...to, id: newId(), vendorId, buyerId, cause, ofLicenceId: licence.id, period, days, ofDays: of, spanFrom: from, spanUntil: until, currency: plan.currency, netMinor, givenAt: this.clock.now() };
    await this.credits.insert(tx, credit);
    await this.audit.append(tx, caller, { act: 'credit.give', objectType: 'credit', objectId: credit.id, tenantId: buyerId, details: { licenceId: to.licenceId, ofLicenceId: licence.id, cause, period, days, ofDays: of, netMinor, currency: plan.currency } });
  }

  /** The first begins with the licence, or after its trial. */
  private async begun(tx: Tx, { licence, agreement, spans }: LicenceTerms, beginning: number | null): Promise<Set<number>> {
    const opened = await this.schedule.opened(tx, licence.id);
    if (!agreement.plan.trial) opened.add(0);
    return beginning === null || beginning >= spans.length ? opened : opened.add(beginning);
  }

  /** A licence does not begin before its purchase is paid; later periods are asked for when they begin. */
  private async isPaid(tx: Tx, { licence, agreement }: LicenceTerms, period: number): Promise<boolean> {
    return (period === 0 && !agreement.plan.trial) || this.schedule.isPaid(tx, licence.id, period);
  }
}

/** Terms may end a licence before its period. */
const spanOf = ({ licence, spans }: LicenceTerms, period: number): PeriodSpan => {
  const { from, until } = spans[period]!;
  return { from, until: licence.validUntil && licence.validUntil < until && licence.validUntil > from ? licence.validUntil : until };
};
