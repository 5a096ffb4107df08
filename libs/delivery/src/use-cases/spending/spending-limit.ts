import { Injectable } from '@nestjs/common';
import { describeCap, LicenceSpending, type Meter, type Reckoning, type Usage } from '#contracts';
import { Metering } from '#metering';
import { formatMoney, money, type Refusal, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { OpenUse } from './open-use.js';
import { type Limit, QuotaLimit } from './quota-limit.js';

/** What a window of a cap has cost, and what it comes to once all that is open is taken. Minor units, net of tax. */
export interface Spent {
  readonly usedMinor: bigint;
  readonly openMinor: bigint;
}
const NOTHING: Usage = new Map();
const added = (a: ReadonlyMap<Meter, bigint>, b: ReadonlyMap<Meter, bigint>): Map<Meter, bigint> => new Map([...a.keys(), ...b.keys()].map((meter) => [meter, (a.get(meter) ?? 0n) + (b.get(meter) ?? 0n)]));

/** Holds what is granted under a licence against its quotas and its buyer's cap, by the prices that will be billed. */
@Injectable()
export class SpendingLimit {
  constructor(private readonly spending: LicenceSpending, private readonly metering: Metering, private readonly open: OpenUse, private readonly quotas: QuotaLimit) {}

  /**
   * Why one download more of so many bytes is beyond a quota or the cap. What was used counts, and what open tokens may still take; who asks at once waits at the row of the
   * cap, and counts what the one before him was granted. What costs nothing more is never refused.
   */
  async problem(tx: Tx, licenceId: string, byteLength: bigint, now: Date): Promise<Refusal | undefined> {
    return (await this.begin(tx, licenceId, ['downloads', 'bytes'], now)).problem(new Map<Meter, bigint>([['downloads', 1n], ['bytes', byteLength]]), 'this download');
  }

  /** The same for whoever asks several times in one transaction, about these meters. */
  async begin(tx: Tx, licenceId: string, meters: readonly Meter[], now: Date): Promise<Limit> {
    const quota = await this.quotas.begin(tx, licenceId, meters, now);
    const cap = await this.spending.lockCap(tx, licenceId);
    const reckoning = cap?.hard ? await this.spending.reckoning(licenceId, cap.period, now) : null;
    if (!cap || !reckoning) return quota;
    const { cost, open } = await this.count(tx, licenceId, reckoning, now);
    let taken: ReadonlyMap<Meter, bigint> = open;
    const shown = (minor: bigint): string => formatMoney(money(minor > 0n ? minor : 0n, cap.currency));
    return {
      problem: (more, what) => {
        const beyond = quota.problem(more, what);
        const [before, after] = [cost(taken), cost(added(taken, more))];
        if (beyond || after <= cap.amountMinor || after <= before) return beyond;
        return stateConflict(DELIVERY_ERRORS.SPENDING_CAP, `${describeCap(cap, reckoning.window)} leaves ${shown(cap.amountMinor - before)}, and ${what} costs ${shown(after - before)}`, 'CAPPED');
      },
      take: (more) => {
        quota.take(more);
        taken = added(taken, more);
      },
    };
  }

  /** What the window has cost by now. */
  async spent(tx: Tx, licenceId: string, reckoning: Reckoning, now: Date): Promise<Spent> {
    const { cost, open } = await this.count(tx, licenceId, reckoning, now);
    const usedMinor = cost(NOTHING);
    return { usedMinor, openMinor: cost(open) - usedMinor };
  }

  /** Tells once so much of a quota is used, and the buyer once so much of his cap is spent. Open tokens are no spending yet. */
  async tell(tx: Tx, licenceId: string, at: Date): Promise<void> {
    await this.quotas.tell(tx, licenceId, at);
    const cap = await this.spending.lockCap(tx, licenceId);
    const reckoning = cap && (await this.spending.reckoning(licenceId, cap.period, at));
    if (!cap || !reckoning) return;
    const used = await this.metering.usedWithin(tx, licenceId, reckoning.slices);
    await this.spending.tell(tx, cap, reckoning.window, reckoning.cost(used, NOTHING));
  }

  /** What is open is read before what was used: what is completed in between counts twice for a moment, and never not at all. */
  private async count(tx: Tx, licenceId: string, reckoning: Reckoning, now: Date): Promise<{ readonly open: Map<Meter, bigint>; readonly cost: (more: Usage) => bigint }> {
    const open = await this.open.under(tx, licenceId, now);
    const used = await this.metering.usedWithin(tx, licenceId, reckoning.slices);
    return { open, cost: (more) => reckoning.cost(used, more) };
  }
}
