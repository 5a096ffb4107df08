import { Controller, Get, HttpCode, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asSystem, Config, Route } from '#shared';
import { FAPI_ALGORITHMS, TOKEN_ALGORITHMS } from '../domain/issuer.js';
import { KEY_SCOPES } from '../domain/permissions.js';
import { TOKEN_ENDPOINT } from '../oidc/client-authentication.js';
import { IssueMachineToken, type MachineToken, type OAuthError } from '../use-cases/issue-machine-token.js';
import { Public } from './access.js';

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const NOT_A_FORM: OAuthError = { error: 'invalid_request', error_description: 'application/x-www-form-urlencoded is the only body that is read' };

/** OAuth 2.0 for machines: client credentials (RFC 6749) and what a client must know of it (RFC 8414). */
@Controller()
@Public()
export class OAuthController {
  constructor(private readonly tokens: IssueMachineToken, private readonly config: Config) {}

  @Get('.well-known/oauth-authorization-server')
  metadata(): Record<string, unknown> {
    const { publicUrl } = this.config;
    return {
      issuer: publicUrl, token_endpoint: publicUrl + TOKEN_ENDPOINT, jwks_uri: `${publicUrl}/.well-known/jwks.json`, response_types_supported: [], grant_types_supported: ['client_credentials'],
      scopes_supported: KEY_SCOPES, token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'], token_endpoint_auth_signing_alg_values_supported: FAPI_ALGORITHMS,
      dpop_signing_alg_values_supported: TOKEN_ALGORITHMS,
    };
  }

  @Post(TOKEN_ENDPOINT)
  @Route({ body: 'form', credential: 'own' })
  @HttpCode(200)
  async token(@Req() request: RawBodyRequest<FastifyRequest>, @Res({ passthrough: true }) reply: FastifyReply): Promise<MachineToken | OAuthError> {
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    const { authorization, dpop } = request.headers as { authorization?: string; dpop?: string };
    const isForm = FORM.test(request.headers['content-type'] ?? '') && Buffer.isBuffer(request.rawBody);
    const answer = isForm
      ? await asSystem(() => this.tokens.execute({ requestId: request.id, address: request.ip, method: request.method, url: request.url, authorization, dpop, form: new URLSearchParams(request.rawBody!.toString('utf8')) }))
      : NOT_A_FORM;
    if ('access_token' in answer) return answer;
    if (answer.error === 'invalid_client') void reply.status(401).header('www-authenticate', 'Basic realm="entrepot"');
    else void reply.status(400);
    return answer;
  }
}
