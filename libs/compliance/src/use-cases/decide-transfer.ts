import { Injectable } from '@nestjs/common';
import { type Caller, Clock, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../domain/decision.js';
import type { EndUseFacts } from '../domain/declarations/end-use.js';
import { dayAt } from '../domain/days.js';
import { judge, undecided } from '../domain/law/engine.js';
import type { Law } from '../domain/law/law.js';
import { type DecisionFacts, isEmpty, legsOf, NO_VOLUME, type TradeFacts, type TransferFacts, undecidable } from '../domain/transfer.js';
import { DecisionRepository } from '../storage/decision.repository.js';
import { CompleteFacts } from './complete-facts.js';
import { CurrentLaw } from './law/current-law.js';
import { RecordDecision } from './record-decision.js';
import { type OpenAccounts, TransferAccounts } from './volume/transfer-accounts.js';

interface Asked {
  /** What is decided for: an order, a delivery. */
  readonly objectId: string;
  /** Whoever would receive the data is, with the exporter, the one who may read the decision. */
  readonly facts: TradeFacts;
}
/** A delivery names the decision of its order, so that the order's own volume is not held against it. */
export type DecisionRequest = Asked & ({ readonly stage: 'ORDER'; readonly priorDecisionId?: undefined } | { readonly stage: 'DELIVERY'; readonly priorDecisionId: string });

/** `priorDecisionId`: the decision of the order under which the data came. */
export type ReshareRequest = Asked & { readonly priorDecisionId: string };

/** Applies today's law to the facts, puts the verdict on record and reserves the exporter's volume, in the caller's transaction. */
@Injectable()
export class DecideTransfer {
  constructor(
    private readonly laws: CurrentLaw, private readonly decisions: DecisionRepository, private readonly accounts: TransferAccounts,
    private readonly completing: CompleteFacts, private readonly recording: RecordDecision, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, request: DecisionRequest): Promise<Decision> {
    const { stage } = request;
    const { facts: trade } = request;
    const now = this.clock.now();
    const id = newId();
    const orderDecisionId = request.priorDecisionId ?? id;
    if (stage === 'DELIVERY' && !(await this.decisions.isOrderOf(tx, orderDecisionId, trade.exporterId))) throw new Error(`${orderDecisionId} is not the decision of an order of this exporter`);
    const law = await this.laws.in(tx);
    const given = await this.completing.execute(tx, trade, { day: dayOf(law, trade, now), orderDecisionId, hold: true });
    const defect = undecidable(given);
    const accounts = defect ? null : await this.accounts.open(tx, { facts: given, recipientId: trade.recipientId, year: yearOf(law, given, now), orderDecisionId, now, hold: true });
    const facts: DecisionFacts = { ...given, prior: accounts?.prior ?? NO_VOLUME };
    const verdict = defect ? undecided(defect) : judge(law, legsOf(facts), now);
    const decision = await this.recording.execute(tx, caller, { id, recipientId: trade.recipientId, objectId: request.objectId, stage, priorDecisionId: request.priorDecisionId ?? null, verdict, facts, rulebookHash: law.hash, at: now });
    if (accounts && decision.permitted) await this.accounts.reserve(tx, accounts, { decisionId: id, orderDecisionId, at: now }, verdict.countsTowardsVolume, approvalsBehind(given, verdict.reliedOn));
    return decision;
  }

  /** Of data that is passed on, put on record; nothing is held or reserved: what a licensee passes on is no export of the exporter, it must only not be a way round. */
  async executeReshare(tx: Tx, caller: Caller, { objectId, facts: trade, priorDecisionId }: ReshareRequest, endUse: EndUseFacts): Promise<Decision> {
    const { law, facts, at } = await this.look(tx, trade, endUse);
    return this.recording.execute(tx, caller, { recipientId: trade.recipientId, objectId, stage: 'RESHARE', priorDecisionId, verdict: verdictOn(law, facts, at), facts, rulebookHash: law.hash, at });
  }

  /** The verdict of this moment without a record; nothing is held or reserved. */
  async evaluate(tx: Tx, trade: TradeFacts, endUse: EndUseFacts | null): Promise<Verdict> {
    const { law, facts, at } = await this.look(tx, trade, endUse);
    return verdictOn(law, facts, at);
  }
  private async look(tx: Tx, trade: TradeFacts, endUse: EndUseFacts | null): Promise<{ law: Law; facts: DecisionFacts; at: Date }> {
    const law = await this.laws.in(tx);
    const at = this.clock.now();
    const given = await this.completing.execute(tx, trade, { day: dayOf(law, trade, at), orderDecisionId: null, hold: false }, endUse);
    return { law, facts: { ...given, prior: undecidable(given) ? NO_VOLUME : await this.accounts.look(given, trade.recipientId, yearOf(law, given, at), at) }, at };
  }

  /** The same for a delivery: what its order has taken is not held against it. `reserves`: it would take more. */
  async evaluateDelivery(tx: Tx, trade: TradeFacts, orderDecisionId: string): Promise<{ verdict: Verdict; reserves: boolean }> {
    const law = await this.laws.in(tx);
    const now = this.clock.now();
    const { facts, accounts } = await this.known(tx, law, trade, orderDecisionId, now);
    const verdict = verdictOn(law, facts, now);
    const open = accounts && ((verdict.countsTowardsVolume && accounts.year && !isEmpty(accounts.year.open)) || (accounts.categories?.open.size ?? 0) > 0);
    return { verdict, reserves: Boolean(open) };
  }

  /** What is known of the trade of an order at a moment, under a law; nothing is held. */
  async known(tx: Tx, law: Law, trade: TradeFacts, orderDecisionId: string, at: Date): Promise<{ facts: DecisionFacts; accounts: OpenAccounts | null }> {
    const given = await this.completing.execute(tx, trade, { day: dayOf(law, trade, at), orderDecisionId, hold: false });
    const accounts = undecidable(given) ? null : await this.accounts.open(tx, { facts: given, recipientId: trade.recipientId, year: yearOf(law, given, at), orderDecisionId, now: at, hold: false });
    return { facts: { ...given, prior: accounts?.prior ?? NO_VOLUME }, accounts };
  }
}

/** What a law says of known facts. */
export function verdictOn(law: Law, facts: DecisionFacts, at: Date): Verdict {
  const defect = undecidable(facts);
  return defect ? undecided(defect) : judge(law, legsOf(facts), at);
}

/** The calendar year of the volume account, where the law of the origin, or of a place that the data came from, counts persons. */
function yearOf(law: Law, facts: Pick<TradeFacts, 'origin' | 'datasets'>, now: Date): number | null {
  const origins = [facts.origin, ...facts.datasets.flatMap((d) => (d.upstream ?? []).map((u) => u.jurisdiction))];
  return origins.map((origin) => law.booksFor(origin, now).own).find((book) => book?.rules.some((r) => r.volume.counted))?.year ?? null;
}

/** The day on which approvals have to be valid: where the law of the origin holds. */
const dayOf = (law: Law, { origin }: Pick<TradeFacts, 'origin'>, now: Date): string => law.booksFor(origin, now).own?.day ?? dayAt(now, 'UTC');

/** The approvals that a permitted transfer uses up. */
const approvalsBehind = ({ approvals }: TransferFacts, reliedOn: readonly string[]): string[] => approvals.filter((a) => reliedOn.includes(a.type)).map((a) => a.id);
