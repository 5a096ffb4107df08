import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { type Caller, isId, type Page, type PageRequest, type Tx } from '#shared';
import type { Decision, Verdict } from './domain/decision.js';
import type { ProductFacts } from './domain/screening/product-facts.js';
import type { PartName, Screening, ScreeningChange, ScreeningProgress } from './domain/screening/screening.js';
import { ScreeningRepository } from './storage/screening.repository.js';
import { JudgeScreened, type JudgedLicence, type JudgedProduct, type ScreenedLicence, type ScreeningNotice } from './use-cases/screening/judge-screened.js';
import { RequestScreening, type ScreeningRequest } from './use-cases/screening/request-screening.js';
import { RunScreening, type ScreenedRoom, type ScreeningRun } from './use-cases/screening/run-screening.js';

/** The market looked at again after a change. This room keeps the runs and judges; the rooms that own products and licences hand them in. */
@Injectable()
export class Screenings {
  constructor(
    private readonly requests: RequestScreening, private readonly runs: RunScreening, private readonly judging: JudgeScreened,
    private readonly repository: ScreeningRepository,
  ) {}

  /** A fact has changed that decisions stand on: what it touches is looked at again in the background. In the transaction of the change. */
  request(tx: Tx, caller: Caller, request: ScreeningRequest): Promise<Screening> {
    return this.requests.request(tx, caller, request);
  }
  /** One slice of what waits for a room, for its sweep; safe when several processes call it. A page that throws is tried again later. */
  work(part: PartName, room: ScreenedRoom): Promise<void> {
    return this.runs.work(part, room);
  }
  /** Whether a product is prohibited whoever buys it. Pure. */
  judgeProduct(run: ScreeningRun, facts: ProductFacts): JudgedProduct {
    return this.judging.product(run, facts);
  }
  /** The same under the law of this moment, for whoever puts a product before buyers. */
  prohibitionNow(facts: ProductFacts): Promise<Verdict | null> {
    return this.judging.prohibitionNow(facts);
  }
  /** What the law of the run says of each licence, in their sequence, with the volume as it stands; reserves nothing. */
  judgeLicences(tx: Tx, run: ScreeningRun, licences: readonly ScreenedLicence[]): Promise<JudgedLicence[]> {
    return this.judging.licences(tx, run, licences);
  }
  /** Puts the verdict on one of them on record, in the transaction that suspends or resumes it. */
  record(tx: Tx, caller: Caller, run: ScreeningRun, licence: ScreenedLicence, judged: JudgedLicence): Promise<Decision> {
    return this.judging.record(tx, caller, run, licence, judged);
  }
  /** Tells these organisations why, in the same transaction. `verdict` null: it is permitted again. */
  tell(tx: Tx, organisationIds: readonly string[], line: ScreeningNotice): Promise<void> {
    return this.judging.tell(tx, organisationIds, line);
  }

  /** For staff that screens; null for others and where there is none. */
  async screeningFor(actor: Actor, id: string): Promise<ScreeningProgress | null> {
    return permits(actor, 'compliance:screen') && isId(id) ? this.repository.byId(id) : null;
  }
  async screeningsFor(actor: Actor, page: PageRequest): Promise<Page<ScreeningProgress> | null> {
    return permits(actor, 'compliance:screen') ? this.repository.page(page) : null;
  }
  resultsOf(screeningId: string, page: PageRequest): Promise<Page<ScreeningChange>> {
    return this.repository.results(screeningId, page);
  }
}
