import { Billing } from '#billing';
import { LicenceBilling, type PlanTerms, quote } from '#contracts';
import { asSystem, isRefused, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket, flatUsage, type TestAgreement } from '../../../../../test/support/billing-market.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { HoldUnpaid } from './hold-unpaid.js';
import { OpenPeriods } from './open-periods.js';

trustCallsOutsideRequests();
const DAY = 86_400;
const monthly = (over: Partial<PlanTerms> = {}): PlanTerms =>
  ({ label: 'Monthly', currency: 'CNY', duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Set-up', minor: '5000' }, { kind: 'RECURRING', label: 'Access', minor: '20000' }], minimumCommitmentMinor: null, trial: null, ...over });
const tier = (upTo: string | null, unitPrice: string, flatFeeMinor = '0') => ({ upTo, unitPrice, flatFeeMinor });

describe('periods of a licence', () => {
  const clock = new TestClock(new Date('2026-01-31T09:00:00Z'));
  let exchange: TestExchange;
  let market: BillingMarket;
  let billing: Billing;
  let settlement: Settlement;
  let vendorId: string;
  let buyerId: string;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = new BillingMarket(exchange);
    billing = exchange.app.get(Billing, { strict: false });
    settlement = exchange.app.get(Settlement, { strict: false });
    [vendorId, buyerId] = [await market.organisation('CN'), await market.organisation('CN')];
  });
  afterAll(() => exchange.close());

  const to = (day: string): void => clock.advance((new Date(`${day}T09:00:01Z`).getTime() - clock.now().getTime()) / 1_000);
  const turn = (): Promise<void> => asSystem(() => exchange.app.get(OpenPeriods, { strict: false }).execute());
  const trades = async ({ agreementId }: TestAgreement): Promise<Trade[]> => settlement.tradesOfAgreement(agreementId);
  const summary = async (a: TestAgreement) => (await trades(a)).map((t) => [t.kind, t.state, t.net.minor]);
  const pay = async (trade: Trade): Promise<void> => {
    const paid = await billing.payTrade(market.actor(buyerId), trade.id);
    if (isRefused(paid)) throw new Error(paid.code);
  };
  const agreed = async (terms: PlanTerms): Promise<TestAgreement> => {
    const agreement = await market.agreed(vendorId, buyerId, terms);
    await exchange.drain();
    const [purchase] = await trades(agreement);
    if (purchase) await pay(purchase);
    return agreement;
  };
  const periods = (a: TestAgreement) => market.sql<{ period: number }>('select period from billing.opened_period where licence_id = $1 order by period', [a.licenceId]).then((rows) => rows.map((r) => r.period));
  const licence = async (a: TestAgreement) => (await market.sql<{ state: string; valid_until: Date }>('select state, valid_until from contracts.licence where id = $1', [a.licenceId]))[0]!;

  it('the first is part of the purchase, each later one is opened once when it begins, with its invoice, whoever turns and however often', async () => {
    const a = await agreed(monthly());
    expect(await summary(a)).toEqual([['PURCHASE', 'FUNDED', 25_000n]]);
    to('2026-02-27');
    await turn();
    expect(await periods(a)).toEqual([0]);
    to('2026-02-28');
    await Promise.all([turn(), turn(), turn()]);
    await turn();
    expect(await summary(a)).toEqual([['PURCHASE', 'FUNDED', 25_000n], ['SUBSCRIPTION', 'AWAITING_PAYMENT', 20_000n]]);
    const [, second] = await trades(a);
    expect(await billing.invoicesOfTrade(second!.id)).toMatchObject([{ kind: 'SUBSCRIPTION', total: { minor: 21_200n }, lines: [{ description: 'Access, 2026-02-28 to 2026-03-31' }] }]);
    await pay(second!);
    // A process that was away for two months asks for both.
    to('2026-05-01');
    await turn();
    await turn();
    expect(await periods(a)).toEqual([0, 1, 2, 3]);
    expect((await summary(a)).slice(2)).toEqual([['SUBSCRIPTION', 'AWAITING_PAYMENT', 20_000n], ['SUBSCRIPTION', 'AWAITING_PAYMENT', 20_000n]]);
  });

  it('a process that dies between two of its steps has lost nothing and doubles nothing', async () => {
    const a = await agreed(monthly({ components: [{ kind: 'RECURRING', label: 'Access', minor: '20000' }, flatUsage('2.50')] }));
    await market.use(a, 2, clock.now());
    const { due_at: due } = (await market.sql<{ due_at: Date }>('select due_at from billing.schedule where licence_id = $1', [a.licenceId]))[0]!;
    clock.advance((due.getTime() - clock.now().getTime()) / 1_000 + 1);
    // Its last step fails: the period before is closed already, the next one is not opened.
    await market.sql(`create function billing.dies() returns trigger language plpgsql as 'begin raise exception ''the process dies''; end'`);
    await market.sql('create trigger dies before update on billing.schedule for each row execute function billing.dies()');
    await turn();
    await market.sql('drop trigger dies on billing.schedule');
    expect(await summary(a)).toEqual([['PURCHASE', 'FUNDED', 20_000n], ['USAGE', 'AWAITING_PAYMENT', 500n]]);
    await turn();
    await turn();
    expect(await summary(a)).toEqual([['PURCHASE', 'FUNDED', 20_000n], ['USAGE', 'AWAITING_PAYMENT', 500n], ['SUBSCRIPTION', 'AWAITING_PAYMENT', 20_000n]]);
    expect(await periods(a)).toEqual([0, 1]);
  });

  it('one that is not paid after the grace has the licence rest; no further one is asked for until it is paid', async () => {
    const a = await agreed(monthly());
    const spans = (await exchange.app.get(LicenceBilling, { strict: false }).termsOf(a.licenceId))!.spans;
    const at = (date: Date, days: number): void => clock.advance((date.getTime() - clock.now().getTime()) / 1_000 + days * DAY + 1);
    const hold = (): Promise<void> => asSystem(() => exchange.app.get(HoldUnpaid, { strict: false }).execute());
    at(spans[1]!.from, 0);
    await turn();
    at(spans[1]!.from, 13);
    await hold();
    expect((await licence(a)).state).toBe('ACTIVE');
    at(spans[1]!.from, 14);
    await Promise.all([hold(), hold()]);
    expect((await licence(a)).state).toBe('SUSPENDED');
    expect(await market.sql(`select cause, reason from contracts.licence_hold where licence_id = $1 and lifted_at is null`, [a.licenceId])).toEqual([{ cause: 'PAYMENT', reason: 'a period was not paid within 14 days' }]);
    expect(await market.sql(`select distinct organisation_id from identity.notice where object_id = $1 and kind = 'SUSPENDED'`, [a.licenceId])).toHaveLength(2);
    at(spans[2]!.from, 1);
    await turn();
    at(spans[3]!.from, 1);
    for (let i = 0; i < 3; i++) await turn();
    expect(await periods(a)).toEqual([0, 1]);
    await pay((await trades(a))[1]!);
    expect((await licence(a)).state).toBe('ACTIVE');
    clock.advance(3_601);
    await turn();
    // The one in between, in which nothing was delivered, is left out.
    expect(await periods(a)).toEqual([0, 1, 3]);
  });

  it('a trial is free, what is used in it too, and converts into what is paid by itself', async () => {
    const a = await agreed(monthly({ components: [{ kind: 'ONE_OFF', label: 'Set-up', minor: '5000' }, { kind: 'RECURRING', label: 'Access', minor: '20000' }, flatUsage('2.50')], trial: { duration: 'P14D', quotas: [] } }));
    expect(await summary(a)).toEqual([]);
    expect((await licence(a)).state).toBe('ACTIVE');
    await market.use(a, 5, clock.now());
    await exchange.drain();
    expect(await billing.closeUsagePeriod(market.actor(buyerId), a.licenceId)).toMatchObject({ code: 'billing.nothing_to_bill' });
    clock.advance(14 * DAY + 1);
    await turn();
    expect(await summary(a)).toEqual([['SUBSCRIPTION', 'AWAITING_PAYMENT', 25_000n]]);
    await market.use(a, 2, clock.now());
    expect(await billing.closeUsagePeriod(market.actor(buyerId), a.licenceId)).toMatchObject({ charges: [{ period: 0, quantity: 2n, netMinor: 500n }, { period: -1, quantity: 5n, netMinor: 0n }], trade: { net: { minor: 500n } } });
  });

  it('what a licence that ended early would have renewed is not asked for', async () => {
    const a = await agreed(monthly());
    await market.sql(`update contracts.licence set valid_until = $2, cancelled_at = $3 where id = $1`, [a.licenceId, (await exchange.app.get(LicenceBilling, { strict: false }).termsOf(a.licenceId))!.spans[0]!.until, clock.now()]);
    clock.advance(40 * DAY);
    await turn();
    await exchange.drain();
    expect(await periods(a)).toEqual([0]);
    expect((await licence(a)).state).toBe('EXPIRED');
    expect(await market.sql('select due_at from billing.schedule where licence_id = $1', [a.licenceId])).toEqual([{ due_at: null }]);
  });

  describe('what is used', () => {
    const close = (a: TestAgreement) => billing.closeUsagePeriod(market.actor(buyerId), a.licenceId);
    const usageNet = async (a: TestAgreement): Promise<bigint> => (await trades(a)).filter((t) => t.kind === 'USAGE').reduce((sum, t) => sum + t.net.minor, 0n);
    it.each<[string, PlanTerms['components'][number]]>([
      ['FLAT', { ...flatUsage('0.333'), freeQuota: '2' } as PlanTerms['components'][number]],
      ['GRADUATED', { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'GRADUATED', tiers: [tier('3', '1.10'), tier('7', '0.70', '250'), tier(null, '0.333333')], packageSize: null, freeQuota: '1' }],
      ['VOLUME', { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'VOLUME', tiers: [tier('4', '1.00'), tier(null, '0.90', '200')], packageSize: null, freeQuota: '0' }],
      ['PACKAGE', { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'PACKAGE', tiers: [tier('6', '5'), tier(null, '4')], packageSize: '3', freeQuota: '0' }],
    ])('%s costs what the quote says, however often it is closed, and starts anew with each period', async (_, component) => {
      const terms = monthly({ components: [component] });
      const a = await agreed(terms);
      const quoted = (n: bigint): bigint => quote(terms, new Map([['downloads', n]])).totalMinor;
      let used = 0n;
      for (const n of [2, 1, 4, 3]) {
        await market.use(a, n, clock.now());
        used += BigInt(n);
        await Promise.all([close(a), close(a)]);
        expect(await usageNet(a)).toBe(quoted(used));
      }
      clock.advance(31 * DAY);
      await market.use(a, 2, clock.now());
      await close(a);
      expect(await usageNet(a)).toBe(quoted(used) + quoted(2n));
    });

    it('its minimum is trued up once when the period closes, less what recurs and was used; late use counts against it', async () => {
      const a = await agreed(monthly({ components: [{ kind: 'RECURRING', label: 'Access', minor: '20000' }, flatUsage('2.50')], minimumCommitmentMinor: '30000' }));
      await market.use(a, 4, clock.now());
      const inside = clock.now();
      await close(a);
      expect(await usageNet(a)).toBe(1_000n);
      clock.advance(31 * DAY);
      await Promise.all([turn(), turn()]);
      await turn();
      expect(await usageNet(a)).toBe(10_000n);
      await market.use(a, 6, inside);
      expect(await close(a)).toMatchObject({ code: 'billing.nothing_to_bill' });
      await market.use(a, 40, inside);
      expect(await close(a)).toMatchObject({ charges: [{ period: 0, quantity: 46n, netMinor: 2_500n }] });
      expect(await usageNet(a)).toBe(12_500n);
    });
  });

  it('two closings at once of other uses rate one behind the other, never from the same step of the tiers', async () => {
    const component: PlanTerms['components'][number] = { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'GRADUATED', tiers: [tier('1', '100'), tier(null, '1')], packageSize: null, freeQuota: '0' };
    const a = await agreed(monthly({ components: [component] }));
    for (let i = 0; i < 6; i++) {
      await market.use(a, 1, clock.now());
      await Promise.all([1, 2, 3].map(async () => {
        await market.use(a, 1, clock.now());
        return billing.closeUsagePeriod(market.actor(buyerId), a.licenceId);
      }));
    }
    await billing.closeUsagePeriod(market.actor(buyerId), a.licenceId);
    expect((await trades(a)).reduce((sum, t) => sum + t.net.minor, 0n)).toBe(quote(monthly({ components: [component] }), new Map([['downloads', 24n]])).totalMinor);
  });

  it('a licence is held and freed for PAYMENT beside other causes', async () => {
    const a = await agreed(monthly());
    const door = exchange.app.get(LicenceBilling, { strict: false });
    const run = (work: (tx: Parameters<LicenceBilling['holdUnpaid']>[0]) => Promise<void>): Promise<void> => asSystem(() => exchange.app.get(UnitOfWork, { strict: false }).run(work));
    await run((tx) => door.holdUnpaid(tx, systemCaller('test'), a.licenceId, 'late'));
    await run((tx) => door.holdUnpaid(tx, systemCaller('test'), a.licenceId, 'late'));
    expect((await licence(a)).state).toBe('SUSPENDED');
    await run((tx) => door.liftUnpaid(tx, systemCaller('test'), a.licenceId, 'paid'));
    expect((await licence(a)).state).toBe('ACTIVE');
  });
});
