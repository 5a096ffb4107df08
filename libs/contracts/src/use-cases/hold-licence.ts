import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, type Tx } from '#shared';
import { LicenceResumed, LicenceSuspended } from '../contracts.events.js';
import { type HoldCause, licenceStates } from '../domain/licence-state.js';
import { ContractsRepository, type Licence } from '../storage/contracts.repository.js';
import { HoldRepository, type NewHold } from '../storage/hold.repository.js';

type Held = Pick<Licence, 'id' | 'productId' | 'vendorId' | 'buyerId'>;

/**
 * A licence rests while at least one cause holds it. In the transaction of the caller, who has the licence locked. `placed` and `lifted` say
 * whether anything changed; whoever tells the two sides is the caller, in the words of the cause.
 */
@Injectable()
export class HoldLicence {
  constructor(private readonly contracts: ContractsRepository, private readonly holds: HoldRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** Holds an active licence, or one that rests for another cause; false where this cause holds it already. */
  async place(tx: Tx, caller: Caller, licence: Held & Pick<Licence, 'state'>, hold: NewHold, details: object = {}): Promise<boolean> {
    if (!(await this.holds.place(tx, licence, hold, this.clock.now()))) return false;
    await this.note(tx, caller, licence, licence.state === 'ACTIVE' ? 'suspend' : null, hold, details);
    await this.contracts.standing(tx, licence.id, 'SUSPENDED', await this.holds.openReason(tx, licence.id));
    return true;
  }

  /** Takes one cause away; the licence goes on once none is left. False where this cause does not hold it. */
  async lift(tx: Tx, caller: Caller, licence: Held, hold: NewHold & { readonly unfounded?: boolean }, details: object = {}): Promise<boolean> {
    const lifted = await this.holds.lift(tx, licence.id, hold.cause, hold.reason, this.clock.now(), hold.unfounded);
    if (lifted.length === 0) return false;
    const still = await this.holds.openReason(tx, licence.id);
    await this.note(tx, caller, { ...licence, state: 'SUSPENDED' }, still === null ? 'resume' : null, hold, details);
    await this.contracts.standing(tx, licence.id, still === null ? 'ACTIVE' : 'SUSPENDED', still);
    return true;
  }

  /** The licence is over: nothing holds it any more. */
  release(tx: Tx, licenceId: string, reason: string): Promise<HoldCause[]> {
    return this.holds.lift(tx, licenceId, null, reason, this.clock.now());
  }

  /** `event` null: another cause beside those that hold it, or one less of several; its state stays. */
  private async note(tx: Tx, caller: Caller, { id, productId, vendorId, buyerId, state }: Held & Pick<Licence, 'state'>, event: 'suspend' | 'resume' | null, { cause, reason, decisionId }: NewHold, details: object): Promise<void> {
    const line = { objectType: 'licence', objectId: id, tenantId: buyerId, reason, details: { cause, ...details } };
    if (event === null) return this.audit.append(tx, caller, { ...line, act: 'licence.change-holds' });
    accepted(await this.audit.transition(tx, caller, {
      ...line, table: licenceStates, state, event, announce: { type: event === 'resume' ? LicenceResumed : LicenceSuspended, payload: { licenceId: id, productId, vendorId, buyerId, cause, decisionId, reason } },
    }));
  }
}
