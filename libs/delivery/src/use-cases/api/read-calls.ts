import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import { Clock, type Page, type PageRequest } from '#shared';
import type { CallReceipt, EndedCall } from '../../domain/api/api-call.js';
import { ApiCallRepository, type OutcomeCount } from '../../storage/api/api-call.repository.js';
import { OwnServices } from './set-credential.js';

/** How an API does is a matter of the last hour. */
const HOUR_MS = 3_600_000;

export interface ApiHealth {
  readonly since: Date;
  readonly outcomes: readonly OutcomeCount[];
}

/** Calls as both sides and the exchange's overseers see them. */
@Injectable()
export class ReadCalls {
  constructor(private readonly calls: ApiCallRepository, private readonly contracts: Contracts, private readonly own: OwnServices, private readonly clock: Clock) {}

  /** Newest first; null for others. */
  async ofLicence(actor: Actor, licenceId: string, page: PageRequest): Promise<Page<EndedCall> | null> {
    return (await this.mayRead(actor, licenceId)) ? this.calls.ofLicence(licenceId, page) : null;
  }
  async receipts(actor: Actor, licenceId: string, page: PageRequest): Promise<Page<CallReceipt> | null> {
    return (await this.mayRead(actor, licenceId)) ? this.calls.receipts(licenceId, page) : null;
  }

  /** For the vendor of an API; null for others. */
  async health(actor: Actor, productId: string): Promise<ApiHealth | null> {
    if (!permits(actor, 'delivery:serve') || !(await this.own.vendorOf(actor, productId))) return null;
    const since = new Date(this.clock.now().getTime() - HOUR_MS);
    return { since, outcomes: await this.calls.health(productId, since) };
  }

  private async mayRead(actor: Actor, licenceId: string): Promise<boolean> {
    if (permits(actor, 'oversight:read')) return true;
    const licence = permits(actor, 'metering:read') ? await this.contracts.licenceById(licenceId) : null;
    return licence !== null && (actor.tenantId === licence.vendorId || actor.tenantId === licence.buyerId);
  }
}
