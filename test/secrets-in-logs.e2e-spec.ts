import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { done, hire, openMarket } from './support/market.js';
import { dataFolder, embeddedPostgres, freePort, isReady, remoteExchange, RunningProcess } from './support/process.js';
import { playTrade } from './support/trade.js';

const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_51NeverInALogLine0000', STRIPE_WEBHOOK_SECRET: 'whsec_never_in_a_log_line_0000' };
const SECRET_FIELD = /^(secret|token|access_token|accessToken|clientSecret|refresh_token|id_token|invitationToken|private|k|d)$/;

/** Every value of a field that holds a secret, and the token of every download address. */
function secretsIn(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    const token = /\/v1\/downloads\/([\w-]{20,})/.exec(value)?.[1];
    if (token) found.add(token);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string' && SECRET_FIELD.test(key) && part.length >= 16) found.add(part);
      secretsIn(part, found);
    }
  }
}

describe('the log of a whole run', () => {
  it('holds none of the secrets that the run used, at the most talkative level', async () => {
    const secrets = new Set<string>(Object.values(STRIPE));
    const original = globalThis.fetch;
    // What a client sends and gets is where its secrets are.
    globalThis.fetch = async (input, init) => {
      for (const credential of [new Headers(init?.headers).get('authorization')?.split(' ')[1], new Headers(init?.headers).get('dpop')]) if (credential) secrets.add(credential);
      if (typeof init?.body === 'string') try { secretsIn(JSON.parse(init.body), secrets); } catch { /* not JSON */ }
      const response = await original(input, init);
      if (response.headers.get('content-type')?.includes('json')) secretsIn(await response.clone().json(), secrets);
      return response;
    };
    const folder = await dataFolder('logs');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = new RunningProcess('api', { DATA_DIR: folder.dir, PORT: String(port), ...STRIPE });
    let sql: pg.Client | undefined;
    try {
      await server.until('readiness', () => isReady(url));
      const { password, url: databaseUrl } = await embeddedPostgres(folder.dir);
      secrets.add(password);
      sql = new pg.Client(databaseUrl);
      await sql.connect();
      const exchange = remoteExchange(url, sql);
      const market = await openMarket(exchange);
      await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const { secret } = await done<{ secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'pipeline', scopes: ['CONTRACTS_READ'], expiresAt });
      const api = (credential: string, path_ = '/graphql', body: unknown = { query: '{ me { subject } }' }): Promise<Response> =>
        fetch(`${url}${path_}`, { method: 'POST', headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      expect((await api(secret)).status).toBe(200);
      // Ways in which a secret ends in a log: a wrong credential, one in an address, one in a body that does not parse, one in an error of the database.
      await api(`${secret}x`);
      await api(secret, `/graphql?access_token=${secret}`);
      await fetch(`${url}/v1/downloads/${secret}`);
      await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"query":"{ me { subject } }","variables":{"token":"${secret}"` });
      await api(secret, '/graphql', { query: 'query($id: ID!) { organisation(id: $id) { id } }', variables: { id: secret } });
      for (const file of ['signing-key.json', 'dev-issuer-key.json', 'envelope-keys.json']) {
        const text = await readFile(path.join(folder.dir, file), 'utf8').catch(() => null);
        if (text) secretsIn(JSON.parse(text), secrets);
      }
      await sql.end();
      await server.stop();
    } finally {
      globalThis.fetch = original;
      await sql?.end().catch(() => undefined);
      if (server.running) await server.stop();
      await folder.remove();
    }
    expect(secrets.size).toBeGreaterThan(12);
    expect(server.output.split('\n').length).toBeGreaterThan(100);
    const leaked = [...secrets].filter((secret) => server.output.includes(secret));
    expect(leaked.map((secret) => server.output.split('\n').find((line) => line.includes(secret)))).toEqual([]);
  });
});
