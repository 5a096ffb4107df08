import { Injectable } from '@nestjs/common';
import { describeQuota, exceeded, LicenceQuotas, type Meter, type QuotaWindow } from '#contracts';
import { Metering } from '#metering';
import { type Refusal, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';
import { OpenUse } from './open-use.js';

/** What was used in the window of a quota, and what open tokens and calls may still take. */
export interface QuotaUse extends QuotaWindow {
  readonly used: bigint;
  readonly open: bigint;
}

type More = ReadonlyMap<Meter, bigint>;
/** What may still be granted in one transaction. */
export interface Limit {
  /** Why so much more is too much. `what`: how people call what is asked for. */
  problem(more: More, what: string): Refusal | undefined;
  /** It was granted: whoever asks next is held against what is left. */
  take(more: More): void;
}
const NO_LIMIT: Limit = { problem: () => undefined, take: () => {} };

/** Holds what is granted under a licence against the quotas of its plan and of its buyer. */
@Injectable()
export class QuotaLimit {
  constructor(private readonly quotas: LicenceQuotas, private readonly metering: Metering, private readonly deliveries: DeliveryRepository, private readonly open: OpenUse) {}

  /** Holds against the hard quotas of these meters, for the rest of the transaction: who asks at once waits, and counts what the one before him was granted. */
  async begin(tx: Tx, licenceId: string, meters: readonly Meter[], now: Date): Promise<Limit> {
    const limits = (await this.quotas.limitsAt(licenceId, now)).filter(({ quota }) => quota.hard && meters.includes(quota.meter));
    if (!limits.length) return NO_LIMIT;
    await this.deliveries.lockTaking(tx, licenceId);
    const taken = (await this.count(tx, licenceId, limits, now)).map(({ quota, used, open }) => new Map<Meter, bigint>([[quota.meter, used + open]]));
    return {
      problem: (more) => {
        const over = exceeded(limits, taken, more);
        if (!over) return undefined;
        const left = over.quota.quantity - taken[limits.indexOf(over)]!.get(over.quota.meter)!;
        return stateConflict(DELIVERY_ERRORS.QUOTA, `${describeQuota(over)} leaves ${left > 0n ? left : 0n}`, 'QUOTA');
      },
      take: (more) => {
        for (const [i, { quota: { meter } }] of limits.entries()) taken[i]!.set(meter, taken[i]!.get(meter)! + (more.get(meter) ?? 0n));
      },
    };
  }

  /** Every quota of a licence with what was used of it by now. */
  async use(tx: Tx, licenceId: string, now: Date): Promise<QuotaUse[]> {
    return this.count(tx, licenceId, await this.quotas.limitsAt(licenceId, now), now);
  }

  /** Tells once of each percent that the use of a window reaches. Open tokens are no use yet. */
  async tell(tx: Tx, licenceId: string, at: Date): Promise<void> {
    const limits = await this.quotas.limitsAt(licenceId, at);
    const used = limits.length ? await this.metering.usedWithin(tx, licenceId, limits.map((l) => l.window)) : [];
    for (const [i, limit] of limits.entries()) await this.quotas.tell(tx, limit, used[i]!.get(limit.quota.meter) ?? 0n);
  }

  /** What is open is read before what was used: what is completed in between counts twice for a moment, and never not at all. */
  private async count(tx: Tx, licenceId: string, limits: readonly QuotaWindow[], now: Date): Promise<QuotaUse[]> {
    const open = await this.open.under(tx, licenceId, now);
    const used = limits.length ? await this.metering.usedWithin(tx, licenceId, limits.map((l) => l.window)) : [];
    return limits.map((limit, i) => ({ ...limit, used: used[i]!.get(limit.quota.meter) ?? 0n, open: open.get(limit.quota.meter) ?? 0n }));
  }
}
