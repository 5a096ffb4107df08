import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog } from '#catalog';
import { Contracts, licensedPart } from '#contracts';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type PushDestination, PushDestinationRepository } from '../../storage/push/push-destination.repository.js';
import { PushJobRepository } from '../../storage/push/push-job.repository.js';

export interface QueuedRevision {
  readonly destinationId: string;
  readonly revisionId: string;
  /** Files that go there from now on; those that were on their way already are not counted again. */
  readonly files: number;
}

/** What push jobs are made from. */
@Injectable()
export class PushTables {
  constructor(readonly destinations: PushDestinationRepository, readonly jobs: PushJobRepository) {}
}

/** Files of a revision go into buckets of licensees: by themselves once they may be handed out, or since somebody asks. */
@Injectable()
export class QueuePushes {
  constructor(
    private readonly commands: Commands, private readonly catalog: Catalog, private readonly contracts: Contracts, private readonly tables: PushTables, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** Of every licence that is in force, or may be again. In the transaction of the message. */
  async released(tx: Tx, { productId, revisionId }: { readonly productId: string; readonly revisionId: string }): Promise<void> {
    const destinations = await this.tables.destinations.ofProduct(tx, productId);
    const licences = destinations.length ? await this.contracts.licencesByIds([...new Set(destinations.map((d) => d.licenceId))]) : new Map<string, { state: string }>();
    for (const destination of destinations) {
      const { state } = licences.get(destination.licenceId)!;
      if (state === 'ACTIVE' || state === 'SUSPENDED') await this.queue(tx, destination, revisionId);
    }
  }

  async execute(actor: Actor, input: { readonly destinationId: string; readonly revisionId: string }): Promise<Result<QueuedRevision>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    return this.commands.run<Result<QueuedRevision>>(actor, 'delivery.push-revision', input, async (tx) => {
      const destination = await this.tables.destinations.lock(tx, input.destinationId);
      if (!destination || destination.buyerId !== actor.tenantId || destination.state === 'REMOVED') return notFound('push destination');
      const [asset] = await this.catalog.assetsOfRevision(input.revisionId);
      if (!asset || asset.productId !== destination.productId || asset.releasedAt === null) return notFound('revision');
      if (asset.revisionState !== 'FINALISED') return stateConflict(DELIVERY_ERRORS.REVISION_REVOKED, `the revision was called back: ${asset.revocationReason ?? ''}`, asset.revisionState);
      const files = await this.queue(tx, destination, input.revisionId);
      await this.audit.append(tx, actor, { act: 'push.queue', objectType: 'push-destination', objectId: destination.id, details: { revisionId: input.revisionId, files } });
      return { ...input, files };
    });
  }

  private async queue(tx: Tx, { id: destinationId, licenceId, productId, vendorId, buyerId }: PushDestination, revisionId: string): Promise<number> {
    const licence = await this.contracts.licenceById(licenceId);
    const agreement = licence && (await this.contracts.agreementById(licence.agreementId));
    let files = 0;
    for (const { id: assetId, datasetId, state } of await this.catalog.assetsOfRevision(revisionId)) {
      if (!agreement || state !== 'STORED' || licensedPart(agreement.terms.policy, datasetId) === 'NONE') continue;
      if (await this.tables.jobs.queue(tx, { id: newId(), destinationId, licenceId, productId, vendorId, buyerId, revisionId, assetId }, this.clock.now())) files++;
    }
    return files;
  }
}
