import { Controller, Get, Param, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { attachment, isId, isRefused, notFound, sendRefusal } from '#shared';
import type { FastifyReply } from 'fastify';
import { StateUsage } from '../use-cases/statements/state-usage.js';

@Controller('v1/invoices')
@Authenticated()
export class StatementsController {
  constructor(private readonly stating: StateUsage) {}

  /** What an invoice over use rests on: plans, charges, and the names of its receipts. With the receipts themselves (`GET /v1/receipt-exports`) `npm run verify-receipts` reckons it anew, offline. */
  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Get(':id/usage-statement')
  async statement(@CurrentActor() actor: Actor, @Param('id') id: string, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = this.stating.refusal(actor);
    if (refusal) return sendRefusal(reply, refusal);
    const statement = isId(id) ? await this.stating.execute(actor, id) : notFound('invoice over use');
    if (isRefused(statement)) return sendRefusal(reply, statement);
    return reply.header('cache-control', 'private, no-store').header('content-disposition', attachment(`${statement.invoice.number}.json`)).send(statement);
  }
}
