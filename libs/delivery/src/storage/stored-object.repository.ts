import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { HomeRegionRepository } from './home-region.repository.js';

/** Where the bytes of an asset lie. */
export interface StoredObject {
  readonly assetId: string;
  readonly vendorId: string;
  readonly objectKey: string;
  /** The storage region that it lies in. */
  readonly region: string;
  readonly byteLength: bigint;
  readonly sha256: string;
  readonly storedAt: Date;
}
type Raw = Omit<StoredObject, 'byteLength'> & { byteLength: string };

const BY_ASSETS = {
  name: 'delivery.stored-objects',
  text: `select asset_id as "assetId", vendor_id as "vendorId", object_key as "objectKey", region, byte_length as "byteLength", sha256, stored_at as "storedAt"
         from delivery.stored_object where asset_id = any($1::uuid[])`,
};
/** Each is found by one look at the index, however many objects lie in it. */
const REGIONS = {
  name: 'delivery.regions-in-use',
  text: `with recursive r as ((select region from delivery.stored_object order by region limit 1)
    union all select (select s.region from delivery.stored_object s where s.region > r.region order by s.region limit 1) from r where r.region is not null)
    select region from r where region is not null`,
};
const PENDING = { name: 'delivery.pending-objects', text: 'select object_key as "key" from delivery.pending_object where created_at < $1 and region = $2 order by created_at limit $3' };

@Injectable()
export class StoredObjectRepository {
  constructor(private readonly database: Database, private readonly homes: HomeRegionRepository) {}

  async byAssets(assetIds: readonly string[]): Promise<Map<string, StoredObject>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(BY_ASSETS, [assetIds]);
    return new Map(rows.map((r) => [r.assetId, { ...r, byteLength: BigInt(r.byteLength) }]));
  }

  async announce(tx: Tx, { objectKey, assetId, vendorId, storedAt, region }: StoredObject): Promise<void> {
    await tx.query('insert into delivery.pending_object (object_key, asset_id, created_at, vendor_id, region) values ($1, $2, $3, $4, $5)', [objectKey, assetId, storedAt, vendorId, region]);
  }

  /** False when the object was cleared away as abandoned meanwhile. */
  async settle(tx: Tx, objectKey: string): Promise<boolean> {
    const [, count] = (await tx.query('delete from delivery.pending_object where object_key = $1', [objectKey])) as [unknown[], number];
    return count === 1;
  }

  /** False when the asset has its object already. */
  async insert(tx: Tx, stored: StoredObject): Promise<boolean> {
    const rows = (await tx.query(
      `insert into delivery.stored_object (asset_id, vendor_id, object_key, byte_length, sha256, stored_at, region) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (asset_id) do nothing returning asset_id`,
      [stored.assetId, stored.vendorId, stored.objectKey, stored.byteLength, stored.sha256, stored.storedAt, stored.region],
    )) as unknown[];
    if (rows.length === 1) await this.homes.set(tx, { ...stored, chosenAt: stored.storedAt });
    return rows.length === 1;
  }

  /** What these assets hold is nobody's any more: it goes the way of abandoned uploads. Where it lay stays on record. */
  async abandon(tx: Tx, assetIds: readonly string[], now: Date): Promise<void> {
    await tx.query(
      `insert into delivery.pending_object (object_key, asset_id, created_at, vendor_id, region) select object_key, asset_id, $2, vendor_id, region from delivery.stored_object where asset_id = any($1::uuid[])
       on conflict do nothing`, [assetIds, now]);
  }

  async abandoned(before: Date, region: string, limit: number): Promise<string[]> {
    return (await this.database.query<{ key: string }>(PENDING, [before, region, limit])).map((r) => r.key);
  }

  /** Regions that something lies in. */
  async regionsInUse(): Promise<string[]> {
    return (await this.database.query<{ region: string }>(REGIONS, [])).map((r) => r.region);
  }
}
