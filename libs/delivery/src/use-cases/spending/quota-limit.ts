import { Injectable } from '@nestjs/common';
import { describeQuota, exceeded, isDeliveryMeter, LicenceQuotas, type Meter, type QuotaWindow } from '#contracts';
import { Metering } from '#metering';
import { type Refusal, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';

/** What was used in the window of a quota, and what open tokens may still take. */
export interface QuotaUse extends QuotaWindow {
  readonly used: bigint;
  readonly open: bigint;
}

/** Holds what is granted under a licence against the quotas of its plan and of its buyer. */
@Injectable()
export class QuotaLimit {
  constructor(private readonly quotas: LicenceQuotas, private readonly metering: Metering, private readonly deliveries: DeliveryRepository) {}

  /** Why one download more of so many bytes is beyond a hard quota. Who asks at once waits, and counts what the one before him was granted. */
  async problem(tx: Tx, licenceId: string, byteLength: bigint, now: Date): Promise<Refusal | undefined> {
    const limits = (await this.quotas.limitsAt(licenceId, now)).filter(({ quota }) => quota.hard && isDeliveryMeter(quota.meter));
    if (!limits.length) return undefined;
    await this.deliveries.lockTaking(tx, licenceId);
    const use = await this.count(tx, licenceId, limits, now);
    const taken = use.map(({ quota, used, open }) => new Map<Meter, bigint>([[quota.meter, used + open]]));
    const over = exceeded(limits, taken, new Map([['downloads', 1n], ['bytes', byteLength]]));
    if (!over) return undefined;
    const left = over.quota.quantity - taken[limits.indexOf(over)]!.get(over.quota.meter)!;
    return stateConflict(DELIVERY_ERRORS.QUOTA, `${describeQuota(over)} leaves ${left > 0n ? left : 0n}`, 'QUOTA');
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

  /** Open tokens are read before what was used: one that is completed in between counts twice for a moment, and never not at all. */
  private async count(tx: Tx, licenceId: string, limits: readonly QuotaWindow[], now: Date): Promise<QuotaUse[]> {
    const open = await this.deliveries.openUnder(tx, licenceId, now);
    const used = limits.length ? await this.metering.usedWithin(tx, licenceId, limits.map((l) => l.window)) : [];
    return limits.map((limit, i) => ({ ...limit, used: used[i]!.get(limit.quota.meter) ?? 0n, open: isDeliveryMeter(limit.quota.meter) ? open[limit.quota.meter] : 0n }));
  }
}
