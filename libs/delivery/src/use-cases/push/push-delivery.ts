import { Injectable } from '@nestjs/common';
import { Clock, isRefused, LIMITS, newId, newSecret, notFound, type Result, sha256Hex, stateConflict, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { COPIES_PER_TOKEN, type Delivery } from '../../domain/delivery.js';
import { union } from '../../domain/spans.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';
import type { PushDestination } from '../../storage/push/push-destination.repository.js';
import type { PushJob } from '../../storage/push/push-job.repository.js';
import { DownloadGround } from '../download-ground.js';
import { OpenDelivery, type Requester } from '../open-delivery.js';
import type { FileBeingMade } from '../parts/licensed-files.js';

/** The delivery that a push is: opened like that of a download, with a token that nobody knows. */
@Injectable()
export class PushDelivery {
  constructor(private readonly ground: DownloadGround, private readonly opening: OpenDelivery, private readonly deliveries: DeliveryRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** The one that was begun, as long as it stands; else another one, decided on anew. What is charged is not charged again. */
  async execute(job: PushJob, destination: PushDestination): Promise<Result<Delivery, FileBeingMade>> {
    const begun = job.deliveryId ? (await this.deliveries.byIds([job.deliveryId])).get(job.deliveryId) : undefined;
    const again = begun && !begun.revokedAt && (begun.state === 'OPEN' || begun.state === 'COMPLETED') ? await this.resume(begun) : null;
    return again ?? this.open(job, destination);
  }

  /** Charged, and gone out to its end. */
  async isSpent(deliveryId: string): Promise<boolean> {
    return (await this.deliveries.byIds([deliveryId])).get(deliveryId)?.state === 'SPENT';
  }

  /** A charged delivery may be resumed for as long as its push is tried. */
  async keepUntil({ id }: Delivery, until: Date): Promise<void> {
    await this.uow.run(async (tx) => {
      const delivery = await this.deliveries.lock(tx, id);
      if (delivery.state === 'COMPLETED' && delivery.expiresAt < until) await this.deliveries.update(tx, delivery, { expiresAt: until });
    });
  }

  private async open(job: PushJob, { registeredBy, buyerId }: PushDestination): Promise<Result<Delivery, FileBeingMade>> {
    const [kind, id] = registeredBy.split(':') as ['member' | 'key', string];
    const who: Requester = { kind, subject: registeredBy, memberId: kind === 'member' ? id : null, tenantId: buyerId, requestId: `push-${job.id}` };
    const found = await this.ground.find(who, job);
    if (!found) return notFound('licence or asset');
    const ground = await this.ground.withFile(found, this.clock.now(), false);
    if (isRefused(ground)) return ground;
    const opened = await this.uow.run((tx) => this.opening.execute(tx, who, newId(), ground, { tokenHash: sha256Hex(newSecret()), wanted: null, publicOnly: true }));
    if (isRefused(opened)) return opened;
    return 'delivery' in opened ? opened.delivery : stateConflict(DELIVERY_ERRORS.DOWNLOAD_REFUSED, `the delivery is not permitted: ${opened.refusedBy.outcome}`, 'REFUSED');
  }

  /** Nobody else sends on this delivery: what an attempt left that died is remembered, and its bytes may go again. */
  private async resume({ id }: Delivery): Promise<Delivery | null> {
    const until = new Date(this.clock.now().getTime() + LIMITS.downloadTokenSeconds * 1_000);
    return this.uow.run(async (tx) => {
      const found = (await this.deliveries.find(tx, id))!;
      const handedOut = await this.deliveries.lockCoverage(tx, found, found.byteLength);
      const delivery = await this.deliveries.lock(tx, id);
      if (delivery.state !== 'OPEN' && delivery.state !== 'COMPLETED') return null;
      const left = await this.deliveries.takeResponsesOf(tx, id);
      if (delivery.state === 'OPEN' && left.length) await this.deliveries.setCoverage(tx, delivery, union(handedOut, left.map((r) => ({ from: r.first, to: r.hold }))));
      const change = { expiresAt: delivery.expiresAt > until ? delivery.expiresAt : until, budgetLeft: COPIES_PER_TOKEN * delivery.byteLength };
      await this.deliveries.update(tx, delivery, change);
      return { ...delivery, ...change };
    });
  }
}
