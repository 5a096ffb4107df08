import 'reflect-metadata';
import assert from 'node:assert/strict';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Authenticator, authorise } from '#identity';
import { asSystem, loadConfig, RateLimits } from '#shared';
import { RoomsModule } from '../../dist/apps/api/src/app.module.js';
import { BUYERS, loadList, ROUNDS, seedList, signIn } from './list20.mjs';
import { median } from './support.mjs';

const WAYS_AT_ONCE = 16;

/** CPU of this process, in milliseconds, for each of `count` calls made a few at a time. */
async function cpuOf(count, call) {
  const before = process.cpuUsage();
  let next = 0;
  await Promise.all(Array.from({ length: WAYS_AT_ONCE }, async () => {
    while (next < count) await call(next++);
  }));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1_000 / count;
}

/** The rooms of the exchange in this process, beside the server, on the same database. */
async function rooms({ databaseUrl, folder }) {
  const config = loadConfig({ NODE_ENV: 'development', DATABASE_URL: databaseUrl, DATA_DIR: path.join(folder, 'data'), WORKER: 'false', LOG_LEVEL: 'error' });
  return asSystem(() => NestFactory.createApplicationContext(RoomsModule.register({ config, databaseUrl }), { logger: false }));
}

/** Who is it and may he: the check of a token with warm keys, the standing of its owner, and the table of permissions. */
export async function authenticate(bench) {
  await seedList(bench.sql);
  const token = await signIn(bench.url, BUYERS[0]);
  const app = await rooms(bench);
  const authenticator = app.get(Authenticator);
  const ask = async () => {
    const { actor } = await asSystem(() => authenticator.authenticate({ requestId: 'bench-request', authorization: `Bearer ${token}`, idempotencyKey: undefined, address: '127.0.0.1', method: 'POST', url: '/graphql', dpop: undefined }));
    assert.equal(authorise(actor, 'contracts:order'), undefined);
  };
  await cpuOf(2_000, ask);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await cpuOf(10_000, ask));
  await app.close();
  const value = median(rounds);
  return [{ name: 'identity.authenticate.cpu', value, unit: 'ms CPU/request', reference: 'the limit', referenceValue: 0.3, ratio: value / 0.3, target: 1, higherIsBetter: false }];
}

/** What counting a request and the cost of its query adds to it: the two limiters with their leases from PostgreSQL. */
export async function rateLimit(bench) {
  await seedList(bench.sql);
  const app = await rooms(bench);
  const limits = app.get(RateLimits);
  const [requests, costs] = [limits.limiter({ bucket: 'bench-requests', points: 1_000_000, seconds: 60 }), limits.limiter({ bucket: 'bench-cost', points: 100_000_000, seconds: 60 })];
  const count = async (i) => {
    const caller = `key:bench-${i % 64}`;
    assert((await requests.take(caller)).allowed && (await costs.take(caller, 100)).allowed);
  };
  await cpuOf(5_000, count);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await cpuOf(50_000, count));
  await app.close();
  const token = await signIn(bench.url, BUYERS[0]);
  const { cpuMs } = await loadList(bench, [token], 4);
  const value = median(rounds);
  return [{ name: 'http.rate-limit.cpu', value, unit: 'ms CPU/request', reference: 'catalog.list20, all of it', referenceValue: cpuMs, ratio: value / cpuMs, target: 0.05, higherIsBetter: false }];
}

const GUARDED = `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity order by 1`;

/** The list with row-level security and callers of eight organisations in turn, so that connections are told anew whose rows they see, against the list without policies and one caller. */
export async function rowLevelSecurity(bench) {
  await seedList(bench.sql);
  const tokens = await Promise.all(BUYERS.map((buyer) => signIn(bench.url, buyer)));
  const { rows } = await bench.sql.query(GUARDED);
  assert(rows.length > 40, 'the tables are guarded');
  const guard = (on) => bench.sql.query(rows.map(({ name }) => `alter table ${name} ${on ? 'enable' : 'disable'} row level security`).join('; '));
  const results = { on: [], off: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, callers] of [['on', tokens], ['off', tokens.slice(0, 1)]]) {
        await guard(name === 'on');
        await loadList(bench, callers, 1);
        results[name].push(await loadList(bench, callers, 4));
      }
    }
  } finally {
    await guard(true);
  }
  const rate = (name) => median(results[name].map((r) => r.rate));
  const ratio = median(results.on.map((r, i) => r.rate / results.off[i].rate));
  return [{ name: 'catalog.list20.rls', value: rate('on'), unit: 'requests/s', reference: 'the same without policies, one caller', referenceValue: rate('off'), ratio, target: 0.85 }];
}
