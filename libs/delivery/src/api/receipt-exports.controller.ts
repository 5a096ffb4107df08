import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, authorise, CurrentActor, permits } from '#identity';
import { attachment, currentScope, isId, notFound, type Page, sendRefusal, withScope } from '#shared';
import type { FastifyReply } from 'fastify';
import { Delivery } from '../delivery.facade.js';
import type { Receipt } from '../domain/delivery.js';

const PAGE = 500;
type Read = (after: readonly string[] | null) => Promise<Page<Receipt> | null>;

@Controller('v1/receipt-exports')
@Authenticated()
export class ReceiptExportsController {
  constructor(private readonly delivery: Delivery) {}

  /** Every receipt of a licence (`licenceId`) as JSON Lines, newest first, each with its signed form (`jws`). For both sides and the exchange's overseers; sent as it is read. */
  @Asks('metering:read', 'oversight:read')
  @Get()
  async export(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = permits(actor, 'oversight:read') ? undefined : authorise(actor, 'metering:read');
    if (refusal) return sendRefusal(reply, refusal);
    const { licenceId } = query;
    // Whoever takes the rows does so outside of the request and beyond its time: they are read as the caller's all the same.
    const { signal: _, ...scope } = currentScope();
    const read: Read | null = typeof licenceId === 'string' && isId(licenceId) ? (after) => withScope(scope, () => this.delivery.receiptsFor(actor, licenceId, { first: PAGE, after })) : null;
    const first = read && (await read(null));
    if (!first || !read) return sendRefusal(reply, notFound('licence'));
    return reply.header('cache-control', 'private, no-store').header('content-disposition', attachment('receipts.jsonl')).type('application/jsonl; charset=utf-8').send(Readable.from(lines(first, read)));
  }
}

async function* lines(first: Page<Receipt>, read: Read): AsyncGenerator<string, void, undefined> {
  for (let page = first; ; ) {
    for (const { id, completedAt, jws } of page.items) yield `${JSON.stringify({ id, completedAt, jws })}\n`;
    const last = page.items.at(-1);
    if (!page.hasNextPage || !last) return;
    const next = await read([last.completedAt.toISOString(), last.id]);
    // Rights may end while rows are read: better no file than one that looks whole.
    if (!next) throw new Error('the receipts may not be read any more');
    page = next;
  }
}
