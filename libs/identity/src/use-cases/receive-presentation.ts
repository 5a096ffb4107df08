import { Injectable } from '@nestjs/common';
import { Clock, isId } from '#shared';
import { SdJwtVerifier } from '../credentials/sd-jwt.js';
import { StatusLists } from '../credentials/status-lists.js';
import { readClaims } from '../domain/credential.js';
import { typeOf } from '../domain/credential-issuer.js';
import { type Failed, failed, hasFailed } from '../domain/credential-states.js';
import { CredentialIssuerRepository } from '../storage/credential-issuer.repository.js';
import { type OpenPresentation, PresentationRepository, RESPONSE_KEY_PURPOSE } from '../storage/presentation.repository.js';
import { AcceptCredential, type ProvenCredential } from './accept-credential.js';
import { WalletRequests } from './request-presentation.js';

/** Everything that is checked of a presentation before a transaction begins; the calls to issuers are made here. */
@Injectable()
export class CheckPresentation {
  constructor(private readonly issuers: CredentialIssuerRepository, private readonly verifier: SdJwtVerifier, private readonly statusLists: StatusLists) {}

  async check(presentation: OpenPresentation, compact: string, now: Date): Promise<ProvenCredential | Failed> {
    const { purpose, nonce, request } = presentation;
    const claimed = issuerClaim(compact);
    const known = (await this.issuers.trusted([claimed], now)).get(claimed);
    const presented = await this.verifier.verify(compact, {
      issuerOf: (iss, vct) => (!known || known.iss !== iss ? failed('ISSUER_UNTRUSTED') : typeOf(known, vct, purpose) ? known : failed('TYPE_NOT_ACCEPTED')), nonce, audience: request.client_id, now,
    });
    if (hasFailed(presented)) return presented;
    const type = typeOf(presented.issuer, presented.vct, purpose)!;
    const claims = readClaims(type, presented.claims);
    if (!claims) return failed('CLAIMS');
    const status = presented.status && (await this.statusLists.read(presented.issuer, presented.status.uri, now));
    if (status === undefined) return failed('STATUS_UNAVAILABLE');
    const listed = status && presented.status ? status.at(presented.status.index) : 'VALID';
    if (listed !== 'VALID') return failed(listed ?? 'STATUS_UNAVAILABLE');
    return { ...presented, claims, checkedAt: now };
  }
}

/** A wallet answers. It learns nothing of what came of it; the member asks for that. */
@Injectable()
export class ReceivePresentation {
  constructor(
    private readonly presentations: PresentationRepository, private readonly checks: CheckPresentation, private readonly acceptance: AcceptCredential,
    private readonly wallet: WalletRequests, private readonly clock: Clock,
  ) {}

  /** The signed request object, or null where there is none to be had: unknown, used or too old. */
  async requestObject(id: string, walletNonce?: string): Promise<string | null> {
    const presentation = isId(id) ? await this.presentations.open(id, this.clock.now()) : null;
    if (!presentation) return null;
    return this.wallet.oid4vp.requestObject(presentation.request, { issuedAt: presentation.createdAt, expiresAt: presentation.expiresAt }, walletNonce);
  }

  async execute(id: string, form: Readonly<Record<string, unknown>>, requestId: string): Promise<void> {
    const now = this.clock.now();
    const presentation = isId(id) ? await this.presentations.open(id, now) : null;
    if (!presentation?.responseKey) return;
    const opened = await this.wallet.oid4vp.open(form, presentation.request, await this.wallet.box.open(RESPONSE_KEY_PURPOSE, presentation.responseKey));
    if (!opened) return;
    const verdict = hasFailed(opened) ? opened : await this.checks.check(presentation, opened.compact, now);
    await this.acceptance.finish(presentation.id, verdict, requestId);
  }
}

/** The name of the issuer as the presentation claims it, to look him up; nothing is believed yet. */
function issuerClaim(compact: string): string {
  try {
    const { iss } = JSON.parse(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString('utf8')) as { iss?: unknown };
    return typeof iss === 'string' && iss.length <= 300 && iss.isWellFormed() && !iss.includes('\u0000') ? iss : '';
  } catch {
    return '';
  }
}
