import fc from 'fast-check';
import type { Meter } from '#contracts';
import { newId, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import type { UsageEventInput } from '../../domain/usage-event.js';
import { Metering } from '../../metering.facade.js';
import type { Stretch } from '../../storage/usage-sum.repository.js';
import { RollUpUsage } from './roll-up-usage.js';

const START = Date.UTC(2026, 10, 1);
const HOUR = 3_600_000;
const METERS: readonly Meter[] = ['calls', 'bytes'];
const caller = systemCaller('test');

trustCallsOutsideRequests();

describe('what was used within stretches', () => {
  const clock = new TestClock(new Date(START));
  let exchange: TestExchange;
  let uow: UnitOfWork;
  let metering: Metering;
  let roll: () => Promise<void>;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    uow = exchange.app.get(UnitOfWork);
    metering = exchange.app.get(Metering);
    roll = () => exchange.app.get(RollUpUsage).execute();
  });
  afterAll(() => exchange.close());

  const used = (licenceId: string, stretches: readonly Stretch[]) => uow.run((tx) => metering.usedWithin(tx, licenceId, stretches));
  const added = (events: readonly UsageEventInput[], { from, until }: Stretch): Map<Meter, bigint> => {
    const sums = new Map<Meter, bigint>();
    for (const { meter, quantity, occurredAt } of events) if (occurredAt >= from && occurredAt < until) sums.set(meter, (sums.get(meter) ?? 0n) + quantity);
    return sums;
  };

  // Instants stand close to the turns of four hours, where a bound, an event and a sum fall together.
  const instant = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: HOUR - 1 }))).map(([hour, ms]) => new Date(START + hour * HOUR + ms));
  const use = fc.record({ meter: fc.constantFrom(...METERS), quantity: fc.bigInt(1n, 2n ** 50n), at: instant });
  const batch = fc.record({
    uses: fc.array(use, { minLength: 1, maxLength: 6 }), rolled: fc.boolean(),
    // Recorded ahead of its time, at once, or weeks after it; by clocks that were set back, too.
    recorded: fc.constantFrom(-2 * HOUR, 0, HOUR / 2, 5 * HOUR, 20 * 24 * HOUR),
    // As sums stand that began before they knew when their events were recorded.
    older: fc.boolean(),
  });
  const stretch = fc.tuple(instant, instant).map(([a, b]): Stretch => ({ from: a < b ? a : b, until: a < b ? b : a }));

  it('is at every moment what the events come to, rolled up or not, late or early', async () => {
    await fc.assert(fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), fc.array(stretch, { minLength: 1, maxLength: 5 }), async (batches, stretches) => {
      const licence = { licenceId: newId(), agreementId: newId(), vendorId: newId(), buyerId: newId() };
      const all: UsageEventInput[] = [];
      for (const { uses, rolled, recorded, older } of batches) {
        clock.advance((START + recorded - clock.now().getTime()) / 1_000);
        const events = uses.map(({ meter, quantity, at }): UsageEventInput => ({ ...licence, source: 'urn:test', eventId: newId(), meter, quantity, occurredAt: at, subjectId: null, receiptId: null, dimensions: {}, reportedBy: null }));
        // What its own transaction wrote counts for it already.
        const within = await uow.run(async (tx) => {
          await metering.record(tx, caller, events);
          return metering.usedWithin(tx, licence.licenceId, stretches);
        });
        all.push(...events);
        const expected = stretches.map((s) => added(all, s));
        expect(within).toEqual(expected);
        if (rolled) await roll();
        if (older) await exchange.owner.query(`update metering.usage_hour set first_recorded_at = '-infinity', last_recorded_at = 'infinity' where licence_id = $1`, [licence.licenceId]);
        expect(await used(licence.licenceId, stretches)).toEqual(expected);
      }
      await roll();
      expect(await used(licence.licenceId, stretches)).toEqual(stretches.map((s) => added(all, s)));
    }), { numRuns: 60 });
  }, 120_000);

  it('never jumps while the sums go on beside it', async () => {
    const licence = { licenceId: newId(), agreementId: newId(), vendorId: newId(), buyerId: newId() };
    const window = { from: new Date(START + HOUR / 3), until: new Date(START + 3 * HOUR + 1) };
    let recorded = 0n;
    const going = new AbortController();
    const record = async (): Promise<void> => {
      for (let i = 0; i < 40; i++) {
        await uow.run((tx) => metering.record(tx, caller, Array.from({ length: 20 }, (_, n): UsageEventInput => ({
          ...licence, source: 'urn:test', eventId: newId(), meter: 'calls', quantity: 1n, occurredAt: new Date(START + HOUR / 3 + ((i * 20 + n) * 7_919_000) % (2 * HOUR)), subjectId: null, receiptId: null, dimensions: {}, reportedBy: null,
        }))));
        recorded += 20n;
      }
      going.abort();
    };
    const rollUp = async (): Promise<void> => { while (!going.signal.aborted) await roll(); };
    const look = async (): Promise<void> => {
      while (!going.signal.aborted) {
        const before = recorded;
        const [seen] = await used(licence.licenceId, [window]);
        const calls = seen!.get('calls') ?? 0n;
        expect(calls).toBeGreaterThanOrEqual(before);
        expect(calls % 20n).toBe(0n);
        expect(calls).toBeLessThanOrEqual(recorded + 20n);
      }
    };
    await Promise.all([record(), rollUp(), look()]);
    expect((await used(licence.licenceId, [window]))[0]!.get('calls')).toBe(800n);
  });
});
