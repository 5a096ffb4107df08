import { Injectable } from '@nestjs/common';
import type { Decision } from '#compliance';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, newId, newSecret, notFound, type Result, sha256Hex } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from '../domain/delivery.js';
import { DownloadGround } from './download-ground.js';
import { OpenDelivery } from './open-delivery.js';
import type { FileBeingMade } from './parts/licensed-files.js';

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

/** Both ends are committed: a refused delivery leaves its decision on record. */
type Outcome = { readonly granted: Omit<DownloadGrant, 'token'> } | { readonly refusedBy: Decision };

/** A buyer asks for an asset under his licence: the decision is made again with today's facts, and a token is good for one delivery. */
@Injectable()
export class RequestDownload {
  constructor(private readonly commands: Commands, private readonly ground: DownloadGround, private readonly opening: OpenDelivery, private readonly clock: Clock) {}

  async execute(actor: Actor, input: RequestDownloadInput): Promise<Result<DownloadGrant, DownloadRefused | FileBeingMade>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    const found = await this.ground.find(actor, input);
    if (!found) return notFound('licence or asset');
    const ground = await this.ground.withFile(found, this.clock.now(), true);
    if (isRefused(ground)) return ground;
    const deliveryId = newId();
    const token = newSecret();
    const outcome = await this.commands.runAcross<Result<Outcome>>(actor, 'delivery.request-download', input, async (tx) => {
      const opened = await this.opening.execute(tx, actor, deliveryId, ground, { tokenHash: sha256Hex(token), wanted: input.channelId ?? null, publicOnly: false });
      if (isRefused(opened) || 'refusedBy' in opened) return opened;
      const { channel, delivery } = opened;
      const { expiresAt, fileName, mediaType, byteLength, sha256 } = delivery;
      return { granted: { deliveryId, expiresAt, fileName, mediaType, byteLength, sha256, channel: channel.id, baseUrl: channel.url } };
    });
    if (isRefused(outcome)) return outcome;
    if ('granted' in outcome) return { ...outcome.granted, token: outcome.granted.deliveryId === deliveryId ? token : null };
    const { refusedBy: decision } = outcome;
    return { refused: true, kind: 'DownloadRefused', code: DELIVERY_ERRORS.DOWNLOAD_REFUSED, message: `the delivery is not permitted: ${decision.outcome}`, decision };
  }
}
