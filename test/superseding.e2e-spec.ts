import { canonicalHash } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, enlist, listedProduct, type Market, offerOf, openMarket, orderOf, paidOnce, perUnit, planOf } from './support/market.js';
import { download, order, type Ordered, tradeOf } from './support/trade.js';

const DAY = 86_400;
type Answer = { id: string; state?: string; code?: string; current?: string; fields?: { path: string }[]; awaiting?: boolean };
interface Seen {
  document: string; hash: string; decision: { id: string };
  licence: { id: string; state: string; stateReason: string | null; validFrom: string | null; validUntil: string | null };
  supersedes: { supersededId: string; kind: string; effectiveAt: string | null } | null; supersededBy: { agreementId: string; kind: string; effectiveAt: string | null } | null;
}
/** SGD 50 for ten days. */
const short = (over: object = {}) => planOf({ label: 'Ten days', duration: 'P10D', components: [paidOnce('5000'), perUnit('0.25')], ...over });

describe('an agreement that takes the place of another', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetIds: readonly string[];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    ({ productId, assetIds } = await listedProduct(exchange, market, [csvFile(3_000), csvFile(3_000, 'more.csv')]));
  });
  afterAll(() => exchange.close());
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  const later = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    const [officer, vendor, buyer] = (await Promise.all(['officer', 'vendor', 'buyer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer };
    await exchange.drain();
  };
  const offer = (over: object = {}) => done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [short()], ...over })).then((o) => o.id);
  const pay = async (agreementId: string) => {
    await exchange.drain();
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreementId, 'PURCHASE') });
    await exchange.drain();
  };
  const bought = async (terms: object = {}): Promise<Ordered> => {
    const ordered = await order(exchange, market, await offer({ terms }));
    await pay(ordered.agreementId);
    return ordered;
  };
  const renew = (offerId: string, renewsAgreementId: string, client = market.buyer) => client.mutate<Answer>('placeOrder', 'Agreement', 'id', { ...orderOf(offerId), renewsAgreementId });
  const see = async (id: string, client = market.vendor) => (await client.ask<{ agreement: Seen }>(
    'query($id: ID!) { agreement(id: $id) { document hash decision { id } licence { id state stateReason validFrom validUntil } supersedes { supersededId kind effectiveAt } supersededBy { agreementId kind effectiveAt } } }', { id })).agreement;
  const told = async (client: GraphClient, id: string) => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [SUPERSEDED, TERMINATED]) { nodes { kind } } }', { id })).notices.nodes.map((n) => n.kind);
  const deletions = async (licenceId: string) => (await market.buyer.ask<{ deletions: { nodes: { state: string }[] } }>('query($id: ID!) { deletions(licenceId: $id) { nodes { state } } }', { id: licenceId })).deletions.nodes.map((d) => d.state);
  const ask = (licenceId: string) => market.buyer.mutate<{ url?: string; code?: string; current?: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: assetIds[0] });

  it('renews a fixed term without a gap, by the plan of the day, with the law asked again; the older one stays as it is and asks for no deletion', async () => {
    const older = await bought({ deletionWithin: 'P30D' });
    await download(exchange, market.buyer, older.licenceId, assetIds[0]!);
    const before = await see(older.agreementId);
    const dearer = await offer({ plans: [short({ components: [paidOnce('6000'), perUnit('0.25')] })], terms: { deletionWithin: 'P30D' } });
    const { id: newer } = await renew(dearer, older.agreementId);
    const pending = await see(newer);
    expect([pending.supersedes, pending.licence.state, pending.decision.id === before.decision.id]).toEqual([{ supersededId: older.agreementId, kind: 'RENEWAL', effectiveAt: null }, 'PENDING', false]);
    expect([JSON.parse(pending.document).supersedes, JSON.parse(pending.document).version, canonicalHash(JSON.parse(pending.document))]).toEqual([{ agreementId: older.agreementId, hash: before.hash, kind: 'RENEWAL' }, '5', pending.hash]);
    await pay(newer);
    const renewed = await see(newer);
    expect(renewed.licence).toMatchObject({ state: 'ACTIVE', validFrom: before.licence.validUntil, validUntil: new Date(new Date(before.licence.validUntil!).getTime() + 10 * DAY * 1_000).toISOString() });
    for (const side of [market.vendor, market.buyer]) expect(await told(side, older.agreementId)).toEqual(['SUPERSEDED']);
    // Until then the older one delivers, and the newer one does not.
    expect(await ask(renewed.licence.id)).toMatchObject({ code: 'delivery.licence_not_active' });
    expect(await market.buyer.mutate('cancelRenewal', 'Licence', 'id', { licenceId: renewed.licence.id })).toMatchObject({ code: 'contracts.nothing_renews' });
    expect(await market.buyer.mutate('reshareData', 'Reshare', 'id', { licenceId: renewed.licence.id, action: 'distribute', recipientId: market.assessorId, places: ['SG'], purpose: 'RESEARCH' })).toMatchObject({ code: 'contracts.licence_over', message: expect.stringContaining('begun') });
    await download(exchange, market.buyer, older.licenceId, assetIds[0]!);
    await later(10 * DAY);
    expect(await ask(older.licenceId)).toMatchObject({ code: 'delivery.licence_not_active', current: 'EXPIRED' });
    await download(exchange, market.buyer, renewed.licence.id, assetIds[1]!);
    const after = await see(older.agreementId);
    expect([after.hash, after.document, after.licence.state, after.supersededBy]).toEqual([before.hash, before.document, 'EXPIRED', { agreementId: newer, kind: 'RENEWAL', effectiveAt: before.licence.validUntil }]);
    expect(await deletions(older.licenceId)).toEqual([]);
    // With the end of the last one the data is asked for, once.
    await later(10 * DAY);
    expect([await deletions(older.licenceId), await deletions(renewed.licence.id)]).toEqual([[], ['REQUESTED']]);
    await expect(exchange.owner.query('update contracts.supersession set superseded_id = superseded_id, effective_at = now() where agreement_id = $1', [newer])).rejects.toThrow('never changes');
    await release();
  });

  it('is paid late: the data is asked for with the end, and not any more once it goes on; what was had under the first is asked for with the second', async () => {
    const older = await bought({ deletionWithin: 'P30D' });
    await download(exchange, market.buyer, older.licenceId, assetIds[0]!);
    const { id: newer } = await renew(await offer({ terms: { deletionWithin: 'P30D' } }), older.agreementId);
    await later(13 * DAY);
    expect(await deletions(older.licenceId)).toEqual(['REQUESTED']);
    await pay(newer);
    const renewed = await see(newer);
    // It begins with the payment and lasts as long as it was bought for: nobody pays for days between the two.
    expect([renewed.licence.state, renewed.licence.validFrom, renewed.licence.validUntil, await deletions(older.licenceId)]).toEqual(['ACTIVE', clock.now().toISOString(), new Date(clock.now().getTime() + 10 * DAY * 1_000).toISOString(), ['CLOSED']]);
    await later(10 * DAY);
    expect(await deletions(renewed.licence.id)).toEqual(['REQUESTED']);
    await release();
  });

  it('is one at a time, of the same sides and product, of what runs; of two renewals at once one is placed', async () => {
    const older = await bought();
    const offerId = await offer();
    const trial = await offer({ plans: [planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }], trial: { duration: 'P3D', quotas: [] } })] });
    expect(await renew(trial, older.agreementId)).toMatchObject({ code: 'contracts.supersession', fields: [{ path: 'planId' }] });
    expect(await renew(offerId, older.licenceId)).toMatchObject({ code: 'contracts.supersession', fields: [{ path: 'renewsAgreementId' }] });
    const placed = await Promise.all(Array.from({ length: 6 }, () => renew(offerId, older.agreementId)));
    expect(placed.filter((p) => p.id)).toHaveLength(1);
    expect(placed.filter((p) => !p.id).every((p) => p.code === 'contracts.supersession' && p.current === 'SUPERSEDED')).toBe(true);
    // The one that was placed is called off: another one may be.
    const first = placed.find((p) => p.id)!.id;
    await exchange.drain();
    await done(market.buyer, 'callOffPurchase', 'Trade', 'id', { tradeId: await tradeOf(market.buyer, first, 'PURCHASE'), reason: 'the other plan' });
    expect(await renew(offerId, first)).toMatchObject({ code: 'contracts.supersession', current: 'TERMINATED' });
    const { id: second } = await renew(offerId, older.agreementId);
    expect((await see(older.agreementId)).supersededBy).toMatchObject({ agreementId: second, effectiveAt: null });
    await later(10 * DAY);
    expect(await renew(offerId, older.agreementId)).toMatchObject({ code: 'contracts.supersession', current: 'EXPIRED' });
  });

  it('replaces a running one by what both negotiated: that one ends as this one begins, and each use is counted once, under the one it fell into', async () => {
    const older = await bought({ deletionWithin: 'P30D' });
    await download(exchange, market.buyer, older.licenceId, assetIds[0]!);
    const proposal = { plan: short({ label: 'More for less', components: [paidOnce('6000'), perUnit('0.10')] }), purposes: ['RESEARCH'], destinations: ['SG'], terms: { deletionWithin: 'P30D' }, replacesAgreementId: older.agreementId };
    const begin = (over: object) => market.buyer.mutate<Answer & { messageCount: number }>('beginNegotiation', 'Negotiation', 'id messageCount', { productId, proposal: { ...proposal, ...over } });
    expect(await begin({ replacesAgreementId: older.licenceId })).toMatchObject({ code: 'contracts.supersession', fields: [{ path: 'proposal.replacesAgreementId' }] });
    const asked = await begin({});
    const { offerId } = await done<{ offerId: string }>(market.vendor, 'agreeNegotiation', 'Negotiation', 'offerId', { negotiationId: asked.id, inReplyTo: asked.messageCount });
    const { id: newer } = await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
    expect((await see(older.agreementId)).licence.state).toBe('ACTIVE');
    const { url } = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId: older.licenceId, assetId: assetIds[0] });
    await exchange.drain();
    const { trades } = await market.buyer.ask<{ trades: { nodes: { agreementId: string; net: { minor: string } }[] } }>('{ trades(first: 50) { nodes { agreementId net { minor } } } }');
    // Nothing of what was paid for the older one is used up yet: it comes off in full.
    expect(trades.nodes.filter((t) => t.agreementId === newer).map((t) => t.net.minor)).toEqual(['1000']);
    const { agreement } = await market.buyer.ask<{ agreement: { licence: { credits: { texts: string[] }[] } } }>('query($id: ID!) { agreement(id: $id) { licence { credits { cause days ofDays amount { minor } open { minor } texts uses { amount { minor } } } } } }', { id: newer });
    expect(agreement.licence.credits).toEqual([{ cause: 'UNUSED', days: 10, ofDays: 10, amount: { minor: '5000' }, open: { minor: '0' }, texts: [expect.stringMatching(/^Credit: 10 of the 10 days from /), expect.stringMatching(/^抵扣：被替换的许可/)], uses: [{ amount: { minor: '5000' } }] }]);
    await pay(newer);
    const [ended, begun] = [await see(older.agreementId), await see(newer)];
    expect(ended.licence).toMatchObject({ state: 'TERMINATED', stateReason: `SUPERSEDED: agreement ${newer} took its place` });
    expect([begun.licence.state, begun.licence.validFrom, ended.supersededBy]).toEqual(['ACTIVE', clock.now().toISOString(), { agreementId: newer, kind: 'REPLACEMENT', effectiveAt: clock.now().toISOString() }]);
    expect(await market.vendor.ask('query($id: ID!) { terminations(agreementId: $id) { nodes { reasonCode state } } }', { id: older.agreementId })).toEqual({ terminations: { nodes: [{ reasonCode: 'SUPERSEDED', state: 'EFFECTIVE' }] } });
    for (const side of [market.vendor, market.buyer]) expect(await told(side, older.agreementId)).toEqual(['SUPERSEDED']);
    expect([(await fetch(url)).status, await deletions(older.licenceId)]).toEqual([403, []]);
    for (const asset of assetIds) await download(exchange, market.buyer, begun.licence.id, asset);
    const billed = async (licenceId: string) => (await done<{ charges: { meter: string; quantity: string }[]; invoice: { net: { minor: string } } }>(market.vendor, 'closeUsagePeriod', 'UsagePeriod', 'charges { meter quantity } invoice { net { minor } }', { licenceId }));
    expect(await billed(older.licenceId)).toMatchObject({ charges: [{ meter: 'DOWNLOADS', quantity: '1' }], invoice: { net: { minor: '25' } } });
    expect(await billed(begun.licence.id)).toMatchObject({ charges: [{ meter: 'DOWNLOADS', quantity: '2' }], invoice: { net: { minor: '20' } } });
    expect(await exchange.owner.query('select count(*)::int as n, count(distinct event_id)::int as ids from metering.usage_event where licence_id = any($1::uuid[])', [[older.licenceId, begun.licence.id]])).toEqual([{ n: 6, ids: 6 }]);
    expect(await market.buyer.mutate('terminateAgreement', 'Termination', 'id', { agreementId: newer, reasonCode: 'SUPERSEDED', statement: 'so I say' })).toMatchObject({ code: 'contracts.termination_ground' });
  });

  it('is called off by its buyer before it is paid, of his own accord or as the vendor asks him to; against a payment at once one counts', async () => {
    const unpaid = await order(exchange, market, await offer());
    const callOff = (tradeId: string, client = market.buyer) => client.mutate<Answer>('callOffPurchase', 'Trade', 'id state', { tradeId, reason: 'no budget' });
    expect(await callOff(unpaid.purchaseId, market.vendor)).toMatchObject({ __typename: 'NotFound' });
    const propose = (client: GraphClient, reasonCode: string) => client.mutate<Answer>('terminateAgreement', 'Termination', 'id state', { agreementId: unpaid.agreementId, reasonCode, statement: 'we cannot deliver' });
    expect(await propose(market.vendor, 'MATERIAL_BREACH')).toMatchObject({ code: 'contracts.licence_over', current: 'PENDING' });
    const { id: terminationId } = await propose(market.vendor, 'MUTUAL_CONSENT');
    expect(await market.buyer.mutate('answerTermination', 'Termination', 'id', { terminationId, answer: 'CONSENT', statement: 'fine' })).toMatchObject({ code: 'contracts.termination_answer', current: 'PENDING' });
    expect(await callOff(unpaid.purchaseId)).toMatchObject({ state: 'CANCELLED' });
    expect(await callOff(unpaid.purchaseId)).toMatchObject({ __typename: 'StateConflict', current: 'CANCELLED' });
    expect((await see(unpaid.agreementId)).licence).toMatchObject({ state: 'TERMINATED', stateReason: 'called off by its buyer: no budget' });
    expect(await market.vendor.ask('query($id: ID!) { terminations(agreementId: $id) { nodes { state } } }', { id: unpaid.agreementId })).toEqual({ terminations: { nodes: [{ state: 'EFFECTIVE' }] } });
    for (const side of [market.vendor, market.buyer]) expect((await told(side, unpaid.agreementId))[0]).toBe('TERMINATED');
    expect(await market.buyer.mutate('payTrade', 'Payment', 'id', { tradeId: unpaid.purchaseId })).toMatchObject({ code: 'billing.trade_not_payable' });
    for (let i = 0; i < 3; i++) {
      const raced = await order(exchange, market, await offer());
      const [paid, off] = await Promise.all([market.buyer.mutate<Answer>('payTrade', 'Payment', 'state', { tradeId: raced.purchaseId }), callOff(raced.purchaseId)]);
      await exchange.drain();
      const { state } = (await see(raced.agreementId)).licence;
      expect([state, off.state]).toEqual(state === 'ACTIVE' ? ['ACTIVE', undefined] : ['TERMINATED', 'CANCELLED']);
      if (off.state) expect(paid.state).not.toBe('SUCCEEDED');
    }
  });

  it('knows what it renews while it waits for a second signature', async () => {
    const older = await bought();
    const offerId = await offer();
    const [first, second] = (await Promise.all(['signer-1', 'signer-2'].map(async (subject) => {
      const client = await exchange.client(subject);
      const memberId = await enlist(market.buyer, client, subject, 'BUYER');
      await done(market.buyer, 'grantMandate', 'Mandate', 'id', { memberId, currency: 'SGD', mode: 'JOINT', evidence: 'resolution 1' });
      return client;
    }))) as [GraphClient, GraphClient];
    const { pendingOrder } = await done<{ pendingOrder: { id: string; renewsAgreementId: string } }>(first, 'placeOrder', 'AwaitingSignature', 'pendingOrder { id renewsAgreementId }', { ...orderOf(offerId), renewsAgreementId: older.agreementId });
    expect([pendingOrder.renewsAgreementId, (await see(older.agreementId)).supersededBy]).toEqual([older.agreementId, null]);
    const { id: newer } = await done(second, 'signOrder', 'Agreement', 'id', { pendingOrderId: pendingOrder.id });
    expect((await see(newer)).supersedes).toEqual({ supersededId: older.agreementId, kind: 'RENEWAL', effectiveAt: null });
  });

  /** Nothing of one test keeps the next from ordering. */
  const release = async () => {
    const { deletions: { nodes } } = await market.vendor.ask<{ deletions: { nodes: { id: string }[] } }>('{ deletions(state: REQUESTED) { nodes { id } } }');
    for (const { id } of nodes) await done(market.vendor, 'releaseDeletion', 'Deletion', 'id', { deletionId: id, reason: 'a test' });
  };
});
