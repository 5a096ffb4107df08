import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, authorise, CurrentActor, permits } from '#identity';
import { attachment, isRefused, notFound, sendProblem, sendRefusal } from '#shared';
import type { FastifyReply } from 'fastify';
import { csv } from '../../exports/csv.js';
import { parquet } from '../../exports/parquet.js';
import { METERING_ERRORS } from '../../metering.errors.js';
import { ExportUsage } from '../../use-cases/queries/export-usage.js';
import { exportQuestion } from './export-question.js';

/** Each holds DuckDB's memory and a file. */
const PARQUET_AT_ONCE = 2;
const RETRY_SECONDS = 5;

@Controller('v1/usage-exports')
@Authenticated()
export class UsageExportsController {
  private writing = 0;

  constructor(private readonly exporting: ExportUsage) {}

  /**
   * The rows of the query `usage` as one file, for both sides of a licence and the exchange's overseers, who name one: `window` (hour, day, month), `from`, `until`, and, where they
   * narrow it down, `licenceId`, `meter`, `dimension` and `value`. `format`: csv (RFC 4180, sent as it is read) or parquet.
   */
  @Asks('metering:read', 'oversight:read')
  @Get()
  async export(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = permits(actor, 'oversight:read') ? undefined : authorise(actor, 'metering:read');
    if (refusal) return sendRefusal(reply, refusal);
    const asked = exportQuestion(query);
    if (isRefused(asked)) return sendRefusal(reply, asked);
    const { format, question } = asked;
    if (format === 'parquet' && this.writing >= PARQUET_AT_ONCE) return sendProblem(reply.header('retry-after', RETRY_SECONDS), 503, { code: METERING_ERRORS.BUSY, message: `other files are being written: try again in ${RETRY_SECONDS} s` });
    const rows = await this.exporting.execute(actor, question);
    if (!rows) return sendRefusal(reply, notFound('licence'));
    const name = `usage-${question.window}-${question.from.toISOString().slice(0, 10)}.${format}`;
    const sent = reply.header('cache-control', 'private, no-store').header('content-disposition', attachment(name));
    return format === 'csv' ? sent.type('text/csv; charset=utf-8; header=present').send(Readable.from(csv(rows))) : sent.type('application/vnd.apache.parquet').send(await this.written(parquet(rows)));
  }

  private async written(file: Promise<Readable>): Promise<Readable> {
    this.writing += 1;
    try {
      return await file;
    } finally {
      this.writing -= 1;
    }
  }
}
