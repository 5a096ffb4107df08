import { Injectable, Logger } from '@nestjs/common';
import { Clock, LIMITS, type Tx, UnitOfWork } from '#shared';
import type { Law } from '../../domain/law/law.js';
import type { PartName, Screening, ScreeningChange } from '../../domain/screening/screening.js';
import { type HeldPart, ScreeningRepository } from '../../storage/screening.repository.js';
import { CurrentLaw } from '../law/current-law.js';

/** What a page of a screening is judged by. */
export interface ScreeningRun {
  readonly id: string;
  readonly organisationId: string | null;
  /** Nothing may be changed. */
  readonly dryRun: boolean;
  /** In force now, or as proposed. */
  readonly law: Law;
  /** Null where it was the same. */
  readonly before: Law | null;
  readonly at: Date;
}
/** A room that owns what is screened: it reads its page, has it judged and changes what is affected, in the transaction handed in. */
export interface ScreenedRoom {
  count(tx: Tx, run: ScreeningRun): Promise<number>;
  /** Objects behind `after` in the order of their ids, at most `limit`; how many were seen, the last one of them, and what changed. */
  page(tx: Tx, run: ScreeningRun, after: string | null, limit: number): Promise<{ readonly seen: number; readonly lastId: string | null; readonly changes: readonly ScreeningChange[] }>;
}

const PAGE = 1_000;
/** A sweep works so long at a time, so that a process that stops is not kept waiting. */
const SLICE_MS = 5_000;
/** With pauses from half a second, doubling up to two and a half minutes, about an hour. */
const MOST_ATTEMPTS = 30;

/**
 * Goes through what a room owns, a page in a transaction. The place is written down with what was changed, so a process that dies has changed its
 * last page wholly or not at all and another one goes on behind it. Pages that change the market are judged under the law of their own moment.
 */
@Injectable()
export class RunScreening {
  private readonly log = new Logger('screening');
  private proposed: { readonly key: string; readonly law: Law } | null = null;

  constructor(private readonly uow: UnitOfWork, private readonly screenings: ScreeningRepository, private readonly laws: CurrentLaw, private readonly clock: Clock) {}

  /** For the room's sweep. Several processes may call it at once: a part has one of them. */
  async work(part: PartName, room: ScreenedRoom): Promise<void> {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) if (!(await this.turn(part, room))) return;
  }

  private async turn(part: PartName, room: ScreenedRoom): Promise<boolean> {
    let held: HeldPart | null = null;
    try {
      return await this.uow.run(async (tx) => {
        held = await this.screenings.take(tx, part, this.clock.now());
        if (held) await this.page(tx, held, room);
        return held !== null;
      });
    } catch (error) {
      if (held === null) throw error;
      await this.postpone(held, error as Error);
      return false;
    }
  }

  private async page(tx: Tx, held: HeldPart, room: ScreenedRoom): Promise<void> {
    const run = await this.begin(tx, held);
    const total = held.total ?? (await room.count(tx, run));
    const { seen, lastId, changes } = await room.page(tx, run, held.lastId, PAGE);
    await this.screenings.addResults(tx, run.id, changes);
    const finished = seen < PAGE;
    await this.screenings.advance(tx, held, { lastId, total, seen, affected: changes.length, finished });
    if (finished) await this.screenings.finish(tx, run.id, this.clock.now());
  }

  private async begin(tx: Tx, { screening, part }: HeldPart): Promise<ScreeningRun> {
    const { id, organisationId, dryRun } = screening;
    if (!dryRun) await this.screenings.alone(tx, part);
    const current = await this.laws.in(tx);
    const law = dryRun ? await this.proposedLaw(tx, screening, current) : current;
    const before = dryRun ? current : await this.laws.behind(screening.lawHashBefore);
    return { id, organisationId, dryRun, law, before: before === null || before.hash === law.hash ? null : before, at: this.clock.now() };
  }

  private async proposedLaw(tx: Tx, { documentHash, act }: Screening, current: Law): Promise<Law> {
    const key = `${current.hash} ${act} ${documentHash}`;
    if (this.proposed?.key !== key) this.proposed = { key, law: await this.laws.with(tx, documentHash!, act!) };
    return this.proposed.law;
  }

  private async postpone(held: HeldPart, error: Error): Promise<void> {
    this.log.error(`${held.part} of screening ${held.screening.id}: ${error.stack ?? error.message}`);
    await this.uow.run(async (tx) => {
      await this.screenings.postpone(tx, held, error.message.slice(0, LIMITS.longText), this.clock.now(), MOST_ATTEMPTS);
      await this.screenings.finish(tx, held.screening.id, this.clock.now());
    });
  }
}
