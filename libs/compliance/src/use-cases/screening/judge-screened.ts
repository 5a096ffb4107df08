import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { type Caller, canonicalHash, Clock, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../../domain/decision.js';
import { prohibition } from '../../domain/law/engine.js';
import type { Outcome } from '../../domain/law/rulebook.js';
import { type ProductFacts, productLegs } from '../../domain/screening/product-facts.js';
import { type ScreenedType, whySuspended, WHY_RESUMED } from '../../domain/screening/screening.js';
import type { DecisionFacts, TradeFacts } from '../../domain/transfer.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { CurrentLaw } from '../law/current-law.js';
import { DecideTransfer, verdictOn } from '../decide-transfer.js';
import type { ScreeningRun } from './run-screening.js';

export interface ScreenedLicence {
  readonly licenceId: string;
  readonly buyerId: string;
  /** The decision of its order: what that has taken of the year is not held against it. */
  readonly orderDecisionId: string;
  readonly facts: TradeFacts;
}
export interface JudgedProduct {
  /** Null: not prohibited as such; who buys decides. */
  readonly prohibited: Verdict | null;
  readonly outcomeBefore: () => Outcome | null;
}
export interface JudgedLicence {
  readonly verdict: Verdict;
  readonly facts: DecisionFacts;
  readonly outcomeBefore: () => Outcome | null;
}
export interface ScreeningNotice {
  readonly objectType: ScreenedType;
  readonly objectId: string;
  readonly kind: 'SUSPENDED' | 'RESUMED';
  readonly decisionId: string | null;
  readonly verdict: Pick<Verdict, 'outcome' | 'missing' | 'needs' | 'reasons'> | null;
}

/** What the law of a run says of the objects that a room hands in. */
@Injectable()
export class JudgeScreened {
  constructor(
    private readonly deciding: DecideTransfer, private readonly decisions: DecisionRepository, private readonly notices: Notices, private readonly laws: CurrentLaw, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  product({ law, before, at }: ScreeningRun, facts: ProductFacts): JudgedProduct {
    const legs = productLegs(facts);
    return { prohibited: prohibition(law, legs, at), outcomeBefore: () => (before && prohibition(before, legs, at) ? 'prohibited' : null) };
  }

  async prohibitionNow(facts: ProductFacts): Promise<Verdict | null> {
    return prohibition(await this.laws.now(), productLegs(facts), this.clock.now());
  }

  /** In the sequence of the licences; reserves nothing. */
  async licences(tx: Tx, { law, before, at }: ScreeningRun, licences: readonly ScreenedLicence[]): Promise<JudgedLicence[]> {
    const judged: JudgedLicence[] = [];
    for (const { facts: trade, orderDecisionId } of licences) {
      const { facts } = await this.deciding.known(tx, law, trade, orderDecisionId, at);
      judged.push({ verdict: verdictOn(law, facts, at), facts, outcomeBefore: () => (before ? verdictOn(before, facts, at).outcome : null) });
    }
    return judged;
  }

  /** The verdict on a licence that it suspends or resumes, put on record. */
  async record(tx: Tx, caller: Caller, { law, at, id: screeningId }: ScreeningRun, { licenceId, buyerId, orderDecisionId }: ScreenedLicence, { verdict, facts }: JudgedLicence): Promise<Decision> {
    const { countsTowardsVolume: _counts, reliedOn: _held, ...said } = verdict;
    const decision: Decision = {
      ...said, id: newId(), exporterId: facts.exporterId, recipientId: buyerId, objectId: licenceId, stage: 'SCREENING', priorDecisionId: orderDecisionId,
      facts, factsHash: canonicalHash(facts), rulebookHash: law.hash, asOf: at, decidedAt: at,
    };
    await this.decisions.insert(tx, decision);
    const { id, outcome, permitted, factsHash, rulebookHash, stage } = decision;
    await this.audit.append(tx, caller, {
      act: 'compliance.decide', objectType: 'decision', objectId: id, tenantId: facts.exporterId,
      details: { objectId: licenceId, stage, screeningId, outcome, permitted, factsHash, rulebookHash, rule: decision.considered.at(-1) },
    });
    return decision;
  }

  /** Tells each of these organisations, in the transaction of the change. */
  async tell(tx: Tx, organisationIds: readonly string[], { verdict, ...line }: ScreeningNotice): Promise<void> {
    await this.notices.tell(tx, organisationIds, { ...line, text: verdict ? whySuspended(verdict) : WHY_RESUMED, reasons: verdict?.reasons ?? [] });
  }
}
