import { Injectable } from '@nestjs/common';
import type { Limit } from '#contracts';
import { Database, type Tx } from '#shared';

/** One part of one asset: licences with the same limit share it. */
export interface PartKey {
  readonly assetId: string;
  readonly digest: string;
}
export interface PartJob extends PartKey {
  readonly limit: Limit;
  readonly vendorId: string;
  readonly revisionId: string;
  readonly askedBy: readonly string[];
  readonly attempts: number;
}
/** Where a part lies. */
export interface StoredPart {
  readonly objectKey: string;
  readonly region: string;
  readonly mediaType: string;
  readonly byteLength: bigint;
  readonly sha256: string;
}
export interface PartFile extends PartJob {
  readonly finishedAt: Date | null;
  readonly finding: string | null;
  /** Null: it is being made, or there is none. */
  readonly stored: StoredPart | null;
}
type Raw = PartJob & { finishedAt: Date | null; finding: string | null; objectKey: string | null; region: string; mediaType: string; byteLength: string; sha256: string };

const JOB = 'asset_id as "assetId", limit_digest as digest, terms as "limit", vendor_id as "vendorId", revision_id as "revisionId", asked_by as "askedBy", attempts';
const FIND = { name: 'delivery.part-file', text: `select ${JOB}, finished_at as "finishedAt", finding, object_key as "objectKey", region, media_type as "mediaType", byte_length as "byteLength", sha256 from delivery.part_file where asset_id = $1 and limit_digest = $2` };
const OF = 'where asset_id = $1 and limit_digest = $2';

@Injectable()
export class PartFileRepository {
  constructor(private readonly database: Database) {}

  async find({ assetId, digest }: PartKey): Promise<PartFile | null> {
    const [row] = await this.database.query<Raw & Record<string, unknown>>(FIND, [assetId, digest]);
    if (!row) return null;
    const { objectKey, region, mediaType, byteLength, sha256, ...job } = row;
    return { ...job, stored: objectKey === null ? null : { objectKey, region, mediaType, byteLength: BigInt(byteLength), sha256 } };
  }

  /** Said twice it is made once; each licensee who asks is remembered. */
  async ask(tx: Tx, { assetId, digest, limit, vendorId, revisionId }: Omit<PartJob, 'askedBy' | 'attempts'>, buyerId: string, now: Date): Promise<void> {
    await tx.query(
      `insert into delivery.part_file as p (asset_id, limit_digest, terms, vendor_id, revision_id, asked_by, requested_at, held_until) values ($1, $2, $3::jsonb, $4, $5, array[$6::uuid], $7, $7)
       on conflict (asset_id, limit_digest) do update set asked_by = array_append(p.asked_by, $6::uuid) where not ($6::uuid = any(p.asked_by))`,
      [assetId, digest, JSON.stringify(limit), vendorId, revisionId, buyerId, now],
    );
  }

  /** It is made again: its object is gone, or it could not be written for a reason that may be gone. Nothing where another asked for it meanwhile. */
  async reopen(tx: Tx, { assetId, digest, finishedAt }: PartFile, now: Date): Promise<void> {
    await tx.query(
      `update delivery.part_file set finished_at = null, finding = null, object_key = null, region = null, media_type = null, byte_length = null, sha256 = null, attempts = 0, requested_at = $4, held_until = $4 ${OF} and finished_at = $3`,
      [assetId, digest, finishedAt, now],
    );
  }

  /** Takes the oldest job that nobody holds. */
  async take(tx: Tx, now: Date, heldUntil: Date): Promise<PartJob | null> {
    const [[job]] = (await tx.query(
      `update delivery.part_file set held_until = $2, attempts = attempts + 1 where (asset_id, limit_digest) in
         (select asset_id, limit_digest from delivery.part_file where finished_at is null and held_until <= $1 order by held_until limit 1 for update skip locked) returning ${JOB}`, [now, heldUntil],
    )) as [PartJob[], number];
    return job ?? null;
  }

  async hold(tx: Tx, { assetId, digest }: PartKey, heldUntil: Date): Promise<void> {
    await tx.query(`update delivery.part_file set held_until = $3 ${OF} and finished_at is null`, [assetId, digest, heldUntil]);
  }

  /** False when another process finished it meanwhile, or it is not wanted any more. */
  async finish(tx: Tx, { assetId, digest }: PartKey, { objectKey, region, mediaType, byteLength, sha256 }: StoredPart, now: Date): Promise<boolean> {
    const [, count] = (await tx.query(
      `update delivery.part_file set finished_at = $3, object_key = $4, region = $5, media_type = $6, byte_length = $7, sha256 = $8 ${OF} and finished_at is null`, [assetId, digest, now, objectKey, region, mediaType, byteLength, sha256],
    )) as [unknown[], number];
    return count === 1;
  }

  /** Who asked for it, as it stands now; null when another process finished it meanwhile. */
  async refuse(tx: Tx, { assetId, digest }: PartKey, finding: string, now: Date): Promise<readonly string[] | null> {
    const [[row]] = (await tx.query(`update delivery.part_file set finished_at = $3, finding = $4 ${OF} and finished_at is null returning asked_by as "askedBy"`, [assetId, digest, now, finding])) as [{ askedBy: string[] }[], number];
    return row?.askedBy ?? null;
  }

  /** What was written of a revision is nobody's any more: it goes the way of abandoned uploads. */
  async drop(tx: Tx, revisionId: string, now: Date): Promise<void> {
    await tx.query(
      `insert into delivery.pending_object (object_key, asset_id, created_at, vendor_id, region) select object_key, asset_id, $2, vendor_id, region from delivery.part_file where revision_id = $1 and object_key is not null
       on conflict do nothing`, [revisionId, now]);
    await tx.query('delete from delivery.part_file where revision_id = $1', [revisionId]);
  }
}
