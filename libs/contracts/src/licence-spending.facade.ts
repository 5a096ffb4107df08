import { Injectable } from '@nestjs/common';
import { type Actor, Notices, organisationOf, permits } from '#identity';
import { Clock, formatMoney, money, type Page, type PageRequest, type Tx } from '#shared';
import type { PeriodSpan } from './domain/pricing/periods.js';
import type { Usage } from './domain/pricing/quote.js';
import { type CapPeriod, capWindow, reached, type Slice, slicesOf, spentOn } from './domain/spending/spending.js';
import { LicenceBilling, type LicenceTerms } from './licence-billing.facade.js';
import type { Licence } from './storage/contracts.repository.js';
import { type SpendingCap, SpendingCapRepository } from './storage/spending-cap.repository.js';

/** What has to be known to say what a window of a cap costs: the use of each slice. */
export interface Reckoning {
  readonly licence: Licence;
  readonly currency: string;
  readonly window: PeriodSpan;
  readonly slices: readonly Slice[];
  /** `used`: of each slice, in their order; `more`: on top of that, now. Minor units, net of tax, by the lines that are billed. */
  readonly cost: (used: readonly Usage[], more: Usage) => bigint;
}

/** What a licence costs its buyer in a period, and the cap that he set: the third door of this room. Whoever counts use asks it. */
@Injectable()
export class LicenceSpending {
  constructor(private readonly caps: SpendingCapRepository, private readonly billing: LicenceBilling, private readonly notices: Notices, private readonly clock: Clock) {}

  /** The cap of a licence, held until the transaction ends; null where there is none. */
  lockCap(tx: Tx, licenceId: string): Promise<SpendingCap | null> {
    return this.caps.lock(tx, licenceId);
  }
  capOf(licenceId: string): Promise<SpendingCap | null> {
    return this.caps.ofLicence(licenceId);
  }
  capsOf(actor: Actor, period: CapPeriod | null, page: PageRequest): Promise<Page<SpendingCap> | null> {
    return permits(actor, 'contracts:cap-spending') ? this.caps.page(organisationOf(actor), period, page) : Promise.resolve(null);
  }

  /** Null where nothing is charged at this instant: before the licence began, and in a trial. */
  async reckoning(licenceId: string, period: CapPeriod, at: Date): Promise<Reckoning | null> {
    const terms: LicenceTerms | null = await this.billing.termsOf(licenceId);
    const window = terms && terms.spans.length ? capWindow(period, terms.spans, at) : null;
    if (!terms || !window) return null;
    const slices = slicesOf(terms.spans, window, at);
    return { licence: terms.licence, currency: terms.agreement.plan.currency, window, slices, cost: (used, more) => spentOn(terms, slices, used, more) };
  }

  /** Tells the buyer how much of his cap is spent, each percent once in a period; where several are reached at once, the highest. */
  async tell(tx: Tx, cap: SpendingCap, window: PeriodSpan, spentMinor: bigint): Promise<void> {
    const fresh: number[] = [];
    for (const percent of reached(spentMinor, cap.amountMinor)) if (await this.caps.note(tx, cap, { from: window.from, percent, spentMinor, at: this.clock.now() })) fresh.push(percent);
    const percent = fresh.at(-1);
    if (percent === undefined) return;
    await this.notices.tell(tx, [cap.buyerId], {
      objectType: 'LICENCE', objectId: cap.licenceId, kind: 'SPENDING', text: `${percent} % of ${describeCap(cap, window)} is spent: ${formatMoney(money(spentMinor, cap.currency))}`,
      details: { percent, capMinor: cap.amountMinor.toString(), spentMinor: spentMinor.toString(), currency: cap.currency, from: window.from.toISOString(), until: window.until.toISOString(), hard: cap.hard },
    });
  }
}

const day = (at: Date): string => at.toISOString().slice(0, 10);
/** A cap in words, with its window. */
export const describeCap = ({ amountMinor, currency }: SpendingCap, { from, until }: PeriodSpan): string => `the cap of ${formatMoney(money(amountMinor, currency))} for ${day(from)} to ${day(until)}`;
