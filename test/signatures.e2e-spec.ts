import { canonicalHash, newId } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, enlist, hire, join, listedProduct, type Market, offerOf, openMarket, opinion, orderOf, paidOnce, planOf, submitted, draftProduct } from './support/market.js';

const DAY = 86_400;
const NO_AUTHORITY = { __typename: 'NotPermitted', code: 'contracts.no_signing_authority' };
interface Signed { memberId: string; displayName: string; mode: string; mandateId: string | null; keyId: string | null }

/** Who may bind the buyer: by role, by mandate, alone, with a second, through a key. */
describe('signatures', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let important: Draft;
  /** The buyer's administrator, without a mandate of his own once there are any. */
  let boss: GraphClient;
  const people: Record<string, { client: GraphClient; id: string }> = {};

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    boss = market.buyer;
    product = await listedProduct(exchange, market, [csvFile(500)]);
    important = await listedProduct(exchange, market, [csvFile(500)], { level: 'IMPORTANT', importantDataNotified: true });
    for (const [name, role] of [['trader', 'BUYER'], ['cfo', 'FINANCE'], ['ceo', 'BUYER']] as const) {
      const client = await exchange.client(name);
      people[name] = { client, id: await enlist(boss, client, name, role) };
    }
  });
  afterAll(() => exchange.close());

  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;
  const who = (name: string): GraphClient => people[name]!.client;
  const offer = async (minor: string, over: object = {}, of = product): Promise<string> => (await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(of.productId, { plans: [planOf({ components: [paidOnce(minor)] })], ...over }))).id;
  const grant = async (name: string, over: object): Promise<string> => (await done(boss, 'grantMandate', 'Mandate', 'id', { memberId: people[name]!.id, currency: 'SGD', mode: 'ALONE', evidence: 'board resolution 2026/7', ...over })).id;
  const revoke = (mandateId: string) => done(boss, 'revokeMandate', 'Mandate', 'id', { mandateId, reason: 'withdrawn by the board' });
  const ANSWER = `__typename ... on Agreement { id hash document } ... on AwaitingSignature { pendingOrder { id state requestedBy plan { quote { dueAtStart { minor currency } } } expiresAt } } ... on AwaitingClearance { pendingOrder { id state signedBy needs } decision { permitted } } ... on TransferRefused { decision { permitted } } ... on Problem { code } ... on StateConflict { current: state }`;
  type Answer = { __typename: string; code?: string; current?: string; id: string; hash: string; document: string; pendingOrder: { id: string; state: string; requestedBy: string; plan: object; expiresAt: string } };
  const order = async (client: GraphClient, offerId: string, headers: Record<string, string> = {}): Promise<Answer> =>
    (await client.ask<{ placeOrder: Answer }>(`mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ${ANSWER} } }`, { input: orderOf(offerId) }, headers)).placeOrder;
  const sign = async (client: GraphClient, pendingOrderId: string, headers: Record<string, string> = {}): Promise<Answer> =>
    (await client.ask<{ signOrder: Answer }>(`mutation($input: SignOrderInput!) { signOrder(input: $input) { ${ANSWER.replace(/\.\.\. on AwaitingSignature \{.*?\} expiresAt \} \} /, '')} } }`, { input: { pendingOrderId } }, headers)).signOrder;
  const reject = (client: GraphClient, pendingOrderId: string) => client.mutate('rejectOrder', 'PendingOrder', 'state closedBy agreementId', { pendingOrderId, reason: 'too dear' });
  const pending = async (client: GraphClient, state?: string): Promise<{ id: string; state: string }[] | undefined> =>
    (await client.ask<{ pendingOrders: { nodes: { id: string; state: string }[] } | null }>('query($state: PendingOrderState) { pendingOrders(state: $state) { nodes { id state } } }', { state })).pendingOrders?.nodes;
  const signatories = ({ document, hash }: Answer): Signed[] => {
    const read = JSON.parse(document) as { version: string; signatories: Signed[] };
    expect([read.version, canonicalHash(read)]).toEqual(['5', hash]);
    return read.signatories;
  };
  const machine = async (expiresAt = new Date(clock.now().getTime() + DAY * 1_000)): Promise<{ id: string; client: GraphClient }> => {
    const { id, secret } = await done<{ id: string; secret: string }>(boss, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'pipeline', scopes: ['CONTRACTS_ORDER'], expiresAt: expiresAt.toISOString() });
    return { id, client: new GraphClient(exchange.url, secret) };
  };
  const bossId = async (): Promise<string> => (await boss.ask<{ me: { subject: string } }>('{ me { subject } }')).me.subject.replace('member:', '');

  it('are those of the roles and of keys where no mandate was ever granted', async () => {
    const key = await machine();
    const dear = await offer('900000000');
    expect(signatories(await order(who('trader'), dear))).toEqual([{ memberId: people['trader']!.id, displayName: 'trader', mode: 'ALONE', mandateId: null, keyId: null }]);
    expect(signatories(await order(key.client, dear))).toEqual([{ memberId: await bossId(), displayName: 'buyer', mode: 'ALONE', mandateId: null, keyId: key.id }]);
    expect((await order(who('cfo'), dear)).__typename).toBe('NotPermitted');
    expect(await pending(boss)).toEqual([]);
  });

  describe('under mandates', () => {
    let aloneId: string;
    let jointId: string;
    beforeAll(async () => {
      aloneId = await grant('trader', { maxMinor: '5000' });
      jointId = await grant('trader', { mode: 'JOINT', maxMinor: '20000' });
      await grant('cfo', { mode: 'JOINT', maxMinor: '20000' });
      await grant('ceo', { maxMinor: null });
    });

    it('are alone up to the limit, joint up to the next, and none beyond or in another currency', async () => {
      expect(signatories(await order(who('trader'), await offer('5000')))).toEqual([{ memberId: people['trader']!.id, displayName: 'trader', mode: 'ALONE', mandateId: aloneId, keyId: null }]);
      const waiting = await order(who('trader'), await offer('5001'));
      expect(waiting).toEqual({ __typename: 'AwaitingSignature', pendingOrder: {
        id: expect.any(String), state: 'AWAITING_SIGNATURE', requestedBy: people['trader']!.id, plan: { quote: { dueAtStart: { minor: '5001', currency: 'SGD' } } }, expiresAt: new Date(clock.now().getTime() + 14 * DAY * 1_000).toISOString(),
      } });
      expect((await order(who('trader'), await offer('20000'))).__typename).toBe('AwaitingSignature');
      for (const offerId of [await offer('20001'), await offer('1', { plans: [planOf({ currency: 'CNY' })] })]) expect(await order(who('trader'), offerId)).toMatchObject(NO_AUTHORITY);
      expect(await order(boss, await offer('1'))).toMatchObject(NO_AUTHORITY);
      expect(signatories(await order(who('ceo'), await offer('900000000')))).toHaveLength(1);
      expect(await rows('select 1 from contracts.agreement a join contracts.pending_order p on p.agreement_id = a.id')).toEqual([]);
    });

    it('are two of two persons in the agreement, once', async () => {
      const offerId = await offer('10000');
      const headers = { 'idempotency-key': 'joint-once' };
      const waiting = await order(who('trader'), offerId, headers);
      expect(await order(who('trader'), offerId, headers)).toEqual(waiting);
      const { id } = waiting.pendingOrder;
      expect(await sign(who('trader'), id)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.second_signatory', current: 'AWAITING_SIGNATURE' });
      expect(await sign(boss, id)).toMatchObject(NO_AUTHORITY);
      for (const client of [market.vendor, await exchange.client('nobody-here'), market.officer]) expect(['NotFound', 'NotPermitted']).toContain((await sign(client, id)).__typename);
      expect((await sign(market.vendor, id))).toEqual(await sign(market.vendor, newId()));
      expect([await pending(market.vendor), await pending(market.officer)]).toEqual([[], undefined]);
      expect((await pending(who('cfo'), 'AWAITING_SIGNATURE'))!.map((p) => p.id)).toContain(id);
      const answers = await Promise.all([sign(who('cfo'), id, headers), sign(who('ceo'), id), sign(who('cfo'), id)]);
      expect(answers.map((a) => a.__typename).sort()).toEqual(['Agreement', 'StateConflict', 'StateConflict']);
      const agreement = answers.find((a) => a.__typename === 'Agreement')!;
      const [first, second] = signatories(agreement);
      expect(first).toEqual({ memberId: people['trader']!.id, displayName: 'trader', mode: 'JOINT', mandateId: jointId, keyId: null });
      expect(['cfo', 'ceo']).toContain(second!.displayName);
      expect(await rows('select state, agreement_id, closed_by from contracts.pending_order where id = $1', [id])).toEqual([{ state: 'CONCLUDED', agreement_id: agreement.id, closed_by: second!.memberId }]);
      expect(await rows('select count(*)::int as n from contracts.agreement where offer_id = $1', [offerId])).toEqual([{ n: 1 }]);
      expect(await rows(`select act from audit.entry where object_id = $1 and object_type = 'pending-order' order by recorded_at, id`, [id])).toEqual([{ act: 'pending-order.request' }, { act: 'pending-order.sign' }]);
      expect(await reject(who('trader'), id)).toMatchObject({ __typename: 'StateConflict', current: 'CONCLUDED' });
      await exchange.drain();
      const { trades } = await boss.ask<{ trades: { nodes: { agreementId: string }[] } }>('{ trades(first: 50) { nodes { agreementId } } }');
      expect(trades.nodes.filter((t) => t.agreementId === agreement.id)).toHaveLength(1);
    });

    it('answers a repeated second signature from the first', async () => {
      const { pendingOrder: { id } } = await order(who('trader'), await offer('9000'));
      const headers = { 'idempotency-key': 'sign-once' };
      const first = await sign(who('cfo'), id, headers);
      expect(first.__typename).toBe('Agreement');
      expect(await sign(who('cfo'), id, headers)).toEqual(first);
    });

    it('are looked at again when the second comes', async () => {
      const closed = await offer('10000');
      const waits = await order(who('trader'), closed);
      await done(market.vendor, 'withdrawOffer', 'Offer', 'id', { offerId: closed });
      expect(await sign(who('cfo'), waits.pendingOrder.id)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.offer_closed' });
      const again = await order(who('trader'), await offer('10000'));
      await revoke(jointId);
      expect(await sign(who('cfo'), again.pendingOrder.id)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.first_signature_void' });
      jointId = await grant('trader', { mode: 'JOINT', maxMinor: '20000' });
      expect(signatories(await sign(who('cfo'), again.pendingOrder.id)).map((s) => s.mandateId)).toContain(jointId);
    });

    it('do not outweigh the law: it is asked at the second, and the order waits for what it asks for with both', async () => {
      const { pendingOrder: { id } } = await order(who('trader'), await offer('10000', {}, important));
      expect(await rows('select 1 from compliance.decision where object_id = $1', [id])).toEqual([]);
      expect(await sign(who('cfo'), id)).toMatchObject({ __typename: 'AwaitingClearance', decision: { permitted: false }, pendingOrder: { id, state: 'AWAITING_CLEARANCE', signedBy: [people['trader']!.id, people['cfo']!.id], needs: [['security_assessment']] } });
      expect((await pending(boss, 'AWAITING_CLEARANCE'))!.map((p) => p.id)).toEqual([id]);
      expect(await reject(who('trader'), id)).toMatchObject({ __typename: 'PendingOrder', state: 'REJECTED', closedBy: people['trader']!.id, agreementId: null });
    });

    it('are refused by whoever placed the order or could sign it, and by nobody else', async () => {
      const { pendingOrder: { id } } = await order(who('trader'), await offer('10000'));
      expect(await reject(boss, id)).toMatchObject(NO_AUTHORITY);
      expect(await reject(market.vendor, id)).toMatchObject({ __typename: 'NotFound' });
      const answers = await Promise.all([reject(who('cfo'), id), sign(who('ceo'), id)]);
      expect(answers.filter((a) => a.__typename === 'StateConflict')).toHaveLength(1);
      const other = (await order(who('trader'), await offer('10000'))).pendingOrder.id;
      expect(await reject(who('cfo'), other)).toMatchObject({ state: 'REJECTED', closedBy: people['cfo']!.id });
      expect(await sign(who('ceo'), other)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.order_closed', current: 'REJECTED' });
    });

    it('of a key are those of its maker, alone or not at all', async () => {
      const key = await machine();
      const cheap = await offer('100');
      expect(await order(key.client, cheap)).toMatchObject(NO_AUTHORITY);
      const deputy = await hire(exchange, boss, 'deputy', 'ORG_ADMIN');
      const memberId = await bossId();
      const give = (over: object) => done(deputy, 'grantMandate', 'Mandate', 'id', { memberId, currency: 'SGD', evidence: 'board resolution 2026/8', maxMinor: '100', ...over });
      await give({ mode: 'JOINT', maxMinor: '20000' });
      expect(await order(key.client, cheap)).toMatchObject(NO_AUTHORITY);
      const { id: mandateId } = await give({ mode: 'ALONE' });
      expect(signatories(await order(key.client, cheap))).toEqual([{ memberId, displayName: 'buyer', mode: 'ALONE', mandateId, keyId: key.id }]);
      expect(await order(key.client, await offer('101'))).toMatchObject(NO_AUTHORITY);
      const waits = await order(who('trader'), await offer('10000'));
      expect((await sign(key.client, waits.pendingOrder.id)).__typename).toBe('NotPermitted');
      await done(deputy, 'revokeMandate', 'Mandate', 'id', { mandateId, reason: 'no machines' });
      expect(await order(key.client, cheap)).toMatchObject(NO_AUTHORITY);
    });

    it('lapse with the order after two weeks', async () => {
      const { pendingOrder: { id } } = await order(who('trader'), await offer('10000'));
      const expires = clock.now().getTime() + 14 * DAY * 1_000;
      clock.advance(14 * DAY);
      people['cfo']!.client = await exchange.client('cfo');
      expect(await sign(who('cfo'), id)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.order_closed', current: 'EXPIRED' });
      await exchange.drain();
      await exchange.drain();
      expect(await rows('select state, closed_by, closed_at from contracts.pending_order where id = $1', [id])).toEqual([{ state: 'EXPIRED', closed_by: null, closed_at: new Date(expires) }]);
      expect(await rows('select tenant_id = p.buyer_id as of_the_buyer, act from audit.entry e join contracts.pending_order p on p.id::text = e.object_id where p.id = $1 order by e.recorded_at, e.id', [id]))
        .toEqual([{ of_the_buyer: true, act: 'pending-order.request' }, { of_the_buyer: true, act: 'pending-order.expire' }]);
    });
  });

  describe('a repeated request', () => {
    it('is answered as the first time, whatever has changed since', async () => {
      const [officer, vendor, reviewer] = (await Promise.all(['officer', 'vendor', 'reviewer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient];
      Object.assign(market, { officer, vendor, reviewer });
      const once = { 'idempotency-key': 'as-the-first-time' };
      const plain = await exchange.client('plain');
      await join(officer, plain, 'Plain Buyer', { jurisdiction: 'SG' }, 'UEN', '197401143C');
      const input = offerOf(product.productId, { validUntil: new Date(clock.now().getTime() + 60_000).toISOString() });
      const made = await done(vendor, 'createOffer', 'Offer', 'id state', input, once);
      const bought = await order(plain, made.id, once);
      expect(bought.__typename).toBe('Agreement');
      clock.advance(61);
      await done(officer, 'suspendProduct', 'Product', 'id', { productId: product.productId, reason: 'a complaint' });
      expect((await vendor.mutate('createOffer', 'Offer', 'id', offerOf(product.productId))).__typename).toBe('StateConflict');
      expect((await order(plain, made.id)).code).toBe('contracts.offer_closed');
      expect(await done(vendor, 'createOffer', 'Offer', 'id state', input, once)).toEqual(made);
      expect(await order(plain, made.id, once)).toEqual(bought);
      expect(await vendor.mutate('createOffer', 'Offer', 'id', { ...input, title: 'Another' }, once)).toMatchObject({ __typename: 'IdempotencyConflict' });

      const file = csvFile(500);
      const draft = await draftProduct(market, [file]);
      await submitted(exchange, market, draft, [file]);
      const filed = opinion(market, draft.productId, { validUntil: new Date(clock.now().getTime() + 60_000).toISOString() });
      const opined = await done(officer, 'recordOpinion', 'Product', 'id state', filed, once);
      clock.advance(61);
      await done(officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: market.assessorId, reason: 'accreditation ended' });
      expect(await done(officer, 'recordOpinion', 'Product', 'id state', filed, once)).toEqual(opined);
      expect((await officer.mutate('recordOpinion', 'Product', 'id', filed)).__typename).toBe('InvalidInput');
    });
  });
});
