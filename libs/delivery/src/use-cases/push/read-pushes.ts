import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import type { PushState } from '../../domain/push/push.js';
import type { PushDestination } from '../../storage/push/push-destination.repository.js';
import type { PushJob } from '../../storage/push/push-job.repository.js';
import { PushTables } from './queue-pushes.js';

/** Buckets for their licensee, pushes for both sides, both for the overseers of the exchange. */
@Injectable()
export class ReadPushes {
  constructor(private readonly contracts: Contracts, private readonly tables: PushTables) {}

  /** Null for others. */
  async destinations(actor: Actor, licenceId: string, page: PageRequest): Promise<Page<PushDestination> | null> {
    const licence = await this.contracts.licenceById(licenceId);
    const may = licence && (permits(actor, 'oversight:read') || (permits(actor, 'delivery:download') && licence.buyerId === actor.tenantId));
    return may ? this.tables.destinations.page(licenceId, page) : null;
  }
  async pushes(actor: Actor, licenceId: string, state: PushState | null, page: PageRequest): Promise<Page<PushJob> | null> {
    const licence = await this.contracts.licenceById(licenceId);
    const may = licence && (permits(actor, 'oversight:read') || (permits(actor, 'metering:read') && [licence.buyerId, licence.vendorId].includes(actor.tenantId ?? '')));
    return may ? this.tables.jobs.page(licenceId, state, page) : null;
  }
}
