import { Body, Controller, Get, HttpCode, Param, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asSystem, LIMITS, Route } from '#shared';
import { Oid4vp, REQUEST_OBJECT_MEDIA_TYPE } from '../credentials/oid4vp.js';
import { ReceivePresentation } from '../use-cases/receive-presentation.js';
import { Public } from './access.js';

type Form = Readonly<Record<string, unknown>>;
const WALLET_NONCE = /^[\x21-\x7e]{1,512}$/;

/** Where wallets come (OID4VP 1.0). They have no account: what they may do is in the address, for ten minutes and once. */
@Controller()
@Public()
export class Oid4vpController {
  constructor(private readonly receiving: ReceivePresentation, private readonly oid4vp: Oid4vp) {}

  /** The keys that sign requests, under the name that wallets know us by (did:web). */
  @Get(['.well-known/did.json', 'did.json'])
  didDocument(): Promise<object> {
    return this.oid4vp.didDocument();
  }

  @Get('v1/oid4vp/requests/:id')
  request(@Param('id') id: string, @Res() reply: FastifyReply): Promise<FastifyReply> {
    return this.sendRequest(id, undefined, reply);
  }

  /** As by GET, with the wallet's nonce in what we sign. */
  @Post('v1/oid4vp/requests/:id')
  @Route({ body: 'form' })
  @HttpCode(200)
  async requestWithNonce(@Param('id') id: string, @Body() form: unknown, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const nonce = (form as Form | null | undefined)?.['wallet_nonce'];
    if (nonce !== undefined && (typeof nonce !== 'string' || !WALLET_NONCE.test(nonce))) return reply.status(400).send({ error: 'invalid_request' });
    return this.sendRequest(id, nonce, reply);
  }

  /** Every answer that is not too large is thanked for alike, whatever it was and whatever came of it. */
  @Post('v1/oid4vp/responses/:id')
  @Route({ body: 'form' })
  async response(@Param('id') id: string, @Body() form: unknown, @Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return reply.status(415).send({ error: 'invalid_request' });
    if ((request.rawBody?.length ?? 0) > LIMITS.presentationBytes) return reply.status(413).send({ error: 'invalid_request' });
    // Who asked for it is not known before it is found.
    await asSystem(() => this.receiving.execute(id, (form ?? {}) as Form, request.id));
    return reply.status(200).send({});
  }

  private async sendRequest(id: string, nonce: string | undefined, reply: FastifyReply): Promise<FastifyReply> {
    const object = await asSystem(() => this.receiving.requestObject(id, nonce));
    void reply.header('cache-control', 'no-store');
    return object ? reply.type(REQUEST_OBJECT_MEDIA_TYPE).send(object) : reply.status(404).send({ error: 'invalid_request' });
  }
}
