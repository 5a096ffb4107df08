import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, compactVerify } from 'jose';
import { newId, sha256Hex } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { download, order } from './support/trade.js';

interface Answer { __typename: string; receiptId: string; state: string; ground: string | null; reason: string | null; reply: string | null; verdict: string | null; nextAt: string | null; closedAt: string | null; jws: string | null; code?: string; message?: string; fields?: { path: string }[] }
interface Receipt { id: string; sha256: string; jws: string; bytes: string; answer: Answer | null }
const SHOWN = 'receiptId state ground reason reply verdict nextAt closedAt jws';
const DAY = 86_400;
/** SGD 1.00 a download, by the month. */
const byDownload = planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Access', amountMinor: '500' }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', tiers: [{ unitPrice: '1.00' }] }] });

describe('what a buyer says to a receipt', () => {
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let stranger: GraphClient;
  let officer: GraphClient;
  let licenceId: string;
  let assetId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
    market = await openMarket(exchange);
    stranger = await exchange.client('stranger');
    ({ officer } = market);
    const { productId, assetIds } = await listedProduct(exchange, market, [csvFile(3_000, 'calls.csv')]);
    assetId = assetIds[0]!;
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [byDownload] }));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    ({ licenceId } = ordered);
  });
  afterAll(() => exchange.close());

  /** Sign-ins live for hours. */
  const signIn = async (): Promise<void> => {
    const [vendor, buyer] = [await exchange.client('vendor'), await exchange.client('buyer')];
    [officer, stranger] = [await exchange.client('officer'), await exchange.client('stranger')];
    market = { ...market, vendor, buyer };
  };
  const receiptsFor = async (client: GraphClient): Promise<Receipt[]> =>
    (await client.ask<{ receipts: { nodes: Receipt[] } }>(`query($id: ID!) { receipts(licenceId: $id) { nodes { id sha256 jws bytes answer { ${SHOWN} } } } }`, { id: licenceId })).receipts.nodes;
  const taken = async (): Promise<Receipt> => {
    await download(exchange, market.buyer, licenceId, assetId);
    clock.advance(1);
    return (await receiptsFor(market.buyer))[0]!;
  };
  const acknowledge = (client: GraphClient, ...receipts: { receiptId: string; sha256: string }[]) => client.mutate<{ __typename: string; answers: Answer[]; code?: string; fields?: { path: string }[] }>('acknowledgeReceipts', 'AcknowledgedReceipts', `answers { ${SHOWN} }`, { receipts });
  const contest = (client: GraphClient, receiptId: string, over: object = {}) => client.mutate<Answer>('contestReceipt', 'ReceiptAnswer', SHOWN, { receiptId, ground: 'INCOMPLETE', reason: 'the last rows are cut off', ...over });
  const answer = (client: GraphClient, receiptId: string, given: string, reason?: string) => client.mutate<Answer>('answerReceiptContest', 'ReceiptAnswer', SHOWN, { receiptId, answer: given, reason });
  const decide = (client: GraphClient, receiptId: string, upheld: boolean) => client.mutate<Answer>('decideReceiptContest', 'ReceiptAnswer', SHOWN, { receiptId, upheld, reason: 'the log of the delivery shows it' });
  const close = () => market.vendor.mutate<{ __typename: string; code?: string; invoice?: { net: { minor: string } } }>('closeUsagePeriod', 'UsagePeriod', 'invoice { net { minor } }', { licenceId });
  const used = async (client: GraphClient) => Object.fromEntries((await client.ask<{ usageSummary: { meter: string; quantity: string }[] }>('query($id: ID!) { usageSummary(licenceId: $id) { meter quantity } }', { id: licenceId })).usageSummary.map((s) => [s.meter, s.quantity]));
  const told = async (client: GraphClient, receiptId: string) =>
    (await client.ask<{ notices: { nodes: { details: string; text: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [RECEIPT_CONTESTED], first: 50) { nodes { details text } } }', { id: licenceId })).notices.nodes
      .map((n) => JSON.parse(n.details) as { receiptId: string; state: string }).filter((d) => d.receiptId === receiptId).map((d) => d.state);
  const contests = async (client: GraphClient, args = '') => (await client.ask<{ receiptContests: { nodes: Answer[] } | null }>(`{ receiptContests(first: 50${args}) { nodes { receiptId state } } }`)).receiptContests?.nodes;

  it('is signed by the exchange where he acknowledges it: once, with the digest of what he holds', async () => {
    const [first, second] = [await taken(), await taken()];
    const off = await acknowledge(market.buyer, { receiptId: first.id, sha256: first.sha256 }, { receiptId: second.id, sha256: '0'.repeat(64) });
    expect(off).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'receipts.1.sha256' }] });
    expect((await receiptsFor(market.vendor)).map((r) => r.answer)).toEqual([null, null]);
    const given = [first, second].map((r) => ({ receiptId: r.id, sha256: r.sha256 }));
    const [{ answers }, again] = await Promise.all([acknowledge(market.buyer, ...given), acknowledge(market.buyer, ...[...given].reverse())]);
    expect(answers.map((a) => a.state)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
    expect(new Map(again.answers.map((a) => [a.receiptId, a.jws]))).toEqual(new Map(answers.map((a) => [a.receiptId, a.jws])));
    const keys = createLocalJWKSet((await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet);
    for (const receipt of await receiptsFor(market.vendor)) {
      const { payload, protectedHeader } = await compactVerify(receipt.answer!.jws!, keys);
      expect([protectedHeader.typ, JSON.parse(Buffer.from(payload).toString())]).toEqual(['entrepot-acknowledgement+jws', expect.objectContaining({ receiptId: receipt.id, receipt: sha256Hex(receipt.jws), sha256: receipt.sha256 })]);
    }
    await expect(jwtVerify(answers[0]!.jws!.slice(0, -2), keys)).rejects.toThrow();
    expect(await contest(market.buyer, first.id)).toMatchObject({ code: 'delivery.receipt_answered' });
    expect([(await acknowledge(stranger, given[0]!)).__typename, (await acknowledge(market.vendor, given[0]!)).__typename, (await acknowledge(market.buyer, { receiptId: newId(), sha256: first.sha256 })).__typename]).toEqual(['NotPermitted', 'NotFound', 'NotFound']);
    expect(await exchange.owner.query('select act, count(*)::int as n from audit.entry where object_id = any($1) group by 1', [[first.id, second.id]])).toEqual([{ act: 'receipt.acknowledge', n: 2 }]);
  });

  it('takes what was used out of the count where the vendor concedes a contest, and gives back what was charged for it', async () => {
    const receipt = await taken();
    await exchange.drain();
    expect((await close()).invoice!.net.minor).toBe('300');
    const before = await used(market.buyer);
    const made = await contest(market.buyer, receipt.id);
    expect(made).toMatchObject({ state: 'CONTESTED', ground: 'INCOMPLETE', closedAt: null, nextAt: new Date(clock.now().getTime() + 14 * DAY * 1_000).toISOString() });
    expect(await acknowledge(market.buyer, { receiptId: receipt.id, sha256: receipt.sha256 })).toMatchObject({ code: 'delivery.receipt_answered' });
    expect([(await answer(market.buyer, receipt.id, 'CONCEDE')).code, (await answer(market.vendor, receipt.id, 'WITHDRAW')).code, (await answer(stranger, receipt.id, 'CONCEDE')).__typename]).toEqual(['delivery.contest_side', 'delivery.contest_side', 'NotPermitted']);
    expect([await contests(market.vendor, ', state: CONTESTED'), await contests(stranger)]).toEqual([[expect.objectContaining({ receiptId: receipt.id })], undefined]);
    // A correction of the same use that waits is over with it.
    const events = (await market.buyer.ask<{ usageEvents: { nodes: { source: string; eventId: string; receiptId: string | null; meter: string }[] } }>('query($id: ID!) { usageEvents(licenceId: $id, first: 50) { nodes { source eventId receiptId meter } } }', { id: licenceId })).usageEvents.nodes;
    const use = events.find((e) => e.receiptId === receipt.id && e.meter === 'DOWNLOADS')!;
    const proposed = await done<{ id: string }>(market.buyer, 'correctUsage', 'UsageCorrection', 'id', { licenceId, source: use.source, eventId: use.eventId, quantity: '0', reason: 'the same' });
    const answers = await Promise.all([answer(market.vendor, receipt.id, 'CONCEDE', 'our disk was full'), answer(market.vendor, receipt.id, 'CONCEDE'), answer(market.buyer, receipt.id, 'WITHDRAW')]);
    expect(answers.filter((a) => a.__typename === 'ReceiptAnswer')).toHaveLength(1);
    await exchange.drain();
    if (answers[2].__typename === 'ReceiptAnswer') throw new Error('taken back first: the order of these three is not what this is about');
    const corrections = (await market.vendor.ask<{ usageCorrections: { nodes: { id: string; meter: string; state: string; before: string; quantity: string; creditId: string | null; charged: boolean }[] } }>('query($id: ID!) { usageCorrections(licenceId: $id) { nodes { id meter state before quantity creditId charged } } }', { id: licenceId })).usageCorrections.nodes;
    expect(corrections.filter((c) => c.id !== proposed.id)).toEqual(expect.arrayContaining([
      expect.objectContaining({ meter: 'DOWNLOADS', state: 'APPLIED', before: '1', quantity: '0', charged: true, creditId: expect.any(String) }), expect.objectContaining({ meter: 'BYTES', state: 'APPLIED', before: receipt.bytes, quantity: '0', creditId: null }),
    ]));
    expect(corrections.find((c) => c.id === proposed.id)).toMatchObject({ state: 'REJECTED' });
    const after = await used(market.vendor);
    expect([BigInt(before.DOWNLOADS!) - BigInt(after.DOWNLOADS!), BigInt(before.BYTES!) - BigInt(after.BYTES!)]).toEqual([1n, BigInt(receipt.bytes)]);
    const { credits } = (await market.buyer.ask<{ licence: { credits: { cause: string; amount: { minor: string } }[] } }>('query($id: ID!) { licence(id: $id) { credits { cause amount { minor } } } }', { id: licenceId })).licence;
    expect(credits).toEqual([{ cause: 'CORRECTION', amount: { minor: '100' } }]);
    expect(await told(market.vendor, receipt.id)).toEqual(['UPHELD', 'CONTESTED']);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('comes before the exchange where the vendor rejects it, or is silent for two weeks; silence of the buyer ends it', async () => {
    const [rejected, silent, left, late] = [await taken(), await taken(), await taken(), await taken()];
    for (const receipt of [rejected, silent, left]) expect(await contest(market.buyer, receipt.id, { ground: 'NOT_REQUESTED', reason: 'a key that was lost' })).toMatchObject({ state: 'CONTESTED' });
    expect(await answer(market.buyer, rejected.id, 'ESCALATE')).toMatchObject({ code: 'receipt_answer.not_possible' });
    for (const receipt of [rejected, left]) expect(await answer(market.vendor, receipt.id, 'REJECT', 'the token was opened with your key')).toMatchObject({ state: 'REJECTED', reply: 'the token was opened with your key' });
    expect(await decide(officer, rejected.id, true)).toMatchObject({ code: 'receipt_answer.not_possible' });
    expect(await answer(market.buyer, rejected.id, 'ESCALATE', 'it was not ours')).toMatchObject({ state: 'ESCALATED', nextAt: null });
    clock.advance(15 * DAY);
    await signIn();
    await exchange.drain();
    expect(Object.fromEntries((await contests(officer, `, licenceId: "${licenceId}"`))!.map((c) => [c.receiptId, c.state]))).toMatchObject({ [rejected.id]: 'ESCALATED', [silent.id]: 'ESCALATED', [left.id]: 'DISMISSED' });
    expect([(await decide(market.vendor, silent.id, false)).__typename, (await decide(stranger, silent.id, false)).__typename]).toEqual(['NotPermitted', 'NotPermitted']);
    const before = await used(market.buyer);
    expect(await decide(officer, rejected.id, true)).toMatchObject({ state: 'UPHELD', verdict: 'the log of the delivery shows it' });
    expect(await decide(officer, silent.id, false)).toMatchObject({ state: 'DISMISSED' });
    expect(await decide(officer, silent.id, true)).toMatchObject({ code: 'receipt_answer.not_possible' });
    await exchange.drain();
    expect([BigInt(before.DOWNLOADS!) - BigInt((await used(market.buyer)).DOWNLOADS!), await told(market.buyer, silent.id)]).toEqual([1n, ['DISMISSED', 'ESCALATED']]);
    expect(await contest(market.buyer, silent.id)).toMatchObject({ code: 'delivery.receipt_answered' });
    clock.advance(16 * DAY);
    await signIn();
    expect(await contest(market.buyer, late.id)).toMatchObject({ code: 'delivery.receipt_stands' });
    await expect(exchange.owner.query(`update delivery.receipt_answer set state = 'UPHELD' where receipt_id = $1`, [silent.id])).rejects.toThrow(/given once/);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });
});
