import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, canonicalHash, Clock, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../domain/decision.js';
import { judge, undecided } from '../domain/law/engine.js';
import type { Law } from '../domain/law/law.js';
import { beyond, type DecisionFacts, isEmpty, legsOf, NO_VOLUME, type TransferFacts, undecidable, type Volume, volumeOf } from '../domain/transfer.js';
import { DecisionRepository } from '../storage/decision.repository.js';
import { VolumeRepository, type YearKey } from '../storage/volume.repository.js';
import { CurrentLaw } from './law/current-law.js';

interface Asked {
  /** What is decided for: an order, a delivery. */
  readonly objectId: string;
  /** Who would receive the data; with the exporter the one who may read the decision. */
  readonly recipientId: string;
  readonly facts: TransferFacts;
}
/** A delivery names the decision of its order, so that the order's own volume is not held against it. */
export type DecisionRequest = Asked & ({ readonly stage: 'ORDER'; readonly priorDecisionId?: undefined } | { readonly stage: 'DELIVERY'; readonly priorDecisionId: string });

/** Applies today's law to the facts, puts the verdict on record and reserves the exporter's volume, in the caller's transaction. */
@Injectable()
export class DecideTransfer {
  constructor(
    private readonly laws: CurrentLaw, private readonly decisions: DecisionRepository, private readonly volumes: VolumeRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, request: DecisionRequest): Promise<Decision> {
    const { facts: given, stage } = request;
    const now = this.clock.now();
    const id = newId();
    const orderDecisionId = request.priorDecisionId ?? id;
    if (stage === 'DELIVERY' && !(await this.decisions.isOrderOf(tx, orderDecisionId, given.exporterId))) throw new Error(`${orderDecisionId} is not the decision of an order of this exporter`);
    const law = await this.laws.in(tx);
    const defect = undecidable(given);
    const year = defect ? null : yearOf(law, given, now);
    const account = year === null ? null : await this.open(tx, year, given, orderDecisionId);
    const facts: DecisionFacts = { ...given, prior: account?.others ?? NO_VOLUME };
    const { countsTowardsVolume, ...verdict } = defect ? undecided(defect) : judge(law, legsOf(facts), now);
    const decision: Decision = {
      ...verdict, id, exporterId: facts.exporterId, recipientId: request.recipientId, objectId: request.objectId, stage, priorDecisionId: request.priorDecisionId ?? null,
      facts, factsHash: canonicalHash(facts), rulebookHash: law.hash, asOf: now, decidedAt: now,
    };
    await this.decisions.insert(tx, decision);
    if (account && decision.permitted && countsTowardsVolume && !isEmpty(account.open)) {
      await this.volumes.reserve(tx, account.key, { decisionId: id, orderDecisionId, at: now }, account.open);
    }
    const { outcome, permitted, factsHash, rulebookHash } = decision;
    await this.audit.append(tx, caller, {
      act: 'compliance.decide', objectType: 'decision', objectId: id, tenantId: facts.exporterId,
      details: { objectId: request.objectId, stage, outcome, permitted, factsHash, rulebookHash, rule: decision.considered.at(-1) },
    });
    return decision;
  }

  /** The verdict of this moment without a record; nothing is held or reserved. */
  async evaluate(facts: TransferFacts): Promise<Verdict> {
    const law = await this.laws.now();
    const now = this.clock.now();
    const defect = undecidable(facts);
    if (defect) return undecided(defect);
    const year = yearOf(law, facts, now);
    const prior = year === null ? NO_VOLUME : await this.volumes.ofYear({ exporterId: facts.exporterId, year });
    return judge(law, legsOf({ ...facts, prior }), now);
  }

  async evaluateDelivery(facts: TransferFacts, orderDecisionId: string): Promise<{ verdict: Verdict; reserves: boolean }> {
    const law = await this.laws.now();
    const now = this.clock.now();
    const defect = undecidable(facts);
    if (defect) return { verdict: undecided(defect), reserves: false };
    const year = yearOf(law, facts, now);
    const taken = year === null ? null : await this.volumes.takenByOrder({ exporterId: facts.exporterId, year, orderDecisionId });
    const verdict = judge(law, legsOf({ ...facts, prior: taken?.others ?? NO_VOLUME }), now);
    return { verdict, reserves: taken !== null && verdict.countsTowardsVolume && !isEmpty(beyond(volumeOf(facts), taken.own)) };
  }

  /**
   * What other orders have taken of the year, and what of this transfer its own order has not reserved in this year yet: all of
   * it for an order, nothing for a delivery in the same year, all of it again for the first delivery in a new year.
   */
  private async open(tx: Tx, year: number, facts: TransferFacts, orderDecisionId: string): Promise<{ key: YearKey; others: Volume; open: Volume }> {
    const key = { exporterId: facts.exporterId, year };
    const volume = volumeOf(facts);
    // Without personal data nothing can be reserved, so nothing has to queue.
    const total = isEmpty(volume) ? await this.volumes.read(tx, key) : await this.volumes.lock(tx, key);
    const own = await this.volumes.ofOrder(tx, key, orderDecisionId);
    return { key, others: beyond(total, own), open: beyond(volume, own) };
  }
}

/** The calendar year of the volume account, where the law of the origin, or of a place that the data came from, counts persons. */
export function yearOf(law: Law, facts: TransferFacts, now: Date): number | null {
  const origins = [facts.origin, ...facts.datasets.flatMap((d) => (d.upstream ?? []).map((u) => u.jurisdiction))];
  return origins.map((origin) => law.booksFor(origin, now).own).find((book) => book?.rules.some((r) => r.volume.counted))?.year ?? null;
}
