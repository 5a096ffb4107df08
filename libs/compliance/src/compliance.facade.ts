import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { type Caller, isId, type Tx } from '#shared';
import { Approvals, ServiceCounter } from './counter.facade.js';
import type { Decision, Verdict } from './domain/decision.js';
import type { TradeFacts } from './domain/transfer.js';
import { type Certificates, type Declarations, type Findings, Registers, type Restricted } from './register.facade.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { DecideTransfer, type DecisionRequest } from './use-cases/decide-transfer.js';
import type { VolumeLedger } from './volume-ledger.js';
import { ClassificationDesk } from './use-cases/proposals/classification-desk.js';

/** What the law of the exporter's place says of a transfer. */
@Injectable()
export class Compliance {
  constructor(
    private readonly deciding: DecideTransfer, private readonly decisions: DecisionRepository, readonly counter: ServiceCounter, readonly approvals: Approvals, private readonly registers: Registers,
    /** Tags that a dataset's files speak for, beside those that its vendor declares. */
    readonly classification: ClassificationDesk,
  ) {}

  get certificates(): Certificates {
    return this.registers.certificates;
  }
  get restricted(): Restricted {
    return this.registers.restricted;
  }
  get declarations(): Declarations {
    return this.registers.declarations;
  }
  get findings(): Findings {
    return this.registers.findings;
  }
  get volume(): VolumeLedger {
    return this.registers.volume;
  }

  /**
   * Decides on a transfer under the law of today and records it in the caller's transaction, permitted or not: where the act is
   * refused and rolled back, so is the record. `free` and `exempt` permit, nothing else does. A permitted order reserves its
   * persons in the exporter's calendar year (CAC Order 16 Art. 5, 7, 8), and US persons by category in what its recipient receives of him (28 CFR 202.205);
   * a delivery reserves only what its order has not. `volume` says what becomes of it.
   * Throws when `priorDecisionId` is not the decision of an order of this exporter.
   */
  decide(tx: Tx, caller: Caller, request: DecisionRequest): Promise<Decision> {
    return this.deciding.execute(tx, caller, request);
  }
  /** A dry run with the volume as it stands: records, holds and reserves nothing. */
  evaluate(facts: TradeFacts): Promise<Verdict> {
    return this.deciding.evaluate(facts);
  }
  /** Decisions by id, for other rooms and loaders. Ids that do not exist are missing from the map. */
  byIds(ids: readonly string[]): Promise<Map<string, Decision>> {
    return this.decisions.byIds(ids);
  }
  /** A decision for staff that oversees trades; null for everybody else and where there is none. */
  async decisionFor(actor: Actor, id: string): Promise<Decision | null> {
    if (!permits(actor, 'oversight:read') || !isId(id)) return null;
    return (await this.decisions.byIds([id])).get(id) ?? null;
  }
}
