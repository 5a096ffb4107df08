import { BadRequestException, Controller, Headers, HttpCode, NotFoundException, Post, type RawBodyRequest, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '#identity';
import { asSystem, Clock, Config, Route } from '#shared';
import { ReceiveProviderEvent } from '../use-cases/receive-provider-event.js';
import { verifiedEvent } from './stripe-events.js';

/** Signature over the raw body first, then the inbox, then the answer. What the event means is worked out later. */
@Controller('webhooks/stripe')
@Public()
export class StripeWebhookController {
  constructor(private readonly inbox: ReceiveProviderEvent, private readonly config: Config, private readonly clock: Clock) {}

  @Post()
  @HttpCode(200)
  @Route({ limit: 'none' })
  async receive(@Req() request: RawBodyRequest<FastifyRequest>, @Headers('stripe-signature') signature?: string): Promise<{ received: true }> {
    const secret = this.config.STRIPE_WEBHOOK_SECRET;
    if (this.config.PAYMENT_PROVIDER !== 'stripe' || !secret) throw new NotFoundException();
    const event = request.rawBody && signature ? verifiedEvent(request.rawBody, signature, secret, this.clock.now()) : null;
    if (!event) throw new BadRequestException('the signature is not good');
    // The signature was the credential.
    await asSystem(() => this.inbox.execute('stripe', event));
    return { received: true };
  }
}
