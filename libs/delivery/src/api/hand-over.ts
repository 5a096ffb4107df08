import { Injectable } from '@nestjs/common';
import { allows } from '#identity';
import { attachment, isRefused, type Refusal } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Delivery } from '../domain/delivery.js';
import { isPlain, mayPresign } from '../domain/hand-over.js';
import type { Span } from '../domain/spans.js';
import { DeliveryChannels } from '../object-storage/regions/delivery-channels.js';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { HandOver } from '../use-cases/hand-over.js';

/** By this nginx says that it understands `X-Accel-Redirect` (the convention of Rack::Sendfile). */
const SENDS = 'x-sendfile-type';
const ACCEL = 'X-Accel-Redirect';
/** Long enough to follow a redirect over a slow line; who begins within it reads to the end. */
export const LINK_SECONDS = 60;

/** Answers with a yes for somebody else who sends the bytes, where the configuration and the request allow it. */
@Injectable()
export class HandingOver {
  constructor(private readonly regions: StorageRegions, private readonly channels: DeliveryChannels, private readonly handing: HandOver) {}

  /** False: nobody else sends this. A refusal: nobody sends it at all. */
  async answer(request: FastifyRequest, reply: FastifyReply, delivery: Delivery, range: Span, described: Readonly<Record<string, string>>): Promise<boolean | Refusal> {
    const to = (await this.server(request, delivery, range, described)) ?? (await this.link(delivery, range));
    if (!to) return false;
    const refused = await this.handing.execute(delivery, range, request.id);
    if (isRefused(refused)) return refused;
    await reply.status(to.status).headers(to.headers).send();
    return true;
  }

  private async server(request: FastifyRequest, { region, objectKey, byteLength }: Delivery, range: Span, described: Readonly<Record<string, string>>): Promise<Answer | null> {
    const { nginx } = this.regions.plan;
    if (!nginx || request.headers[SENDS] !== ACCEL || !allows(nginx.from, request.raw.socket.remoteAddress ?? '') || range.to - range.from > nginx.mostBytes || !isPlain(request.headers)) return null;
    const storage = this.regions.storage(region);
    const path = storage.pathOf(objectKey);
    // What is shorter than it says would be charged whole.
    if (path === null || (await storage.stat(objectKey))?.bytes !== byteLength) return null;
    // nginx says by itself that it has ranges.
    const { 'accept-ranges': _, ...headers } = described;
    return { status: 200, headers: { ...headers, [ACCEL]: `${nginx.location}${region}/${path}` } };
  }

  private async link({ channel, region, objectKey, byteLength, fileName, mediaType }: Delivery, range: Span): Promise<Answer | null> {
    if (!mayPresign(channel === null ? null : this.channels.byId(channel), range, byteLength)) return null;
    const location = await this.regions.storage(region).linkTo(objectKey, { seconds: LINK_SECONDS, disposition: attachment(fileName), mediaType });
    return location === null ? null : { status: 307, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}
