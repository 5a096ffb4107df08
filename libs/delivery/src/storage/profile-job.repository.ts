import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

export interface ProfileJob {
  readonly revisionId: string;
  readonly datasetId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly attempts: number;
}
export type ProfileRequest = Omit<ProfileJob, 'attempts'>;

@Injectable()
export class ProfileJobRepository {
  async request(tx: Tx, { revisionId, datasetId, productId, vendorId }: ProfileRequest, now: Date): Promise<void> {
    await tx.query(
      'insert into delivery.profile_job (revision_id, dataset_id, product_id, vendor_id, requested_at, held_until) values ($1, $2, $3, $4, $5, $5) on conflict do nothing', [revisionId, datasetId, productId, vendorId, now],
    );
  }

  /** Takes the oldest job that nobody holds. */
  async take(tx: Tx, now: Date, heldUntil: Date): Promise<ProfileJob | null> {
    const [[job]] = (await tx.query(
      `update delivery.profile_job set held_until = $2, attempts = attempts + 1
       where revision_id in (select revision_id from delivery.profile_job where finished_at is null and held_until <= $1 order by held_until limit 1 for update skip locked)
       returning revision_id as "revisionId", dataset_id as "datasetId", product_id as "productId", vendor_id as "vendorId", attempts`, [now, heldUntil],
    )) as [ProfileJob[], number];
    return job ?? null;
  }

  async hold(tx: Tx, job: ProfileJob, heldUntil: Date): Promise<void> {
    await tx.query('update delivery.profile_job set held_until = $2 where revision_id = $1 and finished_at is null', [job.revisionId, heldUntil]);
  }

  /** False when another process finished it meanwhile. */
  async finish(tx: Tx, job: ProfileJob, now: Date): Promise<boolean> {
    const [, count] = (await tx.query('update delivery.profile_job set finished_at = $2 where revision_id = $1 and finished_at is null', [job.revisionId, now])) as [unknown[], number];
    return count === 1;
  }
}
