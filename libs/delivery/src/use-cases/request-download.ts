import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type AssetRecord, Catalog } from '#catalog';
import type { Decision } from '#compliance';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { type Actor, authorise } from '#identity';
import { asSystem, Clock, Commands, isRefused, LIMITS, newId, newSecret, notFound, type Refusal, type Result, sha256Hex, type StateConflict, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Channel } from '../domain/channels/channel.js';
import { COPIES_PER_TOKEN, type Delivery, MAX_OPEN_PER_HOUR } from '../domain/delivery.js';
import { licenceProblem, revisionProblem, trialProblem, trialQuotas } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { type StoredObject, StoredObjectRepository } from '../storage/stored-object.repository.js';
import { ChannelOfDelivery } from './channels/channel-of-delivery.js';
import { type FileBeingMade, type LicensedFile, LicensedFiles } from './parts/licensed-files.js';
import { SpendingLimit } from './spending/spending-limit.js';

export interface RequestDownloadInput {
  readonly licenceId: string;
  readonly assetId: string;
  /** A delivery channel by its id; missing: the first that fits. */
  readonly channelId?: string | null;
}

/** `token` is null when the same request is repeated: it was shown once and is kept as a hash. */
export interface DownloadGrant extends Pick<Delivery, 'expiresAt' | 'fileName' | 'mediaType' | 'byteLength' | 'sha256'> {
  readonly deliveryId: string;
  readonly token: string | null;
  /** Where the channel is reached; null: at the public address of the exchange. */
  readonly baseUrl: string | null;
  readonly channel: string;
}

/** The law does not permit this delivery today. The decision is on record and says why. */
export interface DownloadRefused {
  readonly refused: true;
  readonly kind: 'DownloadRefused';
  readonly code: string;
  readonly message: string;
  readonly decision: Decision;
}

/** What the act stands on, read before it begins. */
interface Ground {
  readonly standing: LicenceForDelivery;
  readonly asset: AssetRecord;
  readonly stored: StoredObject;
}
/** With the file that goes out. */
type FileGround = Ground & { readonly file: LicensedFile };
/** Both ends are committed: a refused delivery leaves its decision on record. */
type Outcome = { readonly granted: Omit<DownloadGrant, 'token'> } | { readonly refusedBy: Decision };

/** Groups what a request is checked against. */
@Injectable()
export class DownloadGround {
  constructor(private readonly contracts: Contracts, private readonly catalog: Catalog, private readonly objects: StoredObjectRepository, private readonly channels: ChannelOfDelivery, private readonly files: LicensedFiles) {}

  /** The licence, its product's asset and where that lies; undefined where the actor is not the buyer, or there is no such asset for him. */
  async find(actor: Actor, input: RequestDownloadInput): Promise<Ground | undefined> {
    const standing = await this.contracts.licenceForDelivery(input.licenceId);
    if (!standing || standing.licence.buyerId !== actor.tenantId) return undefined;
    const asset = await this.catalog.assetById(input.assetId);
    if (!asset || asset.productId !== standing.licence.productId || asset.releasedAt === null || asset.state !== 'STORED') return undefined;
    // Where the vendor's bytes lie is the exchange's to know.
    const stored = (await asSystem(() => this.objects.byAssets([asset.id]))).get(asset.id);
    return stored && { standing, asset, stored };
  }
  /** The file that the licence gives a right to. Nothing is written for one that is in no order. */
  async withFile(ground: Ground, now: Date): Promise<Result<FileGround, FileBeingMade>> {
    const wrong = licenceProblem(ground.standing, now) ?? revisionProblem(ground.asset);
    if (wrong) return wrong;
    const file = await this.files.of(ground.standing, ground.asset, ground.stored, true);
    return isRefused(file) ? file : { ...ground, file };
  }
  termsRefusal(tx: Tx, actor: Actor, standing: LicenceForDelivery, delivery: Parameters<Contracts['termsRefusal']>[3]): Promise<Refusal | undefined> {
    return this.contracts.termsRefusal(tx, actor, standing, delivery);
  }
  channel({ standing, file }: FileGround, wanted: string | null | undefined): Promise<Channel | StateConflict> {
    return this.channels.choose(standing, { region: file.region, mediaType: file.mediaType, wanted: wanted ?? null });
  }
  decide(tx: Tx, actor: Actor, licenceId: string, deliveryId: string): Promise<Decision> {
    return this.contracts.redecide(tx, actor, licenceId, deliveryId);
  }
}

/** A buyer asks for an asset under his licence: the decision is made again with today's facts, and a token is good for one delivery. */
@Injectable()
export class RequestDownload {
  constructor(
    private readonly commands: Commands, private readonly ground: DownloadGround, private readonly deliveries: DeliveryRepository,
    private readonly spending: SpendingLimit, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: RequestDownloadInput): Promise<Result<DownloadGrant, DownloadRefused | FileBeingMade>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    const found = await this.ground.find(actor, input);
    if (!found) return notFound('licence or asset');
    const ground = await this.ground.withFile(found, this.clock.now());
    if (isRefused(ground)) return ground;
    const deliveryId = newId();
    const token = newSecret();
    const outcome = await this.commands.runAcross<Result<Outcome>>(actor, 'delivery.request-download', input, async (tx) => {
      const problem = await this.problem(tx, actor, input, ground);
      if (problem) return problem;
      const channel = await this.ground.channel(ground, input.channelId);
      if (isRefused(channel)) return channel as StateConflict;
      const decision = await this.ground.decide(tx, actor, input.licenceId, deliveryId);
      if (!decision.permitted) return { refusedBy: decision };
      const delivery = this.open(actor, deliveryId, ground, channel as Channel, decision.id);
      await this.deliveries.insert(tx, delivery, sha256Hex(token));
      await this.audit.append(tx, actor, { act: 'delivery.open', objectType: 'delivery', objectId: deliveryId, details: { licenceId: input.licenceId, assetId: input.assetId, decisionId: decision.id, channel: delivery.channel } });
      const { expiresAt, fileName, mediaType, byteLength, sha256 } = delivery;
      return { granted: { deliveryId, expiresAt, fileName, mediaType, byteLength, sha256, channel: channel.id, baseUrl: channel.url } };
    });
    if (isRefused(outcome)) return outcome;
    if ('granted' in outcome) return { ...outcome.granted, token: outcome.granted.deliveryId === deliveryId ? token : null };
    const { refusedBy: decision } = outcome;
    return { refused: true, kind: 'DownloadRefused', code: DELIVERY_ERRORS.DOWNLOAD_REFUSED, message: `the delivery is not permitted: ${decision.outcome}`, decision };
  }

  private async problem(tx: Tx, actor: Actor, input: RequestDownloadInput, { standing, asset, file }: FileGround): Promise<Refusal | undefined> {
    const now = this.clock.now();
    const wrong = licenceProblem(standing, now) ?? revisionProblem(asset);
    if (wrong) return wrong;
    const quotas = trialQuotas(standing, now);
    const beyond = quotas.length ? trialProblem(quotas, await this.deliveries.takenUnder(tx, input.licenceId, now), file.byteLength) : undefined;
    if (beyond) return beyond;
    const against = await this.ground.termsRefusal(tx, actor, standing, { at: now, mediaType: file.mediaType, before: async () => (await this.deliveries.takenUnder(tx, input.licenceId, now)).downloads });
    if (against) return against;
    const tooDear = await this.spending.problem(tx, input.licenceId, file.byteLength, now);
    if (tooDear) return tooDear;
    await this.deliveries.lockCoverage(tx, input, Number(file.byteLength));
    const unfinished = await this.deliveries.countUnfinished(tx, input, new Date(now.getTime() - 3_600_000));
    return unfinished < MAX_OPEN_PER_HOUR ? undefined : stateConflict(DELIVERY_ERRORS.TOO_MANY_OPEN, `${unfinished} deliveries of this asset were opened within an hour and not finished`, 'OPEN');
  }

  private open({ subject }: Actor, id: string, { standing: { licence, agreement, basis }, asset, file }: FileGround, channel: Channel, decisionId: string): Delivery {
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
