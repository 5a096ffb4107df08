import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { currentScope, type Page, withScope } from '#shared';
import { type UsageQuestion, type UsageSum, type UsageWindow, wholeWindows, windowEnd, windowStart } from '../../domain/usage-query.js';
import { ReadUsage } from './read-usage.js';

const PAGE = 5_000;
/** Read at a time, so that what a page costs does not grow with the stretch that is asked for. */
const STEP: Readonly<Record<UsageWindow, UsageWindow>> = { hour: 'day', day: 'month', month: 'month' };

/** The rows of `usage`, all of them, read as fast as they are taken. */
@Injectable()
export class ExportUsage {
  constructor(private readonly reading: ReadUsage) {}

  /** Null for whoever may not ask. Each page is exact when it is read. */
  async execute(actor: Actor, question: UsageQuestion): Promise<AsyncGenerator<UsageSum, void, undefined> | null> {
    // Whoever takes the rows does so outside of the request and beyond its time: they are read as the caller's all the same, until he takes no more.
    const { signal: _, ...scope } = currentScope();
    const read = (asked: UsageQuestion, after: readonly string[] | null): Promise<Page<UsageSum> | null> => withScope(scope, () => this.reading.sumsFor(actor, asked, { first: PAGE, after }));
    const { from, until } = wholeWindows(question);
    if ((await this.reading.sumsFor(actor, { ...question, until: from }, { first: 1, after: null })) === null) return null;
    return rows({ ...question, from, until }, read);
  }
}

async function* rows(question: UsageQuestion, read: (asked: UsageQuestion, after: readonly string[] | null) => Promise<Page<UsageSum> | null>): AsyncGenerator<UsageSum, void, undefined> {
  const step = STEP[question.window];
  for (let from = question.from; from < question.until; ) {
    const end = windowEnd(step, windowStart(step, from));
    const until = end < question.until ? end : question.until;
    for (let after: readonly string[] | null = null; ; ) {
      const page = await read({ ...question, from, until }, after);
      // Rights may end while rows are read: better no file than one that looks whole.
      if (!page) throw new Error('the export may not be read any more');
      yield* page.items;
      if (!page.hasNextPage) break;
      after = JSON.parse(Buffer.from(page.endCursor!, 'base64url').toString('utf8')) as string[];
    }
    from = until;
  }
}
