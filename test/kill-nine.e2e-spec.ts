import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const KILLS = Number(process.env['KILLS'] ?? 10);
/** The demo takes about three seconds; the kill falls anywhere in it. */
const LATEST_KILL_MS = 3_000;

/** Real processes on a real folder, as `npm start` and `npm run demo` start them. */
describe('kill -9 at random points of a trade', () => {
  let dataDir: string;
  let port: number;
  let server: ChildProcess;
  let sql: pg.Client;
  const seed = Math.floor(Math.random() * 2 ** 31);
  const log: string[] = [];

  beforeAll(async () => {
    expect(existsSync('dist/apps/api/src/main.js')).toBe(true);
    dataDir = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'kill-'));
    await chmod(dataDir, 0o755);
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    port = (probe.address() as net.AddressInfo).port;
    probe.close();
  });
  afterAll(async () => {
    await sql?.end();
    server?.kill('SIGTERM');
    if (server) await once(server, 'exit');
    await rm(await realpath(path.join(dataDir, 'postgres')), { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  const environment = { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development', LOG_LEVEL: 'error', SAMPLE_MARKET: 'false', NOTICE_SECONDS: '0' };
  const start = async (): Promise<void> => {
    server = spawn(process.execPath, ['dist/apps/api/src/main.js'], { env: { ...environment, DATA_DIR: dataDir, PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
    server.stderr!.on('data', (chunk: Buffer) => log.push(chunk.toString()));
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (server.exitCode !== null) throw new Error(`the exchange ended: ${log.slice(-20).join('')}`);
      if (await fetch(`http://127.0.0.1:${port}/health/ready`).then((r) => r.ok, () => false)) return;
      await pause(50);
    }
    throw new Error('the exchange did not start');
  };
  const postmaster = async (): Promise<number> => Number((await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const demo = (run: number): { done: Promise<number>; output: () => string } => {
    let output = '';
    const child = spawn(process.execPath, ['dist/apps/demo/src/main.js'], { env: { ...environment, DEMO_URL: `http://127.0.0.1:${port}`, DEMO_RUN: `kill-${run}` }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { done: once(child, 'exit').then(([code]) => code as number), output: () => output };
  };
  const rows = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> => (await sql.query<T>(text)).rows;
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  it('loses nothing and counts nothing twice', async () => {
    await start();
    for (let run = 0; run < KILLS; run++) {
      const trade = demo(run);
      const after = Math.floor(next() * LATEST_KILL_MS);
      await Promise.race([pause(after), trade.done]);
      const database = await postmaster();
      server.kill('SIGKILL');
      await once(server, 'exit');
      // Every other time the database dies with it, as when the machine is switched off.
      if (run % 2) process.kill(database, 'SIGKILL');
      await start();
      const code = await trade.done;
      if (code !== 0) throw new Error(`seed ${seed}, run ${run}, killed after ${after} ms: the demo ended with ${code}\n${trade.output()}\n${log.slice(-20).join('')}`);
    }
    const password = (await readFile(path.join(dataDir, 'postgres.password'), 'utf8')).trim();
    const dbPort = (await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3];
    sql = new pg.Client(`postgres://postgres:${password}@127.0.0.1:${dbPort}/entrepot`);
    await sql.connect();
    await pause(2_000);

    // I9: one effect a run, however often it was sent.
    expect(await rows(`select (select count(*)::int from contracts.agreement) as agreements, (select count(*)::int from contracts.licence where state = 'ACTIVE') as licences,
      (select count(*)::int from settlement.trade where kind = 'PURCHASE' and state = 'SETTLED') as purchases, (select count(*)::int from settlement.trade where kind = 'USAGE' and state = 'SETTLED') as usages,
      (select count(*)::int from settlement.trade) as trades, (select count(*)::int from catalog.product where state = 'LISTED') as products`))
      .toEqual([{ agreements: KILLS, licences: KILLS, purchases: KILLS, usages: KILLS, trades: 2 * KILLS, products: KILLS }]);
    // I3: what is billed is what was delivered: three downloads a run, each with one receipt and one usage event of each meter.
    expect(await rows(`select l.id, (select count(*)::int from delivery.receipt r where r.licence_id = l.id) as receipts, (select count(*)::int from metering.usage_event u where u.licence_id = l.id and u.meter = 'downloads') as downloads,
      (select sum(quantity)::text from metering.usage_event u where u.licence_id = l.id and u.meter = 'bytes') as bytes from contracts.licence l where (select count(*) from delivery.receipt r where r.licence_id = l.id) <> 3
      or (select count(*) from metering.usage_event u where u.licence_id = l.id and u.meter = 'downloads') <> 3 or (select sum(quantity) from metering.usage_event u where u.licence_id = l.id and u.meter = 'bytes') <> 14761094`)).toEqual([]);
    // I1: every journal sums to zero per currency.
    expect(await rows('select journal_id from settlement.posting group by journal_id, currency having sum(amount_minor) <> 0')).toEqual([]);
    expect(await rows(`select count(*)::int as postings, sum(amount_minor)::text as sum from settlement.posting having sum(amount_minor) <> 0`)).toEqual([]);
    // I4: numbers without a gap, per issuer and series.
    expect(await rows('select issuer_id, series from billing.invoice group by issuer_id, series having max(number) <> count(*) or min(number) <> 1')).toEqual([]);
    // I5: what was paid out had come in, and nothing is left behind in escrow.
    expect(await rows(`select count(*)::int as payments, sum(amount_minor)::text as paid from billing.payment where state = 'SUCCEEDED'`)).toEqual([{ payments: 2 * KILLS, paid: String(KILLS * (265_000 + 398)) }]);
    expect(await rows(`select p.state, count(*)::int from settlement.payout p where p.state <> 'CONFIRMED' group by p.state`)).toEqual([]);
    // No message is left over and no half upload is to be seen.
    expect(await rows('select subscriber, last_error from shared.outbox_delivery')).toEqual([]);
    expect(await rows(`select id from catalog.asset where state <> 'STORED'`)).toEqual([]);
    // I6: the log holds every state change, and its past is as it was sealed; the last demo verified it too.
    expect(await rows(`select count(*)::int as n from audit.entry where act = 'trade.settle'`)).toEqual([{ n: 2 * KILLS }]);
  }, 300_000 + KILLS * 30_000);
});
