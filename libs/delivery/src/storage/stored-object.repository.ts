import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** Where the bytes of an asset lie. */
export interface StoredObject {
  readonly assetId: string;
  readonly vendorId: string;
  readonly objectKey: string;
  readonly byteLength: bigint;
  readonly sha256: string;
  readonly storedAt: Date;
}
type Raw = Omit<StoredObject, 'byteLength'> & { byteLength: string };

const BY_ASSETS = {
  name: 'delivery.stored-objects',
  text: `select asset_id as "assetId", vendor_id as "vendorId", object_key as "objectKey", byte_length as "byteLength", sha256, stored_at as "storedAt"
         from delivery.stored_object where asset_id = any($1::uuid[])`,
};
const PENDING = { name: 'delivery.pending-objects', text: 'select object_key as "key" from delivery.pending_object where created_at < $1 order by created_at limit $2' };

@Injectable()
export class StoredObjectRepository {
  constructor(private readonly database: Database) {}

  async byAssets(assetIds: readonly string[]): Promise<Map<string, StoredObject>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(BY_ASSETS, [assetIds]);
    return new Map(rows.map((r) => [r.assetId, { ...r, byteLength: BigInt(r.byteLength) }]));
  }

  async announce(tx: Tx, { objectKey, assetId, vendorId, storedAt }: StoredObject): Promise<void> {
    await tx.query('insert into delivery.pending_object (object_key, asset_id, created_at, vendor_id) values ($1, $2, $3, $4)', [objectKey, assetId, storedAt, vendorId]);
  }

  /** False when the object was cleared away as abandoned meanwhile. */
  async settle(tx: Tx, objectKey: string): Promise<boolean> {
    const [, count] = (await tx.query('delete from delivery.pending_object where object_key = $1', [objectKey])) as [unknown[], number];
    return count === 1;
  }

  /** False when the asset has its object already. */
  async insert(tx: Tx, stored: StoredObject): Promise<boolean> {
    const rows = (await tx.query(
      `insert into delivery.stored_object (asset_id, vendor_id, object_key, byte_length, sha256, stored_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (asset_id) do nothing returning asset_id`,
      [stored.assetId, stored.vendorId, stored.objectKey, stored.byteLength, stored.sha256, stored.storedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** What these assets hold is nobody's any more: it goes the way of abandoned uploads. Where it lay stays on record. */
  async abandon(tx: Tx, assetIds: readonly string[], now: Date): Promise<void> {
    await tx.query(
      `insert into delivery.pending_object (object_key, asset_id, created_at, vendor_id) select object_key, asset_id, $2, vendor_id from delivery.stored_object where asset_id = any($1::uuid[])
       on conflict do nothing`, [assetIds, now]);
  }

  async abandoned(before: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ key: string }>(PENDING, [before, limit])).map((r) => r.key);
  }
}
