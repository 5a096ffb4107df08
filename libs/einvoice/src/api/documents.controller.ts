import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { attachment, isId, isRefused, notFound, sendRefusal } from '#shared';
import type { FastifyReply } from 'fastify';
import { DocumentInvoice } from '../use-cases/document-invoice.js';

@Controller('v1/invoices')
@Authenticated()
export class DocumentsController {
  constructor(private readonly documents: DocumentInvoice) {}

  /** An issued invoice in a format (`?format=peppol-bis-3`, and so on) and, for people, in a language (`&language=en` or `zh`). 409 with the rules that it breaks where the format cannot say it. */
  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Get(':id/document')
  async document(@CurrentActor() actor: Actor, @Param('id') id: string, @Query('format') format: unknown, @Query('language') language: unknown, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = this.documents.refusal(actor);
    if (refusal) return sendRefusal(reply, refusal);
    const made = isId(id) ? await this.documents.execute(actor, id, String(format), language === undefined ? 'en' : String(language)) : notFound('invoice');
    if (isRefused(made)) return sendRefusal(reply, made);
    // It is a page of strangers' words: nothing in it runs, and it is saved rather than shown.
    return reply.header('cache-control', 'private, no-store').header('content-type', made.mediaType).header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .header('content-disposition', attachment(`${made.number}.${made.extension}`)).send(made.content);
  }
}
