import { LIMITS, newId, WorkerRuntime } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, draftProduct, join, listedProduct, type Market, openMarket } from './support/market.js';

interface Asked { id: string; title: string; state: string; anonymous: boolean; asker: { id: string; legalName: string } | null; answers: number | null; endReason: string | null; budget: { min: { formatted: string } | null; max: { minor: string } | null } | null }
interface Given { id: string; dataRequestId: string; state: string; message: string; productId: string | null; asker: { id: string } | null; vendor: { id: string }; request: Asked | null }
const ASKED = 'id title state anonymous themes countries frequency purposes asker { id legalName jurisdiction } answers endReason budget { min { formatted } max { minor } }';
const GIVEN = 'id dataRequestId state message productId reason asker { id } vendor { id legalName }';
const DAY = 86_400;

describe('requests for data that nobody lists', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let rival: GraphClient;
  let buyerId: string;
  let rivalId: string;
  let listed: Draft;

  const sign = async (): Promise<void> => {
    const [officer, vendor, buyer, other] = (await Promise.all(['officer', 'vendor', 'buyer', 'rival'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer };
    rival = other;
  };
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    rival = await exchange.client('rival');
    rivalId = await join(market.officer, rival, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    listed = await listedProduct(exchange, market, [csvFile(500)]);
  });
  afterAll(() => exchange.close());

  const wanted = (over: object = {}) => ({ title: 'Tyre wear of lorries', description: 'Per axle and month', themes: ['TRAN'], countries: ['SG', 'MY'], frequency: 'MONTHLY', purposes: ['RESEARCH'], expiresAt: new Date(clock.now().getTime() + 30 * DAY * 1_000).toISOString(), ...over });
  const post = (over: object = {}, client = market.buyer): Promise<Asked> => done<Asked>(client, 'postDataRequest', 'DataRequest', ASKED, wanted(over));
  const answer = (dataRequestId: string, over: object = {}, client = market.vendor) => client.mutate<Given>('answerDataRequest', 'DataRequestAnswer', GIVEN, { dataRequestId, message: 'We can collect it', ...over });
  const board = async (over: object = {}, client = market.vendor): Promise<Asked[] | null> =>
    (await client.ask<{ dataRequests: { nodes: Asked[] } | null }>(`query($text: String, $themes: [String!], $countries: [String!], $first: Int!, $after: String) { dataRequests(text: $text, themes: $themes, countries: $countries, first: $first, after: $after) { nodes { ${ASKED} } } }`, { first: 100, ...over })).dataRequests?.nodes ?? null;
  const one = async (id: string, client: GraphClient): Promise<Asked | null> => (await client.ask<{ dataRequest: Asked | null }>(`query($id: ID!) { dataRequest(id: $id) { ${ASKED} } }`, { id })).dataRequest;
  const told = async (id: string, client: GraphClient): Promise<string[]> => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id) { nodes { kind } } }', { id })).notices.nodes.map((n) => n.kind);
  const given = async (client = market.vendor): Promise<Given[]> => (await client.ask<{ ownDataRequestAnswers: { nodes: Given[] } }>(`{ ownDataRequestAnswers(first: 50) { nodes { ${GIVEN} request { id title state asker { id } } } } }`)).ownDataRequestAnswers.nodes;

  it('are found by words of either language, theme and country, and paged through', async () => {
    const a = await post({ title: '轮胎磨损 tyre wear', budget: { minMinor: '100000', maxMinor: '250000', currency: 'SGD' } });
    const b = await post({ title: 'School meals', description: 'What is eaten', themes: ['EDUC'], countries: [] });
    expect(a).toMatchObject({ state: 'OPEN', answers: 0, asker: { id: buyerId, legalName: 'Straits Analytics' }, budget: { min: { formatted: expect.stringContaining('1,000') as string }, max: { minor: '250000' } } });
    const ids = async (over: object) => (await board(over))!.map((r) => r.id);
    expect([await ids({ text: '磨损' }), await ids({ text: 'TYRE wear axle' }), await ids({ text: 'tyre meals' }), await ids({ themes: ['EDUC', 'JUST'] }), await ids({ countries: ['MY'] }), await ids({ countries: ['DE'] })]).toEqual([[a.id], [a.id], [], [b.id], [a.id], []]);
    for (const text of ["' | a", '\\', ':*', '🚢', '（）'.repeat(40)]) expect(Array.isArray(await board({ text }))).toBe(true);
    expect((await board({ first: 1 }))!.map((r) => r.id)).toEqual([b.id]);
    const { dataRequests } = await market.vendor.ask<{ dataRequests: { pageInfo: { endCursor: string } } }>('{ dataRequests(first: 1) { pageInfo { endCursor } } }');
    expect((await board({ after: dataRequests.pageInfo.endCursor }))!.map((r) => r.id)).toEqual([a.id]);
    expect((await board({}))!.find((r) => r.id === a.id)).toMatchObject({ asker: { id: buyerId }, answers: null });
    const newcomer = await exchange.client('nobody-yet');
    expect([await board({}, newcomer), await one(a.id, newcomer)]).toEqual([null, null]);
  });

  it('are answered with words or with what is listed, decided on and closed, and both sides are told', async () => {
    const { id } = await post();
    const words = await answer(id);
    const product = await answer(id, { message: 'Port calls come close', productId: listed.productId });
    expect([words, product]).toMatchObject([{ state: 'SENT', productId: null, asker: null }, { productId: listed.productId }]);
    const draft = await draftProduct(market, []);
    expect([(await answer(id, { productId: draft.productId })).__typename, (await answer(id, { productId: newId() })).__typename, (await answer(id, { productId: listed.productId }, rival)).__typename]).toEqual(['StateConflict', 'NotFound', 'NotFound']);
    expect(await answer(id, {}, market.buyer)).toMatchObject({ __typename: 'StateConflict', message: 'it is your own' });
    expect(await answer(newId())).toMatchObject({ __typename: 'NotFound' });
    const { dataRequestAnswers } = await market.buyer.ask<{ dataRequestAnswers: { nodes: Given[] } }>(`query($id: ID!) { dataRequestAnswers(dataRequestId: $id) { nodes { ${GIVEN} } } }`, { id });
    expect(dataRequestAnswers.nodes.map((a) => [a.id, a.vendor.id])).toEqual([[product.id, market.vendorId], [words.id, market.vendorId]]);
    for (const client of [market.vendor, rival]) expect(await client.ask('query($id: ID!) { dataRequestAnswers(dataRequestId: $id) { nodes { id } } }', { id })).toEqual({ dataRequestAnswers: null });
    const accept = (answerId: string, client = market.buyer) => client.mutate('acceptDataRequestAnswer', 'DataRequestAnswer', GIVEN, { answerId });
    const decline = (answerId: string) => market.buyer.mutate('declineDataRequestAnswer', 'DataRequestAnswer', GIVEN, { answerId, reason: 'too coarse' });
    expect([(await accept(words.id, rival)).__typename, (await accept(words.id, market.vendor)).__typename]).toEqual(['NotFound', 'NotFound']);
    const both = await Promise.all([accept(product.id), decline(product.id), accept(product.id)]);
    expect(both.filter((b) => b.__typename === 'DataRequestAnswer')).toHaveLength(1);
    const third = await answer(id, { message: 'a third' });
    const decided = both.find((b) => b.__typename === 'DataRequestAnswer') as unknown as Given;
    if (decided.state === 'DECLINED') await accept(third.id);
    await decline(words.id);
    await answer(id, {}, rival);
    expect(await done<Asked>(market.buyer, 'closeDataRequest', 'DataRequest', 'state answers', { dataRequestId: id })).toMatchObject({ state: 'FULFILLED', answers: 4 });
    expect((await market.buyer.mutate('closeDataRequest', 'DataRequest', 'id', { dataRequestId: id })).__typename).toBe('StateConflict');
    expect([(await answer(id)).__typename, (await accept(third.id)).__typename]).toEqual(['StateConflict', 'StateConflict']);
    expect(await told(id, market.buyer)).toEqual(['REQUEST_ANSWERED', 'REQUEST_ANSWERED', 'REQUEST_ANSWERED', 'REQUEST_ANSWERED']);
    expect((await told(id, market.vendor)).sort()).toEqual(expect.arrayContaining(['ANSWER_ACCEPTED', 'ANSWER_DECLINED']));
    expect([await told(id, rival), await board({ text: 'lorries' }), await one(id, market.vendor)]).toEqual([['REQUEST_OVER'], [], null]);
    expect((await given(rival))[0]).toMatchObject({ state: 'SENT', request: { id, state: 'FULFILLED' } });
  });

  it('never tell who asks before he accepts, nor anybody else afterwards', async () => {
    const { id } = await post({ title: 'Quietly wanted', anonymous: true });
    const named = await listedProduct(exchange, market, [csvFile(600)]);
    // Private for the asker, for another and for both: the refusal is the same, so nobody finds out by trying.
    const tries: unknown[] = [];
    await exchange.owner.query(`update catalog.product set audience = 'NAMED', audience_ids = $2 where id = $1`, [named.productId, [rivalId]]);
    tries.push(await answer(id, { productId: named.productId }));
    await exchange.owner.query(`update catalog.product set audience_ids = $2 where id = $1`, [named.productId, [buyerId]]);
    tries.push(await answer(id, { productId: named.productId }));
    expect(tries[0]).toMatchObject({ __typename: 'InvalidInput', code: 'catalog.data_request', fields: [{ path: 'productId' }] });
    expect(tries[1]).toEqual(tries[0]);
    // To one who is named it may be answered with, once he is named for it.
    const open = await post({ title: 'Openly wanted' });
    expect((await answer(open.id, { productId: named.productId })).__typename).toBe('DataRequestAnswer');
    await exchange.owner.query(`update catalog.product set audience_ids = $2 where id = $1`, [named.productId, [rivalId]]);
    expect((await answer(open.id, { productId: named.productId })).__typename).toBe('InvalidInput');

    const mine = await answer(id);
    const theirs = await answer(id, {}, rival);
    const secrets = [buyerId, 'Straits Analytics', '196800306E'];
    const seenBy = async (client: GraphClient): Promise<string> => {
      const queries = [
        client.raw(`query($id: ID!) { dataRequest(id: $id) { ${ASKED} } }`, { id }), client.raw(`{ dataRequests(first: 100, text: "quietly") { edges { cursor } nodes { ${ASKED} } } }`), given(client).then((all) => all.filter((a) => a.dataRequestId === id)),
        client.raw('query($id: ID!) { notices(objectId: $id) { nodes { id objectType objectId kind text details } } }', { id }), client.raw('query($id: ID!) { notices(first: 100) { nodes { id text details } } }', {}),
        client.mutate('acceptDataRequestAnswer', 'DataRequestAnswer', GIVEN, { answerId: mine.id }), client.mutate('closeDataRequest', 'DataRequest', ASKED, { dataRequestId: id }),
      ];
      return JSON.stringify(await Promise.all(queries));
    };
    const leaks = async (client: GraphClient) => { const text = await seenBy(client); return secrets.filter((s) => text.includes(s)); };
    const [vendorSees, rivalSees] = [await seenBy(market.vendor), await leaks(rival)];
    expect([vendorSees.includes(id), rivalSees]).toEqual([true, []]);
    expect((await one(id, market.vendor))).toMatchObject({ anonymous: true, asker: null, answers: null });
    // What a wrong query would show them, by the wall in the database alone.
    for (const organisation of [market.vendorId, rivalId]) {
      const rows = await exchange.owner.transaction(async (tx) => {
        await tx.query(`set local role entrepot_app`);
        await tx.query(`select set_config('entrepot.reach', 'tenant', true), set_config('entrepot.tenant', $1, true)`, [organisation]);
        return [await tx.query('select * from catalog.data_request where id = $1', [id]), await tx.query('select to_jsonb(b) as b from catalog.data_request_board b where b.id = $1', [id]), await tx.query('select to_jsonb(a) as a from catalog.data_request_answer a where a.data_request_id = $1', [id]), await tx.query(`select to_jsonb(e) as e from audit.entry e where e.object_id in ($1, $2, $3)`, [id, mine.id, theirs.id]), await tx.query('select to_jsonb(n) as n from identity.notice n where n.object_id = $1', [id])] as unknown[][];
      });
      expect([rows[0]!.length, rows[1]!.length, rows[2]!.length, secrets.filter((s) => JSON.stringify(rows).includes(s))]).toEqual([0, 1, 1, []]);
    }
    await done(market.buyer, 'declineDataRequestAnswer', 'DataRequestAnswer', 'id', { answerId: theirs.id, reason: 'not this one' });
    expect(await leaks(rival)).toEqual([]);
    expect(await done(market.buyer, 'acceptDataRequestAnswer', 'DataRequestAnswer', GIVEN, { answerId: mine.id })).toMatchObject({ state: 'ACCEPTED', asker: { id: buyerId } });
    expect((await given()).find((a) => a.id === mine.id)).toMatchObject({ state: 'ACCEPTED', asker: { id: buyerId }, request: { asker: null } });
    await done(market.buyer, 'closeDataRequest', 'DataRequest', 'id', { dataRequestId: id });
    expect(await leaks(rival)).toEqual([]);
    // Staff see who asks, for abuse.
    expect(await one(id, market.officer)).toMatchObject({ asker: { id: buyerId } });
  });

  it('are taken down by staff alone, with a reason that the asker reads', async () => {
    const { id } = await post({ title: 'Stolen card numbers' });
    await answer(id);
    const remove = (client: GraphClient) => client.mutate<Asked>('removeDataRequest', 'DataRequest', ASKED, { dataRequestId: id, reason: 'asks for what no one may sell' });
    expect([(await remove(market.vendor)).__typename, (await remove(market.buyer)).__typename]).toEqual(['NotPermitted', 'NotPermitted']);
    expect(await remove(market.officer)).toMatchObject({ state: 'REMOVED' });
    expect((await remove(market.officer)).__typename).toBe('StateConflict');
    expect([await board({ text: 'stolen' }), await one(id, market.vendor), (await answer(id)).__typename, (await given()).find((a) => a.request === null) !== undefined]).toEqual([[], null, 'NotFound', true]);
    expect(await one(id, market.buyer)).toMatchObject({ state: 'REMOVED', endReason: 'asks for what no one may sell' });
    expect([await told(id, market.buyer), await told(id, market.vendor)]).toEqual([['REQUEST_OVER', 'REQUEST_ANSWERED'], ['REQUEST_OVER']]);
    expect(await exchange.owner.query(`select act, reason, tenant_id::text as tenant from audit.entry where object_id = $1 and act = 'data-request.remove'`, [id])).toEqual([{ act: 'data-request.remove', reason: 'asks for what no one may sell', tenant: buyerId }]);
    await expect(exchange.owner.query(`update catalog.data_request set state = 'OPEN', ended_at = null where id = $1`, [id])).rejects.toThrow('stays as it was asked');
  });

  it('are bounded: what is asked, how many are open, and how often a vendor answers', async () => {
    for (const [path, over] of [['themes.0', { themes: ['NONE'] }], ['countries.0', { countries: ['XX'] }], ['frequency', { frequency: 'SELDOM' }], ['budget', { budget: { currency: 'SGD' } }], ['budget.maxMinor', { budget: { minMinor: '2', maxMinor: '1', currency: 'SGD' } }], ['expiresAt', { expiresAt: clock.now().toISOString() }], ['expiresAt', { expiresAt: new Date(clock.now().getTime() + (LIMITS.dataRequestDays + 1) * DAY * 1_000).toISOString() }]] as const) {
      expect([path, (await market.buyer.mutate('postDataRequest', 'DataRequest', 'id', wanted(over))).fields?.map((f) => f.path)]).toEqual([path, [path]]);
    }
    const { id } = await post({ title: 'Much answered' }, rival);
    const answers = await Promise.all(Array.from({ length: LIMITS.answersPerVendor + 2 }, () => answer(id)));
    expect(answers.filter((a) => a.__typename === 'DataRequestAnswer')).toHaveLength(LIMITS.answersPerVendor);
    const posted = await Promise.all(Array.from({ length: LIMITS.openDataRequests + 3 }, () => rival.mutate('postDataRequest', 'DataRequest', 'id', wanted())));
    expect([posted.filter((p) => p.__typename === 'DataRequest').length, posted.find((p) => p.__typename !== 'DataRequest')]).toMatchObject([LIMITS.openDataRequests - 1, { __typename: 'StateConflict', code: 'catalog.data_request' }]);
    const { secret } = await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'answers', scopes: ['CATALOG_ANSWER_REQUESTS'], expiresAt: new Date(clock.now().getTime() + DAY * 1_000).toISOString() });
    const machine = new GraphClient(exchange.url, secret);
    expect([(await board({ text: 'answered' }, machine))!.map((r) => r.id), (await given(machine)).length > 3, (await machine.mutate('postDataRequest', 'DataRequest', 'id', wanted())).__typename]).toEqual([[id], true, 'NotPermitted']);
  });

  it('vanish while their asker is suspended, and expire by themselves, once', async () => {
    const { id } = await post({ title: 'Soon over', expiresAt: new Date(clock.now().getTime() + 3_600_000).toISOString() });
    await answer(id);
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'for the test' });
    await exchange.drain();
    expect([await board({ text: 'soon' }), await one(id, market.vendor)]).toEqual([[], null]);
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'for the test' });
    await exchange.drain();
    expect((await board({ text: 'soon' }))!.map((r) => r.id)).toEqual([id]);
    clock.advance(3_601);
    await sign();
    // Before any sweep.
    expect([await board({ text: 'soon' }), await answer(id)]).toMatchObject([[], { __typename: 'StateConflict', current: 'EXPIRED' }]);
    const beside = await startExchange({ clock, beside: exchange });
    await Promise.all([exchange, beside].map(({ app }) => app.get(WorkerRuntime).drain()));
    await beside.close();
    expect([await one(id, market.buyer), await told(id, market.buyer), await told(id, market.vendor)]).toMatchObject([{ state: 'EXPIRED' }, ['REQUEST_OVER', 'REQUEST_ANSWERED'], ['REQUEST_OVER']]);
  });
});
