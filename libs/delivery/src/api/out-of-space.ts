import { Logger } from '@nestjs/common';
import { type HttpProblem, sendProblem } from '#shared';
import type { FastifyReply } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';

/** Of the file system (no space, no quota, no longer file) and of PostgreSQL (disk_full). */
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100']);

/** Whether there was no room to keep something; drivers wrap what the system said. */
export function isOutOfSpace(error: unknown): boolean {
  for (let cause = error as { code?: unknown; driverError?: unknown; cause?: unknown } | null | undefined; cause; cause = (cause.driverError ?? cause.cause) as typeof cause) if (CODES.has(cause.code)) return true;
  return false;
}

/** RFC 4918, 11.5: what cannot be stored now may be once there is room. */
export const NO_SPACE: HttpProblem = { code: DELIVERY_ERRORS.NO_SPACE, message: 'the exchange has no room for this at the moment: try again later' };

/** Answers 507 where there is no room for what is sent; the operator finds the rest in the log. */
export async function withinSpace<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T | FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
    new Logger('uploads').error(`no space: ${(error as Error).message}`);
    return sendProblem(reply, 507, NO_SPACE);
  }
}
