import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { PricePlan } from '../domain/pricing/price-plan.js';

/** A plan that takes the place of another at a turn of period. */
export interface LicencePrice {
  readonly licenceId: string;
  readonly plan: PricePlan;
  readonly effectiveOn: Date;
  readonly announcedAt: Date;
}
export interface Announcement {
  readonly fromPlanIds: readonly string[];
  readonly plan: PricePlan;
  readonly offerId: string;
  readonly effectiveOn: Date;
  readonly announcedAt: Date;
}

const OF_LICENCES = {
  name: 'contracts.licence-prices',
  text: 'select licence_id as "licenceId", plan, effective_on as "effectiveOn", announced_at as "announcedAt" from contracts.licence_price where licence_id = any($1::uuid[]) order by announced_at, offer_id',
};

@Injectable()
export class LicencePriceRepository {
  constructor(private readonly database: Database) {}

  /** In the order of their announcement. */
  async ofLicences(licenceIds: readonly string[]): Promise<Map<string, LicencePrice[]>> {
    return Map.groupBy(await this.database.query<LicencePrice & Record<string, unknown>>(OF_LICENCES, [licenceIds]), (p) => p.licenceId);
  }

  /** Binds every licence that is charged by a plan, and has not ended or been cancelled, to another from a day on; answers whose they are. */
  async announce(tx: Tx, { fromPlanIds, plan, offerId, effectiveOn, announcedAt }: Announcement): Promise<string[]> {
    const rows = (await tx.query(
      `with bound as (
         update contracts.licence set plan_id = $2 where plan_id = any($1::uuid[]) and state in ('PENDING', 'ACTIVE', 'SUSPENDED') and cancelled_at is null returning id, vendor_id, buyer_id),
       written as (
         insert into contracts.licence_price (licence_id, offer_id, vendor_id, buyer_id, plan, effective_on, announced_at) select id, $3, vendor_id, buyer_id, $4, $5, $6 from bound returning buyer_id)
       select distinct buyer_id as id from written order by 1`,
      [fromPlanIds, plan.id, offerId, JSON.stringify(plan), effectiveOn, announcedAt],
    )) as { id: string }[];
    return rows.map((r) => r.id);
  }
}
