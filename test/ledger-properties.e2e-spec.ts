import fc from 'fast-check';
import { CURRENCIES, newId, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { verifyLedger } from '#settlement';
import pg from 'pg';
import { ACCOUNT_KINDS, type AccountKind, accountName, type JournalDraft, type PostingDraft } from '../libs/settlement/src/domain/ledger.js';
import { BalanceRepository } from '../libs/settlement/src/storage/balance.repository.js';
import { LedgerRefusal } from '../libs/settlement/src/storage/ledger-refusal.js';
import { LedgerRepository } from '../libs/settlement/src/storage/ledger.repository.js';
import { RollLedger } from '../libs/settlement/src/use-cases/roll-ledger.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';

trustCallsOutsideRequests();

const RUNS = Number(process.env['LEDGER_RUNS'] ?? 20);
const WRITERS = 6;
/** Few owners and kinds, so that calls meet on accounts; amounts to the largest. */
const OWNERS = Array.from({ length: 4 }, () => newId());
const QUADRILLION = 10n ** 15n;

const amount = fc.oneof({ weight: 9, arbitrary: fc.bigInt({ min: 1n, max: 50n }) }, { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: QUADRILLION }) });
const currency = fc.constantFrom(...CURRENCIES.slice(0, 3), 'JPY' as const, 'KWD' as const);
const accountOf = (...kinds: AccountKind[]) => fc.record({ ownerId: fc.constantFrom(...OWNERS), kind: fc.constantFrom(...kinds) });
/** Credits go mostly where they may, debits mostly so, that accounts come near their limits and now and then beyond. */
const credited = fc.oneof({ weight: 30, arbitrary: accountOf('ESCROW', 'PAYABLE', 'BUYER_BALANCE', 'COMMISSION_REVENUE', 'PAYMENT_CLEARING') }, { weight: 1, arbitrary: accountOf(...ACCOUNT_KINDS) });
const debited = fc.oneof({ weight: 20, arbitrary: accountOf('PAYMENT_CLEARING', 'RECEIVABLE', 'SUSPENSE') }, { weight: 3, arbitrary: accountOf('ESCROW', 'PAYABLE') }, { weight: 1, arbitrary: accountOf(...ACCOUNT_KINDS) });
/** One to three moves: two to six postings, zero in each currency. */
const moves = fc.array(fc.record({ from: credited, to: debited, amount, currency }), { minLength: 1, maxLength: 3 });
/** What a call does with a journal: a new one, one of before again, or its key with other content; and how many hours before now it counts. */
const entry = fc.record({ moves, key: fc.nat({ max: 40 }), other: fc.constantFrom(false, false, false, false, false, false, false, true), hoursBefore: fc.constantFrom(null, null, null, 0, 1, 30, 400) });
const call = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 5 }), fate: fc.constantFrom('commits', 'commits', 'commits', 'is killed', 'rolls back') });
const story = fc.array(fc.record({ calls: fc.array(call, { minLength: 1, maxLength: 8 }), seconds: fc.constantFrom(0, 1, 45, 4_000, 90_000), roll: fc.boolean() }), { minLength: 2, maxLength: 8 });
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

class GivenUp extends Error {}

describe('journals of several connections, some of which are killed', () => {
  const clock = new TestClock(new Date('2026-11-20T08:00:00Z'));
  let exchange: TestExchange;
  let ledger: LedgerRepository;
  let admin: pg.Client;
  /** What the tables say was posted, in the order in which they say it: the plain reckoning stands on it. */
  const postings = async () => (await admin.query<{ name: string; amount: string; effective_at: Date; recorded_at: Date }>(
    `select a.owner_id || '|' || a.kind || '|' || a.qualifier || '|' || a.currency as name, p.amount_minor::text as amount, p.effective_at, p.recorded_at from settlement.posting p join settlement.account a on a.id = p.account_id`)).rows;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ledger = exchange.app.get(LedgerRepository, { strict: false });
    admin = new pg.Client(exchange.databaseUrl);
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await exchange.close();
  });

  const draftOf = (run: string, { moves: all, key, other, hoursBefore }: Entry): JournalDraft => ({
    kind: 'FUND', idempotencyKey: `${run}:${key}`, tradeId: OWNERS[key % 4]!, payoutId: other ? newId() : null,
    ...(hoursBefore === null ? {} : { effectiveAt: new Date(clock.now().getTime() - hoursBefore * 3_600_000) }),
    postings: all.flatMap((m): PostingDraft[] => [
      { account: { ...m.from, qualifier: '', currency: m.currency }, amountMinor: -m.amount }, { account: { ...m.to, qualifier: '', currency: m.currency }, amountMinor: m.amount },
    ]),
  });
  /** Journals whose commit was answered; those whose connection died may be in or not, whole. */
  const answered = new Map<string, JournalDraft>();

  async function play(drafts: JournalDraft[], { fate }: Call): Promise<void> {
    try {
      await exchange.app.get(UnitOfWork, { strict: false }).run(async (tx) => {
        const posted = await ledger.post(tx, drafts, clock.now());
        if (fate === 'rolls back') throw new GivenUp();
        if (fate === 'is killed') {
          const [{ pid }] = (await tx.query('select pg_backend_pid() as pid')) as [{ pid: number }];
          await admin.query('select pg_terminate_backend($1)', [pid]);
          await tx.query('select 1');
        }
        return posted;
      });
    } catch (error) {
      if (error instanceof LedgerRefusal && ['ledger.beyond_limit', 'ledger.key_reused'].includes(error.code)) return;
      if (error instanceof GivenUp || fate === 'is killed') return;
      throw error;
    }
    for (const draft of drafts) answered.set(draft.idempotencyKey, draft);
  }

  const deadlocks = async (): Promise<number> => Number((await admin.query<{ deadlocks: string }>('select deadlocks from pg_stat_database where datname = current_database()')).rows[0]!.deadlocks);

  async function balancesAgree(moments: readonly (Date | null)[]): Promise<void> {
    const all = await postings();
    const repository = exchange.app.get(BalanceRepository, { strict: false });
    for (const effective of moments) {
      for (const recorded of moments) {
        const expected = new Map<string, bigint>();
        for (const p of all) {
          const counts = (!effective || p.effective_at <= effective) && (!recorded || p.recorded_at <= recorded);
          if (counts) expected.set(p.name, (expected.get(p.name) ?? 0n) + BigInt(p.amount));
        }
        for (const owner of OWNERS) {
          const page = await repository.page({ ownerId: owner, kind: null, currency: null }, { effective, recorded }, { first: 200, after: null });
          for (const a of page.items) expect([accountName(a), effective, recorded, a.debitMinor + a.creditMinor]).toEqual([accountName(a), effective, recorded, expected.get(accountName(a)) ?? 0n]);
        }
      }
    }
  }

  async function keysAreTakenOnce(): Promise<void> {
    const { rows } = await admin.query<{ key: string; payout_id: string | null; lines: string }>(
      `select j.idempotency_key as key, j.payout_id, (select string_agg(a.owner_id || a.kind || p.amount_minor, ',' order by p.line) from settlement.posting p join settlement.account a on a.id = p.account_id where p.journal_id = j.id) as lines from settlement.journal j`);
    const stored = new Map(rows.map((r) => [r.key, r]));
    for (const [key, draft] of answered) {
      expect(stored.get(key)).toEqual({ key, payout_id: draft.payoutId, lines: draft.postings.map((p) => `${p.account.ownerId}${p.account.kind as AccountKind}${p.amountMinor}`).join(',') });
    }
  }

  it('leave a ledger that is right, whose balances of any moment are those of a plain reckoning', async () => {
    const before = await deadlocks();
    await fc.assert(fc.asyncProperty(story, fc.array(fc.nat({ max: 200_000 }), { minLength: 2, maxLength: 3 }), async (steps, past) => {
      const run = newId();
      /** The same key means the same journal, unless it says otherwise. */
      const known = new Map<number, Entry>();
      answered.clear();
      for (const { calls, seconds, roll } of steps) {
        clock.advance(seconds);
        const planned = calls.map((c) => ({ call: c, drafts: c.entries.map((e) => {
          if (!e.other && !known.has(e.key)) known.set(e.key, e);
          return draftOf(run, e.other ? e : { ...known.get(e.key)!, hoursBefore: null });
        }) }));
        const queue = [...planned];
        await Promise.all(Array.from({ length: WRITERS }, async () => {
          for (let next = queue.shift(); next; next = queue.shift()) await play(next.drafts, next.call);
        }));
        if (roll) await exchange.app.get(RollLedger, { strict: false }).execute();
      }
      await keysAreTakenOnce();
      await balancesAgree([null, ...past.map((s) => new Date(clock.now().getTime() - s * 1_000))]);
      await admin.query('begin transaction isolation level repeatable read, read only');
      const { findings } = await verifyLedger(admin, 5);
      await admin.query('rollback');
      expect(findings.filter((f) => f.culprits.length > 0)).toEqual([]);
    }), { numRuns: RUNS, endOnFailure: true });
    expect((await postings()).length).toBeGreaterThan(100);
    expect(await deadlocks()).toBe(before);
  }, 600_000);
});
