import { type HttpProblem, refusalStatus, sendRefusal as send } from '#shared';
import type { FastifyReply } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';

const BY_CODE: Record<string, number> = { [DELIVERY_ERRORS.TOKEN]: 410, [DELIVERY_ERRORS.REVISION_REVOKED]: 410, [DELIVERY_ERRORS.LICENCE_NOT_ACTIVE]: 403, [DELIVERY_ERRORS.PRODUCT_NOT_LISTED]: 403, [DELIVERY_ERRORS.BUYER_NOT_VERIFIED]: 403, [DELIVERY_ERRORS.DOWNLOAD_REFUSED]: 403, [DELIVERY_ERRORS.UPLOAD_EXPIRED]: 410, [DELIVERY_ERRORS.STORAGE_QUOTA]: 413, [DELIVERY_ERRORS.NOT_SCANNED]: 503, [DELIVERY_ERRORS.TOO_MANY_RESPONSES]: 429, [DELIVERY_ERRORS.CHANNEL]: 403 };

export const statusOf = (refusal: HttpProblem & { readonly kind: string }): number => refusalStatus(refusal, BY_CODE);

/** A refusal as the answer of the data plane. */
export const sendRefusal = (reply: FastifyReply, refusal: HttpProblem & { readonly kind: string }): FastifyReply => send(reply, refusal, BY_CODE);
