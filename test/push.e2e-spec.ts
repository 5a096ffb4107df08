import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { Contracts } from '#contracts';
import { asSystem, systemCaller, UnitOfWork } from '#shared';
import { openS3 } from '../libs/delivery/src/object-storage/s3/s3-client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeOn, csvFile, done, type Draft, listedProduct, type Market, offerOf, openMarket, putContent, sha256, type TestFile } from './support/market.js';
import { RunningProcess, freePort } from './support/process.js';
import { S3Gate } from './support/s3-gate.js';
import { type S3Server, startS3 } from './support/s3-server.js';
import type { GraphClient } from './support/client.js';

const MIB = 1024 * 1024;
type Answer = { __typename: string; id: string; code?: string; state?: string; files?: number; problem?: string | null; fields?: { path: string }[] };
interface Push { id: string; assetId: string; state: string; attempts: number; problem: string | null; deliveryId: string | null; parts: number; nextAttemptAt: string | null }

/** New revisions go into the bucket of a licensee, over real HTTP to a server of the S3 protocol. */
describe('push', () => {
  let exchange: TestExchange;
  let market: Market;
  let s3: S3Server;
  let gate: S3Gate;
  let bucket: S3Client;
  let draft: Draft;
  const small = csvFile(3_000);
  beforeAll(async () => {
    s3 = await startS3('licensee');
    gate = await S3Gate.start(s3.place.endpoint!);
    ({ client: bucket } = await openS3(s3.place));
    exchange = await startExchange({ env: { OUTGOING_ALLOW: '127.0.0.1' } });
    market = await openMarket(exchange);
    draft = await listedProduct(exchange, market, [small]);
  }, 120_000);
  afterAll(async () => {
    await exchange?.close();
    bucket?.destroy();
    await gate?.stop();
    await s3?.stop();
  });
  beforeEach(() => { gate.letGo(); gate.onlyKey = null; gate.seen.length = 0; });

  const owner = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const licensed = async (over: object = {}): Promise<string> => {
    const { id } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(draft.productId, over));
    return (await activeOn(exchange, market.buyer, id)).licenceId;
  };
  const register = (licenceId: string, over: object = {}, client: GraphClient = market.buyer) =>
    client.mutate<Answer>('registerPushDestination', 'PushDestination', 'id state problem', { licenceId, endpoint: gate.url, region: 'us-east-1', bucket: 'licensee', prefix: `${licenceId}/`, pathStyle: true, accessKeyId: 'right', secretAccessKey: 'only-for-tests', ...over });
  /** A licence with a bucket that was checked. */
  const active = async (over: object = {}, offer: object = {}): Promise<{ licenceId: string; destinationId: string }> => {
    const licenceId = await licensed(offer);
    const { id: destinationId, ...wrong } = await register(licenceId, over);
    if (!destinationId) throw new Error(JSON.stringify(wrong));
    await exchange.drain();
    expect(await destinations(licenceId)).toMatchObject([{ id: destinationId, state: 'ACTIVE', problem: null }]);
    return { licenceId, destinationId };
  };
  const destinations = async (licenceId: string, client = market.buyer) => (await client.ask<{ pushDestinations: { nodes: { id: string; state: string; problem: string | null }[] } | null }>('query($id: ID!) { pushDestinations(licenceId: $id) { nodes { id state problem } } }', { id: licenceId })).pushDestinations?.nodes;
  const pushes = async (licenceId: string, client = market.buyer) => (await client.ask<{ pushes: { nodes: Push[] } | null }>('query($id: ID!) { pushes(licenceId: $id) { nodes { id assetId state attempts problem deliveryId parts nextAttemptAt } } }', { id: licenceId })).pushes!.nodes;
  const revise = async (file: TestFile, of = draft): Promise<{ revisionId: string; assetId: string }> => {
    const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: of.datasetId });
    const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: file.fileName, mediaType: file.mediaType, byteLength: String(file.content.length), sha256: sha256(file.content) });
    expect((await putContent(market.vendor, assetId, file.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    await exchange.drain();
    return { revisionId, assetId };
  };
  const keys = async (prefix: string): Promise<string[]> => ((await bucket.send(new ListObjectsV2Command({ Bucket: 'licensee', Prefix: prefix }))).Contents ?? []).map((o) => o.Key!);
  const content = async (key: string): Promise<Buffer> => Buffer.from(await (await bucket.send(new GetObjectCommand({ Bucket: 'licensee', Key: key }))).Body!.transformToByteArray());
  const charged = async (licenceId: string) => [(await owner('select id from delivery.receipt where licence_id = $1', [licenceId])).length, (await owner<{ quantity: string }>(`select quantity::text as quantity from metering.usage_event where licence_id = $1 and meter = 'bytes'`, [licenceId])).map((u) => Number(u.quantity))];
  const ask = (name: string, input: object, client = market.buyer) => client.mutate<Answer>(name, name === 'pushRevision' ? 'QueuedRevision' : name.endsWith('Push') ? 'Push' : 'PushDestination', name === 'pushRevision' ? 'files' : 'id state', input);
  const due = (): Promise<object[]> => owner(`update delivery.push_job set next_attempt_at = now() - interval '1 second' where state = 'WAITING' and claim is null`);
  const until = async (what: string, test: () => Promise<boolean> | boolean): Promise<void> => {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) if (await test()) return;
    throw new Error(`no ${what}`);
  };

  it('brings every new revision into the bucket by itself, charged once, with its receipt, and tells of it with what is needed to fetch it', async () => {
    const { licenceId } = await active();
    expect(await keys(`${licenceId}/`)).toEqual([]);
    const next = csvFile(5_000);
    const { assetId, revisionId } = await revise(next);
    await exchange.drain();
    const [push, ...others] = await pushes(licenceId);
    expect([push, others]).toMatchObject([{ assetId, state: 'DONE', attempts: 1, problem: null, parts: 1 }, []]);
    const [key] = await keys(`${licenceId}/`);
    expect(key).toMatch(new RegExp(`^${licenceId}/${draft.productId}/${draft.datasetId}/\\d+/calls.csv$`));
    expect((await content(key!)).equals(next.content)).toBe(true);
    expect((await bucket.send(new HeadObjectCommand({ Bucket: 'licensee', Key: key! }))).Metadata).toMatchObject({ 'entrepot-sha256': sha256(next.content), 'entrepot-asset': assetId });
    expect(await charged(licenceId)).toEqual([1, [next.content.length]]);
    const [{ id: spent }] = await owner<{ id: string }>(`select id from delivery.delivery where id = $1 and state = 'SPENT'`, [push!.deliveryId]) as [{ id: string }];
    expect(spent).toBe(push!.deliveryId);
    expect(await pushes(licenceId, market.vendor)).toHaveLength(1);
    expect(await destinations(licenceId, market.vendor)).toBeUndefined();
    const { notices } = await market.buyer.ask<{ notices: { nodes: { kind: string; details: string }[] } }>('{ notices(first: 20) { nodes { kind details } } }');
    expect(JSON.parse(notices.nodes.find((n) => n.kind === 'UPDATED' && n.details.includes(revisionId))!.details)).toMatchObject({ assets: [{ id: assetId, fileName: 'calls.csv', byteLength: String(next.content.length), sha256: sha256(next.content) }] });
    // Said again by whoever asks, it goes once more and is charged once more; asked twice while it waits it goes once.
    const [one, two] = [await ask('pushRevision', { destinationId: (await destinations(licenceId))![0]!.id, revisionId }), await ask('pushRevision', { destinationId: (await destinations(licenceId))![0]!.id, revisionId })];
    expect([one.files, two.files]).toEqual([1, 0]);
    await exchange.drain();
    expect(await charged(licenceId)).toEqual([2, [next.content.length, next.content.length]]);
  });

  it('is checked before anything goes there, shows its secret to nobody, and lets out nothing that a server says', async () => {
    gate.onlyKey = 'right';
    const licenceId = await licensed();
    const { id: destinationId } = await register(licenceId, { accessKeyId: 'wrong' });
    await exchange.drain();
    expect(await destinations(licenceId)).toMatchObject([{ state: 'FAILED', problem: 'the bucket refuses these credentials' }]);
    const stored = JSON.stringify(await owner('select * from delivery.push_destination')) + JSON.stringify(await owner('select details from audit.entry')) + JSON.stringify(await owner('select * from shared.idempotency_key'));
    expect([stored.includes('only-for-tests'), stored.includes('SECRET of the server')]).toEqual([false, false]);
    await revise(csvFile(2_000));
    expect(await pushes(licenceId)).toMatchObject([{ state: 'WAITING', attempts: 0 }]);
    expect((await ask('changePushCredentials', { destinationId, accessKeyId: 'right', secretAccessKey: 'only-for-tests' })).state).toBe('PENDING');
    await exchange.drain();
    await exchange.drain();
    expect(await pushes(licenceId)).toMatchObject([{ state: 'DONE' }]);
    // A bucket that is somebody else's, or nobody's.
    const elsewhere = await licensed();
    await register(elsewhere, { bucket: 'of-somebody-else' });
    await exchange.drain();
    expect((await destinations(elsewhere))![0]).toMatchObject({ state: 'FAILED' });
    expect(await charged(elsewhere)).toEqual([0, []]);
  });

  it.each([['http://169.254.169.254'], ['https://10.0.0.7:9000'], ['https://[::1]'], ['http://storage.example'], ['https://2130706433.'], ['https://0x7f.1.']])('does not call %s', async (endpoint) => {
    const [before] = await owner<{ n: number }>('select count(*)::int as n from delivery.push_destination');
    const strict = await startExchange({ beside: exchange, env: { OUTGOING_ALLOW: 'elsewhere.example' } });
    try {
      const buyer = await strict.client('buyer');
      const answer = await register(await licensed(), { endpoint }, buyer);
      if (answer.__typename === 'PushDestination') {
        await strict.drain();
        expect((await owner<{ state: string; problem: string }>('select state, problem from delivery.push_destination where id = $1', [answer.id]))[0]).toMatchObject({ state: 'FAILED', problem: expect.stringMatching(/not one that the exchange calls|cannot be reached/) as string });
      } else {
        expect(answer.fields?.map((f) => f.path)).toEqual(['endpoint']);
        expect((await owner<{ n: number }>('select count(*)::int as n from delivery.push_destination'))[0]).toEqual(before);
      }
    } finally {
      await strict.close();
    }
  }, 60_000);

  it('is tried again while the bucket is down, given up visibly, and goes on when asked', async () => {
    const { licenceId } = await active();
    gate.mode = 'down';
    await revise(csvFile(2_000));
    await exchange.drain();
    const [waiting] = await pushes(licenceId);
    expect(waiting).toMatchObject({ state: 'WAITING', attempts: 1, problem: 'the bucket cannot be reached' });
    expect(new Date(waiting!.nextAttemptAt!).getTime()).toBeGreaterThan(Date.now());
    await owner(`update delivery.push_job set first_tried_at = now() - interval '4 days' where id = $1`, [waiting!.id]);
    await due();
    await exchange.drain();
    expect(await pushes(licenceId)).toMatchObject([{ state: 'GIVEN_UP', problem: 'the bucket cannot be reached' }]);
    const { notices } = await market.buyer.ask<{ notices: { nodes: { kind: string; text: string }[] } }>('{ notices(first: 20) { nodes { kind text } } }');
    expect(notices.nodes.find((n) => n.kind === 'PUSH_FAILED')!.text).toBe('A file is not pushed to your bucket any more: the bucket cannot be reached.');
    gate.letGo();
    expect((await ask('retryPush', { pushId: waiting!.id })).state).toBe('WAITING');
    await exchange.drain();
    expect([await pushes(licenceId), await charged(licenceId)]).toMatchObject([[{ state: 'DONE' }], [1, [expect.any(Number)]]]);
    expect((await ask('cancelPush', { pushId: waiting!.id })).code).toBe('delivery.push_over');
  });

  it('goes on with the parts that are there when its process is killed, and charges nothing before the last one', async () => {
    const { licenceId } = await active();
    const large = csvFile(20 * MIB);
    gate.mode = { hangFrom: 2 };
    // Released here, sent by another process that dies.
    await owner(`update delivery.push_destination set state = 'PAUSED' where state = 'ACTIVE'`);
    await revise(large);
    const port = await freePort();
    const process = new RunningProcess('api', { DATABASE_URL: exchange.databaseUrl, DATA_DIR: exchange.dataDir, PORT: String(port), OUTGOING_ALLOW: '127.0.0.1' });
    try {
      await owner(`update delivery.push_destination set state = 'ACTIVE' where licence_id = $1`, [licenceId]);
      await process.until('first part', async () => ((await pushes(licenceId))[0]?.parts ?? 0) >= 1);
      process.signal('SIGKILL');
      await process.exited;
    } finally {
      process.signal('SIGKILL');
    }
    expect([gate.parts, await charged(licenceId)]).toEqual([[1], [0, []]]);
    gate.letGo();
    await pause(500);
    gate.seen.length = 0;
    await until('end of the push', async () => { await exchange.drain(); return (await pushes(licenceId))[0]!.state === 'DONE'; });
    expect(gate.parts).toEqual([2, 3]);
    const [key] = await keys(`${licenceId}/`);
    expect((await content(key!)).equals(large.content)).toBe(true);
    expect(await charged(licenceId)).toEqual([1, [large.content.length]]);
  }, 180_000);

  it('stops within seconds when the licence falls, and is over when it ends; nothing is charged', async () => {
    const { licenceId, destinationId } = await active();
    await ask('movePushDestination', { destinationId, act: 'PAUSE' });
    await revise(csvFile(17 * MIB));
    gate.mode = { hangFrom: 2 };
    await owner(`update delivery.push_destination set state = 'ACTIVE' where id = $1`, [destinationId]);
    const running = exchange.drain();
    await until('a part on its way', async () => (await pushes(licenceId))[0]!.parts === 1);
    const at = Date.now();
    await done(market.officer, 'suspendLicence', 'Licence', 'id', { licenceId, reason: 'a complaint is looked into' });
    await running;
    expect(Date.now() - at).toBeLessThan(6_000);
    const [stopped] = await pushes(licenceId);
    expect(stopped).toMatchObject({ state: 'WAITING', problem: expect.stringContaining('the licence is not active') as string });
    gate.letGo();
    const [{ agreement_id: agreementId }] = await owner<{ agreement_id: string }>('select agreement_id from contracts.licence where id = $1', [licenceId]) as [{ agreement_id: string }];
    await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Contracts).terminateLicence(tx, systemCaller('test'), agreementId, 'it ends')));
    await due();
    await exchange.drain();
    expect((await pushes(licenceId))[0]!.state).toMatch(/GIVEN_UP|CANCELLED/);
    // Nobody keeps the secret of a bucket that nothing goes to any more.
    expect(await owner('select state, secret from delivery.push_destination where licence_id = $1', [licenceId])).toEqual([{ state: 'REMOVED', secret: null }]);
    expect(await charged(licenceId)).toEqual([0, []]);
  }, 120_000);

  it('brings the licensed part and nothing else', async () => {
    const { licenceId, destinationId } = await active({}, { terms: { parts: [{ datasetId: draft.datasetId, columns: ['teu'] }] } });
    const file = csvFile(2_000);
    const { revisionId } = await revise(file);
    await until('the part', async () => { await due(); await exchange.drain(); return (await pushes(licenceId))[0]!.state === 'DONE'; });
    const [key] = await keys(`${licenceId}/`);
    expect([key!.endsWith('/calls.part.csv'), (await content(key!)).toString().split('\n', 2)]).toEqual([true, ['teu', '1']]);
    // Of nobody else, and not while it rests.
    const stranger = await exchange.client('stranger');
    for (const name of ['pushRevision', 'movePushDestination']) expect((await ask(name, name === 'pushRevision' ? { destinationId, revisionId } : { destinationId, act: 'REMOVE' }, stranger)).__typename).toMatch(/NotPermitted|NotFound/);
    expect((await ask('movePushDestination', { destinationId, act: 'PAUSE' })).state).toBe('PAUSED');
    await ask('pushRevision', { destinationId, revisionId });
    await exchange.drain();
    expect((await pushes(licenceId))[0]).toMatchObject({ state: 'WAITING', attempts: 0 });
    expect((await ask('movePushDestination', { destinationId, act: 'REMOVE' })).state).toBe('REMOVED');
    expect((await pushes(licenceId))[0]).toMatchObject({ state: 'CANCELLED', problem: 'the destination was removed' });
    expect(await owner('select secret from delivery.push_destination where id = $1', [destinationId])).toEqual([{ secret: null }]);
  }, 60_000);
});
