import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, canonicalHash, Clock, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../domain/decision.js';
import { judge, undecided } from '../domain/law/engine.js';
import type { Law } from '../domain/law/law.js';
import { type DecisionFacts, legsOf, NO_VOLUME, type TradeFacts, type TransferFacts, undecidable } from '../domain/transfer.js';
import { DecisionRepository } from '../storage/decision.repository.js';
import { CompleteFacts } from './complete-facts.js';
import { CurrentLaw } from './law/current-law.js';
import { TransferAccounts } from './volume/transfer-accounts.js';

interface Asked {
  /** What is decided for: an order, a delivery. */
  readonly objectId: string;
  /** Whoever would receive the data is, with the exporter, the one who may read the decision. */
  readonly facts: TradeFacts;
}
/** A delivery names the decision of its order, so that the order's own volume is not held against it. */
export type DecisionRequest = Asked & ({ readonly stage: 'ORDER'; readonly priorDecisionId?: undefined } | { readonly stage: 'DELIVERY'; readonly priorDecisionId: string });

/** Applies today's law to the facts, puts the verdict on record and reserves the exporter's volume, in the caller's transaction. */
@Injectable()
export class DecideTransfer {
  constructor(
    private readonly laws: CurrentLaw, private readonly decisions: DecisionRepository, private readonly accounts: TransferAccounts,
    private readonly completing: CompleteFacts, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, request: DecisionRequest): Promise<Decision> {
    const { stage } = request;
    const given = await this.completing.execute(request.facts);
    const now = this.clock.now();
    const id = newId();
    const orderDecisionId = request.priorDecisionId ?? id;
    if (stage === 'DELIVERY' && !(await this.decisions.isOrderOf(tx, orderDecisionId, given.exporterId))) throw new Error(`${orderDecisionId} is not the decision of an order of this exporter`);
    const law = await this.laws.in(tx);
    const defect = undecidable(given);
    const accounts = defect ? null : await this.accounts.open(tx, { facts: given, recipientId: request.facts.recipientId, year: yearOf(law, given, now), orderDecisionId, now });
    const facts: DecisionFacts = { ...given, prior: accounts?.prior ?? NO_VOLUME };
    const { countsTowardsVolume, ...verdict } = defect ? undecided(defect) : judge(law, legsOf(facts), now);
    const decision: Decision = {
      ...verdict, id, exporterId: facts.exporterId, recipientId: request.facts.recipientId, objectId: request.objectId, stage, priorDecisionId: request.priorDecisionId ?? null,
      facts, factsHash: canonicalHash(facts), rulebookHash: law.hash, asOf: now, decidedAt: now,
    };
    await this.decisions.insert(tx, decision);
    if (accounts && decision.permitted) await this.accounts.reserve(tx, accounts, { decisionId: id, orderDecisionId, at: now }, countsTowardsVolume, []);
    const { outcome, permitted, factsHash, rulebookHash } = decision;
    await this.audit.append(tx, caller, {
      act: 'compliance.decide', objectType: 'decision', objectId: id, tenantId: facts.exporterId,
      details: { objectId: request.objectId, stage, outcome, permitted, factsHash, rulebookHash, rule: decision.considered.at(-1) },
    });
    return decision;
  }

  /** The verdict of this moment without a record; nothing is held or reserved. */
  async evaluate(trade: TradeFacts): Promise<Verdict> {
    const facts = await this.completing.execute(trade);
    const law = await this.laws.now();
    const now = this.clock.now();
    const defect = undecidable(facts);
    if (defect) return undecided(defect);
    const prior = await this.accounts.look(facts, trade.recipientId, yearOf(law, facts, now), now);
    return judge(law, legsOf({ ...facts, prior }), now);
  }
}

/** The calendar year of the volume account, where the law of the origin, or of a place that the data came from, counts persons. */
function yearOf(law: Law, facts: TransferFacts, now: Date): number | null {
  const origins = [facts.origin, ...facts.datasets.flatMap((d) => (d.upstream ?? []).map((u) => u.jurisdiction))];
  return origins.map((origin) => law.booksFor(origin, now).own).find((book) => book?.rules.some((r) => r.volume.counted))?.year ?? null;
}
