import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, canonicalHash, Clock, newId, type Tx } from '#shared';
import type { Decision, Verdict } from '../domain/decision.js';
import { judge } from '../domain/engine.js';
import { type Applicable, RulebookShelf } from '../domain/rulebook-shelf.js';
import { beyond, type DecisionFacts, isEmpty, NO_VOLUME, type TransferFacts, undecidable, type Volume, volumeOf } from '../domain/transfer.js';
import { DecisionRepository } from '../storage/decision.repository.js';
import { VolumeRepository, type YearKey } from '../storage/volume.repository.js';

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
    private readonly shelf: RulebookShelf, private readonly decisions: DecisionRepository, private readonly volumes: VolumeRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, request: DecisionRequest): Promise<Decision> {
    const { facts: given, stage } = request;
    const now = this.clock.now();
    const id = newId();
    const orderDecisionId = request.priorDecisionId ?? id;
    if (stage === 'DELIVERY' && !(await this.decisions.isOrderOf(tx, orderDecisionId, given.exporterId))) throw new Error(`${orderDecisionId} is not the decision of an order of this exporter`);
    const book = this.shelf.at(given.origin, now);
    const account = book && !undecidable(given) ? await this.open(tx, book, given, orderDecisionId) : null;
    const facts: DecisionFacts = { ...given, prior: account?.others ?? NO_VOLUME };
    const { countsTowardsVolume, ...verdict } = judge(book?.content ?? null, facts, book?.day ?? '');
    const decision: Decision = {
      ...verdict, id, exporterId: facts.exporterId, recipientId: request.recipientId, objectId: request.objectId, stage, priorDecisionId: request.priorDecisionId ?? null,
      facts, factsHash: canonicalHash(facts), rulebookHash: book?.hash ?? this.shelf.hash, asOf: now, decidedAt: now,
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
    const book = this.shelf.at(facts.origin, this.clock.now());
    const prior = book ? await this.volumes.ofYear({ exporterId: facts.exporterId, year: book.year }) : NO_VOLUME;
    return judge(book?.content ?? null, { ...facts, prior }, book?.day ?? '');
  }

  /**
   * What other orders have taken of the year, and what of this transfer its own order has not reserved in this year yet: all of
   * it for an order, nothing for a delivery in the same year, all of it again for the first delivery in a new year.
   */
  private async open(tx: Tx, book: Applicable, facts: TransferFacts, orderDecisionId: string): Promise<{ key: YearKey; others: Volume; open: Volume }> {
    const key = { exporterId: facts.exporterId, year: book.year };
    const volume = volumeOf(facts);
    // Without personal data nothing can be reserved, so nothing has to queue.
    const total = isEmpty(volume) ? await this.volumes.read(tx, key) : await this.volumes.lock(tx, key);
    const own = await this.volumes.ofOrder(tx, key, orderDecisionId);
    return { key, others: beyond(total, own), open: beyond(volume, own) };
  }
}
