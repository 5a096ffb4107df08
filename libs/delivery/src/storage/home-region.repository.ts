import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

export interface HomeRegion {
  readonly assetId: string;
  readonly vendorId: string;
  readonly region: string;
  readonly chosenAt: Date;
}
const BY_ASSETS = { name: 'delivery.home-regions', text: 'select asset_id as "assetId", region from delivery.home_region where asset_id = any($1::uuid[])' };

@Injectable()
export class HomeRegionRepository {
  constructor(private readonly database: Database) {}

  /** The regions of these assets; of one that nobody chose for and nobody uploaded there is none. */
  async byAssets(assetIds: readonly string[]): Promise<Map<string, string>> {
    return new Map((await this.database.query<{ assetId: string; region: string }>(BY_ASSETS, [assetIds])).map((r) => [r.assetId, r.region]));
  }

  async set(tx: Tx, home: HomeRegion): Promise<void> {
    await tx.query(
      'insert into delivery.home_region (asset_id, vendor_id, region, chosen_at) values ($1, $2, $3, $4) on conflict (asset_id) do update set region = excluded.region, chosen_at = excluded.chosen_at',
      [home.assetId, home.vendorId, home.region, home.chosenAt],
    );
  }
}
