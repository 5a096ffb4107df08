import type { FastifyReply } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';

const BY_KIND: Record<string, number> = { NotFound: 404, NotPermitted: 403, StateConflict: 409, InvalidInput: 422, IdempotencyConflict: 409 };
const BY_CODE: Record<string, number> = { [DELIVERY_ERRORS.TOKEN]: 410, [DELIVERY_ERRORS.LICENCE_NOT_ACTIVE]: 403, [DELIVERY_ERRORS.PRODUCT_NOT_LISTED]: 403, [DELIVERY_ERRORS.BUYER_NOT_VERIFIED]: 403, [DELIVERY_ERRORS.DOWNLOAD_REFUSED]: 403 };

export interface HttpProblem {
  readonly code: string;
  readonly message: string;
}

/** A refusal as the answer of the data plane: a status, a stable code and a text for people. */
export const sendRefusal = (reply: FastifyReply, refusal: HttpProblem & { readonly kind: string }): FastifyReply => sendProblem(reply, BY_CODE[refusal.code] ?? BY_KIND[refusal.kind] ?? 409, refusal);

export const sendProblem = (reply: FastifyReply, status: number, { code, message }: HttpProblem): FastifyReply => reply.status(status).header('cache-control', 'no-store').send({ code, message });
