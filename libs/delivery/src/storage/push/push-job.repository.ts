import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { PushState } from '../../domain/push/push.js';

/** One file on its way into one bucket. */
export interface PushJob {
  readonly id: string;
  readonly destinationId: string;
  readonly licenceId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly revisionId: string;
  readonly assetId: string;
  readonly state: PushState;
  readonly attempts: number;
  /** Of one that is being worked on: until when it is held. */
  readonly nextAttemptAt: Date | null;
  readonly problem: string | null;
  readonly deliveryId: string | null;
  readonly objectKey: string | null;
  readonly sha256: string | null;
  readonly byteLength: number | null;
  readonly uploadId: string | null;
  /** Of the parts that are in the bucket, from the first on. */
  readonly etags: readonly string[];
  readonly createdAt: Date;
  readonly firstTriedAt: Date | null;
  readonly finishedAt: Date | null;
}
/** A job that this process alone works on for now. */
export type ClaimedPush = PushJob & { readonly claim: string; readonly firstTriedAt: Date };
export type NewPush = Pick<PushJob, 'id' | 'destinationId' | 'licenceId' | 'productId' | 'vendorId' | 'buyerId' | 'revisionId' | 'assetId'>;
export type PushPlace = Pick<PushJob, 'deliveryId' | 'objectKey' | 'sha256' | 'byteLength' | 'uploadId' | 'etags'>;

const COLUMNS = `j.id, j.destination_id as "destinationId", j.licence_id as "licenceId", j.product_id as "productId", j.vendor_id as "vendorId", j.buyer_id as "buyerId", j.revision_id as "revisionId", j.asset_id as "assetId", j.state, j.attempts,
  j.next_attempt_at as "nextAttemptAt", j.problem, j.delivery_id as "deliveryId", j.object_key as "objectKey", j.sha256, j.byte_length as "byteLength", j.upload_id as "uploadId", j.etags, j.created_at as "createdAt", j.first_tried_at as "firstTriedAt", j.finished_at as "finishedAt"`;
const PAGE = { name: 'delivery.push-jobs', text: `select ${COLUMNS} from delivery.push_job j where licence_id = $1 and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) order by id desc limit $3` };
type Raw = Omit<PushJob, 'byteLength'> & { readonly byteLength: string | null };
const toJob = <T extends Raw>(row: T): Omit<T, 'byteLength'> & { byteLength: number | null } => ({ ...row, byteLength: row.byteLength === null ? null : Number(row.byteLength) });

@Injectable()
export class PushJobRepository {
  constructor(private readonly database: Database) {}

  /** False where the file is on its way already. */
  async queue(tx: Tx, j: NewPush, now: Date): Promise<boolean> {
    const rows = (await tx.query(
      `insert into delivery.push_job (id, destination_id, licence_id, product_id, vendor_id, buyer_id, revision_id, asset_id, state, next_attempt_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'WAITING', $9, $9)
       on conflict (destination_id, asset_id) where state = 'WAITING' do nothing returning id`, [j.id, j.destinationId, j.licenceId, j.productId, j.vendorId, j.buyerId, j.revisionId, j.assetId, now],
    )) as unknown[];
    return rows.length === 1;
  }

  /** Takes the oldest that is due, into a bucket that is active and that this process is not busy with. */
  async take(tx: Tx, { now, until, claim, busy }: { readonly now: Date; readonly until: Date; readonly claim: string; readonly busy: readonly string[] }): Promise<ClaimedPush | null> {
    const [[row]] = (await tx.query(
      `update delivery.push_job j set claim = $3, next_attempt_at = $2, attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, $1)
       where id in (select w.id from delivery.push_job w join delivery.push_destination d on d.id = w.destination_id where w.state = 'WAITING' and w.next_attempt_at <= $1 and d.state = 'ACTIVE' and d.id <> all($4::uuid[])
         order by w.next_attempt_at, w.id limit 1 for update of w skip locked) returning ${COLUMNS}, j.claim`, [now, until, claim, busy],
    )) as [(Raw & { claim: string; firstTriedAt: Date })[], number];
    return row ? toJob(row) : null;
  }

  /** False where it is not this process's any more, or nobody's: cancelled, paused, taken up by another. */
  async hold(tx: Tx, { id, claim }: Pick<ClaimedPush, 'id' | 'claim'>, until: Date): Promise<boolean> {
    const [, count] = (await tx.query(
      `update delivery.push_job j set next_attempt_at = $3 from delivery.push_destination d where j.id = $1 and j.claim = $2 and j.state = 'WAITING' and d.id = j.destination_id and d.state = 'ACTIVE'`, [id, claim, until],
    )) as [unknown[], number];
    return count === 1;
  }

  /** How far it is. Nothing where it is not this process's any more. */
  async place(tx: Tx, { id, claim }: Pick<ClaimedPush, 'id' | 'claim'>, p: PushPlace): Promise<void> {
    await tx.query(
      `update delivery.push_job set delivery_id = $3, object_key = $4, sha256 = $5, byte_length = $6, upload_id = $7, etags = $8 where id = $1 and claim = $2 and state = 'WAITING'`, [id, claim, p.deliveryId, p.objectKey, p.sha256, p.byteLength, p.uploadId, p.etags],
    );
  }

  async lock(tx: Tx, id: string): Promise<(PushJob & { readonly claim: string | null }) | null> {
    const [row] = (await tx.query(`select ${COLUMNS}, j.claim from delivery.push_job j where j.id = $1 for no key update`, [id])) as (Raw & { claim: string | null })[];
    return row ? toJob(row) : null;
  }

  /** Comes to rest in a state, waits for its next attempt, or begins anew. */
  async rest(tx: Tx, id: string, { state, problem, nextAttemptAt }: Pick<PushJob, 'state' | 'problem' | 'nextAttemptAt'>, at: Date): Promise<void> {
    await tx.query('update delivery.push_job set state = $2, problem = $3, next_attempt_at = $4, claim = null, finished_at = case when $2 = $6 then null else $5::timestamptz end where id = $1', [id, state, problem, nextAttemptAt, at, 'WAITING']);
  }
  async again(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.query(`update delivery.push_job set state = 'WAITING', attempts = 0, first_tried_at = null, next_attempt_at = $2, claim = null, finished_at = null where id = $1`, [id, now]);
  }

  /** Whether another job takes the same file to the same bucket. */
  async isOnItsWay(tx: Tx, { destinationId, assetId }: Pick<PushJob, 'destinationId' | 'assetId'>): Promise<boolean> {
    return ((await tx.query(`select 1 from delivery.push_job where destination_id = $1 and asset_id = $2 and state = 'WAITING'`, [destinationId, assetId])) as unknown[]).length > 0;
  }

  /** What waits for a bucket that is gone. */
  async waitingFor(tx: Tx, destinationId: string): Promise<string[]> {
    return ((await tx.query(`select id from delivery.push_job where destination_id = $1 and state = 'WAITING' order by id for no key update`, [destinationId])) as { id: string }[]).map((r) => r.id);
  }

  /** Takes an upload that nobody will complete; its place is forgotten with it. */
  async takeLeft(tx: Tx, before: Date): Promise<Pick<PushJob, 'destinationId' | 'objectKey' | 'uploadId'> | null> {
    const [row] = (await tx.query(
      `select id, destination_id as "destinationId", object_key as "objectKey", upload_id as "uploadId" from delivery.push_job where state in ('GIVEN_UP', 'CANCELLED') and upload_id is not null and finished_at < $1 limit 1 for update skip locked`, [before],
    )) as (Pick<PushJob, 'id' | 'destinationId' | 'objectKey' | 'uploadId'>)[];
    if (row) await tx.query(`update delivery.push_job set upload_id = null, etags = '{}' where id = $1`, [row.id]);
    return row ?? null;
  }

  async page(licenceId: string, state: PushState | null, request: PageRequest): Promise<Page<PushJob>> {
    return toPage(((await this.database.query(PAGE, [licenceId, request.after?.[0] ?? null, request.first + 1, state])) as unknown as Raw[]).map(toJob), request, (j) => [j.id]);
  }
}
