import { Injectable } from '@nestjs/common';
import { effectOf, type JudgedLicence, type ScreenedLicence, type ScreenedRoom, type ScreeningChange, type ScreeningRun, Screenings, whySuspended, WHY_RESUMED } from '#compliance';
import { systemCaller, type Tx } from '#shared';
import { type HeldLicence, type LiveLicence, ScreenedLicenceRepository } from '../storage/screened-licence.repository.js';
import { HoldLicence } from './hold-licence.js';
import { TransferFactsOf } from './transfer-facts.js';

interface Judged {
  readonly live: LiveLicence;
  readonly asked: ScreenedLicence;
  readonly judged: JudgedLicence;
}

/** Suspends licences whose transfers the law does not permit now and resumes those that it permits again, each with its decision. */
@Injectable()
export class ScreenLicences implements ScreenedRoom {
  constructor(private readonly screenings: Screenings, private readonly transfers: TransferFactsOf, private readonly licences: ScreenedLicenceRepository, private readonly holding: HoldLicence) {}

  count(tx: Tx, run: ScreeningRun): Promise<number> {
    return this.licences.count(tx, run.organisationId, run.at);
  }

  async page(tx: Tx, run: ScreeningRun, after: string | null, limit: number): ReturnType<ScreenedRoom['page']> {
    const page = await this.licences.page(tx, run.organisationId, run.at, after, limit);
    const affected = (await this.judge(tx, run, page)).filter(({ live, judged }) => effectOf(live.heldByLaw, judged.verdict.permitted));
    const held = run.dryRun ? null : await this.licences.hold(tx, affected.map((a) => a.live.id));
    const changes: ScreeningChange[] = [];
    for (const one of affected) {
      // A licence that ended, or that another screening looked at, since the page was read.
      if (held && !stillSo(one.live, held.get(one.live.id))) continue;
      if (held) await this.change(tx, run, one);
      changes.push(changeOf(one));
    }
    return { seen: page.length, lastId: page.at(-1)?.id ?? null, changes };
  }

  /** A licence whose product cannot be asked about delivers nothing anyway and stays as it is. */
  private async judge(tx: Tx, run: ScreeningRun, page: readonly LiveLicence[]): Promise<Judged[]> {
    const sides = await this.transfers.gatherMany(page);
    const asked = page.flatMap((live, i) => {
      const facts = sides[i]?.facts;
      return facts ? [{ live, asked: { licenceId: live.id, buyerId: live.buyerId, orderDecisionId: live.decisionId, facts } }] : [];
    });
    const judged = await this.screenings.judgeLicences(tx, run, asked.map((a) => a.asked));
    return asked.map((a, i) => ({ ...a, judged: judged[i]! }));
  }

  private async change(tx: Tx, run: ScreeningRun, { live, asked, judged }: Judged): Promise<void> {
    const { id, vendorId, buyerId } = live;
    const { permitted } = judged.verdict;
    const caller = systemCaller('screening', `screening:${run.id}`);
    const { id: decisionId } = await this.screenings.record(tx, caller, run, asked, judged);
    const details = { screeningId: run.id, decisionId };
    if (permitted) await this.holding.lift(tx, caller, live, { cause: 'COMPLIANCE', reason: WHY_RESUMED, decisionId }, details);
    else await this.holding.place(tx, caller, live, { cause: 'COMPLIANCE', reason: whySuspended(judged.verdict), decisionId }, details);
    await this.screenings.tell(tx, [vendorId, buyerId], { objectType: 'LICENCE', objectId: id, kind: permitted ? 'RESUMED' : 'SUSPENDED', decisionId, verdict: permitted ? null : judged.verdict });
  }
}

const stillSo = (seen: LiveLicence, now: HeldLicence | undefined): boolean => (now?.state === 'ACTIVE' || now?.state === 'SUSPENDED') && now.heldByLaw === seen.heldByLaw;

const changeOf = ({ live, judged: { verdict, outcomeBefore } }: Judged): ScreeningChange => ({
  objectType: 'LICENCE', objectId: live.id, effect: verdict.permitted ? 'RESUME' : 'SUSPEND', outcomeBefore: outcomeBefore(), outcomeAfter: verdict.outcome, reasons: verdict.reasons, missing: verdict.missing,
});
