import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** A resumable upload of an asset, or of one part of it. */
export interface ResumableUpload {
  readonly id: string;
  readonly assetId: string;
  readonly vendorId: string;
  readonly byteLength: number;
  readonly partial: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Its bytes are those of the asset; null: not yet. */
  readonly finishedAt: Date | null;
}
type Raw = Omit<ResumableUpload, 'byteLength'> & { byteLength: string };

const COLUMNS = 'id, asset_id as "assetId", vendor_id as "vendorId", byte_length as "byteLength", partial, created_at as "createdAt", expires_at as "expiresAt", finished_at as "finishedAt"';
const BY_IDS = { name: 'delivery.uploads', text: `select ${COLUMNS} from delivery.upload where id = any($1::uuid[])` };
const LAPSED = { name: 'delivery.lapsed-uploads', text: 'select id from delivery.upload where expires_at <= $1 order by expires_at limit $2' };

@Injectable()
export class UploadRepository {
  constructor(private readonly database: Database) {}

  async byIds(ids: readonly string[]): Promise<Map<string, ResumableUpload>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, { ...r, byteLength: Number(r.byteLength) }]));
  }

  async countOf(tx: Tx, assetId: string): Promise<number> {
    const [row] = (await tx.query('select count(*)::int as n from delivery.upload where asset_id = $1 and finished_at is null', [assetId])) as [{ n: number }];
    return row.n;
  }

  async insert(tx: Tx, u: ResumableUpload): Promise<void> {
    await tx.query('insert into delivery.upload (id, asset_id, vendor_id, byte_length, partial, created_at, expires_at, finished_at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [u.id, u.assetId, u.vendorId, u.byteLength, u.partial, u.createdAt, u.expiresAt, u.finishedAt]);
  }

  async finish(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
    await tx.query('update delivery.upload set finished_at = $2 where id = any($1::uuid[]) and finished_at is null', [ids, now]);
  }

  async remove(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query('delete from delivery.upload where id = any($1::uuid[])', [ids]);
  }

  async lapsed(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [now, limit])).map((r) => r.id);
  }
}
