import type { FastifyReply } from 'fastify';

const BY_KIND: Record<string, number> = { NotFound: 404, NotPermitted: 403, StateConflict: 409, InvalidInput: 422, IdempotencyConflict: 409 };

export interface HttpProblem {
  readonly code: string;
  readonly message: string;
}

export const refusalStatus = ({ code, kind }: HttpProblem & { readonly kind: string }, byCode: Readonly<Record<string, number>> = {}): number => byCode[code] ?? BY_KIND[kind] ?? 409;

/** A refusal as the answer of an HTTP route: a status, a stable code and a text for people. `byCode`: where a code has a status of its own. */
export const sendRefusal = (reply: FastifyReply, refusal: HttpProblem & { readonly kind: string }, byCode: Readonly<Record<string, number>> = {}): FastifyReply =>
  sendProblem(reply, refusalStatus(refusal, byCode), refusal);

export const sendProblem = (reply: FastifyReply, status: number, { code, message }: HttpProblem): FastifyReply => reply.status(status).header('cache-control', 'no-store').send({ code, message });
