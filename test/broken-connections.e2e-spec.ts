import { setTimeout as pause } from 'node:timers/promises';
import { asSystem, Database, UnitOfWork, withScope } from '#shared';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, join } from './support/market.js';
import { officers } from './support/recognition.js';

const WHO = { name: 'test.who', text: `select current_setting('entrepot.tenant', true) as tenant, current_setting('entrepot.reach', true) as reach` };
const KEYS = { name: 'test.keys', text: 'select organisation_id as tenant, name from identity.api_key' };
const KILL = `select count(pg_terminate_backend(pid))::int as killed from pg_stat_activity where datname = current_database() and application_name like 'entrepot%' and random() < $1`;

describe('while connections to the database break', () => {
  let exchange: TestExchange;
  let tenants: { client: GraphClient; id: string; mark: string }[];
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    exchange = await startExchange();
    const [officer] = await officers(exchange);
    const companies = [['first', 'First Harbour', 'SG', 'UEN', '196800306E'], ['second', 'Second Harbour', 'HK', 'HK_BRN', '12345678'], ['third', 'Third Harbour', 'HK', 'HK_BRN', '87654321']] as const;
    tenants = [];
    for (const [subject, name, jurisdiction, scheme, value] of companies) {
      const client = await exchange.client(subject);
      const id = await join(officer, client, name, { jurisdiction }, scheme, value);
      await done(client, 'createApiKey', 'CreatedApiKey', 'id', { name: `key of ${subject}`, scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
      tenants.push({ client, id, mark: `key of ${subject}` });
    }
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await exchange.close();
  });

  /** Every few milliseconds some of the exchange's connections are ended, as by a failover or a network that breaks. */
  async function breaking<T>(share: number, work: () => Promise<T>): Promise<{ result: T; killed: number }> {
    const end = new AbortController();
    let killed = 0;
    const killer = (async () => {
      while (!end.signal.aborted) {
        killed += ((await exchange.owner.query(KILL, [share])) as [{ killed: number }])[0].killed;
        await pause(4);
      }
    })();
    const result = await work().finally(() => end.abort());
    await killer;
    return { result, killed };
  }

  it('no statement runs in the scope of another tenant, in reads and in transactions', async () => {
    const database = exchange.app.get(Database);
    const uow = exchange.app.get(UnitOfWork);
    const seen = { good: 0, broken: 0 };
    const wrong: unknown[] = [];
    const ask = async (i: number): Promise<void> => {
      const tenant = i % 4 === 3 ? null : tenants[i % 4]!;
      const scope = { reach: tenant ? 'tenant' as const : 'none' as const, tenantId: tenant?.id ?? null, subject: `test:${i % 4}`, ...(i % 5 === 0 ? { signal: AbortSignal.timeout(i % 11) } : {}) };
      await withScope(scope, async () => {
        const rows = i % 3 === 0 ? await uow.run(async (tx) => [...(await tx.query(WHO.text)) as object[], ...(await tx.query(KEYS.text)) as object[]]) : await database.query(i % 3 === 1 ? WHO : KEYS);
        const foreign = (rows as { tenant: string | null; reach?: string }[]).filter((row) => (row.tenant ?? '') !== (tenant?.id ?? '') || (row.reach !== undefined && row.reach !== scope.reach));
        if (foreign.length) wrong.push({ i, foreign });
        // Nothing of one's own either would be a scope that was lost.
        if (tenant && i % 3 === 2 && rows.length !== 1) wrong.push({ i, rows });
        seen.good++;
      }).catch(() => seen.broken++);
    };
    const { killed } = await breaking(0.3, async () => {
      for (let round = 0; round < 12; round++) await Promise.all(Array.from({ length: 60 }, (_, n) => ask(round * 60 + n)));
    });
    expect(wrong).toEqual([]);
    expect(seen.good).toBeGreaterThan(100);
    expect(seen.broken).toBeGreaterThan(0);
    expect(killed).toBeGreaterThan(10);
  }, 30_000);

  it('over HTTP each sees his own or a clean failure, writes happen once or not at all, and all is well at once afterwards', async () => {
    const answers: { tenant: number; status: number; body: string }[] = [];
    const ask = async (tenant: number, n: number): Promise<void> => {
      const { client } = tenants[tenant]!;
      const write = n % 4 === 0;
      const key = `burst-${tenant}-${n}`;
      const body = write
        ? { query: 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename ... on CreatedApiKey { id name } ... on Problem { code } } }', variables: { input: { name: `${tenants[tenant]!.mark}, ${n}`, scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 3_600_000).toISOString() } } }
        : { query: '{ me { organisation { id legalName } } apiKeys(first: 100) { nodes { name } } }' };
      const response = await fetch(`${exchange.url}/graphql`, { method: 'POST', headers: client.headers({ 'content-type': 'application/json', ...(write ? { 'idempotency-key': key } : {}) }), body: JSON.stringify(body) });
      answers.push({ tenant, status: response.status, body: await response.text() });
    };
    const { killed } = await breaking(0.2, async () => {
      for (let round = 0; round < 6; round++) await Promise.all(Array.from({ length: 24 }, (_, n) => ask(n % 3, round * 24 + n)));
    });
    expect(killed).toBeGreaterThan(5);
    for (const { tenant, status, body } of answers) {
      for (const [i, other] of tenants.entries()) if (i !== tenant) expect(body.includes(other.mark) || body.includes(other.id)).toBe(false);
      expect([200, 500, 503]).toContain(status);
      expect(body).not.toMatch(/terminat|ECONN|postgres|select |insert |node_modules|\.ts\b|at \w+ \(/i);
    }
    expect(answers.some(({ status, body }) => status === 500 || body.includes('INTERNAL_SERVER_ERROR'))).toBe(true);
    expect(answers.some(({ status, body }) => status === 200 && !body.includes('errors'))).toBe(true);
    // Repeated with its key, a write whose answer was lost is answered or done: one of each in the end.
    for (let n = 0; n < 144; n += 4) await ask(n % 3, n);
    const names = await asSystem(() => exchange.database.query<{ name: string; times: number }>({ name: 'test.names', text: `select name, count(*)::int as times from identity.api_key where name like '%, %' group by name` }));
    expect([names.length, names.filter(({ times }) => times !== 1)]).toEqual([36, []]);
    for (const { client, id } of tenants) expect((await client.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id).toBe(id);
    expect((await fetch(`${exchange.url}/health/ready`)).status).toBe(200);
    expect(unhandled).toEqual([]);
  }, 30_000);
});
