import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeOn, done, enlist, type Market, marketOfOne, offerOf } from './support/market.js';

const DAY = 86_400;
type Answer = { id?: string; url?: string; code?: string; current?: string; message?: string; releasableAt?: string; fields?: { path: string }[] };

describe('users by name', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ({ market, productId, assetId } = await marketOfOne(exchange));
  });
  afterAll(() => exchange.close());

  const licensed = async (namedUsers: number | null) => {
    const { id } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { terms: { namedUsers } }));
    return (await activeOn(exchange, market.buyer, id)).licenceId;
  };
  const name = (licenceId: string, userId: string, kind = 'MEMBER', client = market.buyer) => client.mutate<Answer>('nameUser', 'NamedUser', 'id releasableAt', { licenceId, kind, userId });
  const release = (licenceId: string, userId: string, client = market.buyer) => client.mutate<Answer>('releaseUser', 'NamedUser', 'id', { licenceId, userId });
  const download = (client: GraphClient, licenceId: string) => client.mutate<Answer>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
  const named = async (client: GraphClient, licenceId: string, current?: boolean) => (await client.ask<{ namedUsers: { nodes: { userId: string; releasedAt: string | null }[] } | null }>('query($id: ID!, $current: Boolean) { namedUsers(licenceId: $id, current: $current) { nodes { userId releasedAt } } }', { id: licenceId, current })).namedUsers?.nodes.map((u) => u.userId);
  const clerk = async (subject: string) => {
    const client = await exchange.client(subject);
    return { client, id: await enlist(market.buyer, client, subject, 'BUYER') };
  };

  it('are as many as the terms say, of the buyer, and nobody else downloads', async () => {
    const licenceId = await licensed(2);
    const [anna, bo, cai] = await Promise.all(['anna', 'bo', 'cai'].map(clerk)) as [Awaited<ReturnType<typeof clerk>>, Awaited<ReturnType<typeof clerk>>, Awaited<ReturnType<typeof clerk>>];
    // Until somebody is named nobody is.
    for (const client of [market.buyer, anna.client]) expect(await download(client, licenceId)).toMatchObject({ __typename: 'StateConflict', code: 'contracts.terms_refused', current: 'use', message: expect.stringContaining('(not fulfilled: by at most 2 users, each by name)') });
    expect(await name(licenceId, anna.id)).toMatchObject({ __typename: 'NamedUser', releasableAt: new Date(clock.now().getTime() + 7 * DAY * 1_000).toISOString() });
    expect((await name(licenceId, anna.id)).id).toBe((await name(licenceId, anna.id)).id);
    expect((await download(anna.client, licenceId)).url).toBeDefined();
    expect((await download(bo.client, licenceId)).code).toBe('contracts.terms_refused');
    expect((await name(licenceId, bo.id)).__typename).toBe('NamedUser');
    expect(await name(licenceId, cai.id)).toMatchObject({ code: 'contracts.named_user', current: 'FULL' });
    for (const { client } of [anna, bo]) expect((await download(client, licenceId)).url).toBeDefined();
    expect((await download(cai.client, licenceId)).code).toBe('contracts.terms_refused');
    expect([await named(market.buyer, licenceId), await named(cai.client, licenceId, true), await named(market.vendor, licenceId)]).toEqual([[bo.id, anna.id], [bo.id, anna.id], undefined]);
    expect((await market.buyer.ask<{ licence: object }>('query($id: ID!) { checkUse(input: { licenceId: $id, action: use }) { permitted } }', { id: licenceId }))).toEqual({ checkUse: { permitted: true } });
  });

  it('are no strangers, and not where the terms count nobody', async () => {
    const [counted, free] = [await licensed(1), await licensed(null)];
    const { members } = await market.vendor.ask<{ members: { nodes: { id: string }[] } }>('{ members { nodes { id } } }');
    for (const id of [members.nodes[0]!.id, counted]) expect(await name(counted, id)).toMatchObject({ code: 'contracts.named_user', fields: [{ path: 'userId' }] });
    expect(await name(counted, members.nodes[0]!.id, 'MEMBER', market.vendor)).toMatchObject({ __typename: 'NotFound' });
    const mine = await clerk('dora');
    expect(await name(free, mine.id)).toMatchObject({ code: 'contracts.named_user', current: 'UNCOUNTED' });
    expect((await download(mine.client, free)).url).toBeDefined();
    // Only as a permission of use, in the profile's own word.
    const policy = (leftOperand: string) => JSON.stringify({ permission: [{ uid: 'p', action: 'use', constraint: { leftOperand, operator: 'lteq', rightOperand: 3 } }], prohibition: ['distribute', 'grantUse', 'derive', 'commercialize'].map((action) => ({ action })) });
    const offered = (leftOperand: string) => market.vendor.mutate<Answer & { terms: { namedUsers: number } }>('createOffer', 'Offer', 'id terms { namedUsers }', offerOf(productId, { terms: { template: null, policy: policy(leftOperand) } }));
    expect(await offered('namedUsers')).toMatchObject({ code: 'contracts.terms', fields: [{ path: 'terms.policy.permission.0.constraint.0.leftOperand' }] });
    expect(await offered('urn:entrepot:odrl-profile:1#namedUsers')).toMatchObject({ terms: { namedUsers: 3 } });
  });

  it('are never more than that, however many are named at once', async () => {
    const licenceId = await licensed(3);
    const staff = await Promise.all(Array.from({ length: 10 }, (_, i) => clerk(`crowd-${i}`)));
    const answers = await Promise.all([...staff, ...staff].map(({ id }) => name(licenceId, id)));
    const seats = (await named(market.buyer, licenceId, true))!;
    expect(seats).toHaveLength(3);
    expect(new Set(answers.flatMap((a) => (a.id ? [a.id] : []))).size).toBe(3);
    expect(answers.filter((a) => !a.id).every((a) => a.current === 'FULL')).toBe(true);
    const tried = await Promise.all(staff.map(async ({ client, id }) => [id, (await download(client, licenceId)).url !== undefined] as const));
    expect(tried.filter(([, let_in]) => let_in).map(([id]) => id).sort()).toEqual([...seats].sort());
  });

  it('keep their seats for a week; what was is kept', async () => {
    const licenceId = await licensed(1);
    const [first, second] = [await clerk('first'), await clerk('second')];
    await name(licenceId, first.id);
    clock.advance(7 * DAY - 1);
    const [buyer, vendor, one, two] = (await Promise.all(['buyer', 'vendor', 'first', 'second'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, buyer, vendor };
    expect(await release(licenceId, first.id)).toMatchObject({ code: 'contracts.named_user', current: 'HELD' });
    clock.advance(1);
    const released = await Promise.all([release(licenceId, first.id), release(licenceId, first.id)]);
    expect(released.map((r) => r.__typename).sort()).toEqual(['NamedUser', 'NotFound']);
    expect((await name(licenceId, second.id)).__typename).toBe('NamedUser');
    expect([(await download(one, licenceId)).code, (await download(two, licenceId)).url !== undefined]).toEqual(['contracts.terms_refused', true]);
    expect([await named(buyer, licenceId), await named(buyer, licenceId, false)]).toEqual([[second.id, first.id], [first.id]]);
    await expect(exchange.owner.query('update contracts.named_user set released_at = null where user_id = $1', [first.id])).rejects.toThrow('never changed');
  });

  it('are keys too, where these download', async () => {
    const licenceId = await licensed(1);
    const { buyer } = market;
    const key = (label: string) => done<{ id: string; secret: string }>(buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: label, scopes: ['DELIVERY_DOWNLOAD', 'CONTRACTS_NAME_USERS'], expiresAt: new Date(clock.now().getTime() + 10 * DAY * 1_000).toISOString() });
    const [etl, other] = [await key('etl'), await key('other')];
    const machine = new GraphClient(exchange.url, etl.secret);
    expect((await download(machine, licenceId)).code).toBe('contracts.terms_refused');
    expect((await name(licenceId, etl.id, 'KEY', machine)).__typename).toBe('NamedUser');
    expect((await download(machine, licenceId)).url).toBeDefined();
    expect((await download(new GraphClient(exchange.url, other.secret), licenceId)).code).toBe('contracts.terms_refused');
    // Whoever made the key is somebody else.
    expect((await download(buyer, licenceId)).code).toBe('contracts.terms_refused');
    await done(buyer, 'revokeApiKey', 'ApiKey', 'id', { id: other.id });
    expect(await name(await licensed(1), other.id, 'KEY')).toMatchObject({ fields: [{ path: 'userId' }] });
  });
});
