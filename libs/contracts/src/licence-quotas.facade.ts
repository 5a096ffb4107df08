import { Injectable } from '@nestjs/common';
import { Notices } from '#identity';
import { Clock, type Tx } from '#shared';
import { capWindow, reached } from './domain/spending/spending.js';
import { describeQuota, planQuotas, type QuotaWindow } from './domain/spending/quota.js';
import { LicenceBilling } from './licence-billing.facade.js';
import { UsageQuotaRepository } from './storage/usage-quota.repository.js';

/** How much may be used under a licence: what its plan gives and what its buyer set. Beside the caps on money, whose windows and percents these are. */
@Injectable()
export class LicenceQuotas {
  constructor(private readonly quotas: UsageQuotaRepository, private readonly billing: LicenceBilling, private readonly notices: Notices, private readonly clock: Clock) {}

  /** Every quota of a licence with the window that an instant lies in; one by the period of the plan is not there before the first period, in a trial. */
  async limitsAt(licenceId: string, at: Date): Promise<QuotaWindow[]> {
    const terms = await this.billing.termsOf(licenceId);
    if (!terms || !terms.spans.length) return [];
    const { vendorId, buyerId } = terms.licence;
    const all = [...planQuotas(terms.agreement.plan, { licenceId, vendorId, buyerId, setAt: terms.agreement.concludedAt }), ...(await this.quotas.ofLicence(licenceId))];
    return all.flatMap((quota) => {
      const window = capWindow(quota.period, terms.spans, at);
      return window ? [{ quota, window }] : [];
    });
  }

  /** Those of the licences whose use somebody wants to be told of: by a quota, or a cap on money. */
  watched(licenceIds: readonly string[]): Promise<Set<string>> {
    return this.quotas.watched(licenceIds);
  }

  /** Tells how much of a quota is used, each percent once in a window; where several are reached at once, the highest. A plan's quota is both sides' matter, the buyer's his own. */
  async tell(tx: Tx, limit: QuotaWindow, used: bigint): Promise<void> {
    const { quota, window } = limit;
    const fresh: number[] = [];
    for (const percent of reached(used, quota.quantity)) if (await this.quotas.note(tx, limit, { percent, used, at: this.clock.now() })) fresh.push(percent);
    const percent = fresh.at(-1);
    if (percent === undefined) return;
    await this.notices.tell(tx, quota.side === 'VENDOR' ? [quota.vendorId, quota.buyerId] : [quota.buyerId], {
      objectType: 'LICENCE', objectId: quota.licenceId, kind: 'QUOTA', text: `${percent} % of ${describeQuota(limit)} is used: ${used} ${quota.meter}`,
      details: { percent, side: quota.side, meter: quota.meter, quantity: quota.quantity.toString(), used: used.toString(), from: window.from.toISOString(), until: window.until.toISOString(), hard: quota.hard, beyond: used > quota.quantity },
    });
  }
}
