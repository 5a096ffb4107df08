import { Injectable } from '@nestjs/common';
import { Clock, Config } from '#shared';
import { type IssuerPolicy, isSignIn, TOKEN_ALGORITHMS } from '../domain/issuer.js';
import { IssuerRepository, type RecognisedIssuer } from '../storage/issuer.repository.js';

/** A withdrawal bites in the process that did it at once, in every other one after so long at the most. */
const CACHE_MS = 5_000;

/** The issuers that are recognised at this moment: that of the configuration, and the rows in force. */
@Injectable()
export class IssuerRegistry {
  private rows: Promise<readonly RecognisedIssuer[]> | undefined;
  private readAt = -Infinity;
  private readonly policies = new WeakMap<RecognisedIssuer, IssuerPolicy>();
  readonly configured: IssuerPolicy;

  constructor(private readonly issuers: IssuerRepository, private readonly clock: Clock, config: Config) {
    this.configured = {
      id: null, issuer: config.issuer, jurisdiction: null, profile: 'OIDC_BEARER', audiences: [config.OIDC_AUDIENCE], algorithms: TOKEN_ALGORITHMS, authorisedParties: null, senderConstrained: false,
      acrLevels: [], defaultLevel: config.devIssuer ? DEV_LEVEL : config.assuranceLevel, organisationClaims: [], nameClaim: '/name', personClaim: '/sub',
    };
  }

  /** How this issuer's word is taken now; null when it is not. */
  async policyOf(issuer: string): Promise<IssuerPolicy | null> {
    if (issuer === this.configured.issuer) return this.configured;
    const row = (await this.active()).find((r) => r.issuer === issuer && this.inForce(r));
    return row ? this.asPolicy(row) : null;
  }

  /** Whether the word that was taken under this row is still taken; null is the issuer of the configuration. */
  async stands(id: string | null): Promise<boolean> {
    return id === null || (await this.active()).some((r) => r.id === id && this.inForce(r));
  }

  /** A row to sign in with. */
  async signIn(id: string): Promise<RecognisedIssuer | null> {
    return (await this.active()).find((r) => r.id === id && this.inForce(r) && isSignIn(r.profile)) ?? null;
  }

  asPolicy(row: RecognisedIssuer): IssuerPolicy {
    let policy = this.policies.get(row);
    if (!policy) this.policies.set(row, (policy = { ...row }));
    return policy;
  }

  /** After a change of the rows. */
  forget(): void {
    this.readAt = -Infinity;
  }

  private inForce(row: RecognisedIssuer): boolean {
    const now = this.clock.now();
    return row.validFrom <= now && (row.validTo === null || row.validTo > now);
  }

  private active(): Promise<readonly RecognisedIssuer[]> {
    if (this.rows && performance.now() - this.readAt < CACHE_MS) return this.rows;
    this.readAt = performance.now();
    const rows = this.issuers.active(this.clock.now());
    this.rows = rows;
    // A reading that failed is not kept: without rows nobody but the configured issuer is believed.
    rows.catch(() => {
      if (this.rows === rows) this.rows = undefined;
    });
    return rows;
  }
}

/** The development issuer gives a token to whoever asks; in development that is enough for every act. */
const DEV_LEVEL = 3;
