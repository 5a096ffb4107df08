import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

export interface PlatformTestJob {
  readonly id: string;
  /** A revision of a product that is listed already; null: the whole submission. */
  readonly revisionId: string | null;
  readonly productId: string;
  readonly submission: number;
  readonly attempts: number;
}

const RETURNED = 'id, revision_id as "revisionId", product_id as "productId", submission, attempts';

@Injectable()
export class PlatformTestRepository {
  async request(tx: Tx, productId: string, submission: number, now: Date): Promise<void> {
    await tx.query('insert into delivery.platform_test (product_id, submission, requested_at, held_until) values ($1, $2, $3, $3) on conflict do nothing', [productId, submission, now]);
  }

  async requestRevision(tx: Tx, productId: string, revisionId: string, now: Date): Promise<void> {
    await tx.query('insert into delivery.platform_test (product_id, submission, revision_id, requested_at, held_until) values ($1, 1, $2, $3, $3) on conflict do nothing', [productId, revisionId, now]);
  }

  /** Takes the oldest job that nobody holds and whose revisions have been read for a proposal. */
  async take(tx: Tx, now: Date, heldUntil: Date): Promise<PlatformTestJob | null> {
    const [[job]] = (await tx.query(
      `update delivery.platform_test set held_until = $2, attempts = attempts + 1
       where id in (select id from delivery.platform_test t where finished_at is null and held_until <= $1
         and not exists (select 1 from delivery.profile_job p where p.product_id = t.product_id and p.finished_at is null) order by held_until limit 1 for update skip locked)
       returning ${RETURNED}`, [now, heldUntil],
    )) as [PlatformTestJob[], number];
    return job ?? null;
  }

  async hold(tx: Tx, job: PlatformTestJob, heldUntil: Date): Promise<void> {
    await tx.query('update delivery.platform_test set held_until = $2 where id = $1 and finished_at is null', [job.id, heldUntil]);
  }

  /** False when another process finished it meanwhile. */
  async finish(tx: Tx, job: PlatformTestJob, findings: readonly string[], now: Date): Promise<boolean> {
    const [, count] = (await tx.query(
      'update delivery.platform_test set passed = $2, findings = $3, finished_at = $4 where id = $1 and finished_at is null',
      [job.id, findings.length === 0, findings, now],
    )) as [unknown[], number];
    return count === 1;
  }
}
