import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OrganisationChanged } from '#identity';
import { accepted, Clock, eachSafely, Subscriptions, Sweeps, systemCaller, UnitOfWork } from '#shared';
import { DataRequestRepository } from '../../storage/data-requests/data-request.repository.js';
import { EndDataRequest } from './end-data-request.js';

const BATCH = 100;
const EVERY_MS = 10_000;

/** Writes down that the time of a request is over, which every act on it asks by itself before; and keeps its asker's name and standing up to date. */
@Injectable()
export class ExpireDataRequests implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork, private readonly requests: DataRequestRepository, private readonly ending: EndDataRequest, private readonly clock: Clock, private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'catalog.expire-data-requests', everyMs: EVERY_MS, run: () => this.execute() });
    this.subscriptions.on(OrganisationChanged, 'catalog.asker-card', (tx, { payload: { organisationId, legalName, jurisdiction, state } }) => this.requests.renameAsker(tx, { id: organisationId, name: legalName, jurisdiction, state }));
  }

  async execute(): Promise<void> {
    await eachSafely('data-requests', await this.requests.expired(this.clock.now(), BATCH), (id) => this.uow.run(async (tx) => {
      const request = await this.requests.lock(tx, id);
      if (request?.state === 'OPEN') accepted(await this.ending.execute(tx, systemCaller('data-requests'), request, 'expire', null));
    }));
  }
}
