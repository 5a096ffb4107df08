import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { effectOf, type JudgedLicence, type ScreenedLicence, type ScreenedRoom, type ScreeningChange, type ScreeningRun, Screenings, whySuspended, WHY_RESUMED } from '#compliance';
import { accepted, systemCaller, type Tx } from '#shared';
import { LicenceResumed, LicenceSuspended } from '../contracts.events.js';
import { licenceStates } from '../domain/licence-state.js';
import { type HeldLicence, type LiveLicence, ScreenedLicenceRepository } from '../storage/screened-licence.repository.js';
import { TransferFactsOf } from './transfer-facts.js';

interface Judged {
  readonly live: LiveLicence;
  readonly asked: ScreenedLicence;
  readonly judged: JudgedLicence;
}

/** Suspends licences whose transfers the law does not permit now and resumes those that it permits again, each with its decision. */
@Injectable()
export class ScreenLicences implements ScreenedRoom {
  constructor(private readonly screenings: Screenings, private readonly transfers: TransferFactsOf, private readonly licences: ScreenedLicenceRepository, private readonly audit: Audit) {}

  count(tx: Tx, run: ScreeningRun): Promise<number> {
    return this.licences.count(tx, run.organisationId, run.at);
  }

  async page(tx: Tx, run: ScreeningRun, after: string | null, limit: number): ReturnType<ScreenedRoom['page']> {
    const page = await this.licences.page(tx, run.organisationId, run.at, after, limit);
    const affected = (await this.judge(tx, run, page)).filter(({ live, judged }) => effectOf(live.state === 'SUSPENDED', judged.verdict.permitted));
    const held = run.dryRun ? null : await this.licences.hold(tx, affected.map((a) => a.live.id));
    const changes: ScreeningChange[] = [];
    for (const one of affected) {
      // A licence that ended, or that staff suspended, since the page was read.
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

  private async change(tx: Tx, run: ScreeningRun, { live: { id, state, productId, vendorId, buyerId }, asked, judged }: Judged): Promise<void> {
    const { permitted } = judged.verdict;
    const reason = permitted ? WHY_RESUMED : whySuspended(judged.verdict);
    const caller = systemCaller('screening', `screening:${run.id}`);
    const { id: decisionId } = await this.screenings.record(tx, caller, run, asked, judged);
    accepted(await this.audit.transition(tx, caller, {
      table: licenceStates, state, event: permitted ? 'resume' : 'suspend', objectType: 'licence', objectId: id, tenantId: buyerId, reason, details: { screeningId: run.id, decisionId },
      announce: { type: permitted ? LicenceResumed : LicenceSuspended, payload: { licenceId: id, productId, vendorId, buyerId, decisionId, reason } },
    }));
    await (permitted ? this.licences.resume(tx, id) : this.licences.suspend(tx, id, reason, decisionId));
    await this.screenings.tell(tx, [vendorId, buyerId], { objectType: 'LICENCE', objectId: id, kind: permitted ? 'RESUMED' : 'SUSPENDED', decisionId, verdict: permitted ? null : judged.verdict });
  }
}

const stillSo = (seen: LiveLicence, now: HeldLicence | undefined): boolean => now?.state === seen.state && (seen.state === 'ACTIVE' || now.suspendedBy === 'COMPLIANCE');

const changeOf = ({ live, judged: { verdict, outcomeBefore } }: Judged): ScreeningChange => ({
  objectType: 'LICENCE', objectId: live.id, effect: verdict.permitted ? 'RESUME' : 'SUSPEND', outcomeBefore: outcomeBefore(), outcomeAfter: verdict.outcome, reasons: verdict.reasons, missing: verdict.missing,
});
