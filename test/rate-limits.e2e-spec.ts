import { once } from 'node:events';
import http from 'node:http';
import { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';

const ME = { query: '{ me { subject } }' };
type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** A request from a given address of the loopback network: each is a client of its own. */
async function ask(url: string, options: { from?: string; headers?: Record<string, string>; method?: string; body?: object } = {}): Promise<Answer> {
  const body = options.body ? JSON.stringify(options.body) : undefined;
  const request = http.request(url, {
    method: options.method ?? (body ? 'POST' : 'GET'), localAddress: options.from ?? '127.0.0.1', agent: false, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...options.headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode!, headers: response.headers, body: text };
}
const count = (answers: readonly Answer[], status: number): number => answers.filter((a) => a.status === status).length;

describe('rate limits', () => {
  let one: TestExchange;
  let two: TestExchange;
  const env = { RATE_LIMIT_PER_MINUTE: '40', ANONYMOUS_LIMIT_PER_MINUTE: '300', QUERY_COST_PER_MINUTE: '6000', TRUSTED_PROXIES: '127.0.0.9, 10.0.0.0/8' };
  beforeAll(async () => {
    one = await startExchange({ env });
    two = await startExchange({ env, beside: one });
  });
  afterAll(async () => {
    await two.close();
    await one.close();
  });
  const graphql = (exchange: TestExchange, client: GraphClient, body: object = ME): Promise<Answer> => ask(`${exchange.url}/graphql`, { headers: client.headers(), body });

  it('hold over two processes on one database, and say how the caller stands', async () => {
    const client = await one.client('eager');
    const first = await graphql(one, client);
    expect([first.headers['ratelimit-policy'], first.headers['ratelimit'], first.headers['retry-after']]).toEqual(['"default";q=40;w=60, "cost";q=6000;w=60', expect.stringMatching(/^"default";r=39;t=(60|59), "cost";r=5998;t=(60|59)$/), undefined]);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => graphql(i % 2 ? one : two, client)));
    expect([count(answers, 200), count(answers, 429)]).toEqual([39, 61]);
    const refused = answers.find((a) => a.status === 429)!;
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'too_many_requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect([refused.headers['ratelimit-policy'], refused.headers['ratelimit']]).toEqual(['"default";q=40;w=60', expect.stringMatching(/^"default";r=0;t=\d+$/)]);
    const another = await two.client('another');
    expect((await graphql(two, another)).status).toBe(200);
  });

  it('count what queries cost, over both processes', async () => {
    const client = await one.client('dear');
    const body = { query: '{ products(first: 100) { nodes { id title description vendor { id legalName } } } }' };
    const answers = [];
    for (let n = 0; n < 16; n++) answers.push(await graphql(n % 2 ? one : two, client, body));
    const refused = answers.filter((a) => a.status === 429);
    const cost = 6000 / (16 - refused.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(cost).toBeGreaterThan(300);
    const { errors: [error] } = JSON.parse(refused[0]!.body) as { errors: [{ extensions: object }] };
    expect(error.extensions).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect([refused[0]!.headers['ratelimit-policy'], refused[0]!.headers['ratelimit'], Number(refused[0]!.headers['retry-after']) > 0]).toEqual(['"default";q=40;w=60, "cost";q=6000;w=60', expect.stringMatching(/^"default";r=\d+;t=\d+, "cost";r=\d+;t=\d+$/), true]);
  });

  it('let wrong credentials shut out nobody but strangers of that address', async () => {
    const from = '127.0.0.3';
    const good = await one.client('somebody');
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(`${i % 2 ? one.url : two.url}/graphql`, { from, headers: { authorization: `Bearer guess-${i}-guess` }, body: ME })));
    expect([count(guesses, 200), count(guesses, 429)]).toEqual([30, 10]);
    expect((await ask(`${one.url}/.well-known/jwks.json`, { from })).status).toBe(429);
    expect((await ask(`${two.url}/health/live`, { from, headers: { authorization: 'Bearer guess-again-guess' } })).status).toBe(429);
    expect((await ask(`${one.url}/graphql`, { from, headers: good.headers(), body: ME })).status).toBe(200);
    expect((await ask(`${one.url}/.well-known/jwks.json`, { from: '127.0.0.4' })).status).toBe(200);
  });

  it('count strangers by address, links apart, and probes not at all, whatever their path looks like', async () => {
    const from = '127.0.0.5';
    const strangers = await Promise.all(Array.from({ length: 310 }, () => ask(`${one.url}/nowhere`, { from })));
    expect([count(strangers, 404), count(strangers, 429)]).toEqual([300, 10]);
    const links = await Promise.all(Array.from({ length: 45 }, (_, i) => ask(`${i % 2 ? one.url : two.url}/v1/downloads/no-such-token`, { from })));
    expect([count(links, 429), links[0]!.headers['ratelimit-policy']]).toEqual([5, '"default";q=40;w=60']);
    const live = await ask(`${one.url}/health/live`, { from });
    expect([live.status, live.headers['ratelimit']]).toEqual([200, undefined]);
    expect((await ask(`${one.url}/health/../nowhere`, { from })).status).toBe(429);
    expect((await ask(`${one.url}/health/nothing-here`, { from })).status).toBe(429);
  });

  it('believe X-Forwarded-For of trusted proxies alone', async () => {
    const remaining = async (from: string, forwarded: string): Promise<string> => String((await ask(`${one.url}/.well-known/jwks.json`, { from, headers: { 'x-forwarded-for': forwarded } })).headers['ratelimit']).split(';')[1]!;
    expect([await remaining('127.0.0.6', '192.0.2.1'), await remaining('127.0.0.6', '192.0.2.2')]).toEqual(['r=299', 'r=298']);
    expect([await remaining('127.0.0.9', '192.0.2.3'), await remaining('127.0.0.9', '192.0.2.4'), await remaining('127.0.0.9', '192.0.2.3')]).toEqual(['r=299', 'r=299', 'r=298']);
    // What a client wrote before its proxy did is not believed; what a trusted proxy behind the first one wrote is.
    expect([await remaining('127.0.0.9', '198.51.100.1, 192.0.2.3'), await remaining('127.0.0.9', '192.0.2.3, 10.1.2.3')]).toEqual(['r=297', 'r=296']);
    expect([await remaining('127.0.0.9', '2001:db8:0:7::1'), await remaining('127.0.0.9', '2001:db8:0:7:ffff::1')]).toEqual(['r=299', 'r=298']);
  });

  it('go on, by process, while the table of leases cannot be used', async () => {
    await one.owner.query('alter table shared.rate_limit rename to rate_limit_hidden');
    const client = await one.client('patient');
    const [here, there] = await Promise.all([one, two].map((exchange) => Promise.all(Array.from({ length: 45 }, () => graphql(exchange, client)))));
    await one.owner.query('alter table shared.rate_limit_hidden rename to rate_limit');
    expect([count(here!, 200), count(there!, 200)]).toEqual([40, 40]);
  });
});
