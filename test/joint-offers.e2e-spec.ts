import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, enlist, listedProduct, type Market, offerOf, openMarket, orderOf, paidOnce, planOf } from './support/market.js';

const DAY = 86_400;
const FIELDS = 'id stands: state supersedesId plans { id label } signing { requestedBy expiresAt closedBy subscribersFrom replaces negotiationId }';
interface Answer { __typename: string; id: string; stands: string; code?: string; current?: string; plans: { id: string }[]; signing: { requestedBy: string; expiresAt: string; closedBy: string | null; negotiationId: string | null } | null }

/** A vendor of which one alone may sign little, and two together more. */
describe('an offer that binds its vendor by two', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let buyerId: string;
  let jointId: string;
  const people: Record<string, { client: GraphClient; id: string }> = {};

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    ({ productId } = await listedProduct(exchange, market, [csvFile(500)]));
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    for (const [name, role] of [['seller', 'VENDOR_MANAGER'], ['counsel', 'FINANCE'], ['head', 'VENDOR_MANAGER'], ['clerk', 'VENDOR_MANAGER']] as const) {
      const client = await exchange.client(name);
      people[name] = { client, id: await enlist(market.vendor, client, name, role) };
    }
    await grant('seller', { maxMinor: '5000' });
    jointId = await grant('seller', { mode: 'JOINT', maxMinor: '20000' });
    await grant('counsel', { mode: 'JOINT', maxMinor: '20000' });
    await grant('head', { maxMinor: null });
  });
  afterAll(() => exchange.close());

  const grant = async (name: string, over: object): Promise<string> => (await done(market.vendor, 'grantMandate', 'Mandate', 'id', { memberId: people[name]!.id, currency: 'SGD', mode: 'ALONE', evidence: 'board resolution 2026/7', ...over })).id;
  const who = (name: string): GraphClient => people[name]!.client;
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;
  const inDays = (days: number): string => new Date(clock.now().getTime() + days * DAY * 1_000).toISOString();
  const pass = async (days: number): Promise<void> => {
    clock.advance(days * DAY);
    for (const name of Object.keys(people)) people[name]!.client = await exchange.client(name);
    const [vendor, buyer, officer] = (await Promise.all(['vendor', 'buyer', 'officer'].map((n) => exchange.client(n)))) as [GraphClient, GraphClient, GraphClient];
    market = { ...market, vendor, buyer, officer };
  };
  const act = (client: GraphClient, name: string, input: object, headers: Record<string, string> = {}): Promise<Answer> => client.mutate<Answer>(name, 'Offer', FIELDS, input as Record<string, unknown>, headers) as never;
  const draw = (minor: string, over: object = {}, client = who('seller')): Promise<Answer> => act(client, 'createOffer', offerOf(productId, { plans: [planOf({ components: [paidOnce(minor)] })], ...over }));
  const sign = (name: string, offerId: string, headers: Record<string, string> = {}): Promise<Answer> => act(who(name), 'signOffer', { offerId }, headers);
  const reject = (name: string, offerId: string): Promise<Answer> => act(who(name), 'rejectOffer', { offerId, reason: 'too cheap' });
  const order = (offerId: string) => market.buyer.mutate<{ __typename: string; id: string; document: string }>('placeOrder', 'Agreement', 'id document', orderOf(offerId));
  const stands = async (offerId: string): Promise<string> => (await rows<{ state: string }>('select state from contracts.offer where id = $1', [offerId]))[0]!.state;
  const lowest = async (): Promise<string[]> => (await rows<{ lowest_price_minor: string[] }>('select lowest_price_minor from catalog.product where id = $1', [productId]))[0]!.lowest_price_minor;

  it('is nothing to anybody else before the second has signed it, and then binds by both', async () => {
    expect((await draw('5000')).stands).toBe('ACTIVE');
    expect(await lowest()).toEqual(['5000']);
    const drawn = await draw('4000', { plans: [planOf({ components: [paidOnce('4000')] }), planOf({ components: [paidOnce('20000')] })] });
    expect(drawn).toMatchObject({ stands: 'AWAITING_SIGNATURE', signing: { requestedBy: people['seller']!.id, expiresAt: inDays(14), closedBy: null } });
    expect(await draw('20001')).toMatchObject({ __typename: 'NotPermitted', code: 'contracts.no_signing_authority' });
    expect([await lowest(), await order(drawn.id)]).toEqual([['5000'], expect.objectContaining({ __typename: 'NotFound' })]);
    expect(await market.buyer.ask('query($id: ID!) { offer(id: $id) { id } }', { id: drawn.id })).toEqual({ offer: null });
    expect((await who('counsel').ask<{ notices: { nodes: object[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [OFFER_TO_SIGN]) { nodes { kind } } }', { id: drawn.id })).notices.nodes).toHaveLength(1);
    expect(await act(who('seller'), 'withdrawOffer', { offerId: drawn.id })).toMatchObject({ __typename: 'StateConflict' });

    expect(await sign('seller', drawn.id)).toMatchObject({ code: 'contracts.second_signatory' });
    expect(await sign('clerk', drawn.id)).toMatchObject({ code: 'contracts.no_signing_authority' });
    expect(await act(market.buyer, 'signOffer', { offerId: drawn.id })).toMatchObject({ __typename: 'NotFound' });
    const once = { 'idempotency-key': 'signed-once' };
    const answers = await Promise.all([sign('counsel', drawn.id, once), sign('head', drawn.id), sign('counsel', drawn.id)]);
    expect(answers.map((a) => a.__typename).sort()).toEqual(['Offer', 'StateConflict', 'StateConflict']);
    const winner = answers.find((a) => a.__typename === 'Offer');
    expect([winner!.stands, await lowest(), await reject('head', drawn.id)]).toEqual(['ACTIVE', ['4000'], expect.objectContaining({ __typename: 'StateConflict', current: 'ACTIVE' })]);

    const agreed = await market.buyer.mutate<{ __typename: string; id: string; document: string }>('placeOrder', 'Agreement', 'id document', { ...orderOf(drawn.id), planId: drawn.plans[1]!.id });
    const document = JSON.parse(agreed.document) as { version: string; vendorSignatories: { memberId: string; mode: string; mandateId: string }[] };
    expect([document.version, document.vendorSignatories.map((s) => s.memberId)]).toEqual(['5', [people['seller']!.id, winner!.signing!.closedBy]]);
    expect(document.vendorSignatories[0]).toMatchObject({ mode: 'JOINT', mandateId: jointId });
    expect(await rows(`select count(*)::int as n from contracts.agreement_signature where agreement_id = $1 and side = 'VENDOR' and kind = 'AUTHORITY'`, [agreed.id])).toEqual([{ n: 2 }]);
    expect(await rows(`select act from audit.entry where object_id = $1 and object_type = 'offer' order by recorded_at, id`, [drawn.id])).toEqual([{ act: 'offer.create' }, { act: 'offer.sign' }]);
  });

  it('is not signed by a machine, and drawn up by none', async () => {
    const memberId = (await market.vendor.ask<{ me: { subject: string } }>('{ me { subject } }')).me.subject.replace('member:', '');
    const deputy = await exchange.client('deputy');
    await enlist(market.vendor, deputy, 'deputy', 'ORG_ADMIN');
    await done(deputy, 'grantMandate', 'Mandate', 'id', { memberId, currency: 'SGD', mode: 'JOINT', maxMinor: '20000', evidence: 'board resolution 2026/8' });
    const { secret } = await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'pipeline', scopes: ['CONTRACTS_OFFER'], expiresAt: inDays(1) });
    const key = new GraphClient(exchange.url, secret);
    expect(await draw('10000', {}, key)).toMatchObject({ code: 'contracts.no_signing_authority' });
    const drawn = await draw('10000');
    expect((await act(key, 'signOffer', { offerId: drawn.id })).__typename).toBe('NotPermitted');
    expect(await stands(drawn.id)).toBe('AWAITING_SIGNATURE');
  });

  it('is looked at again when the second comes: the authority of the first, and the product', async () => {
    const drawn = await draw('10000');
    await done(market.vendor, 'revokeMandate', 'Mandate', 'id', { mandateId: jointId, reason: 'withdrawn by the board' });
    expect(await sign('counsel', drawn.id)).toMatchObject({ code: 'contracts.first_signature_void' });
    jointId = await grant('seller', { mode: 'JOINT', maxMinor: '20000' });
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId, reason: 'a complaint' });
    expect(await sign('counsel', drawn.id)).toMatchObject({ code: 'contracts.product_not_listed' });
    await done(market.officer, 'reinstateProduct', 'Product', 'id', { productId, reason: 'looked into' });
    expect(await sign('counsel', drawn.id)).toMatchObject({ stands: 'ACTIVE' });
  });

  it('comes to nothing where somebody says no, once, or nobody signs within two weeks', async () => {
    const drawn = await draw('10000');
    expect(await reject('counsel', drawn.id)).toMatchObject({ stands: 'REJECTED', signing: { closedBy: people['counsel']!.id } });
    expect(await sign('head', drawn.id)).toMatchObject({ __typename: 'StateConflict', current: 'REJECTED' });
    const raced = await draw('10000');
    expect((await Promise.all([sign('counsel', raced.id), reject('head', raced.id)])).filter((a) => a.__typename === 'StateConflict')).toHaveLength(1);
    const late = await draw('10000');
    await pass(14);
    expect(await sign('counsel', late.id)).toMatchObject({ code: 'contracts.offer_closed', current: 'EXPIRED' });
    await exchange.drain();
    expect([await stands(late.id), (await sign('counsel', late.id)).current]).toEqual(['EXPIRED', 'EXPIRED']);
    await expect(rows(`update contracts.offer set state = 'ACTIVE' where id = $1`, [late.id])).rejects.toThrow(/came to nothing|without it/);
  });

  describe('with new prices', () => {
    const monthly = (amountMinor: string, label = 'Monthly') => planOf({ label, duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Access', amountMinor }] });
    const toldOf = async (id: string): Promise<number> => (await market.buyer.ask<{ notices: { nodes: object[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [PRICE_CHANGES]) { nodes { kind } } }', { id })).notices.nodes.length;
    const change = (offerId: string, input: object, name = 'seller') => act(who(name), 'changePrice', { offerId, ...input });

    it('leaves the old ones in force and tells nobody before the second has signed', async () => {
      const before = await draw('0', { plans: [monthly('3000')] });
      const { id: agreementId } = await order(before.id);
      const plans = [{ plan: monthly('9000', 'Dearer'), replaces: [before.plans[0]!.id] }];
      const drawn = await change(before.id, { plans, subscribersFrom: inDays(40) });
      expect(drawn).toMatchObject({ stands: 'AWAITING_SIGNATURE', supersedesId: before.id, signing: { subscribersFrom: inDays(40), replaces: [[before.plans[0]!.id]] } });
      const prices = () => rows<{ n: number }>('select count(*)::int as n from contracts.licence_price where offer_id = $1', [drawn.id]);
      expect([await toldOf(before.id), await prices(), (await order(before.id)).__typename]).toEqual([0, [{ n: 0 }], 'Agreement']);
      expect(await sign('counsel', drawn.id)).toMatchObject({ stands: 'ACTIVE' });
      expect([await toldOf(before.id), await prices(), (await order(before.id)).__typename]).toEqual([1, [{ n: 2 }], 'StateConflict']);
      expect(await rows('select (p.plan ->> \'label\') as label from contracts.licence_price p join contracts.licence l on l.id = p.licence_id where l.agreement_id = $1', [agreementId])).toEqual([{ label: 'Dearer' }]);
    });

    it('signed too late for the notice, or after another change, changes nothing', async () => {
      const before = await draw('0', { plans: [monthly('3000')] });
      const plans = [{ plan: monthly('9000', 'Dearer'), replaces: [before.plans[0]!.id] }];
      const drawn = await change(before.id, { plans, subscribersFrom: inDays(32) });
      await pass(3);
      expect(await sign('counsel', drawn.id)).toMatchObject({ __typename: 'InvalidInput', code: 'contracts.price_change' });
      expect(await stands(drawn.id)).toBe('AWAITING_SIGNATURE');
      const another = await change(before.id, { plans: [{ plan: monthly('9500') }] });
      expect(await change(before.id, { plans: [{ plan: monthly('4000') }] }, 'head')).toMatchObject({ stands: 'ACTIVE' });
      expect(await sign('counsel', another.id)).toMatchObject({ code: 'contracts.offer_closed' });
      expect(await rows('select count(*)::int as n from contracts.offer where supersedes_id = $1 and state = $2', [before.id, 'ACTIVE'])).toEqual([{ n: 1 }]);
    });
  });

  describe('out of a negotiation', () => {
    interface Seen { __typename: string; id: string; stands: string; messageCount: number; offerId: string | null; offerToSignId: string | null }
    const negotiate = (client: GraphClient, name: string, input: object): Promise<Seen> => client.mutate<Seen>(name, 'Negotiation', 'id stands: state messageCount offerId offerToSignId', input as Record<string, unknown>) as never;
    const begin = (minor: string): Promise<Seen> => negotiate(market.buyer, 'beginNegotiation', { productId, proposal: { plan: planOf({ components: [paidOnce(minor)] }), purposes: ['RESEARCH'], destinations: ['SG'] } });
    const agree = ({ id, messageCount }: Seen): Promise<Seen> => negotiate(who('seller'), 'agreeNegotiation', { negotiationId: id, inReplyTo: messageCount, text: 'for a pilot' });

    it('agrees with the second signature, and stays where it is before', async () => {
      const agreed = await agree(await begin('9000'));
      expect(agreed).toMatchObject({ stands: 'REQUESTED', messageCount: 1, offerId: null, offerToSignId: expect.any(String) });
      const seen = async () => (await market.buyer.ask<{ negotiation: Seen }>('query($id: ID!) { negotiation(id: $id) { stands: state offerId offerToSignId } }', { id: agreed.id })).negotiation;
      expect(await seen()).toEqual({ stands: 'REQUESTED', offerId: null, offerToSignId: null });
      expect(await sign('counsel', agreed.offerToSignId!)).toMatchObject({ stands: 'ACTIVE', signing: { negotiationId: agreed.id } });
      expect(await seen()).toEqual({ stands: 'AGREED', offerId: agreed.offerToSignId, offerToSignId: null });
      expect((await order(agreed.offerToSignId!)).__typename).toBe('Agreement');
      expect(await seen()).toMatchObject({ stands: 'FINALIZED' });
    });

    it('agrees to nothing where the buyer has left in between', async () => {
      const agreed = await agree(await begin('9000'));
      await negotiate(market.buyer, 'terminateNegotiation', { negotiationId: agreed.id, inReplyTo: 1, text: 'we found another' });
      expect(await sign('counsel', agreed.offerToSignId!)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.negotiation', current: 'TERMINATED' });
      expect([await stands(agreed.offerToSignId!), (await order(agreed.offerToSignId!)).__typename]).toEqual(['AWAITING_SIGNATURE', 'NotFound']);
    });
  });

  it('is made to the buyer alone where it names him', async () => {
    const drawn = await draw('10000', { forOrganisations: [buyerId], validUntil: inDays(5) });
    const toMe = async (): Promise<boolean> => (await market.buyer.ask<{ offersToMe: { nodes: { id: string }[] } }>('{ offersToMe(first: 50) { nodes { id } } }')).offersToMe.nodes.some((o) => o.id === drawn.id);
    expect(await toMe()).toBe(false);
    await sign('head', drawn.id);
    expect(await toMe()).toBe(true);
  });
});
