import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { type Caller, Clock, Commands, invalid, newId, notFound, type Result, systemCaller, type Tx, UnitOfWork } from '#shared';
import { COMPLIANCE_SCREENING_ERRORS } from '../../screening.errors.js';
import type { Screening, ScreeningCause } from '../../domain/screening/screening.js';
import { dayAt } from '../../domain/days.js';
import type { LawAct } from '../../domain/law/change.js';
import { LawError } from '../../domain/law/law.js';
import { LawRepository } from '../../storage/law.repository.js';
import { LawChangeRepository } from '../../storage/law-change.repository.js';
import { ScreeningRepository } from '../../storage/screening.repository.js';
import { CurrentLaw } from '../law/current-law.js';

export interface ScreeningRequest {
  readonly cause: Exclude<ScreeningCause, 'LAW' | 'DAY'>;
  /** What changed: `approval <id>`. */
  readonly reference: string;
  /** The organisation whose products and licences it touches, on either side; null: everybody's. */
  readonly organisationId: string | null;
}
export interface LawChange {
  readonly documentHash: string;
  readonly act: LawAct;
}
type Opened = Pick<Screening, 'cause' | 'reference' | 'organisationId' | 'lawHashBefore' | 'lawHashAfter'> & Partial<Pick<Screening, 'dryRun' | 'documentHash' | 'act'>>;

/** The day of the exchange: on each new one entries of the law and approvals begin and end. */
const DAY_OF = 'Asia/Shanghai';

/** Writes down that the market, or one organisation's part of it, has to be looked at again. The rooms that own it do so in the background. */
@Injectable()
export class RequestScreening {
  constructor(private readonly screenings: ScreeningRepository, private readonly laws: CurrentLaw, private readonly documents: LawRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** In the transaction of the change. */
  async request(tx: Tx, caller: Caller, { cause, reference, organisationId }: ScreeningRequest): Promise<Screening> {
    const { hash } = await this.laws.in(tx);
    return (await this.open(tx, caller, { cause, reference, organisationId, lawHashBefore: hash, lawHashAfter: hash }))!;
  }

  /** After a change of the law in force: `seq` of the set that it made. */
  async afterLaw(tx: Tx, caller: Caller, seq: string): Promise<void> {
    const { hash } = await this.laws.in(tx);
    await this.open(tx, caller, { cause: 'LAW', reference: `law set ${seq}`, organisationId: null, lawHashBefore: (await this.documents.hashBefore(tx, seq)) ?? hash, lawHashAfter: hash });
  }

  async newDay(tx: Tx): Promise<void> {
    const day = dayAt(this.clock.now(), DAY_OF);
    if (await this.screenings.ofDay(tx, day)) return;
    const { hash } = await this.laws.in(tx);
    await this.open(tx, systemCaller('compliance'), { cause: 'DAY', reference: day, organisationId: null, lawHashBefore: hash, lawHashAfter: hash });
  }

  /** What the change of the law would suspend and resume. Throws a LawError where there can be no such change. */
  async dryRun(tx: Tx, caller: Caller, { documentHash, act }: LawChange): Promise<Screening> {
    const [{ hash }, proposed] = [await this.laws.in(tx), await this.laws.with(tx, documentHash, act)];
    return (await this.open(tx, caller, { cause: 'LAW', reference: `${act} ${documentHash}`, organisationId: null, lawHashBefore: hash, lawHashAfter: proposed.hash, dryRun: true, documentHash, act }))!;
  }

  private async open(tx: Tx, caller: Caller, opened: Opened): Promise<Screening | null> {
    const screening: Screening = { dryRun: false, documentHash: null, act: null, ...opened, id: newId(), state: 'RUNNING', startedAt: this.clock.now(), finishedAt: null };
    if (!(await this.screenings.insert(tx, screening))) return null;
    const { id, cause, reference, organisationId, dryRun } = screening;
    await this.audit.append(tx, caller, { act: 'screening.request', objectType: 'screening', objectId: id, tenantId: null, details: { cause, reference, organisationId, dryRun } });
    return screening;
  }
}

export interface ScreenLawChangeInput {
  /** A change that waits for its second member of staff; or else document and act. */
  readonly changeId?: string | null;
  readonly documentHash?: string | null;
  readonly act?: LawAct | null;
}
export interface StartScreeningInput {
  readonly organisationId?: string | null;
  readonly reason: string;
}

/** Staff looks at what a change would do, or has the market looked at again. */
@Injectable()
export class StaffScreening {
  constructor(private readonly commands: Commands, private readonly requests: RequestScreening, private readonly changes: LawChangeRepository, private readonly uow: UnitOfWork) {}

  async screenLawChange(actor: Actor, input: ScreenLawChangeInput): Promise<Result<Screening>> {
    const refusal = authorise(actor, 'compliance:screen');
    if (refusal) return refusal;
    return this.commands.run<Result<Screening>>(actor, 'compliance.screen-law-change', input, async (tx) => {
      const change = await this.changeOf(tx, input);
      if (change === 'INCOMPLETE') return invalid(COMPLIANCE_SCREENING_ERRORS.CHANGE, 'changeId', 'a proposal, or a document and what is done with it');
      if (!change) return notFound('law change');
      try {
        return await this.requests.dryRun(tx, actor, change);
      } catch (error) {
        if (error instanceof LawError) return invalid(COMPLIANCE_SCREENING_ERRORS.CHANGE, input.changeId ? 'changeId' : 'documentHash', error.message);
        throw error;
      }
    });
  }

  async start(actor: Actor, input: StartScreeningInput): Promise<Result<Screening>> {
    const refusal = authorise(actor, 'compliance:screen');
    if (refusal) return refusal;
    return this.commands.run<Result<Screening>>(actor, 'compliance.start-screening', input, (tx) => this.requests.request(tx, actor, { cause: 'MANUAL', reference: input.reason, organisationId: input.organisationId ?? null }));
  }

  newDay(): Promise<void> {
    return this.uow.run((tx) => this.requests.newDay(tx));
  }

  private async changeOf(tx: Tx, { changeId, documentHash, act }: ScreenLawChangeInput): Promise<LawChange | 'INCOMPLETE' | null> {
    if (changeId) return documentHash || act ? 'INCOMPLETE' : this.changes.open(tx, changeId);
    return documentHash && act ? { documentHash, act } : 'INCOMPLETE';
  }
}
