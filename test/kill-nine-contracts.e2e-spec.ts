import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { csvFile, done, enlist, listedProduct, type Market, offerOf, openMarket, opinion, orderOf, paidOnce, planOf, submitted, draftProduct } from './support/market.js';
import { download, tradeOf } from './support/trade.js';

/** An act is done within this on an idle machine, with what follows from it in the background: the kill falls before, into or after it. */
const LATEST_KILL_MS = 150;
const SUBSCRIPTIONS = 12;

/** A real process on a real folder, killed at random moments of the acts of this room; whoever acted asks again with the same key. */
describe('kill -9 between an act and what follows from it', () => {
  let exchange: KillableExchange;
  let market: Market;
  const people: Record<string, GraphClient> = {};
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  const kill = (): Promise<void> => exchange.kill();
  const rows = <T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> => exchange.rows<T>(text, values);
  const one = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>> => (await rows(text, values))[0]!;
  const outside = () => exchange.outside();
  /** Sent, killed into, and sent again under the same key: one effect and one answer. */
  const through = async <T = { id: string }>(client: GraphClient, name: string, success: string, fields: string, input: object): Promise<T> => {
    const headers = { 'idempotency-key': newId() };
    const sent = client.mutate(name, success, fields, input, headers).catch(() => null);
    await pause(next() * LATEST_KILL_MS);
    await kill();
    await sent;
    return done<T>(client, name, success, fields, input, headers);
  };
  const settle = async (): Promise<void> => {
    await outside().drain();
    expect([seed, await brokenInvariants({ owner: { query: (text) => rows(text) } })]).toEqual([seed, {}]);
  };

  beforeAll(async () => {
    exchange = await KillableExchange.start('kill-contracts');
    market = await openMarket(outside());
    for (const [name, role] of [['seller', 'VENDOR_MANAGER'], ['counsel', 'FINANCE'], ['head', 'VENDOR_MANAGER']] as const) {
      people[name] = await outside().client(name);
      const memberId = await enlist(market.vendor, people[name], name, role);
      await done(market.vendor, 'grantMandate', 'Mandate', 'id', { memberId, currency: 'SGD', mode: name === 'head' ? 'ALONE' : 'JOINT', evidence: 'board resolution 2026/7' });
    }
    market = { ...market, vendor: people['head']! };
  }, 180_000);
  afterAll(() => exchange?.close());

  it('an offer waits for its second once, and takes effect once, with everything that goes with it', async () => {
    const { productId } = await listedProduct(outside(), market, [csvFile(500)]);
    const title = 'joint';
    const { id, state } = await through<{ id: string; state: string }>(people['seller']!, 'createOffer', 'Offer', 'id state', offerOf(productId, { title }));
    expect([state, await one('select count(*)::int as offers, (select count(*)::int from contracts.offer_signing s join contracts.offer o on o.id = s.offer_id where o.title = $1) as waiting from contracts.offer where title = $1', [title])]).toEqual(['AWAITING_SIGNATURE', { offers: 1, waiting: 1 }]);
    await through(people['counsel']!, 'signOffer', 'Offer', 'id', { offerId: id });
    expect(await one(`select o.state, o.co_signatory is not null as signed, s.closed_at is not null as closed, (select count(*)::int from audit.entry e where e.object_id = o.id::text and e.act = 'offer.sign') as acts
      from contracts.offer o join contracts.offer_signing s on s.offer_id = o.id where o.id = $1`, [id])).toEqual({ state: 'ACTIVE', signed: true, closed: true, acts: 1 });
    await settle();
  }, 180_000);

  it('a replacement that is paid ends the older agreement, credits it once and asks for its deletion once; one that is not leaves it as it was', async () => {
    const { productId, assetIds: [assetId] } = await listedProduct(outside(), market, [csvFile(500)]);
    const term = (minor: string) => planOf({ label: 'Ten days', duration: 'P10D', components: [paidOnce(minor)] });
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [term('5000')], terms: { deletionWithin: 'P30D' } }));
    const stand = (agreementId: string) => one('select id, state from contracts.licence where agreement_id = $1', [agreementId]) as Promise<{ id: string; state: string }>;
    for (const paid of [true, false]) {
      // What the first round was killed in need not be killed in again.
      const act: typeof through = paid ? through : done;
      const pay = async (agreementId: string): Promise<void> => {
        await outside().drain();
        await act(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreementId, 'PURCHASE') });
      };
      const { id: older } = await act(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
      await pay(older);
      const { id: licenceId } = await stand(older);
      await download(outside(), market.buyer, licenceId, assetId!);
      const proposal = { plan: term('6000'), purposes: ['RESEARCH'], destinations: ['SG'], terms: { deletionWithin: 'P30D' }, replacesAgreementId: older };
      const { id: negotiationId } = await done(market.buyer, 'beginNegotiation', 'Negotiation', 'id', { productId, proposal });
      const { offerId: agreed } = await act<{ offerId: string }>(market.vendor, 'agreeNegotiation', 'Negotiation', 'offerId', { negotiationId, inReplyTo: 1 });
      const { id: newer } = await through(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(agreed));
      await outside().drain();
      expect(await one(`select count(*)::int as credits, min(c.net_minor)::int as credit, (select count(*)::int from billing.credit_use u join billing.credit d on d.id = u.credit_id where d.agreement_id = $1) as uses, (select net_minor::int from settlement.trade where agreement_id = $1) as net
        from billing.credit c where c.agreement_id = $1`, [newer])).toEqual({ credits: 1, credit: 5_000, uses: 1, net: 1_000 });
      if (!paid) {
        await kill();
        expect([(await stand(older)).state, (await stand(newer)).state]).toEqual(['ACTIVE', 'PENDING']);
        continue;
      }
      await pay(newer);
      await outside().drain();
      expect([(await stand(older)).state, (await stand(newer)).state, await rows(`select state from contracts.termination where agreement_id = $1`, [older])]).toEqual(['TERMINATED', 'ACTIVE', [{ state: 'EFFECTIVE' }]]);
      // What was had goes on under the newer one; with its end it is asked for, once.
      await through(market.buyer, 'terminateAgreement', 'Termination', 'id', { agreementId: newer, reasonCode: 'MUTUAL_CONSENT', statement: 'no need any more' });
      const { id: terminationId } = (await one('select id from contracts.termination where agreement_id = $1', [newer])) as { id: string };
      await through(market.vendor, 'answerTermination', 'Termination', 'id', { terminationId, answer: 'CONSENT', statement: 'so be it' });
      expect(await rows('select d.state from contracts.deletion d where d.agreement_id = any($1::uuid[])', [[older, newer]])).toEqual([{ state: 'REQUESTED' }]);
    }
    await settle();
  }, 300_000);

  it('a saved search tells of a product once', async () => {
    const title = `Tides ${newId()}`;
    const { id: savedSearchId } = await through(market.buyer, 'saveSearch', 'SavedSearch', 'id', { name: 'Tides', search: { text: title } });
    expect(await rows('select name from catalog.saved_search where id = $1', [savedSearchId])).toHaveLength(1);
    const file = csvFile(500);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await done(market.vendor, 'updateProduct', 'Product', 'id', { productId, title });
    await submitted(outside(), market, draft, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
    await through(market.vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
    const matches = () => one('select count(*)::int as n from catalog.saved_search_match where saved_search_id = $1 and product_id = $2', [savedSearchId, productId]);
    await exchange.until('the match', async () => (await matches())['n'] !== 0);
    await kill();
    await outside().drain();
    expect(await matches()).toEqual({ n: 1 });
    await settle();
  }, 180_000);

  it('a period is opened and asked for once, wherever the turn is killed', async () => {
    const { productId } = await listedProduct(outside(), market, [csvFile(500)]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [planOf({ label: 'Monthly', duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Access', amountMinor: '20000' }] })] }));
    for (let i = 0; i < SUBSCRIPTIONS; i++) {
      const { id: agreementId } = await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
      await outside().drain();
      await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreementId, 'PURCHASE') });
    }
    await outside().drain();
    const of = `l.id in (select id from contracts.licence where product_id = '${productId}')`;
    const counted = () => one(`select count(*)::int as licences, sum((select count(*)::int from billing.opened_period o where o.licence_id = l.id and o.period > 0))::int as periods,
      sum((select count(*)::int from settlement.trade t where t.licence_id = l.id and t.kind = 'SUBSCRIPTION'))::int as trades,
      sum((select count(*)::int from billing.invoice i join settlement.trade t on t.id = i.trade_id where t.licence_id = l.id and t.kind = 'SUBSCRIPTION'))::int as invoices from contracts.licence l where ${of}`);
    // Two of their months go by at once: the periods of each are due, one after the other.
    await rows(`update contracts.licence l set valid_from = valid_from - interval '70 days', paid_from = paid_from - interval '70 days', valid_until = valid_until - interval '70 days' where ${of}`);
    await rows(`update billing.schedule s set due_at = due_at - interval '70 days', check_at = check_at - interval '70 days' where licence_id in (select id from contracts.licence where product_id = $1)`, [productId]);
    let turned = 0;
    for (let n = 0; n < 5 && turned < 2 * SUBSCRIPTIONS; n++) {
      const before = turned;
      // The sweep of a process that has just started begins at some moment of its first seconds: the kill falls into it, not before.
      await exchange.until('a turn', async () => (turned = (await counted())['periods'] as number) > before || turned === 2 * SUBSCRIPTIONS);
      await pause(next() * LATEST_KILL_MS);
      await kill();
      const { periods, trades, invoices } = await counted();
      expect([seed, trades, invoices]).toEqual([seed, periods, periods]);
      turned = periods as number;
    }
    await exchange.until('every turn', async () => (await counted())['periods'] === 2 * SUBSCRIPTIONS);
    expect(await counted()).toEqual({ licences: SUBSCRIPTIONS, periods: 2 * SUBSCRIPTIONS, trades: 2 * SUBSCRIPTIONS, invoices: 2 * SUBSCRIPTIONS });
    expect(await rows(`select o.licence_id from billing.opened_period o group by o.licence_id having count(distinct period) <> count(*) or (count(*) <> 3 and ${of.replaceAll('l.id', 'o.licence_id')})`)).toEqual([]);
    await settle();
  }, 300_000);
});
