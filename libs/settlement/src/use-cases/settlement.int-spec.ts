import { jest } from '@jest/globals';
import { type Currency, Database, money, newId, systemCaller, UnitOfWork, trustCallsOutsideRequests } from '#shared';
import { type OpenTrade, PayoutPort, Settlement, type Trade } from '#settlement';
import { TestClock } from '../../../../test/support/clock.js';
import type { GraphClient } from '../../../../test/support/client.js';
import { hire } from '../../../../test/support/market.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';

const caller = systemCaller('test');
const WINDOW = 3600;

trustCallsOutsideRequests();

describe('settlement', () => {
  let exchange: TestExchange;
  let settlement: Settlement;
  let officer: GraphClient;
  const clock = new TestClock();
  /** In good standing, each for one test. */
  const vendors = Array.from({ length: 60 }, () => newId());
  const freshVendor = ((next = 0) => () => vendors[next++]!)();

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { ACCEPTANCE_SECONDS: String(WINDOW) } });
    settlement = exchange.app.get(Settlement, { strict: false });
    const admin = await exchange.client('staff-admin');
    await hire(exchange, admin, 'officer', 'SETTLEMENT_OFFICER');
    await exchange.owner.query(`insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at)
      select id, 'TRADER', 'Vendor', 'CN', 'VERIFIED', 2, now(), now() + interval '1 year', now() from unnest($1::uuid[]) as id`, [vendors]);
  });
  afterAll(() => exchange.close());
  // The hours that acceptance takes are more than a token lives.
  beforeEach(async () => void (officer = await exchange.client('officer')));

  const inTx = <T>(work: Parameters<UnitOfWork['run']>[0]): Promise<T> => exchange.app.get(UnitOfWork, { strict: false }).run(work) as Promise<T>;
  const draft = (over: Partial<OpenTrade> = {}, net = 100_000n, tax = 6_000n, currency: Currency = 'CNY'): OpenTrade => ({
    kind: 'PURCHASE', reference: `purchase:${newId()}`, agreementId: newId(), licenceId: newId(), vendorId: freshVendor(), buyerId: newId(), net: money(net, currency), tax: money(tax, currency),
    gross: money(net + tax, currency), taxJurisdiction: 'CN', taxTreatment: { rule: 'test' }, commissionTax: { basisPoints: 600, jurisdiction: 'CN', treatment: {} }, ...over,
  });
  const open = (input: OpenTrade): Promise<Trade> => inTx((tx) => settlement.openTrade(tx, caller, input));
  const fund = (trade: Trade, paymentId = newId(), amount = trade.gross): Promise<Trade> => inTx((tx) => settlement.fund(tx, caller, trade.id, { provider: 'simulator', paymentId, amount }));
  const deliver = (trade: Trade): Promise<Trade> => inTx((tx) => settlement.markDelivered(tx, caller, trade.id));
  const acceptedTrade = async (input = draft()): Promise<Trade> => {
    const trade = await open(input);
    await fund(trade);
    if (trade.kind === 'PURCHASE') await deliver(trade);
    clock.advance(WINDOW + 1);
    await exchange.drain();
    return (await settlement.tradeById(trade.id))!;
  };
  const balance = async (kind: string, ownerId: string): Promise<bigint> => {
    const rows = await exchange.app.get(Database, { strict: false }).query<{ sum: string | null }>({ name: 'test.balance', text: 'select sum(p.amount_minor)::text from settlement.posting p join settlement.account a on a.id = p.account_id where a.kind = $1 and a.owner_id = $2' }, [kind, ownerId]);
    return BigInt(rows[0]!.sum ?? '0');
  };
  const clear = (currency = 'CNY', headers = {}) => officer.mutate<{ id: string; tradeCount: number; payoutCount: number; paidOut: { minor: string }; gross: { minor: string } }>('runClearing', 'ClearingCycle', 'id state tradeCount payoutCount gross { minor } paidOut { minor }', { currency }, headers);
  const expectBooksRight = async (): Promise<void> => {
    for (const line of await settlement.trialBalance()) expect(line).toMatchObject({ sumMinor: 0n, driftedAccounts: 0 });
  };

  it('opens a trade once per reference, also at once', async () => {
    const input = draft();
    const opened = await Promise.all([open(input), open(input), open(input)]);
    expect(new Set(opened.map((t) => t.id)).size).toBe(1);
    expect(opened[0]).toMatchObject({ state: 'AWAITING_PAYMENT', commission: { minor: 5_000n }, commissionTax: { minor: 283n }, commissionBasisPoints: 500 });
  });

  it('a trade that somebody holds at that moment is cleared too, once he lets go', async () => {
    const trade = await acceptedTrade();
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    let isHeld = (): void => undefined;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    const holding = inTx(async (tx) => {
      await settlement.lockTrade(tx, trade.id);
      isHeld();
      await gone;
    });
    await held;
    const clearing = clear();
    setTimeout(letGo, 300);
    await Promise.all([holding, clearing]);
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'CLEARED' });
  });

  it('funds once with exactly the gross amount', async () => {
    const trade = await open(draft());
    const paymentId = newId();
    expect(await fund(trade, paymentId, money(105_999n, 'CNY'))).toMatchObject({ refused: true, code: 'settlement.amount_differs' });
    expect(await fund(trade, paymentId, money(106_000n, 'SGD'))).toMatchObject({ refused: true, code: 'settlement.amount_differs' });
    await Promise.all([fund(trade, paymentId), fund(trade, paymentId)]);
    expect(await fund(trade, newId())).toMatchObject({ refused: true, kind: 'StateConflict', state: 'FUNDED' });
    expect(await balance('ESCROW', trade.buyerId)).toBe(-106_000n);
    expect(await settlement.journalsOfTrade(trade.id)).toHaveLength(1);
    expect(await fund({ ...trade, id: newId() })).toMatchObject({ kind: 'NotFound' });
  });

  it('delivers once, refuses what the table refuses, and changes nothing then (I8)', async () => {
    const trade = await open(draft());
    expect(await deliver(trade)).toMatchObject({ refused: true, kind: 'StateConflict', code: 'trade.not_possible', state: 'AWAITING_PAYMENT' });
    await fund(trade);
    const first = await deliver(trade);
    expect(first.acceptUntil).toEqual(new Date(clock.now().getTime() + WINDOW * 1000));
    clock.advance(5);
    expect((await deliver(trade)).deliveredAt).toEqual(first.deliveredAt);
    expect(await inTx((tx) => settlement.cancel(tx, caller, trade.id, 'late'))).toMatchObject({ kind: 'StateConflict', state: 'DELIVERED' });
    const unpaid = await open(draft());
    expect(await inTx((tx) => settlement.cancel(tx, caller, unpaid.id, 'no rule'))).toMatchObject({ state: 'CANCELLED' });
    expect(await fund(unpaid)).toMatchObject({ kind: 'StateConflict', state: 'CANCELLED' });
  });

  it('silence accepts when the window is over, not before', async () => {
    const trade = await open(draft());
    await fund(trade);
    await deliver(trade);
    await exchange.drain();
    expect((await settlement.tradeById(trade.id))!.state).toBe('DELIVERED');
    clock.advance(WINDOW);
    await exchange.drain();
    expect((await settlement.tradeById(trade.id))!.state).toBe('ACCEPTED');
    expect((await acceptedTrade(draft({ kind: 'USAGE' }))).state).toBe('ACCEPTED');
  });

  it('clears, nets per vendor, pays once when two runs start at once, and the ledger sums to zero', async () => {
    await clear();
    const vendorId = freshVendor();
    const trades = [];
    for (let i = 0; i < 3; i++) trades.push(await acceptedTrade(draft({ vendorId })));
    const other = await acceptedTrade();
    const unpaid = await open(draft());
    const cycles = await Promise.all([clear(), clear(), clear()]);
    expect(cycles.reduce((n, c) => n + c.tradeCount, 0)).toBe(4);
    await Promise.all([exchange.drain(), exchange.drain()]);
    for (const t of [...trades, other]) expect(await settlement.tradeById(t.id)).toMatchObject({ state: 'SETTLED' });
    expect((await settlement.tradeById(unpaid.id))!.state).toBe('AWAITING_PAYMENT');
    expect(await balance('PAYABLE', vendorId)).toBe(0n);
    expect(await balance('PAYOUT_IN_TRANSIT', vendorId)).toBe(0n);
    expect(await balance('TAX_PAYABLE', vendorId)).toBe(-18_000n);
    const payouts = new Map((await Promise.all(trades.map((t) => settlement.payoutOfTrade(t.id)))).map((p) => [p!.id, p!]));
    expect([...payouts.values()].reduce((n, p) => n + p.amount.minor, 0n)).toBe(285_000n);
    for (const p of payouts.values()) expect(p).toMatchObject({ state: 'CONFIRMED', providerReference: expect.stringMatching(/^sim_po_/) as string });
    await expectBooksRight();
    expect((await clear()).tradeCount).toBe(0);
  });

  it('the same Idempotency-Key runs one cycle', async () => {
    await acceptedTrade();
    const key = { 'idempotency-key': newId() };
    const [a, b] = await Promise.all([clear('CNY', key), clear('CNY', key)]);
    expect(a!.id).toBe(b!.id);
    expect(a!.tradeCount).toBe(1);
  });

  it('a cycle left open by a process that died is finished by the sweep', async () => {
    const trade = await acceptedTrade();
    const id = newId();
    await inTx((tx) => tx.query(`insert into settlement.clearing_cycle (id, currency, state, opened_at) values ($1, 'CNY', 'OPEN', $2)`, [id, clock.now()]));
    await exchange.drain();
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'SETTLED', cycleId: id });
    await expectBooksRight();
  });

  it('a refused payout leaves the vendor owed; staff orders it anew', async () => {
    const vendorId = freshVendor();
    const trade = await acceptedTrade(draft({ vendorId }, 105_262n, 0n, 'HKD'));
    expect(trade.net.minor - trade.commission.minor).toBe(99_999n);
    await clear('HKD');
    await exchange.drain();
    const payout = (await settlement.payoutOfTrade(trade.id))!;
    expect(payout).toMatchObject({ state: 'FAILED' });
    expect((await settlement.tradeById(trade.id))!.state).toBe('CLEARED');
    expect(await balance('PAYABLE', vendorId)).toBe(-99_999n);
    expect(await officer.mutate('retryPayout', 'Payout', 'id state', { payoutId: payout.id })).toMatchObject({ __typename: 'Payout', state: 'PENDING' });
    await exchange.drain();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'FAILED', attempt: 2 });
    expect((await officer.mutate('retryPayout', 'Payout', 'id', { payoutId: newId() })).__typename).toBe('NotFound');
    await expectBooksRight();
  });

  it.each([['SUSPENDED', `state = 'SUSPENDED'`], ['PENDING_VERIFICATION', 'verification_due_at = now()']])('a payout to a vendor who is %s waits, and goes once he is in good standing', async (standing, change) => {
    const vendorId = freshVendor();
    const trade = await acceptedTrade(draft({ vendorId }, 40_000n, 0n, 'USD'));
    const becomes = (to: string) => exchange.owner.query(`update identity.organisation set ${to} where id = $1`, [vendorId]);
    await becomes(change);
    const sent = jest.spyOn(exchange.app.get(PayoutPort, { strict: false }), 'send');
    expect((await clear('USD')).payoutCount).toBe(1);
    for (let i = 0; i < 3; i++) {
      await Promise.all([exchange.drain(), exchange.drain()]);
      clock.advance(61);
    }
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'PENDING', failure: `held: the vendor is ${standing}`, sentAt: null });
    expect((await settlement.tradeById(trade.id))!.state).toBe('CLEARED');
    expect(await balance('PAYABLE', vendorId)).toBe(-38_000n);
    expect(await exchange.owner.query(`select reason from audit.entry where act = 'payout.hold' and tenant_id = $1`, [vendorId])).toEqual([{ reason: `held: the vendor is ${standing}` }]);
    expect(sent.mock.calls.filter(([order]) => order.vendorId === vendorId)).toEqual([]);
    sent.mockRestore();
    await becomes(`state = 'VERIFIED', assurance_level = 2, verification_due_at = now() + interval '1 year'`);
    await exchange.drain();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'CONFIRMED', failure: null });
    expect((await settlement.tradeById(trade.id))!.state).toBe('SETTLED');
    await expectBooksRight();
  });

  it('a payout to nobody waits too', async () => {
    const trade = await acceptedTrade(draft({ vendorId: newId() }, 40_000n, 0n, 'USD'));
    await clear('USD');
    await exchange.drain();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'PENDING', failure: 'held: the vendor is UNKNOWN' });
  });

  it('a payout sent by a process that died is asked for again under the same key', async () => {
    const trade = await acceptedTrade(draft({}, 50_000n, 0n, 'SGD'));
    await clear('SGD');
    const port = exchange.app.get(PayoutPort, { strict: false });
    const keys: string[] = [];
    const lost = jest.spyOn(port, 'send').mockImplementation(async (order) => {
      keys.push(order.idempotencyKey);
      throw new Error('the process dies before the answer is written');
    });
    await exchange.drain();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'SENT' });
    lost.mockRestore();
    clock.advance(11);
    await exchange.drain();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ id: keys[0], state: 'CONFIRMED' });
    expect((await settlement.journalsOfTrade(trade.id)).map((j) => j.kind)).toEqual(['FUND', 'CLEAR', 'PAYOUT_SENT', 'PAYOUT_CONFIRMED']);
  });

  it('a trade of nothing goes all the way without a posting or a payout', async () => {
    const trade = await acceptedTrade(draft({}, 0n, 0n, 'EUR'));
    await clear('EUR');
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'SETTLED', payoutId: null });
    expect(await settlement.journalsOfTrade(trade.id)).toEqual([]);
  });

  describe('the database', () => {
    const account = async (kind: string): Promise<string> => {
      const id = newId();
      await inTx((tx) => tx.query(`insert into settlement.account (id, owner_id, kind, currency, created_at) values ($1, $2, $3, 'CNY', now())`, [id, newId(), kind]));
      return id;
    };
    /** As one statement past the function that posts: the rules are those of the tables. */
    const BOOK = `with lines as (select (row_number() over ())::int as line, a, m, c from unnest($3::uuid[], $4::bigint[], $5::text[]) as u (a, m, c)),
      written as (insert into settlement.journal (id, trade_id, kind, idempotency_key, effective_at, recorded_at, digest) select $1::uuid, $1::uuid, $6, $1::text, $2::timestamptz, $2::timestamptz,
        settlement.journal_digest($1::uuid, $1::text, $6, $1::uuid, null, null, null, $2::timestamptz, $2::timestamptz, string_agg(settlement.posting_text(line, a, m, c), ';' order by line)) from lines)
      insert into settlement.posting (account_id, recorded_at, journal_id, line, amount_minor, currency, effective_at) select a, $2, $1::uuid, line, m, c, $2 from lines`;
    const book = (postings: [string, bigint, string?][], kind = 'FUND', journal = newId(), at = clock.now()): Promise<void> =>
      inTx((tx) => tx.query(BOOK, [journal, at, postings.map((p) => p[0]), postings.map((p) => p[1]), postings.map((p) => p[2] ?? 'CNY'), kind]));

    it('refuses a journal that does not sum to zero, an account of another currency, an unknown account', async () => {
      const [a, b] = [await account('COMMISSION_REVENUE'), await account('PAYMENT_CLEARING')];
      await expect(book([[a, 5n], [b, -4n]])).rejects.toThrow('does not sum to zero');
      await expect(book([[a, 5n, 'SGD'], [b, -5n, 'SGD']])).rejects.toThrow('no account of its currency');
      await expect(book([[newId(), 5n], [b, -5n]])).rejects.toThrow('no account of its currency');
      await expect(book([[a, 5n], [b, -5n]])).resolves.toBeDefined();
    });
    it('refuses a journal without postings, of an unknown kind, and one that is added to later', async () => {
      const [a, b] = [await account('COMMISSION_REVENUE'), await account('PAYMENT_CLEARING')];
      await expect(book([], 'FUND')).rejects.toThrow('has no postings');
      await expect(book([[a, 5n], [b, -5n]], 'GIFT')).rejects.toThrow('is of no kind GIFT');
      const journal = newId();
      await book([[a, 5n], [b, -5n]], 'FUND', journal);
      const add = inTx((tx) => tx.query(`insert into settlement.posting (account_id, recorded_at, journal_id, line, amount_minor, currency, effective_at)
        select account_id, recorded_at, journal_id, line + 2, -amount_minor, currency, effective_at from settlement.posting where journal_id = $1`, [journal]));
      await expect(add).rejects.toThrow('are not those that its digest says');
    });
    it('refuses to overdraw escrow, also when two spend at once', async () => {
      const [escrow, clearing] = [await account('ESCROW'), await account('PAYMENT_CLEARING')];
      await book([[clearing, 100n], [escrow, -100n]]);
      const spends = await Promise.allSettled([1, 2, 3].map(() => book([[escrow, 60n], [clearing, -60n]])));
      expect(spends.filter((s) => s.status === 'fulfilled')).toHaveLength(1);
      await expectBooksRight();
    });
    it.each(['posting', 'journal', 'account'])('refuses every change of settlement.%s', async (table) => {
      await expect(inTx((tx) => tx.query(`delete from settlement.${table}`))).rejects.toThrow('refused');
      await expect(inTx((tx) => tx.query(`truncate settlement.${table} cascade`))).rejects.toThrow('permission denied');
      await expect(exchange.owner.query(`truncate settlement.${table} cascade`)).rejects.toThrow('refused');
    });
    it('refuses to pay what was not funded and accepted, whoever asks (I5)', async () => {
      const trade = await open(draft());
      await expect(inTx((tx) => tx.query(`update settlement.trade set state = 'CLEARED', cleared_at = now() where id = $1`, [trade.id]))).rejects.toThrow('check constraint');
    });
  });

  describe('the API', () => {
    it('shows a trade to its parties and staff, its payout to the vendor, its journals to staff', async () => {
      const [vendor, buyer, stranger] = await Promise.all([['v', '91350100M000100Y43'], ['b', '91110000802100433B'], ['s', '91350100M0001TGQXM']].map(async ([subject, number]) => {
        const client = await exchange.client(`settlement-${subject}`);
        const { id } = await client.mutate<{ id: string }>('registerOrganisation', 'Organisation', 'id', { kind: 'TRADER', legalName: `Org ${subject}`, jurisdiction: 'CN', registryNumbers: [{ scheme: 'USCC', value: number }] });
        await exchange.owner.query(`update identity.organisation set state = 'VERIFIED', assurance_level = 2, verified_at = now(), verification_due_at = now() + interval '1 year' where id = $1`, [id]);
        return { client, id };
      }));
      const trade = await open(draft({ vendorId: vendor!.id, buyerId: buyer!.id }));
      await fund(trade);
      await deliver(trade);
      const accept = (client: GraphClient) => client.mutate('acceptTrade', 'Trade', 'id state', { tradeId: trade.id });
      expect((await accept(stranger!.client)).__typename).toBe('NotFound');
      expect((await accept(vendor!.client)).__typename).toBe('NotFound');
      expect((await accept(officer)).__typename).toBe('NotPermitted');
      const both = await Promise.all([accept(buyer!.client), accept(buyer!.client)]);
      expect(both.map((r) => r.__typename).sort()).toEqual(['StateConflict', 'Trade']);
      expect((await clear('CNY')).tradeCount).toBeGreaterThan(0);
      await exchange.drain();
      const query = '{ trades(first: 5) { nodes { id state gross { formatted } payout { state amount { minor } } journals { kind postings { amount { minor } } } } pageInfo { hasNextPage } } trialBalance { currency sumMinor } }';
      type Answer = { trades: { nodes: { id: string; state: string; payout: { amount: { minor: string } } | null; journals: object[] | null }[] }; trialBalance: { sumMinor: string }[] | null };
      expect((await stranger!.client.ask<Answer>(query))).toEqual({ trades: { nodes: [], pageInfo: { hasNextPage: false } }, trialBalance: null });
      const [own] = (await vendor!.client.ask<Answer>(query)).trades.nodes;
      expect(own).toMatchObject({ id: trade.id, state: 'SETTLED', journals: null, payout: { state: 'CONFIRMED' } });
      expect((await buyer!.client.ask<Answer>(query)).trades.nodes[0]).toMatchObject({ id: trade.id, payout: null, journals: null });
      const all = await officer.ask<Answer>(query);
      expect(all.trades.nodes[0]!.journals!.length).toBeGreaterThan(0);
      for (const line of all.trialBalance!) expect(line.sumMinor).toBe('0');
      expect(await stranger!.client.ask('query($id: ID!) { trade(id: $id) { id } }', { id: trade.id })).toEqual({ trade: null });
      expect(await buyer!.client.ask('query($id: ID!) { trade(id: $id) { id } }', { id: trade.id })).toEqual({ trade: { id: trade.id } });
      expect((await vendor!.client.mutate('runClearing', 'ClearingCycle', 'id', { currency: 'CNY' })).__typename).toBe('NotPermitted');
      expect((await clear('XXX')).__typename).toBe('InvalidInput');

      // Each sees the accounts that are his, as they were and as they are; staff see all.
      const list = 'query($owner: ID, $at: DateTime) { ledgerBalances(first: 50, ownerId: $owner, at: $at) { nodes { accountId ownerId kind qualifier balance { minor } } } }';
      type Balances = { ledgerBalances: { nodes: { accountId: string; ownerId: string; kind: string; balance: { minor: string } }[] } };
      const seen = async (client: GraphClient, variables = {}) => (await client.ask<Balances>(list, variables)).ledgerBalances.nodes;
      expect((await seen(vendor!.client)).map((a) => [a.ownerId, a.kind, a.balance.minor])).toEqual(expect.arrayContaining([[vendor!.id, 'PAYABLE', '0'], [vendor!.id, 'PAYOUT_IN_TRANSIT', '0'], [vendor!.id, 'TAX_PAYABLE', '-6000']]));
      expect(await seen(vendor!.client)).toHaveLength(3);
      expect(await seen(vendor!.client, { owner: buyer!.id })).toEqual([]);
      expect(await seen(stranger!.client)).toEqual([]);
      const [escrow] = await seen(officer, { owner: buyer!.id });
      expect(escrow).toMatchObject({ ownerId: buyer!.id, kind: 'ESCROW', balance: { minor: '0' } });
      const funded = (await settlement.tradeById(trade.id))!.fundedAt!;
      expect((await seen(officer, { owner: buyer!.id, at: new Date(funded.getTime() - 1).toISOString() }))[0]!.balance.minor).toBe('0');
      const statement = 'query($id: ID!) { accountStatement(accountId: $id) { kind opening { minor } closing { minor } lines(first: 1) { nodes { kind tradeId amount { minor } balance { formatted } } pageInfo { hasNextPage } } } }';
      expect(await buyer!.client.ask(statement, { id: escrow!.accountId })).toEqual({ accountStatement: { kind: 'ESCROW', opening: { minor: '0' }, closing: { minor: '0' },
        lines: { nodes: [{ kind: 'FUND', tradeId: trade.id, amount: { minor: '-106000' }, balance: { formatted: 'CNY -1,060.00' } }], pageInfo: { hasNextPage: true } } } });
      expect(await vendor!.client.ask(statement, { id: escrow!.accountId })).toEqual({ accountStatement: null });
    });
  });
});
