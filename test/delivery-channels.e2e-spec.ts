import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AUTHORITY, CLIENT, OTHER_CLIENT, SERVER } from './support/client-certificates.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, activeOn, csvFile, done, type Draft, hire, listedProduct, type Market, offerOf, openMarket } from './support/market.js';

const PROXY = '127.0.0.8';
const TLS_PROXY = '127.0.0.9';
interface Grant { readonly url: string; readonly channel: string; readonly deliveryId: string }

/** On which ways bytes leave: by region, destination, terms, and where the buyer fetches from. */
describe('delivery channels', () => {
  const file = csvFile(4_000);
  const long = csvFile(24_000_000, 'long.csv');
  let folder: string;
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;
  let tlsUrl: string;
  const env = { TRUSTED_PROXIES: PROXY };
  const configure = (name: string, channels: object[], more: object = {}): Promise<void> => writeFile(path.join(folder, name), JSON.stringify({ regions: [{ id: 'local', jurisdiction: 'CN', kind: 'disk' }], channels, ...more }));

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-channels-'));
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as net.AddressInfo;
    probe.close();
    tlsUrl = `https://127.0.0.1:${port}`;
    await Promise.all([['ca.pem', AUTHORITY], ['server.pem', SERVER.cert], ['server.key', SERVER.key]].map(([name, text]) => writeFile(path.join(folder, name!), text!)));
    await configure('regions.json', [
      { id: 'sealed', kind: 'mutual-tls', regions: ['local'], destinations: ['SG'], url: tlsUrl, authoritiesFile: path.join(folder, 'ca.pem') },
      { id: 'leased', kind: 'networks', regions: ['local'] }, { id: 'open', kind: 'public', regions: ['local'], destinations: ['SG'] },
    ], { tls: { port, certificateFile: path.join(folder, 'server.pem'), keyFile: path.join(folder, 'server.key') }, clientCertificateHeader: { name: 'X-Client-Cert', from: [TLS_PROXY] } });
    exchange = await startExchange({ env: { ...env, STORAGE_REGIONS_FILE: path.join(folder, 'regions.json') } });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file, long]);
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
  });
  afterAll(async () => {
    await exchange.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const { id } of await points()) await done(market.buyer, 'removeAccessPoint', 'AccessPoint', 'id', { accessPointId: id });
  });

  const points = async (): Promise<{ id: string }[]> => (await market.buyer.ask<{ accessPoints: { id: string }[] }>('{ accessPoints { id } }')).accessPoints;
  const add = (over: object, client = market.buyer) => client.mutate<Record<string, unknown>>('addAccessPoint', 'AccessPoint', 'id kind value', { country: 'SG', label: 'Office', ...over });
  const grant = (over: object = {}, asset = 0): Promise<Grant> => done<Grant>(market.buyer, 'requestDownload', 'DownloadGrant', 'deliveryId url channel', { licenceId, assetId: product.assetIds[asset], ...over });
  const refusal = (over: object = {}) => market.buyer.mutate<Record<string, unknown>>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0], ...over });
  const begin = async (url: string, options: https.RequestOptions = {}): Promise<http.IncomingMessage> =>
    ((await once(url.startsWith('https:') ? https.get(url, { agent: false, ca: AUTHORITY, ...options }) : http.get(url, { agent: false, ...options }), 'response')) as [http.IncomingMessage])[0];
  const fetched = async (url: string, options: https.RequestOptions = {}): Promise<[number, string | number]> => {
    const response = await begin(url, options);
    const body = Buffer.concat(await response.toArray() as Buffer[]);
    return [response.statusCode!, response.statusCode === 200 ? body.length : ((JSON.parse(body.toString() || '{}') as { code?: string }).code ?? '')];
  };
  const OFF = [403, 'delivery.channel'];
  const WHOLE = [200, file.content.length];

  it('are shown, and one that is open takes whoever registered nothing; delivery and receipt name it', async () => {
    expect(await market.buyer.ask('{ deliveryChannels { id kind regions destinations presigned } }')).toEqual({
      deliveryChannels: [
        { id: 'sealed', kind: 'MUTUAL_TLS', regions: ['local'], destinations: ['SG'], presigned: false }, { id: 'leased', kind: 'NETWORKS', regions: ['local'], destinations: null, presigned: false },
        { id: 'open', kind: 'PUBLIC', regions: ['local'], destinations: ['SG'], presigned: false },
      ],
    });
    const given = await grant();
    expect([given.channel, await fetched(given.url)]).toEqual(['open', WHOLE]);
    const seen = await market.vendor.ask(`{ deliveries(licenceId: "${licenceId}", first: 1) { nodes { channel channelKind destination } } receipts(licenceId: "${licenceId}", first: 1) { nodes { channel } } }`);
    expect(seen).toEqual({ deliveries: { nodes: [{ channel: 'open', channelKind: 'PUBLIC', destination: 'SG' }] }, receipts: { nodes: [{ channel: 'open' }] } });
  });

  it('by networks takes requests from the networks of the buyer, as the trusted proxy says, and from nowhere else', async () => {
    expect(await add({ network: '203.0.113.9/24' })).toMatchObject({ kind: 'NETWORK', value: '203.0.113.0/24' });
    const { url, channel } = await grant();
    const from = (forwarded: string, localAddress = PROXY): https.RequestOptions => ({ localAddress, headers: { 'x-forwarded-for': forwarded } });
    expect([channel, await fetched(url)]).toEqual(['leased', OFF]);
    expect(await fetched(url, from('203.0.114.7'))).toEqual(OFF);
    expect(await fetched(url, from('203.0.113.7', '127.0.0.1'))).toEqual(OFF);
    expect(await fetched(url, from('203.0.113.7'))).toEqual(WHOLE);
    const running = await begin((await grant({}, 1)).url, from('203.0.113.7'));
    await done(market.buyer, 'removeAccessPoint', 'AccessPoint', 'id', { accessPointId: (await points())[0]!.id });
    await pause(3_100);
    await expect(running.toArray()).rejects.toThrow();
    expect((await grant()).channel).toBe('open');
  });

  it('by mutual TLS takes a registered certificate at its own door, or from the proxies that may hand it on', async () => {
    expect(await add({ certificate: CLIENT.cert })).toMatchObject({ kind: 'CERTIFICATE' });
    expect(await add({ certificate: OTHER_CLIENT.cert, label: 'Not of the authority' })).toMatchObject({ kind: 'CERTIFICATE' });
    const { url, channel } = await grant();
    expect([channel, url.startsWith(`${tlsUrl}/v1/downloads/`)]).toEqual(['sealed', true]);
    expect(await fetched(url)).toEqual(OFF);
    expect(await fetched(url, OTHER_CLIENT)).toEqual(OFF);
    expect(await fetched(url.replace(tlsUrl, exchange.url))).toEqual(OFF);
    expect(await fetched(url, CLIENT)).toEqual(WHOLE);
    expect((await fetched(`${tlsUrl}/health/ready`, CLIENT))[0]).toBe(404);
    const header = (localAddress: string, value: string): https.RequestOptions => ({ localAddress, headers: { 'x-client-cert': value } });
    const behind = (await grant()).url.replace(tlsUrl, exchange.url);
    const escaped = encodeURIComponent(CLIENT.cert);
    expect(await fetched(behind, header('127.0.0.1', escaped))).toEqual(OFF);
    expect(await fetched(behind, header(TLS_PROXY, encodeURIComponent(OTHER_CLIENT.cert)))).toEqual(OFF);
    expect(await fetched(behind, header(TLS_PROXY, '%E0%A4%A'))).toEqual(OFF);
    expect(await fetched(behind, header(TLS_PROXY, `:${CLIENT.cert.split('\n').slice(1, -2).join('')}:`))).toEqual(WHOLE);
  });

  it('can be demanded by the vendor in the licence terms, and the refusal says which rule and what would fit', async () => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId, { terms: { channels: ['MUTUAL_TLS'] } }));
    const bound = await activeOn(exchange, market.buyer, offerId);
    expect(await refusal({ licenceId: bound.licenceId })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.no_channel', message: 'sealed (mutual-tls) would carry it: register a certificate that stands in SG first' });
    expect(await refusal({ licenceId: bound.licenceId, channelId: 'open' })).toMatchObject({ code: 'delivery.no_channel', message: 'open is no channel for this delivery: sealed (mutual-tls) would be' });
    await add({ certificate: CLIENT.cert });
    expect((await grant({ licenceId: bound.licenceId })).channel).toBe('sealed');
    const { agreement } = await market.buyer.ask<{ agreement: { terms: { clauses: { text: string }[] } } }>(`{ agreement(id: "${bound.agreementId}") { terms { clauses(language: EN) { text } } } }`);
    expect(agreement.terms.clauses.map((c) => c.text).join()).toContain('delivered only against registered client certificates of the licensee (mutual TLS)');
  });

  it('hold a token to what they were: one whose channel goes elsewhere now is refused', async () => {
    const { url } = await grant();
    await configure('other.json', [{ id: 'open', kind: 'public', regions: ['local'], destinations: ['HK'] }]);
    const other = await startExchange({ beside: exchange, env: { ...env, STORAGE_REGIONS_FILE: path.join(folder, 'other.json') } });
    try {
      expect(await fetched(url.replace(exchange.url, other.url))).toEqual(OFF);
      const buyer = await other.client('buyer');
      expect(await buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })).toMatchObject({ code: 'delivery.no_channel', message: 'what lies in local may not be delivered to SG: its channels open (public) deliver to HK' });
    } finally {
      await other.close();
    }
    expect(await fetched(url)).toEqual(WHOLE);
  });

  it('know networks and certificates of the administrator alone, no wider than one organisation has', async () => {
    const clerk = await hire(exchange, market.buyer, 'clerk', 'BUYER');
    expect(await add({ network: '203.0.113.0/24' }, clerk)).toMatchObject({ __typename: 'NotPermitted' });
    expect(await clerk.ask('{ accessPoints { id } }')).toEqual({ accessPoints: null });
    for (const wrong of [{}, { network: '0.0.0.0/0' }, { network: '10.0.0.0/15' }, { network: '::/0' }, { network: '010.0.0.1/24' }, { network: '10.0.0.0/24', certificate: CLIENT.cert }, { certificate: 'nonsense' }, { network: '10.0.0.0/24', country: 'XX' }]) {
      expect(await add(wrong)).toMatchObject({ __typename: 'InvalidInput', code: 'delivery.access_point' });
    }
    const first = await add({ network: '203.0.113.0/24' });
    expect(await add({ network: '203.0.113.0/24', label: 'Again' })).toMatchObject({ id: first['id'] });
    expect(await add({ network: '203.0.113.0/24', country: 'HK' })).toMatchObject({ __typename: 'StateConflict' });
    expect(await market.vendor.mutate('removeAccessPoint', 'AccessPoint', 'id', { accessPointId: first['id'] })).toMatchObject({ __typename: 'NotFound' });
  });
});
