import { type Currency, Database, newId, trustCallsOutsideRequests, type Tx, UnitOfWork } from '#shared';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { ACCOUNT_KINDS, type AccountKind, type JournalDraft, type PostingDraft } from '../domain/ledger.js';
import { RollLedger } from '../use-cases/roll-ledger.js';
import { BalanceRepository } from './balance.repository.js';
import { LedgerRefusal } from './ledger-refusal.js';
import { LedgerRepository } from './ledger.repository.js';

trustCallsOutsideRequests();

const QUADRILLION = 10n ** 15n;
const posting = (ownerId: string, kind: AccountKind, amountMinor: bigint, currency: Currency = 'CNY', qualifier = ''): PostingDraft => ({ account: { ownerId, kind, qualifier, currency }, amountMinor });
const draft = (postings: PostingDraft[], over: Partial<JournalDraft> = {}): JournalDraft => ({ kind: 'FUND', idempotencyKey: newId(), tradeId: newId(), payoutId: null, postings, ...over });
const refusal = (code: string) => expect.objectContaining({ code }) as LedgerRefusal;

describe('the ledger', () => {
  let exchange: TestExchange;
  let ledger: LedgerRepository;
  let balances: BalanceRepository;
  let uow: UnitOfWork;
  const clock = new TestClock();
  const house = newId();

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ledger = exchange.app.get(LedgerRepository, { strict: false });
    balances = exchange.app.get(BalanceRepository, { strict: false });
    uow = exchange.app.get(UnitOfWork, { strict: false });
  });
  afterAll(() => exchange.close());

  const post = (...drafts: JournalDraft[]) => uow.run((tx) => ledger.post(tx, drafts, clock.now()));
  const deposit = (owner: string, amount: bigint, currency: Currency = 'CNY', over: Partial<JournalDraft> = {}): JournalDraft =>
    draft([posting(house, 'PAYMENT_CLEARING', amount, currency, 'bank'), posting(owner, 'ESCROW', -amount, currency)], over);
  const held = async (ownerId: string, kind: AccountKind, effective: Date | null = null, recorded: Date | null = null): Promise<bigint> => {
    const page = await balances.page({ ownerId, kind, currency: null }, { effective, recorded }, { first: 10, after: null });
    return page.items.reduce((sum, a) => sum + a.debitMinor + a.creditMinor, 0n);
  };
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;

  it('knows in SQL the kinds that the code knows', async () => {
    expect((await rows<{ kind: string }>('select kind from settlement.account_kind')).map((r) => r.kind).sort()).toEqual([...ACCOUNT_KINDS].sort());
  });

  it('posts thousands of journals in one statement, with the accounts that are missing', async () => {
    const owners = Array.from({ length: 300 }, () => newId());
    const drafts = Array.from({ length: 3_000 }, (_, i) => deposit(owners[i % 300]!, BigInt(i + 1), (['CNY', 'JPY', 'KWD'] as const)[i % 3]));
    const statements: string[] = [];
    const posted = await uow.run((tx) => ledger.post({ query: (text: string, values: unknown[]) => (statements.push(text), tx.query(text, values)) } as Tx, drafts, clock.now()));
    expect(statements).toHaveLength(1);
    expect(posted.filter((p) => p.isNew)).toHaveLength(3_000);
    expect((await rows<{ n: number }>('select count(*)::int as n from settlement.account where owner_id = any($1)', [owners]))[0]!.n).toBe(300);
    const again = await post(...drafts);
    expect(again).toEqual(posted.map((p) => ({ ...p, isNew: false })));
  });

  it('takes a key once: the same content has no effect, also twice in one call and at once; other content is refused', async () => {
    const owner = newId();
    const first = deposit(owner, 500n);
    const copies = await Promise.all(Array.from({ length: 6 }, () => post(first, first)));
    expect(new Set(copies.flat().map((p) => p.id)).size).toBe(1);
    expect(copies.flat().filter((p) => p.isNew)).toHaveLength(1);
    clock.advance(10);
    await post(first);
    expect(await held(owner, 'ESCROW')).toBe(-500n);
    const [clearing, escrow] = first.postings as [PostingDraft, PostingDraft];
    const others: Partial<JournalDraft>[] = [
      { postings: deposit(owner, 501n).postings }, { postings: deposit(newId(), 500n).postings }, { postings: [escrow, clearing] }, { tradeId: newId() }, { payoutId: newId() },
      { reference: { type: 'REFUND', id: newId() } }, { effectiveAt: new Date(clock.now().getTime() - 60_000) },
    ];
    for (const other of others) await expect(post({ ...first, ...other })).rejects.toEqual(refusal('ledger.key_reused'));
    await expect(post(deposit(owner, 9n), { ...first, tradeId: newId() })).rejects.toEqual(refusal('ledger.key_reused'));
    expect(await held(owner, 'ESCROW')).toBe(-500n);
  });

  it('refuses what does not sum to zero per currency, what says not what it is about, and what is no amount', async () => {
    const owner = newId();
    await expect(post(draft([posting(owner, 'ESCROW', -5n), posting(house, 'PAYMENT_CLEARING', 4n)]))).rejects.toEqual(refusal('ledger.not_balanced'));
    await expect(post(draft([posting(owner, 'ESCROW', -5n), posting(house, 'PAYMENT_CLEARING', 5n, 'JPY')]))).rejects.toEqual(refusal('ledger.not_balanced'));
    await expect(post(draft([]))).rejects.toMatchObject({ constraint: 'journal_has_postings' });
    await expect(post(deposit(owner, 5n, 'CNY', { tradeId: null }))).rejects.toMatchObject({ code: '23514' });
    await expect(post(deposit(owner, 5n, 'CNY', { kind: 'PAYOUT_SENT' }))).rejects.toMatchObject({ constraint: 'journal_kind' });
    await expect(post(deposit(owner, QUADRILLION + 1n))).rejects.toMatchObject({ constraint: 'posting_amount' });
    expect(await held(owner, 'ESCROW')).toBe(0n);
  });

  it('holds sums beyond what one amount may be, in currencies of 0, 2 and 3 decimals', async () => {
    for (const currency of ['JPY', 'SGD', 'KWD'] as const) {
      const owner = newId();
      for (let batch = 0; batch < 10; batch++) await post(...Array.from({ length: 1_000 }, () => deposit(owner, QUADRILLION, currency)));
      // More than a bigint takes.
      expect(await held(owner, 'ESCROW')).toBe(-10_000n * QUADRILLION);
      await expect(post(draft([posting(owner, 'ESCROW', QUADRILLION, currency), posting(house, 'ROUNDING', -QUADRILLION, currency)]))).resolves.toHaveLength(1);
    }
  });

  it('keeps the limit of each kind, and lets nobody overdraw at once', async () => {
    for (const { kind, least, most } of await rows<{ kind: AccountKind; least: string | null; most: string | null }>('select kind, least_owed_minor as least, most_owed_minor as most from settlement.account_kind')) {
      const move = (amount: bigint) => post(draft([posting(newId(), kind, amount), posting(house, 'SUSPENSE', -amount)]));
      await (least === null ? expect(move(1n)).resolves.toHaveLength(1) : expect(move(1n)).rejects.toEqual(refusal('ledger.beyond_limit')));
      await (most === null ? expect(move(-1n)).resolves.toHaveLength(1) : expect(move(-1n)).rejects.toEqual(refusal('ledger.beyond_limit')));
    }
    const owner = newId();
    await post(deposit(owner, 100n));
    const spent = await Promise.allSettled(Array.from({ length: 5 }, () => post(draft([posting(owner, 'ESCROW', 60n), posting(house, 'PAYMENT_CLEARING', -60n)]))));
    expect(spent.filter((s) => s.status === 'fulfilled')).toHaveLength(1);
  });

  it('grants one account more than its kind, and lets what is beyond a lowered limit come back', async () => {
    const buyer = newId();
    const draw = (amount: bigint) => post(draft([posting(buyer, 'CREDIT_LINE', amount), posting(house, 'SUSPENSE', -amount)]));
    await expect(draw(1n)).rejects.toEqual(refusal('ledger.beyond_limit'));
    await rows(`insert into settlement.account (id, owner_id, kind, currency, created_at) values ($1, $2, 'CREDIT_LINE', 'CNY', $3)`, [newId(), buyer, clock.now()]);
    const grant = (amount: number) => rows(`insert into settlement.account_limit (account_id, set_at, least_owed_minor) select id, now(), -$2::numeric from settlement.account where owner_id = $1`, [buyer, amount]);
    await grant(1_000);
    await draw(1_000n);
    await expect(draw(1n)).rejects.toEqual(refusal('ledger.beyond_limit'));
    await grant(400);
    await draw(-100n);
    await expect(draw(50n)).rejects.toEqual(refusal('ledger.beyond_limit'));
    await draw(-900n);
    await expect(draw(-1n)).rejects.toEqual(refusal('ledger.beyond_limit'));
    await draw(400n);
  });

  it('never waits for a hot account', async () => {
    await post(draft([posting(house, 'COMMISSION_REVENUE', -1n), posting(house, 'PAYMENT_CLEARING', 1n)]));
    let release = (): void => undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = uow.run(async (tx) => {
      await ledger.post(tx, [draft([posting(house, 'COMMISSION_REVENUE', -5n), posting(house, 'PAYMENT_CLEARING', 5n)])], clock.now());
      resolve();
      await new Promise<void>((done) => (release = done));
    });
    await promise;
    await post(draft([posting(house, 'COMMISSION_REVENUE', -7n), posting(house, 'PAYMENT_CLEARING', 7n)]));
    release();
    await first;
  });

  it('answers balances on either clock, also once time is closed and folded', async () => {
    const owner = newId();
    const day = 86_400;
    const moments: Date[] = [];
    for (let i = 0; i < 6; i++) {
      clock.advance(day);
      // The last three count from two days before.
      await post(...Array.from({ length: 300 }, () => deposit(owner, 1n, 'CNY', i < 3 ? {} : { effectiveAt: new Date(clock.now().getTime() - 2 * day * 1_000) })));
      moments.push(clock.now());
    }
    const expected = async (): Promise<void> => {
      for (let e = 0; e < 6; e++) {
        for (let r = 0; r < 6; r++) {
          const counted = [0, 1, 2, 3, 4, 5].filter((i) => i <= r && (i < 3 ? i : i - 2) <= e).length;
          expect([e, r, await held(owner, 'ESCROW', moments[e]!, moments[r]!)]).toEqual([e, r, -300n * BigInt(counted)]);
        }
      }
      expect(await held(owner, 'ESCROW', new Date(moments[0]!.getTime() - 1))).toBe(0n);
    };
    await expected();
    const roll = exchange.app.get(RollLedger, { strict: false });
    clock.advance(day);
    await roll.execute();
    await roll.execute();
    expect(await rows('select 1 from settlement.balance_snapshot s join settlement.account a on a.id = s.account_id where a.owner_id = $1', [owner])).toHaveLength(3);
    await expected();
    await post(deposit(owner, 100n));
    expect(await held(owner, 'ESCROW')).toBe(-1_900n);
    await expect(post(deposit(owner, 1n, 'CNY', { effectiveAt: new Date(clock.now().getTime() + 1_000) }))).rejects.toEqual(refusal('ledger.effective_in_future'));
  });

  it('records nothing in time that is closed, and nothing in a period that is', async () => {
    const owner = newId();
    await post(deposit(owner, 5n));
    clock.advance(120);
    const roll = exchange.app.get(RollLedger, { strict: false });
    await roll.execute();
    const [{ closed }] = await rows<{ closed: Date }>('select announced_until as closed from settlement.ledger_clock') as [{ closed: Date }];
    // A process whose clock is slow is recorded at the earliest moment that is open.
    await uow.run((tx) => ledger.post(tx, [deposit(owner, 6n)], new Date(closed.getTime() - 60_000)));
    expect(await held(owner, 'ESCROW', null, new Date(closed.getTime() - 1))).toBe(-5n);
    expect(await held(owner, 'ESCROW', null, closed)).toBe(-11n);
    await rows('update settlement.ledger_clock set open_from = $1', [new Date(closed.getTime() - 10_000)]);
    await expect(post(deposit(owner, 1n, 'CNY', { effectiveAt: new Date(closed.getTime() - 11_000) }))).rejects.toEqual(refusal('ledger.period_closed'));
    await post(deposit(owner, 1n, 'CNY', { effectiveAt: new Date(closed.getTime() - 10_000) }));
    await rows(`update settlement.ledger_clock set open_from = '-infinity'`);
  });

  it('waits with closing for whoever began to post before', async () => {
    const owner = newId();
    clock.advance(600);
    await post(deposit(owner, 1n));
    let release = (): void => undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = uow.run(async (tx) => {
      await ledger.post(tx, [deposit(owner, 10n)], clock.now());
      resolve();
      await new Promise<void>((done) => (release = done));
    });
    await promise;
    const before = clock.now();
    clock.advance(600);
    const roll = exchange.app.get(RollLedger, { strict: false });
    await roll.execute();
    const state = async () => (await rows<{ open: boolean }>('select announced_until > rolled_until as open from settlement.ledger_clock'))[0]!.open;
    expect(await state()).toBe(true);
    release();
    await slow;
    await roll.execute();
    expect(await state()).toBe(false);
    expect(await held(owner, 'ESCROW', null, before)).toBe(-11n);
    for (const line of await ledger.trialBalance()) expect(line).toMatchObject({ sumMinor: 0n, driftedAccounts: 0 });
  });

  it('gives a statement page by page, with the balance behind each line', async () => {
    const owner = newId();
    for (let i = 1; i <= 7; i++) {
      clock.advance(60);
      await post(deposit(owner, BigInt(i)), deposit(owner, BigInt(10 * i)));
    }
    const [account] = (await balances.page({ ownerId: owner, kind: null, currency: null }, { effective: null, recorded: null }, { first: 2, after: null })).items;
    const window = { from: new Date(clock.now().getTime() - 5 * 60_000), until: clock.now() };
    expect(await balances.ends(account!.id, window)).toEqual({ openingMinor: -11n, closingMinor: -11n * 21n });
    const seen: bigint[] = [];
    let running = -11n;
    for (let after: readonly string[] | null = null, more = true; more; ) {
      const page = await balances.statement(account!.id, window, { first: 3, after });
      for (const line of page.items) {
        running += line.amountMinor;
        expect(line.balanceMinor).toBe(running);
        seen.push(line.amountMinor);
      }
      more = page.hasNextPage;
      after = page.items.at(-1)!.key;
    }
    expect(seen).toHaveLength(10);
    expect(running).toBe(-11n * 21n);
  });

  it('lets the application write no kept balance, no limit of a kind and no clock', async () => {
    const database = exchange.app.get(Database, { strict: false });
    for (const [i, text] of ['update settlement.guarded_balance set owed_minor = 0', `insert into settlement.account_kind values ('GIFT', 'DEBIT', null, null, 'x')`, `update settlement.ledger_clock set open_from = now()`,
      'delete from settlement.balance_snapshot', 'delete from settlement.ledger_seal', 'update settlement.kind_total set postings = 1'].entries()) {
      await expect(database.query({ name: `test.forbidden-${i}`, text })).rejects.toThrow('permission denied');
    }
  });
});
