import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { UnitOfWork } from '#shared';
import { type Act, KEY_SCOPES } from '../domain/permissions.js';
import { ASSERTION_TYPE, ClientAuthentication } from '../oidc/client-authentication.js';
import { DpopProofs, type ProvenRequest } from '../oidc/dpop-proofs.js';
import { ExchangeTokens, MACHINE_SECONDS } from '../oidc/exchange-tokens.js';
import type { KeyStanding } from '../storage/key.repository.js';

export interface TokenRequest extends ProvenRequest {
  readonly requestId: string;
  /** Of the peer. */
  readonly address: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}
export interface MachineToken {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly scope: string;
}
/** RFC 6749, 5.2, and RFC 9449, 5. */
export interface OAuthError {
  readonly error: 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | 'invalid_dpop_proof';
  readonly error_description: string;
}

/** No failed authentication is answered sooner, so that the time tells nothing of what was wrong. */
const FAILURE_MS = 40;
const KNOWN = ['grant_type', 'scope', 'client_id', 'client_assertion', 'client_assertion_type'];

/** OAuth 2.0 client credentials (RFC 6749, 4.4) for pipelines: a short-lived token in exchange for an API key. */
@Injectable()
export class IssueMachineToken {
  constructor(
    private readonly clients: ClientAuthentication, private readonly dpop: DpopProofs, private readonly tokens: ExchangeTokens, private readonly uow: UnitOfWork, private readonly audit: Audit,
  ) {}

  async execute(request: TokenRequest): Promise<MachineToken | OAuthError> {
    const { form } = request;
    if (KNOWN.some((name) => form.getAll(name).length > 1)) return refused('invalid_request', 'a parameter is given twice');
    if (!form.get('grant_type')) return refused('invalid_request', 'grant_type is missing');
    if (form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type', 'client_credentials is the only one');
    const started = performance.now();
    const key = await this.client(request);
    if (key === 'malformed') return refused('invalid_request', 'one way to authenticate: client_secret_basic or private_key_jwt');
    if (!key) {
      await pause(Math.max(0, FAILURE_MS - (performance.now() - started)));
      return refused('invalid_client', 'the client did not prove who it is');
    }
    const scopes = narrowed(key.scopes, form.get('scope'));
    if (!scopes) return refused('invalid_scope', 'of the acts that the key carries');
    const jkt = request.dpop === undefined ? null : await this.dpop.check(request, null);
    if (request.dpop !== undefined && !jkt) return refused('invalid_dpop_proof', 'the DPoP proof is not good');
    const caller = { subject: `key:${key.id}`, tenantId: key.organisation_id, requestId: request.requestId };
    await this.uow.run((tx) => this.audit.append(tx, caller, { act: 'api-key.token', objectType: 'api-key', objectId: key.id, details: { scopes, jkt } }));
    return { access_token: await this.tokens.machine(key.id, scopes, jkt), token_type: jkt ? 'DPoP' : 'Bearer', expires_in: MACHINE_SECONDS, scope: scopes.join(' ') };
  }

  private async client({ authorization, address, form }: TokenRequest): Promise<KeyStanding | null | 'malformed'> {
    const [assertion, type, id] = ['client_assertion', 'client_assertion_type', 'client_id'].map((name) => form.get(name));
    if (form.has('client_secret') || (authorization !== undefined && (assertion || type))) return 'malformed';
    if (authorization !== undefined) return this.clients.bySecret(authorization, address);
    if (!assertion || type !== ASSERTION_TYPE) return assertion || type ? 'malformed' : null;
    return this.clients.byAssertion(assertion, id ?? null, address);
  }
}

/** What was asked for when the key carries all of it; everything that it carries when nothing was asked for. */
function narrowed(carried: readonly Act[], scope: string | null): Act[] | null {
  const wanted = (scope ?? '').split(' ').filter(Boolean);
  if (wanted.some((s) => !(carried as readonly string[]).includes(s))) return null;
  const acts = wanted.length ? KEY_SCOPES.filter((s) => wanted.includes(s)) : KEY_SCOPES.filter((s) => carried.includes(s));
  return acts.length ? acts : null;
}

const refused = (error: OAuthError['error'], error_description: string): OAuthError => ({ error, error_description });
