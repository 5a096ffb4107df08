import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, authorise, CurrentActor, permits } from '#identity';
import { attachment, currentScope, isId, notFound, type Page, sendRefusal, withScope } from '#shared';
import type { FastifyReply } from 'fastify';
import { Delivery } from '../delivery.facade.js';
import type { Receipt } from '../domain/delivery.js';
import { ReadCalls } from '../use-cases/api/read-calls.js';

const PAGE = 500;
type Signed = Pick<Receipt, 'id' | 'completedAt' | 'jws'>;
type Read = (after: readonly string[] | null) => Promise<Page<Signed> | null>;

@Controller('v1/receipt-exports')
@Authenticated()
export class ReceiptExportsController {
  constructor(private readonly delivery: Delivery, private readonly calls: ReadCalls) {}

  /** Every receipt of a licence (`licenceId`) as JSON Lines, of downloads and then of calls, newest first, each with its signed form (`jws`). For both sides and the exchange's overseers; sent as it is read. */
  @Asks('metering:read', 'oversight:read')
  @Get()
  async export(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = permits(actor, 'oversight:read') ? undefined : authorise(actor, 'metering:read');
    if (refusal) return sendRefusal(reply, refusal);
    const { licenceId } = query;
    // Whoever takes the rows does so outside of the request and beyond its time: they are read as the caller's all the same.
    const { signal: _, ...scope } = currentScope();
    if (typeof licenceId !== 'string' || !isId(licenceId)) return sendRefusal(reply, notFound('licence'));
    const reads: Read[] = [
      (after) => withScope(scope, () => this.delivery.receiptsFor(actor, licenceId, { first: PAGE, after })),
      (after) => withScope(scope, () => this.calls.receipts(actor, licenceId, { first: PAGE, after })),
    ];
    const first = await reads[0]!(null);
    if (!first) return sendRefusal(reply, notFound('licence'));
    return reply.header('cache-control', 'private, no-store').header('content-disposition', attachment('receipts.jsonl')).type('application/jsonl; charset=utf-8').send(Readable.from(lines(first, reads)));
  }
}

async function* lines(begun: Page<Signed>, reads: readonly Read[]): AsyncGenerator<string, void, undefined> {
  for (const [i, read] of reads.entries()) {
    for (let page = i === 0 ? begun : await whole(read, null); ; ) {
      for (const { id, completedAt, jws } of page.items) yield `${JSON.stringify({ id, completedAt, jws })}\n`;
      const last = page.items.at(-1);
      if (!page.hasNextPage || !last) break;
      page = await whole(read, [last.completedAt.toISOString(), last.id]);
    }
  }
}

/** Rights may end while rows are read: better no file than one that looks whole. */
async function whole(read: Read, after: readonly string[] | null): Promise<Page<Signed>> {
  const page = await read(after);
  if (!page) throw new Error('the receipts may not be read any more');
  return page;
}
