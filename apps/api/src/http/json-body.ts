import { LIMITS } from '#shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request that is refused before a handler sees it. */
export class RequestRefused extends Error {
  /** The signature of `http-errors`, by which Nest knows it where no route is: there it would answer 500. */
  readonly expose = true;
  readonly status: number;

  constructor(readonly statusCode: number, readonly code: string, message: string) {
    super(message);
    this.status = statusCode;
  }
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\,[]{}'].map((c) => c.charCodeAt(0));

/** Why a body is not parsed at all: its nesting or the number of its values. Reads bytes, so what comes in no valid JSON is left to the parser. */
export function excessOf(body: Buffer, limits: { readonly jsonDepth: number; readonly jsonValues: number } = LIMITS): string | null {
  let [depth, commas, text] = [0, 0, false];
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (text) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) text = false;
    } else if (byte === QUOTE) text = true;
    else if (byte === COMMA && ++commas >= limits.jsonValues) return `the body has more than ${limits.jsonValues} values`;
    else if ((byte === OPEN_LIST || byte === OPEN_OBJECT) && ++depth > limits.jsonDepth) return `the body is nested more than ${limits.jsonDepth} deep`;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return null;
}

/** JSON bodies: limits first, then Fastify's own parser, which refuses `__proto__` and `constructor.prototype` as keys. */
export function jsonParser(fastify: FastifyInstance): (request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void) => void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  return (request, body, done) => {
    const excess = excessOf(body);
    if (excess) done(new RequestRefused(400, 'JSON_TOO_LARGE', excess));
    else void parse(request, body as unknown as string, done);
  };
}
