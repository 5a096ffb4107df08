import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { Meter } from '#contracts';
import { newId, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import type { UsageEventInput } from '../../domain/usage-event.js';
import { type UsageSum, wholeWindows } from '../../domain/usage-query.js';
import { Metering } from '../../metering.facade.js';
import { UsageRollupRepository } from '../../storage/usage-rollup.repository.js';
import { UsageSumRepository } from '../../storage/usage-sum.repository.js';
import { RollUpUsage } from './roll-up-usage.js';

const caller = systemCaller('test');
const START = Date.UTC(2026, 10, 1);
const METERS: readonly Meter[] = ['calls', 'bytes', 'rows'];

trustCallsOutsideRequests();

describe('sums of usage', () => {
  const clock = new TestClock(new Date(START));
  let exchange: TestExchange;
  let uow: UnitOfWork;
  let metering: Metering;
  let sums: UsageSumRepository;
  let roll: () => Promise<void>;
  let licence: Pick<UsageEventInput, 'licenceId' | 'agreementId' | 'vendorId' | 'buyerId'>;

  const event = (over: Partial<UsageEventInput> = {}): UsageEventInput => ({
    ...licence, source: 'urn:test', eventId: newId(), meter: 'calls', quantity: 1n, occurredAt: new Date(START), subjectId: null, receiptId: null, dimensions: {}, reportedBy: 'key:x', ...over,
  });
  const record = (events: readonly UsageEventInput[]) => uow.run((tx) => metering.record(tx, caller, events));
  const ask = async (over: { window?: 'hour' | 'day' | 'month'; dimension?: string | null; value?: string | null; meter?: Meter | null; licenceId?: string | null } = {}, first = 1_000): Promise<UsageSum[]> => {
    const question = wholeWindows({ licenceId: licence.licenceId, meter: null, window: 'day' as const, dimension: null, value: null, from: new Date(START), until: new Date(START + 40 * 86_400_000), ...over });
    const found: UsageSum[] = [];
    for (let after: string[] | null = null; ; ) {
      const page = await sums.page(question, licence.vendorId, { first, after });
      found.push(...page.items);
      if (!page.hasNextPage) return found;
      after = JSON.parse(Buffer.from(page.endCursor!, 'base64url').toString()) as string[];
    }
  };
  const total = (rows: readonly UsageSum[]): bigint => rows.reduce((sum, r) => sum + r.quantity, 0n);
  const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    uow = exchange.app.get(UnitOfWork);
    metering = exchange.app.get(Metering);
    sums = exchange.app.get(UsageSumRepository);
    roll = () => exchange.app.get(RollUpUsage).execute();
  });
  afterAll(() => exchange.close());
  beforeEach(() => {
    licence = { licenceId: newId(), agreementId: newId(), vendorId: newId(), buyerId: newId() };
  });

  it('are what the events come to at every moment, while several record and two processes roll up', async () => {
    const use = fc.record({ meter: fc.constantFrom(...METERS), quantity: fc.bigInt(1n, 2n ** 50n), hour: fc.integer({ min: 0, max: 900 }), region: fc.constantFrom('SG', 'CN', null), late: fc.boolean() });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(use, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 6 }), async (batches) => {
      licence = { licenceId: newId(), agreementId: newId(), vendorId: newId(), buyerId: newId() };
      const given = batches.map((batch) => batch.map(({ meter, quantity, hour, region }) => event({ meter, quantity, occurredAt: new Date(START + hour * 3_600_000 + 1_234), dimensions: region ? { region } : {} })));
      const seen: bigint[] = [];
      await Promise.all([
        ...given.map(async (batch, i) => { await pause(i * 2); await record(batch); }),
        ...[0, 1].map(async () => { for (let i = 0; i < 6; i++) { await roll(); seen.push(total(await ask())); } }),
      ]);
      const all = given.flat();
      const whole = all.reduce((sum, e) => sum + e.quantity, 0n);
      // While it grows nobody sees more than there is.
      for (const one of seen) expect(one).toBeLessThanOrEqual(whole);
      const check = async (): Promise<void> => {
        for (const window of ['hour', 'day', 'month'] as const) expect(total(await ask({ window }))).toBe(whole);
        for (const meter of METERS) expect(total(await ask({ meter }))).toBe(all.filter((e) => e.meter === meter).reduce((sum, e) => sum + e.quantity, 0n));
        const regional = all.filter((e) => e.dimensions['region']).reduce((sum, e) => sum + e.quantity, 0n);
        expect(total(await ask({ dimension: 'region' }, 3))).toBe(regional);
        expect(total(await ask({ dimension: 'region', value: 'SG' }))).toBe(all.filter((e) => e.dimensions['region'] === 'SG').reduce((sum, e) => sum + e.quantity, 0n));
        const days = Map.groupBy(all, (e) => e.occurredAt.toISOString().slice(0, 10));
        expect(new Set((await ask()).map((r) => r.from.toISOString().slice(0, 10)))).toEqual(new Set(days.keys()));
        for (const t of await sums.totals(licence.licenceId)) expect([t.quantity, t.events]).toEqual([all.filter((e) => e.meter === t.meter).reduce((sum, e) => sum + e.quantity, 0n), all.filter((e) => e.meter === t.meter).length]);
      };
      await check();
      await roll();
      await check();
    }), { numRuns: 12 });
  }, 120_000);

  it('miss nothing of a transaction that began first and ends last', async () => {
    const { promise: may, resolve: go } = Promise.withResolvers<void>();
    const { promise: wrote, resolve: written } = Promise.withResolvers<void>();
    const slow = uow.run(async (tx) => {
      await metering.record(tx, caller, [event({ quantity: 5n })]);
      written();
      await may;
    });
    await wrote;
    await record([event({ quantity: 7n })]);
    await roll();
    expect(total(await ask())).toBe(7n);
    go();
    await slow;
    expect(total(await ask())).toBe(12n);
    await roll();
    expect(total(await ask())).toBe(12n);
    const [kept] = await rows<{ quantity: string }>(`select quantity::text as quantity from metering.usage_hour where licence_id = $1`, [licence.licenceId]);
    expect(kept!.quantity).toBe('12');
  });

  it('go on in a database that was loaded into a server whose transactions have smaller numbers', async () => {
    await record([event({ quantity: 3n })]);
    await rows('update metering.usage_rollup set rolled_until = rolled_until + 1000000000, shift = shift');
    // As if the events before had been rolled up under numbers that this server reaches in years.
    const keep = () => uow.run((tx) => exchange.app.get(UsageRollupRepository).keepPositions(tx));
    expect([await keep(), await keep()]).toEqual([true, false]);
    await record([event({ quantity: 4n })]);
    expect(total(await ask())).toBe(4n);
    await roll();
    await record([event({ quantity: 8n })]);
    expect(total(await ask())).toBe(12n);
  });

  it('are paged without a gap, with values that no cursor could hold', async () => {
    const values = Array.from({ length: 7 }, (_, i) => `${'数'.repeat(190)}${i}`);
    await record(values.map((device) => event({ dimensions: { device } })));
    await roll();
    await record(values.map((device) => event({ dimensions: { device } })));
    const found = await ask({ dimension: 'device' }, 2);
    expect(found.map((r) => [r.value, r.quantity, r.events]).sort()).toEqual(values.map((v) => [v, 2n, 2n]));
  });

  it('are never taken away', async () => {
    await expect(rows('delete from metering.usage_hour')).rejects.toThrow('refused');
    await expect(rows('delete from metering.usage_rollup')).rejects.toThrow('refused');
  });
});
