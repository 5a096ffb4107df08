import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, isRefused, notFound, type Result, systemCaller, type Tx, UnitOfWork } from '#shared';
import { licenceStates } from '../domain/licence-state.js';
import { ContractsRepository, type Licence } from '../storage/contracts.repository.js';

const DAY_MS = 86_400_000;
const BATCH = 100;

/** A licence becomes active when its money is in, and ends when its time is over. */
@Injectable()
export class MoveLicence {
  constructor(private readonly uow: UnitOfWork, private readonly contracts: ContractsRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** In the transaction that takes the money: both are released together. An active licence stays as it is. */
  async activate(tx: Tx, caller: Caller, agreementId: string): Promise<Result<Licence>> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    if (!licence) return notFound('licence');
    if (licence.state === 'ACTIVE') return licence;
    const state = await this.audit.transition(tx, caller, { table: licenceStates, state: licence.state, event: 'activate', objectType: 'licence', objectId: licence.id, tenantId: licence.buyerId, details: { agreementId } });
    if (isRefused(state)) return state;
    const validFrom = this.clock.now();
    const validUntil = new Date(validFrom.getTime() + licence.days * DAY_MS);
    await this.contracts.activate(tx, licence.id, validFrom, validUntil);
    return { ...licence, state, validFrom, validUntil };
  }

  async expireLapsed(): Promise<void> {
    await this.uow.run(async (tx) => {
      for (const licence of await this.contracts.lapsed(tx, this.clock.now(), BATCH)) {
        accepted(await this.audit.transition(tx, systemCaller('licence-expiry'), { table: licenceStates, state: licence.state, event: 'expire', objectType: 'licence', objectId: licence.id, tenantId: licence.buyerId }));
        await this.contracts.expire(tx, licence.id);
      }
    });
  }
}
