import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { type Caller, Clock, isId, type Tx } from '#shared';
import { Approvals, ServiceCounter } from './counter.facade.js';
import type { EndUseFacts } from './domain/declarations/end-use.js';
import type { Decision, Verdict } from './domain/decision.js';
import type { TradeFacts } from './domain/transfer.js';
import { type Certificates, type Declarations, type Findings, Registers, type Restricted } from './register.facade.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { Epoch } from './storage/epoch.repository.js';
import { DecideTransfer, type DecisionRequest, type ReshareRequest } from './use-cases/decide-transfer.js';
import { ClassificationDesk } from './use-cases/proposals/classification-desk.js';
import { VolumeLedger } from './volume-ledger.js';

const QUARTER_MS = 900_000;

/** Groups the smaller desks, so that the facade of the room keeps its constructor short. */
@Injectable()
export class Desks {
  constructor(readonly counter: ServiceCounter, readonly approvals: Approvals, readonly registers: Registers, readonly classification: ClassificationDesk, readonly volume: VolumeLedger) {}
}

/** What the law says of a transfer. */
@Injectable()
export class Compliance {
  constructor(
    private readonly deciding: DecideTransfer, private readonly decisions: DecisionRepository, private readonly desks: Desks, private readonly changes: Epoch, private readonly clock: Clock,
  ) {}

  /** Cases: filings, assessments, objections. */
  get counter(): ServiceCounter {
    return this.desks.counter;
  }
  /** Held results that satisfy a mechanism. */
  get approvals(): Approvals {
    return this.desks.approvals;
  }
  /** Tags that a dataset's files speak for, beside those that its vendor declares. */
  get classification(): ClassificationDesk {
    return this.desks.classification;
  }
  /** Persons that an exporter has exported in a year, and may still. */
  get volume(): VolumeLedger {
    return this.desks.volume;
  }
  get certificates(): Certificates {
    return this.desks.registers.certificates;
  }
  get restricted(): Restricted {
    return this.desks.registers.restricted;
  }
  get declarations(): Declarations {
    return this.desks.registers.declarations;
  }
  get findings(): Findings {
    return this.desks.registers.findings;
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
  /**
   * Decides on data that a licensee passes on, as if the exporter handed it to the recipient, and records it in the caller's transaction: where the act is
   * refused and rolled back, so is the record. Nothing is held or reserved. `priorDecisionId`: of the order under which the data came.
   */
  decideReshare(tx: Tx, caller: Caller, request: ReshareRequest, endUse: EndUseFacts): Promise<Decision> {
    return this.deciding.executeReshare(tx, caller, request, endUse);
  }
  /** A dry run with the volume as it stands, and with an end use that is not declared yet: records, holds and reserves nothing. With the reach of the exchange. */
  evaluate(tx: Tx, facts: TradeFacts, endUse: EndUseFacts | null = null): Promise<Verdict> {
    return this.deciding.evaluate(tx, facts, endUse);
  }
  /**
   * The verdict on a delivery without a record, its order's own volume not held against it. `reserves`: it would take volume that its order has
   * not, so it has to be decided.
   */
  evaluateDelivery(tx: Tx, facts: TradeFacts, orderDecisionId: string): Promise<{ readonly verdict: Verdict; readonly reserves: boolean }> {
    return this.deciding.evaluateDelivery(tx, facts, orderDecisionId);
  }
  /**
   * Differs once law, approvals, certificates, lists or findings have changed, or a quarter of an hour has begun: midnights, wherever they are,
   * fall on one, and with them entries begin and end. Whoever decides reads it before the facts.
   */
  async epoch(): Promise<string> {
    return `${await this.changes.now()}.${Math.floor(this.clock.now().getTime() / QUARTER_MS)}`;
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
