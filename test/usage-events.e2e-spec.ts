import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

const DAY = 86_400;
const TYPE = 'entrepot.usage.v1';
interface Answer { status: number; body: { code?: string; message?: string; status?: string; recorded?: number; duplicates?: number; refused?: number; results?: { id: string | null; status: string; code?: string }[] } }

/** SGD 5.00 once, and 1.00 for each thousand calls that are begun, paid after each month. */
const byCall = planOf({ label: 'By call', duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Access', amountMinor: '500' }, { kind: 'USAGE', label: 'Calls', meter: 'CALLS', model: 'PACKAGE', packageSize: '1000', tiers: [{ unitPrice: '1.00' }] }] });

describe('uses that vendors report', () => {
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let licenceId: string;
  let key: string;

  const event = (over: Record<string, unknown> = {}): Record<string, unknown> => ({ specversion: '1.0', type: TYPE, source: 'https://vendor.example/gateway', id: newId(), subject: licenceId, time: clock.now().toISOString(), data: { meter: 'calls', quantity: 1 }, ...over });
  const post = async (body: unknown, type: string, headers: Record<string, string> = {}, token = key): Promise<Answer> => {
    const response = await fetch(`${exchange.url}/v1/usage-events`, { method: 'POST', headers: { 'content-type': type, authorization: `Bearer ${token}`, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const single = (body: unknown, token = key) => post(body, 'application/cloudevents+json', {}, token);
  const batch = (events: readonly unknown[]) => post(events, 'application/cloudevents-batch+json; charset=utf-8');
  const keyOf = async (client: GraphClient, scope: string) =>
    (await done<{ secret: string }>(client, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: [scope], expiresAt: new Date(clock.now().getTime() + 60 * DAY * 1_000).toISOString() })).secret;
  const calls = async (client: GraphClient): Promise<string | undefined> =>
    (await client.ask<{ usageSummary: { meter: string; quantity: string }[] }>('query($id: ID!) { usageSummary(licenceId: $id) { meter quantity } }', { id: licenceId })).usageSummary.find((t) => t.meter === 'CALLS')?.quantity;

  const licensed = async (offerId: string): Promise<string> => {
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    await exchange.drain();
    return ordered.licenceId;
  };
  let offerId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    const { productId } = await listedProduct(exchange, market, [csvFile(500, 'calls.csv')]);
    ({ id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [byCall] })));
    licenceId = await licensed(offerId);
    key = await keyOf(market.vendor, 'METERING_REPORT');
  });
  afterAll(() => exchange.close());

  it('count once in each form of CloudEvents, and vendor and buyer see the same', async () => {
    const structured = event({ data: { meter: 'calls', quantity: 2, dimensions: { region: 'SG' } } });
    expect(await single(structured)).toMatchObject({ status: 201, body: { status: 'recorded' } });
    expect(await single(structured)).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    const { data, ...attributes } = event({ source: 'urn:vendor:50%25', data: { meter: 'calls', quantity: '3' } });
    const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]));
    expect(await post(data, 'application/json', binary)).toMatchObject({ status: 201 });
    expect(await post(data, 'application/json', binary)).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    // In another form it is the same event.
    expect(await single({ ...attributes, data })).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    expect([await calls(market.vendor), await calls(market.buyer)]).toEqual(['5', '5']);
    const { usageEvents } = await market.buyer.ask<{ usageEvents: { nodes: { eventId: string; meter: string; dimensions: object[]; reportedBy: string; subjectId: null }[] } }>('query($id: ID!) { usageEvents(licenceId: $id, first: 10) { nodes { eventId meter dimensions { name value } reportedBy subjectId } } }', { id: licenceId });
    expect(usageEvents.nodes.filter((n) => n.eventId === structured['id'])).toEqual([{ eventId: structured['id'], meter: 'CALLS', dimensions: [{ name: 'region', value: 'SG' }], reportedBy: expect.stringMatching(/^key:/), subjectId: null }]);
  });

  it('say of each event of a batch what became of it, and one that is refused keeps no other from being counted', async () => {
    const before = BigInt((await calls(market.vendor)) ?? 0);
    const twice = event();
    const events = [event(), twice, twice, { ...twice, data: { meter: 'calls', quantity: 9 } }, event({ subject: newId() }), event({ time: '2020-01-01T00:00:00Z' }), event({ time: new Date(clock.now().getTime() + 600_000).toISOString() }), { no: 'event' }, event({ data: { meter: 'downloads', quantity: 1 } })];
    const { status, body } = await batch(events);
    expect(status).toBe(200);
    expect(body).toMatchObject({ recorded: 2, duplicates: 1, refused: 6 });
    expect(body.results!.map((r) => r.code ?? r.status)).toEqual(['recorded', 'recorded', 'duplicate', 'metering.conflict', 'metering.licence_unknown', 'metering.too_late', 'metering.too_early', 'metering.event_invalid', 'metering.event_invalid']);
    expect(BigInt((await calls(market.buyer))!)).toBe(before + 2n);
    expect((await batch(events)).body).toMatchObject({ recorded: 0, duplicates: 3, refused: 6 });
    expect((await batch([])).body).toEqual({ recorded: 0, duplicates: 0, refused: 0, results: [] });
  });

  it('are no second use under another licence, after a month or after another key', async () => {
    const told = event();
    expect((await single(told)).status).toBe(201);
    expect(await single({ ...told, subject: await licensed(offerId) })).toMatchObject({ status: 409, body: { code: 'metering.conflict' } });
    clock.advance(30 * DAY);
    market = { ...market, vendor: await exchange.client('vendor'), buyer: await exchange.client('buyer') };
    expect(await single(told, await keyOf(market.vendor, 'METERING_REPORT'))).toMatchObject({ status: 200, body: { status: 'duplicate' } });
  });

  it('count once where the same events come from many clients at the same time', async () => {
    const before = BigInt((await calls(market.vendor))!);
    const events = Array.from({ length: 60 }, () => event());
    const answers = await Promise.all([...events.map((e) => single(e)), ...events.map((e) => single(e)), batch(events), batch([...events].reverse())]);
    const recorded = answers.reduce((n, { status, body }) => n + (body.recorded ?? (status === 201 ? 1 : 0)), 0);
    expect([recorded, new Set(answers.map((a) => a.status))]).toEqual([60, new Set([200, 201])]);
    expect(BigInt((await calls(market.vendor))!)).toBe(before + 60n);
  });

  it('come from the vendor alone', async () => {
    expect(await single(event(), await keyOf(market.buyer, 'METERING_REPORT'))).toMatchObject({ status: 404, body: { code: 'metering.licence_unknown' } });
    expect((await single(event(), await keyOf(market.vendor, 'METERING_READ'))).status).toBe(403);
    expect((await single(event(), 'ek_nobody.wrong')).status).toBe(401);
  });

  it('are refused in a form that is none, or in too large a batch', async () => {
    expect([(await post('x', 'text/plain')).status, (await post({}, 'application/json')).status, (await post({}, 'application/cloudevents-batch+json')).status, (await post('{', 'application/cloudevents+json')).status]).toEqual([415, 415, 415, 400]);
    expect(await batch(Array.from({ length: 1_001 }, () => ({})))).toMatchObject({ status: 413, body: { code: 'metering.batch_too_large' } });
  });

  it('are billed by the plan after the month, and in the log stands who told of how many', async () => {
    await batch(Array.from({ length: 3 }, () => event({ data: { meter: 'calls', quantity: 1_000 } })));
    const used = BigInt((await calls(market.vendor))!);
    clock.advance(31 * DAY);
    market = { ...market, vendor: await exchange.client('vendor'), buyer: await exchange.client('buyer'), officer: await exchange.client('officer') };
    const { charges, eventCount } = await done<{ charges: { quantity: string; net: { minor: string } }[]; eventCount: number }>(market.vendor, 'closeUsagePeriod', 'UsagePeriod', 'eventCount charges { period meter quantity net { minor } }', { licenceId });
    // Begun packages of a thousand calls, of each month by itself.
    expect(charges.reduce((sum, c) => sum + BigInt(c.quantity), 0n)).toBe(used);
    expect(charges.map((c) => c.net.minor)).toEqual(charges.map((c) => ((BigInt(c.quantity) + 999n) / 1_000n * 100n).toString()));
    expect(eventCount).toBeGreaterThan(60);
    expect(used).toBeGreaterThan(3_000n);
    await exchange.drain();
    const [line] = (await exchange.owner.query(`select details from audit.entry where act = 'usage.report' order by id desc limit 1`)) as { details: { recorded: number; digest: string } }[];
    expect(line!.details).toMatchObject({ recorded: 3, duplicates: 0, refused: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await brokenInvariants(exchange)).toEqual({});
  });
});
