import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

const SOURCE = 'https://api.vendor.example';
interface Correction { id: string; __typename: string; state: string; before: string; quantity: string; charged: boolean; creditId: string | null; code?: string; fields?: { path: string }[] }
const SHOWN = 'id state before quantity charged creditId';
/** SGD 1.00 a call, by the month. */
const byCall = planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Access', amountMinor: '500' }, { kind: 'USAGE', label: 'Calls', meter: 'CALLS', tiers: [{ unitPrice: '1.00' }] }] });

describe('corrections of use', () => {
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let stranger: GraphClient;
  let offerId: string;
  let key: string;
  let licenceId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
    market = await openMarket(exchange);
    stranger = await exchange.client('stranger');
    const { productId } = await listedProduct(exchange, market, [csvFile(3_000, 'calls.csv')]);
    ({ id: offerId } = await done<{ id: string }>(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [byCall] })));
    key = (await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(clock.now().getTime() + 60 * 86_400_000).toISOString() })).secret;
  });
  afterAll(() => exchange.close());
  beforeEach(async () => {
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    licenceId = ordered.licenceId;
    clock.advance(1);
  });

  const report = async (quantity: number): Promise<string> => {
    const id = newId();
    const event = { specversion: '1.0', type: 'entrepot.usage.v1', source: SOURCE, id, subject: licenceId, time: clock.now().toISOString(), data: { meter: 'calls', quantity } };
    const { status } = await fetch(`${exchange.url}/v1/usage-events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${key}` }, body: JSON.stringify(event) });
    expect(status).toBe(201);
    return id;
  };
  const correct = (client: GraphClient, eventId: string, quantity: number, over: object = {}) => client.mutate<Correction>('correctUsage', 'UsageCorrection', SHOWN, { licenceId, source: SOURCE, eventId, quantity: String(quantity), reason: 'counted twice by a gateway', ...over });
  const answer = (client: GraphClient, correctionId: string, given: string) => client.mutate<Correction>('answerUsageCorrection', 'UsageCorrection', SHOWN, { correctionId, answer: given });
  const close = (client = market.vendor) => client.mutate<{ __typename: string; code?: string; invoice?: { net: { minor: string }; lines: { description: string; net: { minor: string } }[] } }>('closeUsagePeriod', 'UsagePeriod', 'invoice { net { minor } lines { description net { minor } } }', { licenceId });
  const total = async (client = market.vendor) => (await client.ask<{ usageSummary: { meter: string; quantity: string; events: number }[] }>('query($id: ID!) { usageSummary(licenceId: $id) { meter quantity events } }', { id: licenceId })).usageSummary[0]?.quantity;
  const credits = async (client = market.buyer) => (await client.ask<{ licence: { credits: { cause: string; amount: { minor: string }; open: { minor: string }; texts: string[] }[] } }>('query($id: ID!) { licence(id: $id) { credits { cause amount { minor } open { minor } texts } } }', { id: licenceId })).licence.credits;
  const listed = async (client: GraphClient, state?: string) => (await client.ask<{ usageCorrections: { nodes: Correction[] } | null }>(`query($id: ID!) { usageCorrections(licenceId: $id${state ? `, state: ${state}` : ''}) { nodes { ${SHOWN} } } }`, { id: licenceId })).usageCorrections?.nodes;

  it('are made at once by the vendor where nothing is charged yet; the event stays, and both sides see the same', async () => {
    const eventId = await report(10);
    const made = await correct(market.vendor, eventId, 4);
    expect(made).toMatchObject({ state: 'APPLIED', before: '10', quantity: '4', charged: false, creditId: null });
    expect(await correct(market.vendor, eventId, 4)).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'quantity' }] });
    expect(await correct(market.vendor, eventId, 6)).toMatchObject({ state: 'APPLIED', before: '4' });
    for (const client of [market.vendor, market.buyer]) {
      expect([await total(client), (await listed(client))!.map((c) => c.quantity), await listed(client, 'PROPOSED')]).toEqual(['6', ['6', '4'], []]);
      const { usageEvents } = await client.ask<{ usageEvents: { nodes: { quantity: string; source: string }[] } }>('query($id: ID!) { usageEvents(licenceId: $id) { nodes { quantity source } } }', { id: licenceId });
      expect(usageEvents.nodes.map((e) => e.quantity).sort()).toEqual(['-6', '10', '2']);
    }
    expect((await close()).invoice).toMatchObject({ net: { minor: '600' } });
    expect(await exchange.owner.query(`select act from audit.entry where object_id = $1 order by recorded_at, id`, [made.id])).toEqual([{ act: 'usage_correction.propose' }, { act: expect.stringMatching(/apply/) }]);
    expect([await listed(stranger), (await correct(stranger, eventId, 1)).__typename, (await answer(stranger, made.id, 'APPROVE')).__typename]).toEqual([undefined, 'NotPermitted', 'NotPermitted']);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('of what is charged wait for the other side; what was charged too much comes off later use', async () => {
    const eventId = await report(10);
    expect((await close()).invoice!.net.minor).toBe('1000');
    const proposed = await correct(market.vendor, eventId, 7);
    expect(proposed).toMatchObject({ state: 'PROPOSED', charged: true });
    expect(await total()).toBe('10');
    expect(await correct(market.buyer, eventId, 0)).toMatchObject({ code: 'billing.correction_open' });
    expect(await answer(market.vendor, proposed.id, 'APPROVE')).toMatchObject({ code: 'billing.correction_side' });
    const made = await answer(market.buyer, proposed.id, 'APPROVE');
    expect(made).toMatchObject({ state: 'APPLIED', creditId: expect.any(String) });
    expect(await answer(market.buyer, proposed.id, 'REJECT')).toMatchObject({ code: 'billing.correction_decided' });
    expect([await total(), await total(market.buyer)]).toEqual(['7', '7']);
    expect(await credits()).toMatchObject([{ cause: 'CORRECTION', amount: { minor: '300' }, open: { minor: '300' }, texts: [expect.stringContaining('counted too high'), expect.any(String)] }]);
    // Two calls are less than what comes off: they stay unbilled.
    await report(2);
    expect(await close()).toMatchObject({ code: 'billing.nothing_to_bill' });
    await report(5);
    const { invoice } = await close();
    expect([invoice!.net.minor, invoice!.lines.map((l) => l.net.minor)]).toEqual(['400', ['700', '-300']]);
    expect(await credits(market.vendor)).toMatchObject([{ open: { minor: '0' } }]);
    const notices = async (client: GraphClient) => (await client.ask<{ notices: { nodes: { details: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [USAGE_CORRECTED]) { nodes { details } } }', { id: licenceId })).notices.nodes.map((n) => (JSON.parse(n.details) as { state: string }).state);
    expect([await notices(market.buyer), await notices(market.vendor)]).toEqual([['PROPOSED'], ['APPLIED']]);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('that make it more are charged with the next closing; those of the buyer wait for the vendor, and may be taken back', async () => {
    const eventId = await report(3);
    const less = await correct(market.buyer, eventId, 1);
    expect(less).toMatchObject({ state: 'PROPOSED', charged: false });
    expect(await answer(market.buyer, less.id, 'WITHDRAW')).toMatchObject({ state: 'WITHDRAWN' });
    const again = await correct(market.buyer, eventId, 2);
    expect(await answer(market.vendor, again.id, 'REJECT')).toMatchObject({ state: 'REJECTED' });
    expect((await close()).invoice!.net.minor).toBe('300');
    const more = await correct(market.vendor, eventId, 8);
    expect(await answer(market.buyer, more.id, 'APPROVE')).toMatchObject({ state: 'APPLIED', creditId: null });
    expect((await close()).invoice!.net.minor).toBe('500');
    expect((await listed(market.buyer))!.map((c) => c.state)).toEqual(['APPLIED', 'REJECTED', 'WITHDRAWN']);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('are decided once, whoever answers, proposes and closes at the same time', async () => {
    const eventId = await report(10);
    const proposals = await Promise.all(Array.from({ length: 5 }, () => correct(market.buyer, eventId, 5)));
    const [open, ...rest] = proposals.filter((p) => p.state === 'PROPOSED');
    expect([open!.state, rest, new Set(proposals.filter((p) => p.code).map((p) => p.code))]).toEqual(['PROPOSED', [], new Set(['billing.correction_open'])]);
    const [closed, ...answers] = await Promise.all([close(), ...['APPROVE', 'REJECT', 'APPROVE'].map((given) => answer(market.vendor, open!.id, given)), answer(market.buyer, open!.id, 'WITHDRAW')]);
    expect(answers.filter((a) => a.state && a.state !== 'PROPOSED' && !a.code)).toHaveLength(1);
    expect(closed.__typename).toBe('UsagePeriod');
    const [{ state }] = (await listed(market.vendor))! as [Correction];
    const right = state === 'APPLIED' ? 500n : 1_000n;
    expect(await total()).toBe((right / 100n).toString());
    const given = (await credits()).reduce((sum, c) => sum + BigInt(c.amount.minor), 0n);
    expect(BigInt(closed.invoice!.net.minor) - given).toBe(right);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });
});
