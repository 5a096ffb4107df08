import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, isRefused, notFound, type Result, systemCaller, type Tx, UnitOfWork } from '#shared';
import { LicenceBegun, LicenceEnded } from '../contracts.events.js';
import { licenceStates } from '../domain/licence-state.js';
import { addDuration } from '../domain/pricing/duration.js';
import { endOfUse } from '../domain/terms/licence-terms.js';
import type { Supersession } from '../storage/supersession.repository.js';
import { CloseLicence } from './close-licence.js';
import { HandOver } from './succession/hand-over.js';
import { ContractsRepository, type Licence } from '../storage/contracts.repository.js';

const BATCH = 100;
const isRunning = ({ state }: Licence): boolean => state === 'ACTIVE' || state === 'SUSPENDED';

/** A licence becomes active when its money is in, and ends when its time is over, its money never came, or it is terminated. */
@Injectable()
export class MoveLicence {
  constructor(
    private readonly uow: UnitOfWork, private readonly contracts: ContractsRepository, private readonly closing: CloseLicence, private readonly handing: HandOver, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** In the transaction that takes the money: both are released together. An active licence stays as it is. */
  async activate(tx: Tx, caller: Caller, agreementId: string): Promise<Result<Licence>> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    if (!licence) return notFound('licence');
    if (licence.state === 'ACTIVE') return licence;
    const supersession = await this.handing.of(tx, agreementId);
    const older = supersession && (await this.contracts.lockLicence(tx, supersession.supersededId));
    const now = this.clock.now();
    // A renewal goes on where what is paid for ends.
    const validFrom = supersession?.kind === 'RENEWAL' && older && isRunning(older) && older.validUntil! > now ? older.validUntil! : now;
    const state = await this.audit.transition(tx, caller, {
      table: licenceStates, state: licence.state, event: 'activate', objectType: 'licence', objectId: licence.id, tenantId: licence.buyerId, details: { agreementId },
      announce: { type: LicenceBegun, payload: { licenceId: licence.id, agreementId, begunAt: now.toISOString() } },
    });
    if (isRefused(state)) return state;
    const { plan, terms } = await this.contracts.frozen(tx, agreementId);
    const paidFrom = plan.trial ? addDuration(validFrom, plan.trial.duration) : validFrom;
    // The terms may set an end of their own.
    const [paidUntil, usedUntil] = [addDuration(paidFrom, licence.duration), endOfUse(terms.policy, validFrom)];
    const validUntil = usedUntil && usedUntil < paidUntil ? usedUntil : paidUntil;
    const times = { validFrom, paidFrom, validUntil: validUntil > validFrom ? validUntil : new Date(validFrom.getTime() + 1) };
    await this.contracts.activate(tx, licence.id, times);
    if (supersession && older) await this.takePlace(tx, caller, supersession, older, licence, validFrom);
    return { ...licence, state, ...times };
  }

  private async takePlace(tx: Tx, caller: Caller, supersession: Supersession, older: Licence, newer: Licence, from: Date): Promise<void> {
    if (supersession.kind === 'REPLACEMENT' && isRunning(older)) {
      await this.handing.terminated(tx, supersession, from);
      accepted(await this.end(tx, caller, older, 'terminate', `SUPERSEDED: agreement ${supersession.agreementId} took its place`));
    }
    await this.handing.begin(tx, caller, supersession, older, newer, from);
  }

  /** The money never came. In the transaction that sees to it that it cannot come any more. A licence that has ended stays as it is. */
  async lapse(tx: Tx, caller: Caller, agreementId: string, reason: string): Promise<Result<Licence>> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    if (!licence) return notFound('licence');
    return licence.state === 'TERMINATED' ? licence : this.end(tx, caller, licence, 'lapse', reason);
  }

  /** Ends a paid licence before its time; one that has ended stays as it is. What becomes of the money is for whoever terminates it. */
  async terminate(tx: Tx, caller: Caller, agreementId: string, reason: string): Promise<Result<Licence>> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    if (!licence) return notFound('licence');
    return licence.state === 'TERMINATED' || licence.state === 'EXPIRED' ? licence : this.end(tx, caller, licence, 'terminate', reason);
  }

  async expireLapsed(): Promise<void> {
    await this.uow.run(async (tx) => {
      for (const licence of await this.contracts.lapsed(tx, this.clock.now(), BATCH)) accepted(await this.end(tx, systemCaller('licence-expiry'), licence, 'expire', null));
    });
  }

  private async end(tx: Tx, caller: Caller, licence: Licence, event: 'lapse' | 'terminate' | 'expire', reason: string | null): Promise<Result<Licence>> {
    const { id, agreementId, productId, vendorId, buyerId } = licence;
    const state = await this.audit.transition(tx, caller, {
      table: licenceStates, state: licence.state, event, objectType: 'licence', objectId: id, tenantId: buyerId, reason, details: { agreementId },
      announce: { type: LicenceEnded, payload: { licenceId: id, agreementId, productId, vendorId, buyerId, reason } },
    });
    if (isRefused(state)) return state;
    const why = reason ?? 'the licence has expired';
    await this.closing.release(tx, id, why);
    const agreed = await this.contracts.end(tx, licence, state, reason);
    // Time ends a licence when it is over, however late that is written down.
    await this.closing.execute(tx, caller, licence, agreed, event === 'expire' ? licence.validUntil! : this.clock.now(), why);
    return { ...licence, state, stateReason: reason };
  }
}
