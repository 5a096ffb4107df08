import { Injectable } from '@nestjs/common';
import { Notices } from '#identity';
import { type Caller, Clock, type Tx } from '#shared';
import type { Decision, Verdict } from '../../domain/decision.js';
import { prohibition } from '../../domain/law/engine.js';
import type { Outcome } from '../../domain/law/rulebook.js';
import { type ProductFacts, productLegs } from '../../domain/screening/product-facts.js';
import { type ScreenedType, whySuspended, WHY_RESUMED } from '../../domain/screening/screening.js';
import type { DecisionFacts, TradeFacts } from '../../domain/transfer.js';
import { CurrentLaw } from '../law/current-law.js';
import { DecideTransfer, verdictOn } from '../decide-transfer.js';
import { RecordDecision } from '../record-decision.js';
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
    private readonly deciding: DecideTransfer, private readonly recording: RecordDecision, private readonly notices: Notices, private readonly laws: CurrentLaw, private readonly clock: Clock,
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
  record(tx: Tx, caller: Caller, { law, at, id: screeningId }: ScreeningRun, { licenceId, buyerId, orderDecisionId }: ScreenedLicence, { verdict, facts }: JudgedLicence): Promise<Decision> {
    return this.recording.execute(tx, caller, { recipientId: buyerId, objectId: licenceId, stage: 'SCREENING', priorDecisionId: orderDecisionId, verdict, facts, rulebookHash: law.hash, at }, { screeningId });
  }

  /** Tells each of these organisations, in the transaction of the change. */
  async tell(tx: Tx, organisationIds: readonly string[], { verdict, ...line }: ScreeningNotice): Promise<void> {
    await this.notices.tell(tx, organisationIds, { ...line, text: verdict ? whySuspended(verdict) : WHY_RESUMED, reasons: verdict?.reasons ?? [] });
  }
}
