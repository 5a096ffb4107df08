import { Billing } from '#billing';
import { LicenceBilling, type PlanTerms } from '#contracts';
import { asSystem, isRefused, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket, type TestAgreement } from '../../../../../test/support/billing-market.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { LapseUnpaid } from '../lapse-unpaid.js';
import { OpenPeriods } from '../periods/open-periods.js';

trustCallsOutsideRequests();
const DAY = 86_400;
const plan = (over: Partial<PlanTerms> = {}): PlanTerms =>
  ({ label: 'Monthly', currency: 'CNY', duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Set-up', minor: '5000' }, { kind: 'RECURRING', label: 'Access', minor: '20000' }], minimumCommitmentMinor: null, trial: null, ...over });
const term = (minor: string, duration = 'P30D'): PlanTerms => plan({ label: 'Term', duration, period: null, components: [{ kind: 'ONE_OFF', label: 'Licence', minor }] });

describe('credits', () => {
  const clock = new TestClock(new Date('2026-01-31T09:00:00Z'));
  let exchange: TestExchange;
  let market: BillingMarket;
  let billing: Billing;
  let vendorId: string;
  let buyerId: string;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = new BillingMarket(exchange);
    billing = exchange.app.get(Billing, { strict: false });
    [vendorId, buyerId] = [await market.organisation('CN'), await market.organisation('CN')];
  });
  afterAll(() => exchange.close());

  const turn = (): Promise<void> => asSystem(() => exchange.app.get(OpenPeriods, { strict: false }).execute());
  const lapse = (): Promise<void> => asSystem(() => exchange.app.get(LapseUnpaid, { strict: false }).execute());
  const trades = ({ agreementId }: TestAgreement): Promise<Trade[]> => exchange.app.get(Settlement, { strict: false }).tradesOfAgreement(agreementId);
  const last = async (a: TestAgreement): Promise<Trade> => (await trades(a)).at(-1)!;
  const pay = async (trade: Trade): Promise<void> => {
    const paid = await billing.payTrade(market.actor(buyerId), trade.id);
    if (isRefused(paid)) throw new Error(paid.code);
  };
  const agreed = async (terms: PlanTerms): Promise<TestAgreement> => {
    const a = await market.agreed(vendorId, buyerId, terms);
    await exchange.drain();
    await pay(await last(a));
    return a;
  };
  /** Concluded, and not paid. */
  const follows = async (older: TestAgreement, kind: 'RENEWAL' | 'REPLACEMENT', terms: PlanTerms): Promise<TestAgreement> => {
    const a = await market.agreed(vendorId, buyerId, terms);
    await market.sql('insert into contracts.supersession (agreement_id, superseded_id, vendor_id, buyer_id, kind, agreed_at) values ($1, $2, $3, $4, $5, $6)', [a.agreementId, older.agreementId, vendorId, buyerId, kind, clock.now()]);
    await exchange.drain();
    return a;
  };
  const inOne = (work: (tx: { query(sql: string, values: unknown[]): Promise<unknown> }) => Promise<unknown>): Promise<unknown> => asSystem(() => exchange.app.get(UnitOfWork, { strict: false }).run((tx) => work(tx)));
  const hold = (a: TestAgreement, cause: string) => inOne(async (tx) => {
    await tx.query(`insert into contracts.licence_hold (id, licence_id, vendor_id, buyer_id, cause, reason, placed_at) values (gen_random_uuid(), $1, $2, $3, $4, 'held', $5)`, [a.licenceId, vendorId, buyerId, cause, clock.now()]);
    await tx.query(`update contracts.licence set state = 'SUSPENDED', state_reason = 'held' where id = $1`, [a.licenceId]);
  });
  const free = (a: TestAgreement, cause: string, unfounded = false) => inOne(async (tx) => {
    await tx.query(`update contracts.licence_hold set lifted_at = $2, lifted_reason = 'over', unfounded = $4 where licence_id = $1 and cause = $3 and lifted_at is null`, [a.licenceId, clock.now(), cause, unfounded]);
    await tx.query(`update contracts.licence set state = 'ACTIVE', state_reason = null where id = $1 and not exists (select 1 from contracts.licence_hold where licence_id = $1 and lifted_at is null)`, [a.licenceId]);
  });
  const rested = async (a: TestAgreement, cause: string, days: number, unfounded = false): Promise<void> => {
    await hold(a, cause);
    clock.advance(days * DAY);
    await free(a, cause, unfounded);
  };
  const toPeriod = async (a: TestAgreement, n: number): Promise<void> => {
    const spans = (await exchange.app.get(LicenceBilling, { strict: false }).termsOf(a.licenceId))!.spans;
    clock.advance((spans[n]!.from.getTime() - clock.now().getTime()) / 1_000 + 1);
    await turn();
  };
  const credits = (a: TestAgreement) => market.sql<{ cause: string; days: number; of_days: number; net: string; open: string }>(
    `select cause, days, of_days, net_minor::text as net, (net_minor - (select coalesce(sum(net_minor), 0) from billing.credit_use where credit_id = c.id and released_at is null))::text as open from billing.credit c where licence_id = $1 and voided_at is null order by id`, [a.licenceId]);

  it.each([['COMPLIANCE', false, true], ['STAFF', false, true], ['BREACH', true, true], ['BREACH', false, false], ['PAYMENT', false, false]] as const)('a licence that rested for %s (unfounded: %s) is credited: %s', async (cause, unfounded, credited) => {
    const a = await agreed(plan());
    clock.advance(3 * DAY);
    await rested(a, cause, 5, unfounded);
    await toPeriod(a, 1);
    const [row] = await credits(a);
    expect(row?.days).toBe(credited ? 5 : undefined);
    const share = credited ? 20_000n - (20_000n * BigInt(row!.of_days - 5)) / BigInt(row!.of_days) : 0n;
    expect((await last(a)).net.minor).toBe(20_000n - share);
  });

  it('is a line of its own on the invoice of the next period, once, whoever turns and however often', async () => {
    const a = await agreed(plan());
    const spans = (await exchange.app.get(LicenceBilling, { strict: false }).termsOf(a.licenceId))!.spans;
    const of = Math.round((spans[0]!.until.getTime() - spans[0]!.from.getTime()) / 86_400_000);
    await rested(a, 'STAFF', 2);
    await toPeriod(a, 1);
    await Promise.all([turn(), turn()]);
    const share = 20_000n - (20_000n * BigInt(of - 2)) / BigInt(of);
    const trade = await last(a);
    expect([(await trades(a)).length, trade.net.minor, await credits(a)]).toEqual([2, 20_000n - share, [{ cause: 'REST', days: 2, of_days: of, net: `${share}`, open: '0' }]]);
    const [invoice] = await billing.invoicesOfTrade(trade.id);
    expect(invoice!.lines.map((l) => l.net.minor)).toEqual([20_000n, -share]);
    expect(invoice!.lines[1]!.description).toMatch(new RegExp(`^Credit: licence ${a.licenceId} rested on 2 of the ${of} days from `));
    await pay(trade);
    await toPeriod(a, 2);
    expect((await last(a)).net.minor).toBe(20_000n);
    await expect(market.sql('update billing.credit set net_minor = 1 where licence_id = $1', [a.licenceId])).rejects.toThrow(/never changed/);
    await expect(market.sql(`insert into billing.credit_use (id, credit_id, reference, net_minor, used_at) select gen_random_uuid(), id, 'again', 1, now() from billing.credit where licence_id = $1`, [a.licenceId])).rejects.toThrow(/is set off for/);
  });

  it('comes off the period itself where that begins late; what is more than a charge stays for the next', async () => {
    const a = await agreed(plan());
    await hold(a, 'COMPLIANCE');
    await toPeriod(a, 1);
    clock.advance(10 * DAY);
    await free(a, 'COMPLIANCE');
    clock.advance(3_601);
    await turn();
    // The first period rested in full, of the second ten days and an hour.
    const rows = await credits(a);
    expect(rows.map((r) => [r.days === r.of_days || r.days === 11, r.net === '20000'])).toEqual([[true, true], [true, false]]);
    expect([(await trades(a)).length, rows.map((r) => r.open)]).toEqual([1, ['0', rows[1]!.net]]);
    await toPeriod(a, 2);
    expect((await last(a)).net.minor).toBe(20_000n - BigInt(rows[1]!.net));
  });

  it('lessens the minimum of the period', async () => {
    const a = await agreed(plan({ components: [{ kind: 'RECURRING', label: 'Access', minor: '20000' }, { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'FLAT', tiers: [{ upTo: null, unitPrice: '2.50', flatFeeMinor: '0' }], packageSize: null, freeQuota: '0' }], minimumCommitmentMinor: '51000' }));
    await rested(a, 'STAFF', 10);
    await toPeriod(a, 1);
    const [row] = await credits(a);
    const less = (minor: bigint): bigint => (minor * BigInt(row!.of_days - 10)) / BigInt(row!.of_days);
    const usage = (await trades(a)).find((t) => t.kind === 'USAGE')!;
    expect(usage.net.minor).toBe(less(51_000n) - less(20_000n));
    expect((await billing.invoicesOfTrade(usage.id))[0]!.lines[0]!.description).toMatch(/less by 10 of \d+ days on which the licence rested/);
  });

  describe('of an agreement whose place another takes', () => {
    it('are the days that are left of what was paid, off the price of the newer one', async () => {
      const older = await agreed(term('30000'));
      clock.advance(12 * DAY);
      const newer = await follows(older, 'REPLACEMENT', term('50000', 'P60D'));
      expect([await credits(newer), (await last(newer)).net.minor]).toEqual([[{ cause: 'UNUSED', days: 18, of_days: 30, net: '18000', open: '0' }], 32_000n]);
      expect(await market.licenceState(older.licenceId)).toBe('ACTIVE');
      await pay(await last(newer));
      expect([await market.licenceState(older.licenceId), await market.licenceState(newer.licenceId)]).toEqual(['TERMINATED', 'ACTIVE']);
      clock.advance(8 * DAY);
      await lapse();
      expect((await last(newer)).state).toBe('FUNDED');
      const [{ sum }] = (await market.sql<{ sum: string }>('select coalesce(sum(amount_minor), 0)::text as sum from settlement.posting')) as [{ sum: string }];
      expect(sum).toBe('0');
    });

    it('begins at once where nothing is left to pay, and the rest comes off its later periods', async () => {
      const older = await agreed(term('90000'));
      const newer = await follows(older, 'REPLACEMENT', plan());
      expect([await trades(newer), await market.licenceState(newer.licenceId), await market.licenceState(older.licenceId)]).toEqual([[], 'ACTIVE', 'TERMINATED']);
      for (const n of [1, 2, 3]) await toPeriod(newer, n);
      expect((await credits(newer)).map((c) => [c.net, c.open])).toEqual([['90000', '5000']]);
      await toPeriod(newer, 4);
      expect((await trades(newer)).map((t) => t.net.minor)).toEqual([15_000n]);
      expect(await market.sql<{ n: number }>('select count(*)::int as n from billing.opened_period where licence_id = $1', [newer.licenceId])).toEqual([{ n: 5 }]);
    });

    it('of a licence that renews are those of the running period, where it is paid; what it was set up for is not given back', async () => {
      const older = await agreed(plan());
      await toPeriod(older, 1);
      const unpaid = await follows(older, 'REPLACEMENT', term('50000'));
      expect([await credits(unpaid), (await last(unpaid)).net.minor]).toEqual([[], 50_000n]);
      await billing.callOffPurchase(market.actor(buyerId), { tradeId: (await last(unpaid)).id, reason: 'pay the period first' });
      await pay(await last(older));
      const newer = await follows(older, 'REPLACEMENT', term('50000'));
      expect([(await credits(newer)).map((c) => c.days === c.of_days), (await last(newer)).net.minor]).toEqual([[true], 30_000n]);
    });

    it('called off, or not paid within a week, comes to nothing, and what had gone on is back', async () => {
      const older = await agreed(plan());
      await rested(older, 'STAFF', 3);
      const newer = await follows(older, 'RENEWAL', term('50000'));
      const [given] = await credits(newer);
      expect([(await credits(older)).map((c) => c.open), (await last(newer)).net.minor]).toEqual([['0'], 50_000n - BigInt(given!.net)]);
      clock.advance(7 * DAY);
      await lapse();
      expect([(await last(newer)).state, await market.licenceState(newer.licenceId), await credits(newer), (await credits(older)).map((c) => c.open)]).toEqual(['CANCELLED', 'TERMINATED', [], [given!.net]]);
      const again = await follows(older, 'RENEWAL', term('50000'));
      expect((await last(again)).net.minor).toBe(50_000n - BigInt(given!.net));
      await pay(await last(again));
      expect((await credits(again)).map((c) => c.open)).toEqual(['0']);
    });

    it('are used once by two transactions at once, whatever either saw', async () => {
      const newer = await follows(await agreed(term('90000')), 'REPLACEMENT', plan());
      const [{ id }] = (await market.sql<{ id: string }>('select id from billing.credit where licence_id = $1', [newer.licenceId])) as [{ id: string }];
      const { open } = (await credits(newer))[0]!;
      const uow = exchange.app.get(UnitOfWork, { strict: false });
      let written = 0;
      let go: () => void = () => undefined;
      const both = new Promise<void>((resolve) => (go = resolve));
      const use = (reference: string) => uow.run(async (tx) => {
        await tx.query('insert into billing.credit_use (id, credit_id, reference, net_minor, used_at) values (gen_random_uuid(), $1, $2, $3, now())', [id, reference, open]);
        if (++written === 2) go();
        await both;
      });
      expect((await Promise.allSettled([use('purchase:a'), use('purchase:b')])).map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('are never more days than were paid, rest and remainder together', async () => {
      const older = await agreed(term('30000'));
      clock.advance(DAY / 2);
      await rested(older, 'STAFF', 1);
      const newer = await follows(older, 'REPLACEMENT', term('50000'));
      const rows = await credits(newer);
      expect([rows.map((r) => [r.cause, r.days]).sort(), (await last(newer)).net.minor]).toEqual([[['REST', 1], ['UNUSED', 29]], 20_000n]);
    });
  });
});
