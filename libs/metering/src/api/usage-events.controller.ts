import { Controller, Post, Req, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isRefused, Route, sendProblem, sendRefusal } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type BadEvent, isBad, readUsageEvent, type UsageClaim } from '../domain/cloud-event.js';
import { MAX_BATCH } from '../domain/usage-event.js';
import { METERING_ERRORS } from '../metering.errors.js';
import type { Outcome } from '../use-cases/reporting/count-reports.js';
import { ReportUsage } from '../use-cases/reporting/report-usage.js';
import { eventsOf } from './http-events.js';

const RETRY_SECONDS = 1;
const STATUS: Readonly<Record<string, number>> = { [METERING_ERRORS.CONFLICT]: 409, [METERING_ERRORS.LICENCE_UNKNOWN]: 404 };

type Answer = { readonly source: string | null; readonly id: string | null } & (Outcome | { readonly status: 'refused'; readonly code: string; readonly message: string });

@Controller('v1/usage-events')
@Authenticated()
export class UsageEventsController {
  constructor(private readonly reporting: ReportUsage) {}

  /**
   * Uses that a vendor reports, as CloudEvents 1.0 (HTTP binding: structured, batched or binary). Answered when they are durable. One event: 201 recorded, 200 recorded before, else
   * why not. A batch of up to 1,000: 200 with what became of each, in its sequence; an event that is refused keeps no other from being counted.
   */
  @Asks('metering:report')
  @Post()
  @Route({ body: 'events' })
  async report(@CurrentActor() actor: Actor, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = this.reporting.refusal(actor);
    if (refusal) return sendRefusal(reply, refusal);
    const given = eventsOf(request.headers, request.body);
    if (given === null) return sendProblem(reply, 415, { code: METERING_ERRORS.MEDIA_TYPE, message: 'a CloudEvent: application/cloudevents+json, application/cloudevents-batch+json, or application/json with ce- fields' });
    if (given.events.length > MAX_BATCH) return sendProblem(reply, 413, { code: METERING_ERRORS.BATCH_TOO_LARGE, message: `at most ${MAX_BATCH} events at a time` });
    const read = given.events.map(readUsageEvent);
    const outcomes = await this.reporting.execute(actor, read.filter((r): r is UsageClaim => !isBad(r)));
    if (outcomes === 'busy') return sendProblem(reply.header('retry-after', RETRY_SECONDS), 503, { code: METERING_ERRORS.BUSY, message: `more is reported than can be counted: try again in ${RETRY_SECONDS} s` });
    if (isRefused(outcomes)) return sendRefusal(reply, outcomes);
    const counted = outcomes.values();
    const answers = read.map((r): Answer => (isBad(r) ? badAnswer(r) : { source: r.source, id: r.eventId, ...counted.next().value! }));
    return given.batched ? reply.status(200).header('cache-control', 'no-store').send(summed(answers)) : one(reply, answers[0]!);
  }
}

const badAnswer = ({ source, id, path, message }: BadEvent): Answer => ({ source, id, status: 'refused', code: METERING_ERRORS.EVENT_INVALID, message: path ? `${path}: ${message}` : message });
const summed = (results: readonly Answer[]): object => {
  const of = (status: Answer['status']): number => results.filter((r) => r.status === status).length;
  return { recorded: of('recorded'), duplicates: of('duplicate'), refused: of('refused'), results };
};
function one(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.status === 'refused') return sendProblem(reply, STATUS[answer.code] ?? 422, answer);
  return reply.status(answer.status === 'recorded' ? 201 : 200).header('cache-control', 'no-store').send(answer);
}
