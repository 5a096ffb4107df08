import { Injectable } from '@nestjs/common';
import { type AssetRecord, CatalogProfiles } from '#catalog';
import { Compliance, exposureOf } from '#compliance';
import { canonicalHash, Clock, systemCaller, UnitOfWork } from '#shared';
import type { Contents } from '../../contents/contents.js';
import { toDatasetProfile, toRevisionProfile } from '../../contents/profiles.js';
import { type ProfileJob, ProfileJobRepository } from '../../storage/profile-job.repository.js';

/** One reading, three things of it: tags proposed, a profile for whoever sees the product, and findings for the platform test. Cells stay in memory but for a few that are shown. */
@Injectable()
export class KeepContents {
  constructor(private readonly jobs: ProfileJobRepository, private readonly compliance: Compliance, private readonly profiles: CatalogProfiles, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Changes nothing when another process has done it meanwhile. */
  async execute(job: ProfileJob, assets: readonly AssetRecord[], contents: Contents): Promise<void> {
    const proposal = await this.compliance.classification.propose(toRevisionProfile(contents));
    const inputDigest = canonicalHash(assets.map(({ fileName, mediaType, byteLength, sha256 }) => ({ fileName, mediaType, byteLength, sha256 })));
    const profile = toDatasetProfile(contents, exposureOf(proposal));
    const findings = Object.fromEntries(contents.files.filter((f) => f.findings.length).map((f) => [f.fileName, f.findings]));
    const { revisionId, datasetId, productId, vendorId } = job;
    await this.uow.run(async (tx) => {
      if (!(await this.jobs.finish(tx, job, findings, this.clock.now()))) return;
      await this.compliance.classification.keep(tx, systemCaller('profile'), { ...job, inputDigest }, proposal);
      await this.profiles.record(tx, systemCaller('profile'), { revisionId, datasetId, productId, vendorId }, profile);
    });
  }
}
