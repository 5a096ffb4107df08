import fc from 'fast-check';
import { newId, systemCaller, UnitOfWork, trustCallsOutsideRequests } from '#shared';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { Metering } from '../metering.facade.js';
import type { UsageEventInput } from '../domain/usage-event.js';
import { UsageConflictError } from '../metering.errors.js';
import type { RecordedUsage } from './record-usage.js';

const caller = systemCaller('test');

trustCallsOutsideRequests();

describe('recording usage', () => {
  const clock = new TestClock(new Date(Date.UTC(2026, 10, 22, 8)));
  let exchange: TestExchange;
  let record: (events: readonly UsageEventInput[]) => Promise<RecordedUsage>;
  let metering: Metering;
  let licence: Pick<UsageEventInput, 'licenceId' | 'agreementId' | 'vendorId' | 'buyerId' | 'subjectId'>;

  const event = (eventId: string, over: Partial<UsageEventInput> = {}): UsageEventInput => ({
    ...licence, source: 'urn:test', eventId, meter: 'downloads', quantity: 1n, occurredAt: new Date(Date.UTC(2026, 8, 1)), receiptId: null, dimensions: {}, reportedBy: null, ...over,
  });
  const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const counted = async (): Promise<number> => (await rows<{ n: number }>('select count(*)::int as n from metering.usage_event where licence_id = $1', [licence.licenceId]))[0]!.n;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    metering = exchange.app.get(Metering);
    const uow = exchange.app.get(UnitOfWork);
    record = (events) => uow.run((tx) => metering.record(tx, caller, events));
  });
  afterAll(() => exchange.close());
  beforeEach(() => {
    licence = { licenceId: newId(), agreementId: newId(), vendorId: newId(), buyerId: newId(), subjectId: newId() };
  });

  it('counts the same batch once, tells of it once and says which events it had', async () => {
    const batch = [event('a'), event('b', { meter: 'bytes', quantity: 2n ** 40n })];
    expect((await record(batch)).recorded.map((e) => e.eventId)).toEqual(['a', 'b']);
    expect(await record(batch)).toEqual({ recorded: [], duplicates: 2 });
    expect(await record([event('b', { meter: 'bytes', quantity: 2n ** 40n }), event('c'), event('c')])).toMatchObject({ recorded: [{ eventId: 'c' }], duplicates: 2 });
    expect(await rows(`select payload->>'eventId' as id from shared.outbox where aggregate_id = $1 order by seq`, [licence.licenceId])).toEqual([{ id: 'a' }, { id: 'c' }]);
    expect(await rows(`select details from audit.entry where object_id = $1 order by id`, [licence.licenceId])).toEqual([{ details: { events: 2, downloads: '1', bytes: (2n ** 40n).toString() } }, { details: { events: 1, downloads: '1' } }]);
  });

  it('counts once when the same events come at the same time, in whatever order', async () => {
    const names = Array.from({ length: 40 }, (_, i) => event(`e${i}`));
    const results = await Promise.all([names, [...names].reverse(), names.slice(20), names.slice(10).reverse()].map(record));
    expect(results.reduce((sum, r) => sum + r.recorded.length, 0)).toBe(40);
    expect(await counted()).toBe(40);
  });

  it('refuses other content under a known name, also months later, and records nothing of that batch', async () => {
    await record([event('a')]);
    clock.advance(70 * 86_400);
    await expect(record([event('new'), event('a', { quantity: 2n })])).rejects.toThrow(UsageConflictError);
    expect(await record([event('a')])).toEqual({ recorded: [], duplicates: 1 });
    expect(await counted()).toBe(1);
  });

  it('of two at once with other content under one name, one counts and one fails', async () => {
    const results = await Promise.allSettled([record([event('a')]), record([event('a', { quantity: 2n })])]);
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await counted()).toBe(1);
  });

  it('keeps the sum of the distinct events under any run of overlapping batches', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }), async (batches) => {
      licence = { ...licence, licenceId: newId(), vendorId: newId() };
      const batchOf = (names: number[]): UsageEventInput[] => names.map((n) => event(`e${n}`, { meter: 'bytes', quantity: BigInt(n) }));
      await Promise.all(batches.map((names) => record(batchOf(names))));
      const distinct = [...new Set(batches.flat())];
      const page = await metering.ofLicence(licence.licenceId, { first: 100, after: null });
      expect(page.items.map((e) => e.eventId).sort()).toEqual(distinct.map((n) => `e${n}`).sort());
      expect(page.items.reduce((sum, e) => sum + e.quantity, 0n)).toBe(BigInt(distinct.reduce((a, b) => a + b, 0)));
    }), { numRuns: 15 });
  });

  it('never changes an event', async () => {
    await record([event('a')]);
    for (const table of ['usage_event', 'usage_event_key']) {
      for (const sql of [`update metering.${table} set recorded_at = now()`, `delete from metering.${table}`, `truncate metering.${table}`]) await expect(rows(sql)).rejects.toThrow('never changed');
    }
  });

  it('reads the events of a meter in order and from where the reader stood', async () => {
    await record([event('a'), event('b'), event('x', { meter: 'bytes', quantity: 5n })]);
    clock.advance(1);
    const before = clock.now();
    await record([event('c')]);
    const read = (after?: { recordedAt: Date; id: string }) => exchange.app.get(UnitOfWork).run((tx) => metering.eventsOfLicence(tx, licence.licenceId, 'downloads', before, after));
    const first = await read();
    // Of one instant they stand in the order of their names.
    expect(first.map((e) => e.eventId).toSorted()).toEqual(['a', 'b']);
    expect(await read(first[0])).toEqual([first[1]]);
  });

  it('shows nobody a licence that is not his', async () => {
    await record([event('a')]);
    const admin = await exchange.client('staff-admin');
    const query = 'query($id: ID!) { usageEvents(licenceId: $id) { nodes { id } } usageSummary(licenceId: $id) { quantity } }';
    expect(await admin.ask(query, { id: licence.licenceId })).toEqual({ usageEvents: null, usageSummary: null });
    expect((await admin.raw(query, { id: 'not-an-id' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const nobody = await exchange.client();
    expect((await nobody.raw(query, { id: licence.licenceId })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
