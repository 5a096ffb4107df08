import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Notices, permits } from '#identity';
import { Commands, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import type { HoldCause } from '../domain/licence-state.js';
import { ContractsRepository, type Licence } from '../storage/contracts.repository.js';
import { HoldLicence } from './hold-licence.js';

export interface SuspendLicenceInput {
  readonly licenceId: string;
  /** Both sides read it. */
  readonly reason: string;
}

/** What staff can take away: its own holds, and those of a vendor who wrongs his buyer. What the law or a debt holds goes when its cause goes. */
const LIFTED_BY_STAFF: readonly HoldCause[] = ['STAFF', 'BREACH'];

/** The exchange, or the vendor because of a breach, has a licence rest at once; the next byte already sees it. Each lifts what it placed; a breach that staff lifts was none, and its buyer does not pay for the time. */
@Injectable()
export class SuspendLicence {
  constructor(private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly holding: HoldLicence, private readonly notices: Notices) {}

  execute(actor: Actor, verb: 'suspend' | 'resume', input: SuspendLicenceInput): Promise<Result<Licence>> {
    const staff = permits(actor, 'contracts:suspend');
    const refusal = staff ? undefined : authorise(actor, 'contracts:offer');
    if (refusal) return Promise.resolve(refusal);
    return this.commands.runAcross<Result<Licence>>(actor, `contracts.${verb}-licence`, input, async (tx) => {
      const licence = await this.contracts.lockLicenceById(tx, input.licenceId);
      if (!licence || (!staff && licence.vendorId !== actor.tenantId)) return notFound('licence');
      if (licence.state !== 'ACTIVE' && licence.state !== 'SUSPENDED') return stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, 'only a licence that has begun and not ended is suspended or resumed', licence.state);
      const own: HoldCause = staff ? 'STAFF' : 'BREACH';
      const causes = verb === 'resume' && staff ? LIFTED_BY_STAFF : [own];
      const hold = { reason: input.reason, decisionId: null };
      let changed = false;
      for (const cause of causes) changed = (await (verb === 'suspend' ? this.holding.place(tx, actor, licence, { cause, ...hold }) : this.holding.lift(tx, actor, licence, { cause, ...hold, unfounded: cause === 'BREACH' && staff }))) || changed;
      if (!changed) return stateConflict(CONTRACTS_ERRORS.HOLD, verb === 'suspend' ? `it is suspended for ${own} already` : 'nothing that you may lift holds it', licence.state);
      await this.notices.tell(tx, [licence.vendorId, licence.buyerId], { objectType: 'LICENCE', objectId: licence.id, kind: verb === 'suspend' ? 'SUSPENDED' : 'RESUMED', text: input.reason, details: { causes } });
      return (await this.contracts.lockLicenceById(tx, licence.id))!;
    });
  }
}
