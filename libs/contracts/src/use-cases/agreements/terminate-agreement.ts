import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, permits } from '#identity';
import { Clock, Commands, invalid, LIMITS, newId, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { terminationTermsOf } from '../../domain/agreement-document.js';
import { effectiveAt, GROUNDS, type ReasonCode, type Side } from '../../domain/agreements/termination.js';
import { type Agreement, ContractsRepository } from '../../storage/contracts.repository.js';
import { type Termination, TerminationRepository } from '../../storage/termination.repository.js';
import { EndAgreement } from './end-agreement.js';

export interface TerminateAgreementInput {
  readonly agreementId: string;
  readonly reasonCode: ReasonCode;
  /** Both sides and the exchange read it. */
  readonly statement: string;
}

/** A side, or the exchange for the law, sets out to end an agreement before its time, on one of the grounds; what consent that needs is the ground's. */
@Injectable()
export class TerminateAgreement {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly terminations: TerminationRepository, private readonly ending: EndAgreement, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: TerminateAgreementInput): Promise<Result<Termination>> {
    const staff = permits(actor, 'contracts:end');
    const refusal = staff ? undefined : authorise(actor, 'contracts:terminate');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<Termination>>(actor, 'contracts.terminate-agreement', input, async (tx) => {
      const agreement = (await this.contracts.agreements([input.agreementId])).get(input.agreementId);
      const side = agreement && sideOf(actor, agreement, staff);
      if (!agreement || !side) return notFound('agreement');
      return this.begin(tx, actor, agreement, side, input);
    });
  }

  private async begin(tx: Tx, actor: Actor, { id: agreementId, vendorId, buyerId, document }: Agreement, side: Side, { reasonCode, statement }: TerminateAgreementInput): Promise<Result<Termination>> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    // What is not paid yet the buyer calls off when he likes, and with it what the vendor asks him to.
    const unpaid = licence?.state === 'PENDING' && reasonCode === 'MUTUAL_CONSENT';
    if (licence?.state !== 'ACTIVE' && licence?.state !== 'SUSPENDED' && !unpaid) return stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, licence?.state === 'PENDING' ? `it is not paid yet: its buyer calls it off, also where you ask him to (MUTUAL_CONSENT); else it lapses by itself after ${LIMITS.unpaidDays} days` : 'the agreement has ended', licence?.state ?? 'NONE');
    const now = this.clock.now();
    const at = effectiveAt(reasonCode, side, terminationTermsOf(document), now);
    if (at === undefined) return this.noGround(reasonCode, side);
    const atOnce = at !== null && at <= now;
    const termination: Termination = { id: newId(), agreementId, vendorId, buyerId, reasonCode, side, statement, state: atOnce ? 'EFFECTIVE' : 'PROPOSED', effectiveAt: at, answer: null, proposedAt: now, closedAt: atOnce ? now : null };
    if (!(await this.terminations.insert(tx, termination))) return stateConflict(CONTRACTS_ERRORS.TERMINATION_OPEN, 'the agreement is being ended already', 'OPEN');
    await this.audit.append(tx, actor, { act: 'termination.propose', objectType: 'termination', objectId: termination.id, tenantId: buyerId, reason: statement, details: { agreementId, reasonCode, side, state: termination.state, effectiveAt: at } });
    const refused = atOnce ? await this.ending.takeEffect(tx, actor, termination) : undefined;
    if (refused) return refused;
    await this.ending.tell(tx, termination);
    return termination;
  }

  private noGround(code: ReasonCode, side: Side): Refusal {
    const why = code === 'CONVENIENCE' && side !== 'EXCHANGE' ? 'the terms give you no right to leave without a reason' : `${code} is for ${GROUNDS[code].by.join(' or ') || 'nobody to propose'}`;
    return invalid(CONTRACTS_ERRORS.TERMINATION_GROUND, 'reasonCode', why);
  }
}

/** Staff acts for the exchange, also where it works for a party: it is not asked as one. */
function sideOf(actor: Actor, { vendorId, buyerId }: Agreement, staff: boolean): Side | undefined {
  if (staff) return 'EXCHANGE';
  return actor.tenantId === vendorId ? 'VENDOR' : actor.tenantId === buyerId ? 'BUYER' : undefined;
}
