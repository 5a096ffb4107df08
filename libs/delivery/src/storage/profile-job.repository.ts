import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

export interface ProfileJob {
  readonly revisionId: string;
  readonly datasetId: string;
  readonly productId: string;
  readonly vendorId: string;
  /** When its revision was finalised, or handed in unread. */
  readonly requestedAt: Date;
  readonly attempts: number;
}
export type ProfileRequest = Pick<ProfileJob, 'revisionId' | 'datasetId' | 'productId' | 'vendorId'>;
/** What is wrong with files, by their names. */
export type ContentFindings = Readonly<Record<string, readonly string[]>>;

@Injectable()
export class ProfileJobRepository {
  async request(tx: Tx, { revisionId, datasetId, productId, vendorId }: ProfileRequest, now: Date): Promise<void> {
    await tx.query(
      'insert into delivery.profile_job (revision_id, dataset_id, product_id, vendor_id, requested_at, held_until) values ($1, $2, $3, $4, $5, $5) on conflict do nothing', [revisionId, datasetId, productId, vendorId, now],
    );
  }

  /** Takes the oldest job that nobody holds. Of a dataset one revision after the other (ids are in the order of time), so that each is compared with the one before. */
  async take(tx: Tx, now: Date, heldUntil: Date): Promise<ProfileJob | null> {
    const [[job]] = (await tx.query(
      `update delivery.profile_job set held_until = $2, attempts = attempts + 1
       where revision_id in (select revision_id from delivery.profile_job j where finished_at is null and held_until <= $1
         and not exists (select 1 from delivery.profile_job e where e.dataset_id = j.dataset_id and e.revision_id < j.revision_id and e.finished_at is null) order by held_until limit 1 for update skip locked)
       returning revision_id as "revisionId", dataset_id as "datasetId", product_id as "productId", vendor_id as "vendorId", requested_at as "requestedAt", attempts`, [now, heldUntil],
    )) as [ProfileJob[], number];
    return job ?? null;
  }

  async hold(tx: Tx, job: ProfileJob, heldUntil: Date): Promise<void> {
    await tx.query('update delivery.profile_job set held_until = $2 where revision_id = $1 and finished_at is null', [job.revisionId, heldUntil]);
  }

  /** False when another process finished it meanwhile. */
  async finish(tx: Tx, job: ProfileJob, findings: ContentFindings, now: Date): Promise<boolean> {
    const [, count] = (await tx.query('update delivery.profile_job set finished_at = $2, findings = $3::jsonb where revision_id = $1 and finished_at is null', [job.revisionId, now, JSON.stringify(findings)])) as [unknown[], number];
    return count === 1;
  }

  /** What reading the files of these revisions found. */
  async findings(tx: Tx, revisionIds: readonly string[]): Promise<Map<string, ContentFindings>> {
    const rows = (await tx.query('select revision_id as "revisionId", findings from delivery.profile_job where revision_id = any($1::uuid[])', [revisionIds])) as { revisionId: string; findings: ContentFindings }[];
    return new Map(rows.map((r) => [r.revisionId, r.findings]));
  }
}
