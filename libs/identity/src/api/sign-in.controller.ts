import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asSystem, Config, isId } from '#shared';
import { ClientKeyRing } from '../sign-in/client-key-ring.js';
import { CALLBACK, type NoSignIn, SIGN_IN_SECONDS, SignIn, type SignInToken } from '../use-cases/sign-in.js';
import { Public } from './access.js';

const NO_SIGN_IN: Record<NoSignIn, { readonly status: number; readonly code: string; readonly message: string }> = {
  unknown: { status: 404, code: 'not_found', message: 'nobody signs in with this issuer here' },
  failed: { status: 400, code: 'identity.sign_in_failed', message: 'the sign-in did not succeed: begin again' },
  unavailable: { status: 503, code: 'identity.issuer_unavailable', message: 'the issuer does not answer: try again soon' },
};
const RETRY_SECONDS = 5;
const SECRET = /^[\w-]{43}$/;

/** Sign-in at issuers that give id tokens: the exchange is their relying party, and answers with a token of its own. */
@Controller()
@Public()
export class SignInController {
  constructor(private readonly signIn: SignIn, private readonly keys: ClientKeyRing, private readonly config: Config) {}

  /** For issuers: the exchange's keys as their client. */
  @Get('.well-known/client-jwks.json')
  clientKeys(): Promise<object> {
    return asSystem(() => this.keys.published());
  }

  @Get(CALLBACK)
  async callback(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    const answer = await asSystem(() => this.signIn.complete(query, this.browserOf(request), request.id));
    if (typeof answer === 'string') return this.refuse(reply, answer);
    void reply.header('cache-control', 'no-store').header('set-cookie', this.cookie('', 0));
    return answer satisfies SignInToken;
  }

  @Get('v1/sign-in/:issuerId')
  async begin(@Param('issuerId') issuerId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<object | undefined> {
    const begun = isId(issuerId) ? await asSystem(() => this.signIn.begin(issuerId)) : 'unknown';
    if (typeof begun === 'string') return this.refuse(reply, begun);
    void reply.status(302).header('location', begun.location).header('cache-control', 'no-store').header('set-cookie', this.cookie(begun.browser, SIGN_IN_SECONDS));
    return undefined;
  }

  private refuse(reply: FastifyReply, why: NoSignIn): object {
    const { status, ...problem } = NO_SIGN_IN[why];
    void reply.status(status).header('cache-control', 'no-store');
    if (why === 'unavailable') void reply.header('retry-after', RETRY_SECONDS);
    return problem;
  }

  /** `__Host-` keeps other hosts of the domain from setting it (RFC 6265bis); it needs TLS, which development has not. */
  private get secure(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }
  private get cookieName(): string {
    return this.secure ? '__Host-entrepot-sign-in' : 'entrepot-sign-in';
  }
  private cookie(value: string, seconds: number): string {
    return `${this.cookieName}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${this.secure ? '; Secure' : ''}`;
  }
  private browserOf(request: FastifyRequest): string | undefined {
    const values = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('=')).filter(([name]) => name === this.cookieName).map(([, value]) => value ?? '');
    return values.length === 1 && SECRET.test(values[0]!) ? values[0] : undefined;
  }
}
