import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import { Contracts } from '#contracts';
import { type Refusal, stateConflict, systemCaller, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from '../domain/delivery.js';

/** With the first byte of all the persons in the data have been exported, and the licence has been delivered under. */
@Injectable()
export class ExportBegins {
  constructor(private readonly compliance: Compliance, private readonly contracts: Contracts) {}

  async execute(tx: Tx, { licenceId, decisionId, state }: Pick<Delivery, 'licenceId' | 'decisionId'> & { readonly state: string }, requestId: string, now: Date): Promise<Refusal | undefined> {
    if (!(await this.contracts.noteDelivered(tx, licenceId, now))) return stateConflict(DELIVERY_ERRORS.LICENCE_NOT_ACTIVE, 'the licence is not active', 'ENDED');
    const caller = systemCaller('delivery', requestId);
    if ((await this.compliance.volume.confirm(tx, caller, { decisionId })) === 'RELEASED') return stateConflict(DELIVERY_ERRORS.EXPORT_RELEASED, 'the trade has ended, and what it had reserved of the export volume is given back', state);
    await this.compliance.counter.exported(tx, caller, decisionId);
    return undefined;
  }
}
