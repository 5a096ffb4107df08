import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, canonicalHash, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../domain/decision.js';
import type { DecisionFacts } from '../domain/transfer.js';
import { DecisionRepository } from '../storage/decision.repository.js';

/** What a verdict was asked for, and of what. */
export interface JudgedTransfer extends Pick<Decision, 'recipientId' | 'objectId' | 'stage' | 'priorDecisionId'> {
  readonly id?: string;
  readonly verdict: Verdict;
  readonly facts: DecisionFacts;
  readonly rulebookHash: string;
  readonly at: Date;
}

/** Puts a verdict on record with the facts and the law that it stands on, in the caller's transaction. */
@Injectable()
export class RecordDecision {
  constructor(private readonly decisions: DecisionRepository, private readonly audit: Audit) {}

  async execute(tx: Tx, caller: Caller, { verdict, facts, at, id = newId(), ...asked }: JudgedTransfer, details: Readonly<Record<string, unknown>> = {}): Promise<Decision> {
    const { countsTowardsVolume: _counts, reliedOn: _held, ...said } = verdict;
    const decision: Decision = { ...said, ...asked, id, exporterId: facts.exporterId, facts, factsHash: canonicalHash(facts), asOf: at, decidedAt: at };
    await this.decisions.insert(tx, decision);
    const { objectId, stage, outcome, permitted, factsHash, rulebookHash } = decision;
    await this.audit.append(tx, caller, {
      act: 'compliance.decide', objectType: 'decision', objectId: id, tenantId: facts.exporterId,
      details: { objectId, stage, ...details, outcome, permitted, factsHash, rulebookHash, rule: decision.considered.at(-1) },
    });
    return decision;
  }
}
