import { Injectable } from '@nestjs/common';
import { Clock, type Page, type PageRequest, type Result } from '#shared';
import { type Actor, permits } from './domain/actor.js';
import type { ProposeIssuerInput } from './domain/issuer-proposal.js';
import type { IssuerState } from './domain/issuer-state.js';
import { IssuerRegistry } from './oidc/issuer-registry.js';
import { IssuerRepository, type RecognisedIssuer } from './storage/issuer.repository.js';
import { ManageIssuers, type WithdrawIssuerInput } from './use-cases/manage-issuers.js';

/** Whose word about people and organisations is taken here. */
@Injectable()
export class Issuers {
  constructor(private readonly managing: ManageIssuers, private readonly issuers: IssuerRepository, private readonly registry: IssuerRegistry, private readonly clock: Clock) {}

  propose(actor: Actor, input: ProposeIssuerInput): Promise<Result<RecognisedIssuer>> {
    return this.managing.propose(actor, input);
  }
  approve(actor: Actor, id: string): Promise<Result<RecognisedIssuer>> {
    return this.changed(this.managing.approve(actor, id));
  }
  withdraw(actor: Actor, input: WithdrawIssuerInput): Promise<Result<RecognisedIssuer>> {
    return this.changed(this.managing.withdraw(actor, input));
  }
  /** Rows in force for everybody; proposals and the past for whoever decides them, nothing for others. */
  async page(actor: Actor | null, state: IssuerState, request: PageRequest): Promise<Page<RecognisedIssuer> | null> {
    return state === 'ACTIVE' || (actor && permits(actor, 'identity:manage-issuers')) ? this.issuers.page(state, this.clock.now(), request) : null;
  }

  /** In this process the change holds from the next request on. */
  private async changed<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    this.registry.forget();
    return result;
  }
}
