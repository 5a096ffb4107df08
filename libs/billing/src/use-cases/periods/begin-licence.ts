import { Injectable } from '@nestjs/common';
import { Contracts, LicenceBilling, periodSpans } from '#contracts';
import { accepted, type Caller, Clock, type Tx } from '#shared';
import type { Trade } from '#settlement';
import { CreditRepository } from '../../storage/credit.repository.js';
import { ScheduleRepository } from '../../storage/schedule.repository.js';

/** What the money, or that none is due, does to a licence: in the transaction of its caller. */
@Injectable()
export class BeginLicence {
  constructor(private readonly contracts: Contracts, private readonly licences: LicenceBilling, private readonly schedule: ScheduleRepository, private readonly credits: CreditRepository, private readonly clock: Clock) {}

  /** The licence becomes active. Where its plan renews, or counts what is used, what comes next is noted. `tradeId` paid for the first period. */
  async begin(tx: Tx, caller: Caller, agreementId: string, tradeId: string | null): Promise<void> {
    const { id: licenceId, vendorId, buyerId, paidFrom } = accepted(await this.contracts.activateLicence(tx, caller, agreementId));
    const { plan } = (await this.contracts.agreementById(agreementId))!;
    if (!plan.trial && !plan.components.some((c) => c.kind !== 'ONE_OFF')) return;
    const [first] = periodSpans(plan, paidFrom!);
    const next = plan.trial ? { nextPeriod: 0, dueAt: first!.from } : { nextPeriod: 1, dueAt: first!.until };
    if (!(await this.schedule.start(tx, { licenceId, agreementId, vendorId, buyerId, ...next }, this.clock.now()))) return;
    if (!plan.trial) await this.schedule.open(tx, { licenceId, period: 0, tradeId }, this.clock.now(), null);
  }

  /** The purchase is paid: what was set off against it stands. */
  async bought(tx: Tx, caller: Caller, trade: Trade): Promise<void> {
    await this.credits.paid(tx, trade.id);
    await this.begin(tx, caller, trade.agreementId, trade.id);
  }

  /** A later period is paid: the licence goes on where it rested for it. */
  async renewed(tx: Tx, caller: Caller, trade: Trade): Promise<void> {
    const period = await this.schedule.ofTrade(tx, trade.id);
    if (!period) throw new Error(`trade ${trade.id} pays for no period`);
    await this.schedule.paid(tx, trade.id, this.clock.now());
    if (!(await this.schedule.owes(tx, period.licenceId))) await this.licences.liftUnpaid(tx, caller, period.licenceId, 'what was overdue is paid');
  }
}
