import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type NoticeKind, Notices } from '#identity';
import { asSystem, RotateSecrets, UnitOfWork, WorkerRuntime } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, hire, join, type Market, openMarket } from './support/market.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
interface Endpoint { id: string; secret: string; state: string; disabledBecause: string | null; previousUntil: string | null; failingSince: string | null; lastSuccessAt: string | null }
interface Message { id: string; kind: string; state: string; attempts: number; nextAttemptAt: string | null; lastStatus: number | null; failure: string | null; finishedAt: string | null }
interface Attempt { id: string; messageId: string; at: string; durationMs: number; status: number | null; failure: string | null; nextAttemptAt: string | null }
interface Payload { type: string; timestamp: string; data: Record<string, unknown> & { id: string } }
const ENDPOINT = 'id state disabledBecause previousUntil failingSince lastSuccessAt';

describe('webhooks', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let receiver: WebhookReceiver;
  let vendorId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    receiver = await WebhookReceiver.start(clock);
    market = await openMarket(exchange);
    vendorId = market.vendorId;
  });
  afterAll(async () => {
    receiver.close();
    await exchange.close();
  });
  /** Whatever the clock did: everybody signs in anew. */
  beforeEach(async () => {
    const [vendor, buyer, officer] = await Promise.all(['vendor', 'buyer', 'officer'].map((s) => exchange.client(s))) as [GraphClient, GraphClient, GraphClient];
    market = { ...market, vendor, buyer, officer };
  });
  afterEach(async () => {
    for (const { id } of await endpoints()) await done(await exchange.client('vendor'), 'deleteWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: id });
  });

  const register = (path: string, over: object = {}, client = market.vendor): Promise<Endpoint> => done<Endpoint>(client, 'registerWebhookEndpoint', 'WebhookEndpointWithSecret', `${ENDPOINT} secret`, { url: receiver.url(path), description: 'For the test', ...over });
  const tell = (count = 1, kind: NoticeKind = 'UPDATED', organisationId = vendorId): Promise<unknown> => asSystem(() => exchange.app.get(UnitOfWork).run((tx) =>
    exchange.app.get(Notices).tellEach(tx, Array.from({ length: count }, (_, i) => ({ organisationId, objectType: 'PRODUCT' as const, objectId: randomUUID(), kind, text: `文 ${i}`, details: { i } })))));
  const after = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    await exchange.drain();
  };
  const endpoints = async (client?: GraphClient): Promise<Endpoint[]> => (await (client ?? (await exchange.client('vendor'))).ask<{ webhookEndpoints: { nodes: Endpoint[] } }>(`{ webhookEndpoints(first: 100) { nodes { ${ENDPOINT} } } }`)).webhookEndpoints.nodes;
  const endpoint = async ({ id }: { id: string }): Promise<Endpoint> => (await endpoints()).find((e) => e.id === id)!;
  const messages = async ({ id }: { id: string }, args = '', client?: GraphClient): Promise<Message[]> => (await (client ?? (await exchange.client('vendor'))).ask<{ webhookMessages: { nodes: Message[] } }>(`query($id: ID!) { webhookMessages(endpointId: $id, first: 100 ${args}) { nodes { id kind state attempts nextAttemptAt lastStatus failure finishedAt } } }`, { id })).webhookMessages.nodes;
  const attempts = async ({ id }: { id: string }, args = ''): Promise<Attempt[]> => (await (await exchange.client('vendor')).ask<{ webhookAttempts: { nodes: Attempt[] } }>(`query($id: ID!) { webhookAttempts(endpointId: $id, first: 100 ${args}) { nodes { id messageId at durationMs status failure nextAttemptAt } } }`, { id })).webhookAttempts.nodes;

  it('carry what the notices show, signed, to the endpoints of whom it was told, as they want it', async () => {
    const [all, some, foreign] = await Promise.all([register('/all', {}, market.buyer), register('/some', { kinds: ['SUSPENDED'] }, market.buyer), register('/foreign')]);
    const request = await done(market.buyer, 'postDataRequest', 'DataRequest', 'id', { title: 'Tyre wear', description: 'Per axle', expiresAt: new Date(clock.now().getTime() + DAY * 1000).toISOString() });
    await done(market.vendor, 'answerDataRequest', 'DataRequestAnswer', 'id', { dataRequestId: request.id, message: 'We can collect it' });
    await after(1);
    expect([receiver.at('/all').length, receiver.at('/some').length, receiver.at('/foreign').length]).toEqual([1, 0, 0]);
    const [got] = receiver.at('/all') as [(typeof receiver.received)[0]];
    const payload = receiver.verified<Payload>(got, all.secret);
    const { notices } = await market.buyer.ask<{ notices: { nodes: (Record<string, unknown> & { details: string; createdAt: string })[] } }>('{ notices(first: 1) { nodes { id objectType objectId kind text details decisionId createdAt } } }');
    const [shown] = notices.nodes;
    expect(payload).toEqual({ type: 'REQUEST_ANSWERED', timestamp: shown!.createdAt, data: { ...shown, details: JSON.parse(shown!.details) as unknown } });
    expect([got.headers['webhook-id'], got.headers['content-type']]).toEqual([payload.data.id, 'application/json']);
    for (const secret of [some.secret, foreign.secret]) expect(() => receiver.verified(got, secret)).toThrow('No matching signature');
    expect(() => receiver.verified({ ...got, body: got.body.replace('Tyre', 'Tire') }, all.secret)).toThrow('No matching signature');
    expect(await messages(all, '', market.buyer)).toMatchObject([{ id: payload.data.id, kind: 'REQUEST_ANSWERED', state: 'DELIVERED', attempts: 1, nextAttemptAt: null, lastStatus: 204, failure: null }]);
    for (const { id } of [all, some]) await done(market.buyer, 'deleteWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: id });
  });

  it('that fail are tried again when their time has come, under the same id', async () => {
    receiver.answering('/flaky', (response, nth) => response.writeHead(nth === 1 ? 500 : 200).end('noted'));
    const flaky = await register('/flaky');
    await tell();
    await after(0);
    await after(4);
    expect(receiver.at('/flaky')).toHaveLength(1);
    expect(await messages(flaky)).toMatchObject([{ state: 'WAITING', attempts: 1, lastStatus: 500, failure: 'STATUS' }]);
    expect((await endpoint(flaky)).failingSince).not.toBeNull();
    await after(2);
    const [first, second] = receiver.at('/flaky');
    expect([second!.headers['webhook-id'], second!.body]).toEqual([first!.headers['webhook-id'], first!.body]);
    expect([first!, second!].map((r) => Number(r.headers['webhook-timestamp']))).toEqual([expect.any(Number), Math.floor(clock.now().getTime() / 1000)]);
    receiver.verified(second!, flaky.secret);
    const log = await attempts(flaky);
    expect(log).toMatchObject([{ status: 200, failure: null, nextAttemptAt: null }, { status: 500, failure: 'STATUS', nextAttemptAt: expect.any(String) }]);
    expect([(await attempts(flaky, ', failed: true')).map((a) => a.id), (await attempts(flaky, ', failed: false')).map((a) => a.id), (await attempts(flaky, `, messageId: "${randomUUID()}"`)).length]).toEqual([[log[1]!.id], [log[0]!.id], 0]);
    expect([(await messages(flaky, ', states: [DELIVERED]')).length, (await messages(flaky, ', states: [FAILED, WAITING]')).length, (await messages(flaky, ', kinds: [SUSPENDED]')).length]).toEqual([1, 0, 0]);
    expect(await endpoint(flaky)).toMatchObject({ failingSince: null, lastSuccessAt: expect.any(String) });
  });

  it('are tried on with a message that tells nothing, to one endpoint, once', async () => {
    const [tried, other] = await Promise.all([register('/tried', { kinds: ['SUSPENDED'] }), register('/untried')]);
    const test = (over: object = {}, client = market.vendor, headers = {}) => client.mutate<Message>('testWebhookEndpoint', 'WebhookMessage', 'id kind state attempts nextAttemptAt', { endpointId: tried.id, ...over }, headers);
    const key = { 'idempotency-key': randomUUID() };
    const [sent, again] = [await test({}, market.vendor, key), await test({}, market.vendor, key)];
    expect(sent).toMatchObject({ kind: 'WEBHOOK_TEST', state: 'WAITING', attempts: 0, nextAttemptAt: clock.now().toISOString() });
    expect(again).toEqual(sent);
    await after(1);
    const [got] = receiver.at('/tried') as [(typeof receiver.received)[0]];
    expect([receiver.at('/tried').length, receiver.at('/untried').length]).toEqual([1, 0]);
    expect(receiver.verified<Payload>(got, tried.secret)).toMatchObject({ type: 'WEBHOOK_TEST', data: { id: sent.id, kind: 'WEBHOOK_TEST', objectType: 'WEBHOOK_ENDPOINT', objectId: tried.id, details: { test: true } } });
    expect(await messages(tried)).toMatchObject([{ id: sent.id, state: 'DELIVERED', attempts: 1 }]);
    expect((await endpoint(tried)).lastSuccessAt).not.toBeNull();
    // Somebody waits for the answer: what fails is not tried again, and shows why.
    receiver.answering('/tried', (response) => response.writeHead(401).end());
    const failing = await test();
    await after(1);
    await after(DAY);
    expect(receiver.at('/tried')).toHaveLength(2);
    expect((await messages(tried))[0]).toMatchObject({ id: failing.id, state: 'FAILED', attempts: 1, lastStatus: 401, failure: 'STATUS' });
    const vendor = await exchange.client('vendor');
    await done(vendor, 'disableWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: other.id });
    expect(await test({ endpointId: other.id }, vendor)).toMatchObject({ __typename: 'StateConflict', code: 'identity.webhook_endpoint_disabled' });
    expect(await test({}, await exchange.client('buyer'))).toMatchObject({ __typename: 'NotFound' });
    expect(await exchange.owner.query(`select count(*)::int as n from audit.entry where act = 'webhook-endpoint.test' and object_id = $1`, [tried.id])).toEqual([{ n: 2 }]);
  });

  it('follow no redirect, wait for no slow answer, and name what went wrong', async () => {
    receiver.answering('/moved', (response) => response.writeHead(302, { location: receiver.url('/elsewhere') }).end());
    receiver.answering('/silent', () => undefined);
    receiver.answering('/broken', (response) => response.destroy());
    receiver.answering('/endless', (response) => void response.writeHead(200).write('a'));
    const found = await Promise.all(['/moved', '/silent', '/broken', '/endless'].map((path) => register(path)));
    const closed = await register('/', { url: 'http://127.0.0.1:1/' });
    await tell();
    const begun = performance.now();
    await after(0);
    expect(performance.now() - begun).toBeLessThan(9_000);
    expect((await Promise.all([...found, closed].map((e) => attempts(e)))).map(([a]) => [a!.status, a!.failure])).toEqual([[302, 'REDIRECT'], [null, 'TIMEOUT'], [null, 'UNREACHABLE'], [200, null], [null, 'UNREACHABLE']]);
    expect((await attempts(found[1]!))[0]!.durationMs).toBeGreaterThan(4_000);
    expect(receiver.at('/elsewhere')).toEqual([]);
  }, 30_000);

  it('are given up after three days, and replayed one by one or all that failed', async () => {
    let well = false;
    receiver.answering('/down', (response) => response.writeHead(well ? 200 : 503).end());
    const down = await register('/down', { kinds: ['UPDATED'] });
    const begun = clock.now();
    await tell(3);
    await after(0);
    for (let turn = 1; turn < 10; turn++) {
      const next = Math.max(...(await messages(down)).map((m) => Date.parse(m.nextAttemptAt!)));
      await after((next - clock.now().getTime()) / 1000);
    }
    const dead = await messages(down);
    expect(dead.map((m) => [m.state, m.attempts, m.failure, m.nextAttemptAt])).toEqual(Array.from({ length: 3 }, () => ['FAILED', 10, 'STATUS', null]));
    expect(receiver.at('/down')).toHaveLength(30);
    const lasted = (Date.parse(dead[0]!.finishedAt!) - begun.getTime()) / 1000;
    expect([lasted > 3 * DAY, lasted < 4 * DAY]).toEqual([true, true]);
    well = true;
    market = { ...market, vendor: await exchange.client('vendor') };
    expect(await done(market.vendor, 'replayWebhookMessage', 'WebhookMessage', 'state attempts', { endpointId: down.id, messageId: dead[1]!.id })).toMatchObject({ state: 'WAITING', attempts: 0 });
    await after(0);
    expect(receiver.at('/down').slice(30).map((r) => r.headers['webhook-id'])).toEqual([dead[1]!.id]);
    const replay = (since: Date) => done<{ replayed: number }>(market.vendor, 'replayFailedWebhooks', 'WebhookReplay', 'replayed', { endpointId: down.id, since: since.toISOString() });
    expect([(await replay(clock.now())).replayed, (await replay(begun)).replayed, (await replay(begun)).replayed]).toEqual([0, 2, 0]);
    await after(0);
    expect(receiver.at('/down').slice(31).map((r) => r.headers['webhook-id']).sort()).toEqual([dead[0]!.id, dead[2]!.id].sort());
    expect((await messages(down)).map((m) => [m.state, m.attempts])).toEqual(Array.from({ length: 3 }, () => ['DELIVERED', 1]));
    await after(31 * DAY);
    expect([await messages(down), await attempts(down)]).toEqual([[], []]);
    expect(await exchange.owner.query('select 1 from identity.webhook_attempt where endpoint_id = $1', [down.id])).toEqual([]);
  }, 30_000);

  it('are signed with both secrets while a rotation overlaps, and with the new one alone after it', async () => {
    const rotating = await register('/rotating');
    const key = { 'idempotency-key': randomUUID() };
    const input = { endpointId: rotating.id, overlapHours: 2 };
    const rotated = await done<Endpoint>(market.vendor, 'rotateWebhookSecret', 'WebhookEndpointWithSecret', `${ENDPOINT} secret`, input, key);
    expect([rotated.secret, rotated.secret !== rotating.secret]).toEqual([expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/), true]);
    expect((await done<Endpoint>(market.vendor, 'rotateWebhookSecret', 'WebhookEndpointWithSecret', 'secret', input, key)).secret).toBeNull();
    await tell();
    await after(0);
    const [both] = receiver.at('/rotating');
    expect(receiver.verified<Payload>(both!, rotating.secret)).toEqual(receiver.verified<Payload>(both!, rotated.secret));
    const { resealed } = await exchange.app.get(RotateSecrets).execute();
    expect(resealed).toMatchObject({ 'identity.webhook_endpoint.secret': 1, 'identity.webhook_endpoint.previous_secret': 1 });
    clock.advance(2 * HOUR + 1);
    await tell();
    await after(0);
    const [, late] = receiver.at('/rotating');
    receiver.verified(late!, rotated.secret);
    expect(() => receiver.verified(late!, rotating.secret)).toThrow('No matching signature');
    const [row] = (await exchange.owner.query('select e::text as whole, previous_secret from identity.webhook_endpoint e where id = $1', [rotating.id])) as [{ whole: string; previous_secret: string | null }];
    expect([row.previous_secret, row.whole.includes(rotated.secret.slice(6, 20))]).toEqual([null, false]);
    await done(await exchange.client('vendor'), 'rotateWebhookSecret', 'WebhookEndpointWithSecret', 'id', { endpointId: rotating.id, overlapHours: 0 });
    await tell();
    await after(0);
    expect(() => receiver.verified(receiver.at('/rotating')[2]!, rotated.secret)).toThrow('No matching signature');
  });

  it('reach no address inside, whether it is written or a name leads there', async () => {
    const strict = await startExchange({ clock, beside: exchange, env: { OUTGOING_ALLOW: 'elsewhere.example' } });
    const outside = await strict.client('vendor');
    for (const url of ['https://127.0.0.1/', 'https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest', 'https://2130706433/', 'http://hooks.example/', 'https://u:p@hooks.example/', 'ftp://hooks.example/', 'no address'])
      expect([url, (await outside.mutate('registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id', { url, description: 'Inside' })).code]).toEqual([url, 'identity.webhook_url']);
    const named = await register('/', { url: receiver.url('/named', 'localhost').replace('http:', 'https:') }, outside);
    const before = receiver.received.length;
    await tell();
    await strict.drain();
    expect(await attempts(named)).toMatchObject([{ status: null, failure: 'REFUSED' }]);
    expect(receiver.received).toHaveLength(before);
    await strict.close();
  });

  it('end where nothing arrives for days or the endpoint is gone; what it missed is replayed', async () => {
    let well = false;
    receiver.answering('/gone', (response) => response.writeHead(410).end());
    receiver.answering('/failing', (response) => response.writeHead(well ? 200 : 500).end());
    const [gone, failing, well_] = await Promise.all([register('/gone', { kinds: ['UPDATED'] }), register('/failing', { kinds: ['UPDATED', 'DELAYED'] }), register('/well', { kinds: ['WEBHOOK_DISABLED'] })]);
    const begun = clock.now();
    await tell();
    await after(0);
    expect([await endpoint(gone), await endpoint(failing)]).toMatchObject([{ state: 'DISABLED', disabledBecause: 'GONE' }, { state: 'ENABLED', disabledBecause: null }]);
    await after(4 * DAY);
    await tell();
    await after(0);
    expect((await endpoint(failing)).state).toBe('ENABLED');
    await after(DAY);
    expect(await endpoint(failing)).toMatchObject({ state: 'DISABLED', disabledBecause: 'FAILING' });
    await after(0);
    expect(receiver.at('/well').map((r) => receiver.verified<Payload>(r, well_.secret)).map((p) => [p.type, p.data['objectId'], p.data['details']])).toEqual([['WEBHOOK_DISABLED', gone.id, { because: 'GONE' }], ['WEBHOOK_DISABLED', failing.id, { because: 'FAILING' }]]);
    await tell(1, 'DELAYED');
    await after(DAY);
    expect((await messages(failing)).map((m) => [m.state, m.failure])).toEqual(Array.from({ length: 3 }, () => ['FAILED', 'ENDPOINT_DISABLED']));
    const vendor = await exchange.client('vendor');
    const since = { endpointId: failing.id, since: begun.toISOString() };
    expect(await vendor.mutate('replayFailedWebhooks', 'WebhookReplay', 'replayed', since)).toMatchObject({ __typename: 'StateConflict', code: 'identity.webhook_endpoint_disabled' });
    well = true;
    expect(await done<Endpoint>(vendor, 'enableWebhookEndpoint', 'WebhookEndpoint', ENDPOINT, { endpointId: failing.id })).toMatchObject({ state: 'ENABLED', disabledBecause: null, failingSince: null });
    expect(await vendor.mutate('enableWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: failing.id })).toMatchObject({ __typename: 'StateConflict' });
    expect(await done(vendor, 'replayFailedWebhooks', 'WebhookReplay', 'replayed', since)).toMatchObject({ replayed: 3 });
    await after(0);
    expect((await messages(failing)).map((m) => m.state)).toEqual(Array.from({ length: 3 }, () => 'DELIVERED'));
  });

  it('are sent by one of several workers each, and by another when one dies in the middle', async () => {
    const shared = await register('/shared');
    await tell(40);
    const beside = await startExchange({ clock, beside: exchange });
    await Promise.all([exchange, beside, exchange, beside].map(({ app }) => app.get(WorkerRuntime).drain()));
    const ids = receiver.at('/shared').map((r) => r.headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
    // One claimed these and is no more: they are taken up once its lease is over, and what it still says counts for nothing.
    await tell(2);
    await exchange.owner.query(`update identity.webhook_message set claim = gen_random_uuid(), next_attempt_at = $2::timestamptz + interval '60 seconds' where endpoint_id = $1 and state = 'WAITING'`, [shared.id, clock.now()]);
    await after(59);
    expect(receiver.at('/shared')).toHaveLength(40);
    await after(2);
    expect(receiver.at('/shared')).toHaveLength(42);
    expect((await messages(shared, ', states: [WAITING, FAILED]')).length).toBe(0);
    await beside.close();
  });

  it('to a slow endpoint hold up no other one', async () => {
    receiver.answering('/slow', (response) => void pause(1_500).then(() => response.writeHead(200).end()));
    await register('/slow');
    const quick = await register('/quick', { kinds: ['DELAYED'] });
    await tell(8);
    const draining = exchange.drain();
    await pause(200);
    const told = performance.now();
    await tell(12, 'DELAYED');
    await draining;
    const times = receiver.at('/quick').map((r) => r.at - told);
    expect([times.length, receiver.at('/slow').length]).toEqual([12, 20]);
    expect(Math.max(...times)).toBeLessThan(1_400);
    expect((await messages(quick)).every((m) => m.state === 'DELIVERED')).toBe(true);
  }, 30_000);

  it('wait while the organisation may not read its notices', async () => {
    const waiting = await register('/waiting');
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: vendorId, reason: 'for the test' });
    await tell();
    await after(60);
    expect(receiver.at('/waiting')).toEqual([]);
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: vendorId, reason: 'for the test' });
    await after(0);
    expect(receiver.at('/waiting').map((r) => receiver.verified<Payload>(r, waiting.secret).type)).toContain('UPDATED');
  });

  it("are an organisation's own: set up by its administrators, followed by its machines, and not without end", async () => {
    const mine = await register('/mine');
    const [{ secret }, clerk] = await Promise.all([
      done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'watch', scopes: ['IDENTITY_FOLLOW_WEBHOOKS'], expiresAt: new Date(clock.now().getTime() + DAY * 1000).toISOString() }),
      hire(exchange, market.vendor, 'clerk', 'VENDOR_MANAGER'),
    ]);
    const machine = new GraphClient(exchange.url, secret);
    await tell();
    await after(0);
    const [message] = await messages(mine, '', machine) as [Message];
    expect((await endpoints(machine)).map((e) => e.id)).toEqual([mine.id]);
    expect(await done(machine, 'replayWebhookMessage', 'WebhookMessage', 'state', { endpointId: mine.id, messageId: message.id })).toMatchObject({ state: 'WAITING' });
    const input = { url: receiver.url('/x'), description: 'x' };
    for (const who of [machine, clerk]) for (const [act, type, given] of [['registerWebhookEndpoint', 'WebhookEndpointWithSecret', input], ['rotateWebhookSecret', 'WebhookEndpointWithSecret', { endpointId: mine.id }], ['deleteWebhookEndpoint', 'WebhookEndpoint', { endpointId: mine.id }]] as const) expect((await who.mutate(act, type, 'id', given)).__typename).toBe('NotPermitted');
    for (const [act, type, over] of [['rotateWebhookSecret', 'WebhookEndpointWithSecret', {}], ['disableWebhookEndpoint', 'WebhookEndpoint', {}], ['deleteWebhookEndpoint', 'WebhookEndpoint', {}], ['replayFailedWebhooks', 'WebhookReplay', { since: clock.now().toISOString() }], ['replayWebhookMessage', 'WebhookMessage', { messageId: message.id }]] as const)
      expect([act, (await market.buyer.mutate(act, type, '__typename', { endpointId: mine.id, ...over })).__typename]).toEqual([act, 'NotFound']);
    expect(await market.buyer.ask('query($id: ID!) { webhookMessages(endpointId: $id) { nodes { id } } webhookAttempts(endpointId: $id) { nodes { id } } }', { id: mine.id })).toEqual({ webhookMessages: null, webhookAttempts: null });
    const key = { 'idempotency-key': randomUUID() };
    const twice = [await done<Endpoint>(market.vendor, 'registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id secret', input, key), await done<Endpoint>(market.vendor, 'registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id secret', input, key)];
    expect([twice[0]!.id === twice[1]!.id, twice[0]!.secret?.startsWith('whsec_'), twice[1]!.secret]).toEqual([true, true, null]);
    const tries = await Promise.all(Array.from({ length: 12 }, () => market.vendor.mutate('registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id', input)));
    expect([tries.filter((t) => t.__typename === 'WebhookEndpointWithSecret').length, tries.find((t) => t.__typename !== 'WebhookEndpointWithSecret')]).toMatchObject([8, { __typename: 'StateConflict', code: 'identity.webhook_endpoints_full' }]);
    await done(market.vendor, 'deleteWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: mine.id });
    expect(await market.vendor.mutate('enableWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId: mine.id })).toMatchObject({ __typename: 'NotFound' });
    const before = receiver.at('/mine').length;
    await tell();
    await after(0);
    expect([receiver.at('/mine').length, (await messages(mine)).length]).toEqual([before, 1]);
    expect(await exchange.owner.query('select secret, previous_secret from identity.webhook_endpoint where id = $1', [mine.id])).toEqual([{ secret: null, previous_secret: null }]);
    const other = await join(market.officer, await exchange.client('rival'), 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    expect(other).not.toBe(vendorId);
    expect(await endpoints(await exchange.client('rival'))).toEqual([]);
  });
});
