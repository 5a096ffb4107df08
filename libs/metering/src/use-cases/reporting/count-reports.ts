import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Contracts } from '#contracts';
import type { Actor } from '#identity';
import { asExchange, Clock, sha256Hex, type Tx, UnitOfWork } from '#shared';
import type { UsageClaim } from '../../domain/cloud-event.js';
import { countable, type ReportRefusal } from '../../domain/reported-use.js';
import { named, type NamedUse, toBatch } from '../../domain/usage-event.js';
import { METERING_ERRORS } from '../../metering.errors.js';
import { UsageRepository } from '../../storage/usage.repository.js';

/** What one caller reports at once. */
export interface Told {
  readonly actor: Actor;
  readonly claims: readonly UsageClaim[];
}
/** What is to be counted of a report, or why nothing is. */
type Read = NamedUse | { readonly refusal: ReportRefusal };
export type Outcome = { readonly status: 'recorded' | 'duplicate' } | ({ readonly status: 'refused' } & ReportRefusal);

const RECORDED: Outcome = { status: 'recorded' };
const DUPLICATE: Outcome = { status: 'duplicate' };
const CONFLICT: Outcome = { status: 'refused', code: METERING_ERRORS.CONFLICT, message: 'this source and id stand for another use' };

/** Counts what several callers report, in one transaction, and says of each event what became of it. */
@Injectable()
export class CountReports {
  constructor(private readonly uow: UnitOfWork, private readonly repository: UsageRepository, private readonly contracts: Contracts, private readonly audit: Audit, private readonly clock: Clock) {}

  /** The vendors of one transaction are several, so it is the exchange's; what each may report, the licence says. */
  async execute(told: readonly Told[]): Promise<Outcome[][]> {
    return asExchange(async () => {
      const licences = await this.contracts.licencesByIds([...new Set(told.flatMap((t) => t.claims.map((c) => c.licenceId)))]);
      return this.uow.run(async (tx) => {
        const now = this.clock.now();
        const reports = told.map(({ actor, claims }) => claims.map((c): Read => {
          const report = countable(c, licences.get(c.licenceId), { vendorId: actor.tenantId, subject: actor.subject }, now);
          return 'use' in report ? named(report.use) : report;
        }));
        const outcomes = await this.count(tx, reports, now);
        for (const own of Map.groupBy(told.map(({ actor }, i) => ({ actor, outcomes: outcomes[i]!, reports: reports[i]! })), (t) => t.actor.subject).values()) await this.log(tx, own);
        return outcomes;
      });
    });
  }

  /** Of two that say the same the first counts; of two under one name that differ, the first. */
  private async count(tx: Tx, reports: readonly (readonly Read[])[], now: Date): Promise<Outcome[][]> {
    const uses = reports.flat().filter((r) => 'name' in r);
    const first = new Map<string, string>();
    for (const { name, digest } of uses) if (!first.has(name)) first.set(name, digest);
    const batch = toBatch(uses.filter((u) => first.get(u.name) === u.digest));
    const known = await this.repository.insert(tx, batch, now);
    const contradicted = await this.repository.contradicted(tx, known);
    const fresh = new Set(first.keys());
    for (const { name } of known) fresh.delete(name);
    return reports.map((own) => own.map((report) => {
      if ('refusal' in report) return { status: 'refused', ...report.refusal };
      if (contradicted.has(report.name) || first.get(report.name) !== report.digest) return CONFLICT;
      return fresh.delete(report.name) ? RECORDED : DUPLICATE;
    }));
  }

  /** One line for what a caller reported: the events themselves are the record, which nothing changes; their digest ties the line to them. */
  private async log(tx: Tx, own: readonly { readonly actor: Actor; readonly outcomes: readonly Outcome[]; readonly reports: readonly Read[] }[]): Promise<void> {
    const outcomes = own.flatMap((o) => o.outcomes);
    const { actor } = own[0]!;
    const uses = own.flatMap(({ reports, outcomes: of }) => reports.flatMap((r, i) => ('name' in r && of[i] === RECORDED ? [r.digest] : [])));
    await this.audit.append(tx, actor, {
      act: 'usage.report', objectType: 'organisation', objectId: actor.tenantId!,
      details: { recorded: uses.length, duplicates: outcomes.filter((o) => o === DUPLICATE).length, refused: outcomes.filter((o) => o.status === 'refused').length, digest: sha256Hex(uses.sort().join('\n')) },
    });
  }
}
