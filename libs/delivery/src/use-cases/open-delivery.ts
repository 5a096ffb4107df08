import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import type { Decision } from '#compliance';
import type { Actor } from '#identity';
import { Clock, isRefused, LIMITS, type Refusal, type Result, type StateConflict, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Channel } from '../domain/channels/channel.js';
import { COPIES_PER_TOKEN, type Delivery, MAX_OPEN_PER_HOUR } from '../domain/delivery.js';
import { licenceProblem, revisionProblem, trialProblem, trialQuotas } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import type { ChannelChoice } from './channels/channel-of-delivery.js';
import { DownloadGround, type FileGround } from './download-ground.js';
import { SpendingLimit } from './spending/spending-limit.js';

/** Who asks: a member or a key of the buyer. */
export type Requester = Pick<Actor, 'kind' | 'subject' | 'memberId' | 'tenantId' | 'requestId'>;
/** A refused delivery leaves its decision on record. */
export type Opened = { readonly delivery: Delivery; readonly channel: Channel } | { readonly refusedBy: Decision };

/** Opens one delivery, whatever way its bytes will go: licence, trial, terms, quotas and cap are looked at, and the decision is made with that day's facts. */
@Injectable()
export class OpenDelivery {
  constructor(private readonly ground: DownloadGround, private readonly deliveries: DeliveryRepository, private readonly spending: SpendingLimit, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, who: Requester, id: string, ground: FileGround, { tokenHash, ...choice }: ChannelChoice & { readonly tokenHash: string }): Promise<Result<Opened>> {
    const { standing: { licence: { id: licenceId } }, asset: { id: assetId } } = ground;
    const problem = await this.problem(tx, who, ground);
    if (problem) return problem;
    const channel = await this.ground.channel(ground, choice);
    if (isRefused(channel)) return channel as StateConflict;
    const decision = await this.ground.decide(tx, who, licenceId, id);
    if (!decision.permitted) return { refusedBy: decision };
    const delivery = this.open(who, id, ground, channel as Channel, decision.id);
    await this.deliveries.insert(tx, delivery, tokenHash);
    await this.audit.append(tx, who, { act: 'delivery.open', objectType: 'delivery', objectId: id, details: { licenceId, assetId, decisionId: decision.id, channel: delivery.channel } });
    return { delivery, channel: channel as Channel };
  }

  private async problem(tx: Tx, who: Requester, { standing, asset, file }: FileGround): Promise<Refusal | undefined> {
    const now = this.clock.now();
    const use = { licenceId: standing.licence.id, assetId: asset.id };
    const wrong = licenceProblem(standing, now) ?? revisionProblem(asset);
    if (wrong) return wrong;
    const quotas = trialQuotas(standing, now);
    const beyond = quotas.length ? trialProblem(quotas, await this.deliveries.takenUnder(tx, use.licenceId, now), file.byteLength) : undefined;
    if (beyond) return beyond;
    const against = await this.ground.termsRefusal(tx, who, standing, { at: now, mediaType: file.mediaType, before: async () => (await this.deliveries.takenUnder(tx, use.licenceId, now)).downloads });
    if (against) return against;
    const tooDear = await this.spending.problem(tx, use.licenceId, file.byteLength, now);
    if (tooDear) return tooDear;
    await this.deliveries.lockCoverage(tx, use, Number(file.byteLength));
    const unfinished = await this.deliveries.countUnfinished(tx, use, new Date(now.getTime() - 3_600_000));
    return unfinished < MAX_OPEN_PER_HOUR ? undefined : stateConflict(DELIVERY_ERRORS.TOO_MANY_OPEN, `${unfinished} deliveries of this asset were opened within an hour and not finished`, 'OPEN');
  }

  private open({ subject }: Requester, id: string, { standing: { licence, agreement, basis }, asset, file }: FileGround, channel: Channel, decisionId: string): Delivery {
    const requestedAt = this.clock.now();
    const byteLength = Number(file.byteLength);
    return {
      id, licenceId: licence.id, agreementId: agreement.id, agreementHash: agreement.hash, decisionId, productId: licence.productId, vendorId: licence.vendorId, buyerId: licence.buyerId,
      assetId: asset.id, objectKey: file.objectKey, region: file.region, fileName: file.fileName, mediaType: file.mediaType, byteLength, sha256: file.sha256, partDigest: file.partDigest,
      state: 'OPEN', budgetLeft: COPIES_PER_TOKEN * byteLength, owed: [], requestedAt, expiresAt: new Date(requestedAt.getTime() + LIMITS.downloadTokenSeconds * 1_000), startedAt: null, completedAt: null,
      decidedBasis: basis, refusalDecisionId: null, askedBy: subject, revokedAt: null, channel: channel.id, channelKind: channel.kind, destination: agreement.destination,
    };
  }
}
