import { Contracts } from '#contracts';
import { asSystem, systemCaller, UnitOfWork } from '#shared';
import { RetryWaitingOrders } from '../libs/contracts/src/use-cases/retry-waiting-orders.js';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, hire, listedProduct, type Market, offerOf, openMarket, orderOf } from './support/market.js';

const DAY = 86_400;
interface Pending { id: string; state: string; signedBy: string[]; needs: string[][]; blockedBy: string | null; agreementId: string | null; expiresAt: string }
interface Answer { __typename: string; code?: string; id: string; current?: string; decision: { id: string; needs: string[][] }; pendingOrder: Pending }

/** Orders for which the law asks for a mechanism that is not held yet. */
describe('orders that wait for their clearance', () => {
  const clock = new TestClock(new Date('2026-11-23T04:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  /** 60,000 persons each: of two orders in one year the second crosses the threshold of 100,000. */
  let product: Draft;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [csvFile(500)], { persons: '60000' });
  });
  afterAll(() => exchange.close());

  const rows = <T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;
  const PENDING = 'id state signedBy needs blockedBy agreementId expiresAt';
  const FIELDS = `__typename ... on Agreement { id } ... on AwaitingClearance { pendingOrder { ${PENDING} } decision { id needs } } ... on Problem { code } ... on StateConflict { current: state }`;
  const mutate = async (client: GraphClient, name: 'placeOrder' | 'signOrder', input: object, headers: Record<string, string> = {}): Promise<Answer> =>
    (await client.ask<Record<string, Answer>>(`mutation($input: ${name === 'placeOrder' ? 'PlaceOrderInput' : 'SignOrderInput'}!) { ${name}(input: $input) { ${FIELDS} } }`, { input }, headers))[name]!;
  const offer = async (over: object = {}): Promise<string> => (await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId, over))).id;
  const order = (offerId: string, client = market.buyer, headers: Record<string, string> = {}): Promise<Answer> => mutate(client, 'placeOrder', orderOf(offerId), headers);
  const sign = (pendingOrderId: string, client = market.buyer): Promise<Answer> => mutate(client, 'signOrder', { pendingOrderId });
  const pendingOf = async (client: GraphClient, id: string): Promise<Pending | undefined> =>
    (await client.ask<{ pendingOrders: { nodes: Pending[] } }>(`{ pendingOrders(first: 50) { nodes { ${PENDING} } } }`)).pendingOrders.nodes.find((p) => p.id === id);
  const waitingOf = async (client: GraphClient): Promise<{ id: string; needs: string[][]; decision: { filings: { type: string }[]; facts: string | null } | null }[] | undefined> =>
    (await client.ask<{ waitingOrders: { nodes: [] } | null }>('{ waitingOrders(first: 50) { nodes { id buyerId productId purpose destination plan { quote { dueAtStart { minor } } } needs expiresAt decision { filings { type } facts } } } }')).waitingOrders?.nodes;
  const retry = (): Promise<void> => asSystem(() => exchange.app.get(RetryWaitingOrders, { strict: false }).execute());
  const system = <T>(work: (tx: Parameters<Parameters<UnitOfWork['run']>[0]>[0]) => Promise<T>): Promise<T> => asSystem(() => exchange.app.get(UnitOfWork).run(work));
  const changed = (organisationId: string | null = market.vendorId): Promise<void> => system((tx) => exchange.app.get(Contracts).retryWaitingOrders(tx, organisationId));
  /** Whoever holds the volume of the year ends unpaid, so that it is free again. */
  const free = (agreementId: string): Promise<unknown> => system((tx) => exchange.app.get(Contracts).lapseLicence(tx, systemCaller('test'), agreementId, 'never paid'));
  const signIn = async (): Promise<void> => {
    for (const name of ['vendor', 'buyer', 'officer'] as const) Object.assign(market, { [name]: await exchange.client(name) });
  };

  it('are kept without agreement, trade and volume, once, and seen by both sides and nobody else', async () => {
    const offerId = await offer();
    const first = await order(offerId);
    expect(first.__typename).toBe('Agreement');
    const volume = () => rows('select sum(persons)::text as n from compliance.volume_movement');
    const before = await volume();
    const once = { 'idempotency-key': 'wait-once' };
    const waits = await order(offerId, market.buyer, once);
    const { id } = waits.pendingOrder;
    expect(waits).toMatchObject({
      __typename: 'AwaitingClearance', decision: { needs: [['standard_contract', 'certification']] },
      pendingOrder: { state: 'AWAITING_CLEARANCE', needs: [['standard_contract', 'certification']], blockedBy: null, agreementId: null, expiresAt: new Date(clock.now().getTime() + 180 * DAY * 1_000).toISOString() },
    });
    expect(await order(offerId, market.buyer, once)).toEqual(waits);
    expect(await order(offerId)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.order_waits', current: 'AWAITING_CLEARANCE' });
    expect(await Promise.all([volume(), rows('select count(*)::int as n from contracts.agreement')])).toEqual([before, [{ n: 1 }]]);
    const [event] = await rows<{ payload: object }>(`select payload from shared.outbox where topic = 'contracts.order-awaits-clearance.v1' and aggregate_id = $1`, [id]);
    expect(event!.payload).toMatchObject({ pendingOrderId: id, vendorId: market.vendorId, productId: product.productId, decisionId: waits.decision.id, needs: [['standard_contract', 'certification']] });
    expect(await waitingOf(market.vendor)).toMatchObject([{ id, needs: [['standard_contract', 'certification']], decision: { facts: expect.stringContaining('60000') } }]);
    expect([await waitingOf(market.buyer), await waitingOf(await exchange.client('nobody')), await waitingOf(market.officer)]).toEqual([[], undefined, undefined]);
    expect(await pendingOf(market.vendor, id)).toBeUndefined();
    expect(await sign(id, market.vendor)).toMatchObject({ __typename: 'NotFound' });

    // Nothing has changed, nothing happens; decided again it goes on waiting.
    await retry();
    expect(await rows('select count(*)::int as n from compliance.decision where stage = $1', ['ORDER'])).toEqual([{ n: 2 }]);
    await changed();
    await retry();
    expect(await rows('select count(*)::int as n from compliance.decision where stage = $1', ['ORDER'])).toEqual([{ n: 3 }]);
    expect(await pendingOf(market.buyer, id)).toMatchObject({ state: 'AWAITING_CLEARANCE' });

    await free(first.id);
    await changed();
    await Promise.all([retry(), retry(), retry()]);
    const cleared = (await pendingOf(market.buyer, id))!;
    expect(cleared).toMatchObject({ state: 'CONCLUDED', blockedBy: null });
    expect(await rows('select count(*)::int as n from contracts.agreement where offer_id = $1 and id <> $2', [offerId, first.id])).toEqual([{ n: 1 }]);
    // The order keeps its id as an agreement.
    expect(cleared.agreementId).toBe(id);
    const [agreement] = await rows<{ document: { signatories: object[] }; decision_id: string }>('select document, decision_id from contracts.agreement where id = $1', [cleared.agreementId]);
    expect(agreement!.document.signatories).toMatchObject([{ mode: 'ALONE', displayName: 'buyer' }]);
    expect(await rows('select kind, persons::int from compliance.volume_movement where order_decision_id = $1', [agreement!.decision_id])).toEqual([{ kind: 'RESERVE', persons: 60_000 }]);
    expect(await rows('select closed_by from contracts.pending_order where id = $1', [id])).toEqual([{ closed_by: null }]);
    expect(await rows(`select act, tenant_id = (select buyer_id from contracts.pending_order where id = $1) as own from audit.entry where object_id = $1::text and object_type = 'pending-order' order by recorded_at, id`, [id])).toEqual([{ act: 'pending-order.request', own: true }, { act: 'pending-order.clear', own: true }]);
    expect(await waitingOf(market.vendor)).toEqual([]);
    await exchange.drain();
    expect(await rows('select kind, state from settlement.trade where agreement_id = $1', [cleared.agreementId])).toEqual([{ kind: 'PURCHASE', state: 'AWAITING_PAYMENT' }]);
    await free(cleared.agreementId!);
  });

  describe('where something else stands in the way', () => {
    let holder: string;
    let offerId: string;
    let waiting: string;
    beforeEach(async () => {
      holder = (await order(await offer())).id;
      offerId = await offer();
      waiting = (await order(offerId)).pendingOrder.id;
    });
    afterEach(async () => {
      await free(holder);
      const open = await rows<{ id: string; agreement_id: string | null }>(`select id, agreement_id from contracts.pending_order where state in ('AWAITING_CLEARANCE', 'CONCLUDED')`);
      for (const p of open) await (p.agreement_id ? free(p.agreement_id) : market.buyer.mutate('rejectOrder', 'PendingOrder', 'state', { pendingOrderId: p.id, reason: 'tidied up' }));
    });
    const cleared = async (): Promise<Pending> => {
      await free(holder);
      await changed();
      await retry();
      return (await pendingOf(market.buyer, waiting))!;
    };

    it('say that the offer is closed', async () => {
      await done(market.vendor, 'withdrawOffer', 'Offer', 'id', { offerId });
      expect(await cleared()).toMatchObject({ state: 'AWAITING_CLEARANCE', blockedBy: 'the offer is closed' });
      expect(await sign(waiting)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.offer_closed' });
      expect(await market.buyer.mutate('rejectOrder', 'PendingOrder', 'state', { pendingOrderId: waiting, reason: 'no more' })).toMatchObject({ state: 'REJECTED' });
    });

    it('say that whoever signed may no more, and are concluded by another signature', async () => {
      const trader = await hire(exchange, market.buyer, `trader-${waiting}`, 'BUYER');
      const theirs = (await order(await offer(), trader)).pendingOrder.id;
      const { members } = await market.buyer.ask<{ members: { nodes: { id: string; displayName: string }[] } }>('{ members(first: 50) { nodes { id displayName } } }');
      await done(trader, 'leaveOrganisation', 'DepartedMember', 'id', {});
      expect(members.nodes.some((m) => m.displayName === `trader-${waiting}`)).toBe(true);
      await done(market.buyer, 'rejectOrder', 'PendingOrder', 'id', { pendingOrderId: waiting, reason: 'one is enough' });
      await cleared();
      expect(await pendingOf(market.buyer, theirs)).toMatchObject({ state: 'AWAITING_CLEARANCE', blockedBy: expect.stringContaining('sign it again') as string });
      expect((await sign(theirs)).__typename).toBe('Agreement');
      expect(await pendingOf(market.buyer, theirs)).toMatchObject({ state: 'CONCLUDED', blockedBy: null });
      expect(await sign(theirs)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.order_closed', current: 'CONCLUDED' });
    });

    it('wait while the buyer is suspended', async () => {
      const [{ buyer_id: organisationId }] = (await rows<{ buyer_id: string }>('select buyer_id from contracts.pending_order where id = $1', [waiting])) as [{ buyer_id: string }];
      await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId, reason: 'for the test' });
      await free(holder);
      await changed();
      await retry();
      expect(await rows('select state, blocked_by from contracts.pending_order where id = $1', [waiting])).toEqual([{ state: 'AWAITING_CLEARANCE', blocked_by: 'the buyer is not verified' }]);
      await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId, reason: 'for the test' });
      await changed(organisationId);
      await retry();
      expect(await pendingOf(market.buyer, waiting)).toMatchObject({ state: 'CONCLUDED' });
    });

    it('of a signature and a retry at once one concludes', async () => {
      await free(holder);
      await changed();
      const [answer] = await Promise.all([sign(waiting), retry(), retry()]);
      expect(['Agreement', 'StateConflict']).toContain(answer.__typename);
      expect(await rows('select count(*)::int as n from contracts.agreement where offer_id = $1', [offerId])).toEqual([{ n: 1 }]);
    });
  });

  it('leave nothing where the process dies in the middle, and are due still', async () => {
    const holder = (await order(await offer())).id;
    const offerId = await offer();
    const { id } = (await order(offerId)).pendingOrder;
    await free(holder);
    await changed();
    await exchange.owner.query(`create function contracts.die() returns trigger language plpgsql as $$ begin raise exception 'the process dies'; end $$`);
    await exchange.owner.query('create trigger dies before update on contracts.pending_order for each row execute function contracts.die()');
    await retry();
    expect(await rows('select 1 from contracts.agreement where offer_id = $1', [offerId])).toEqual([]);
    await exchange.owner.query('drop trigger dies on contracts.pending_order');
    await exchange.owner.query('drop function contracts.die()');
    await retry();
    expect(await pendingOf(market.buyer, id)).toMatchObject({ state: 'CONCLUDED' });
  });

  it('are cleared by the new year, and lapse after half a year', async () => {
    const offerId = await offer();
    const { id } = (await order(offerId)).pendingOrder;
    clock.advance(39 * DAY);
    await signIn();
    await retry();
    expect(await pendingOf(market.buyer, id)).toMatchObject({ state: 'CONCLUDED' });
    const late = (await order(await offer())).pendingOrder.id;
    const expires = clock.now().getTime() + 180 * DAY * 1_000;
    clock.advance(180 * DAY);
    await signIn();
    expect(await sign(late)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.order_closed', current: 'EXPIRED' });
    await exchange.drain();
    expect(await rows('select state, closed_at from contracts.pending_order where id = $1', [late])).toEqual([{ state: 'EXPIRED', closed_at: new Date(expires) }]);
  });
});
