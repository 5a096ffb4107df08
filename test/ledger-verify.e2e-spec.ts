import { execFile } from 'node:child_process';
import pg from 'pg';
import { newId } from '#shared';
import { verifyLedger } from '#settlement';
import { TestClock } from './support/clock.js';
import { dataFolder, freePort, isReady, RunningProcess } from './support/process.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { type Market, hire, openMarket } from './support/market.js';
import { playTrade } from './support/trade.js';

const POST = `select settlement.post_journals($1, array[gen_random_uuid(), gen_random_uuid()], array[$2::uuid, $2::uuid], '{SUSPENSE,ESCROW}', '{"",""}', '{SGD,SGD}', $3, $4, array_fill('FUND'::text, array[$5::int]), $3,
  array_fill(null::uuid, array[$5]), array_fill(null::text, array[$5]), array_fill(null::uuid, array[$5]), array_fill(null::timestamptz, array[$5]), $6, $7, $8, $9)`;
/** Deposits of 7 each: with enough of them a sum of the past is kept. */
async function deposit(client: pg.Client, at: Date, owner: string, name: string, count: number): Promise<void> {
  const each = <T>(of: (n: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i + 1));
  const twice = <T>(of: (n: number, line: number) => T): T[] => each((n) => [of(n, 0), of(n, 1)]).flat();
  await client.query(POST, [at, owner, each(() => newId()), each((n) => `${name}:${n}`), count, twice((n) => n), twice((_, line) => line), twice((_, line) => line + 1), twice((_, line) => 7 - 14 * line)]);
}
const DIGEST = `settlement.journal_digest(j.id, j.idempotency_key, j.kind, j.trade_id, j.payout_id, j.reference_type, j.reference_id, j.effective_at, j.recorded_at,
  (select string_agg(settlement.posting_text(p.line, p.account_id, p.amount_minor, p.currency), ';' order by p.line) from settlement.posting p where p.journal_id = j.id))`;
/** The journals that were sealed, and the open one behind them. */
const SEALED = `(select id from settlement.journal where kind = 'CLEAR' order by id limit 1)`;
const LATEST = `(select id from settlement.journal order by recorded_at desc, id desc limit 1)`;

const OWNER = '00000000-0000-7000-8000-000000000001';

/** What an administrator of the database might do, past every trigger, and what is said of it. */
const BREACHES: readonly [name: string, sql: string, ...said: string[]][] = [
  ['changes an amount', `update settlement.posting set amount_minor = amount_minor + 1 where journal_id = ${SEALED} and line = 0`, 'sums to 1', 'or one of its postings was changed'],
  ['moves money within a journal that still sums to zero', `update settlement.posting set amount_minor = amount_minor + case line when 0 then 5 else -5 end where journal_id = ${SEALED} and line < 2`, 'or one of its postings was changed', 'its postings say'],
  ['does so and writes the digest anew', `update settlement.posting set amount_minor = amount_minor + case line when 2 then 5 else -5 end where journal_id = ${SEALED} and line in (2, 3); update settlement.journal j set digest = ${DIGEST} where id = ${SEALED}`, 'seal 1 (until'],
  ['moves a posting to another account', `update settlement.posting set account_id = (select account_id from settlement.posting where journal_id = ${LATEST} and line = 0) where journal_id = ${SEALED} and line = 0`, 'was changed', 'its postings say'],
  ['deletes a posting', `delete from settlement.posting where journal_id = ${SEALED} and line = 0`, 'sums to -', 'was changed'],
  ['deletes the postings of a journal', `delete from settlement.posting where journal_id = ${SEALED}`, 'has no postings'],
  ['deletes a journal', `delete from settlement.journal where id = ${SEALED}`, 'which is not there', 'seal 1 (until'],
  ['deletes a journal with its postings', `delete from settlement.posting where journal_id = ${SEALED}; delete from settlement.journal where id = ${SEALED}`, 'seal 1 (until', 'its postings say'],
  ['adds to a journal of before', `insert into settlement.posting select account_id, recorded_at, journal_id, line + 10, -amount_minor, currency, effective_at from settlement.posting where journal_id = ${LATEST}`, 'was changed', 'its postings say'],
  ['books from an account that is not there', `update settlement.posting set account_id = gen_random_uuid() where journal_id = ${LATEST} and line = 0`, 'is not there, or not in SGD', 'was changed'],
  ['moves a posting to another day', `update settlement.posting set effective_at = effective_at - interval '1 day' where journal_id = ${LATEST}`, 'counts from another moment'],
  ['moves a journal to another day', `update settlement.journal set effective_at = effective_at - interval '1 day' where id = ${LATEST}`, 'counts from another moment'],
  ['changes what a journal was for', `update settlement.journal set trade_id = gen_random_uuid() where id = ${SEALED}`, 'was changed'],
  ['slips a journal into time that is closed', `with j as (insert into settlement.journal (id, trade_id, kind, idempotency_key, effective_at, recorded_at, digest) select gen_random_uuid(), trade_id, kind, 'slipped', effective_at, recorded_at, digest from settlement.journal where id = ${SEALED} returning *)
    insert into settlement.posting select p.account_id, p.recorded_at, j.id, p.line, p.amount_minor, p.currency, p.effective_at from settlement.posting p, j where p.journal_id = ${SEALED}`, 'slipped', 'seal 1 (until', 'its postings say'],
  ['takes a key twice', `alter table settlement.journal drop constraint journal_idempotency_key_key; update settlement.journal set idempotency_key = 'many:1' where idempotency_key = 'many:2'`, 'key many:1: 2 journals', 'unique index on the keys of journals is missing'],
  ['writes a balance', `update settlement.guarded_balance set owed_minor = owed_minor + 1 where account_id = (select account_id from settlement.posting where journal_id = ${SEALED} and line = 0)`, 'its postings say'],
  ['drops a balance', `delete from settlement.guarded_balance where owed_minor = 0`, 'is kept as nothing'],
  ['overdraws, balance and all', `select settlement.post_journals(now() + interval '1 year', array[gen_random_uuid(), gen_random_uuid()], '{${OWNER},${OWNER}}', '{SUSPENSE,ESCROW}', '{"",""}', '{SGD,SGD}', array[gen_random_uuid()], '{overdrawn}', '{FUND}',
    array[gen_random_uuid()], array[null::uuid], array[null::text], array[null::uuid], array[null::timestamptz], '{1,1}', '{0,1}', '{1,2}', '{-100,100}');
    update settlement.guarded_balance set owed_minor = owed_minor - 100 where account_id = (select id from settlement.account where kind = 'ESCROW' and owner_id = '${OWNER}')`, `(ESCROW of ${OWNER}) holds 93 SGD`],
  ['changes a sum of the past', `update settlement.balance_snapshot set debit_minor = debit_minor + 1 where debit_minor > 0`, 'until'],
  ['changes a total', `update settlement.kind_total set credit_minor = credit_minor - 1 where kind = 'ESCROW'`, 'ESCROW in SGD'],
  ['changes the chain', `update settlement.ledger_seal set head = sha256('other')`, 'seal 1 (until'],
  ['cuts the chain', `delete from settlement.ledger_seal`, 'no seal covers it'],
  ['leaves a rule switched off', `alter table settlement.posting disable trigger posting_rules`, 'trigger posting_rules on settlement.posting is missing or disabled'],
  ['leaves history open', `drop trigger journal_is_history on settlement.journal`, 'trigger journal_is_history on settlement.journal is missing or disabled'],
];

describe('npm run ledger:verify', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let client: pg.Client;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
    client = new pg.Client(exchange.databaseUrl);
    await client.connect();
    await deposit(client, clock.now(), newId(), 'many', 600);
    clock.advance(3_600);
    // The two turns that closing takes.
    for (let turn = 0; turn < 3; turn++) await exchange.drain();
    await deposit(client, clock.now(), OWNER, 'latest', 1);
  });
  afterAll(async () => {
    await client.end();
    await exchange.close();
  });

  const run = (env: Record<string, string>): Promise<{ code: number; out: string; err: string }> => new Promise((resolve) =>
    execFile(process.execPath, ['dist/apps/ledger-verify/src/main.js'], { env: { PATH: process.env['PATH'], NODE_ENV: 'development', ...env } }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err })));
  const culprits = async (): Promise<string[]> => (await verifyLedger(client, 20)).findings.flatMap((f) => f.culprits);

  it('finds nothing in a ledger that is right, and says what it holds', async () => {
    const { code, out, err } = await run({ DATABASE_URL: exchange.databaseUrl });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/12 checks, no breach/);
    expect(out).toMatch(/SGD +ESCROW +\d+ +\d+ +\d+ +-\d+ +-4207\n/);
    expect(out).toMatch(/SGD +all +\d+ +-\d+ +0\n/);
    expect((await client.query('select count(*)::int as n from settlement.balance_snapshot')).rows).toEqual([{ n: 2 }]);
    expect((await client.query('select count(*)::int as n from settlement.ledger_seal')).rows).toEqual([{ n: 1 }]);
  });

  it.each(BREACHES)('finds what an administrator of the database does who %s', async (_, sql, ...said) => {
    await client.query('begin');
    try {
      await client.query(`set local session_replication_role = replica`);
      await client.query(sql);
      await client.query(`set local session_replication_role = origin`);
      const found = (await culprits()).join('\n');
      for (const words of said) expect(found).toContain(words);
      await client.query('rollback');
      await client.query('begin');
      expect(await culprits()).toEqual([]);
    } finally {
      await client.query('rollback');
    }
  });

  it('ends with 1 and names the journal, and with 2 where there is no ledger', async () => {
    const [{ id }] = (await client.query<{ id: string }>(`select ${SEALED} as id`)).rows as [{ id: string }];
    const change = async (by: number): Promise<void> => {
      await client.query('begin; set local session_replication_role = replica');
      await client.query(`update settlement.posting set amount_minor = amount_minor + ${by} where journal_id = '${id}' and line = 0`);
      await client.query('commit');
    };
    await change(1);
    const { code, out, err } = await run({ DATABASE_URL: exchange.databaseUrl });
    await change(-1);
    expect(code).toBe(1);
    expect(err).toContain(`journal ${id} sums to 1`);
    expect(out).toMatch(/BREACH +every journal sums to zero in each currency/);
    expect(await run({ DATA_DIR: '/nonexistent' })).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there is no exchange in /nonexistent') as string });
  });

  it('holds beside a system that posts', async () => {
    const live = { going: true };
    const owner = newId();
    const posting = (async () => {
      const other = new pg.Client(exchange.databaseUrl);
      await other.connect();
      for (let n = 0; live.going; n++) await deposit(other, clock.now(), owner, `live-${n}`, 600);
      await other.end();
    })();
    const runs = [await run({ DATABASE_URL: exchange.databaseUrl }), await run({ DATABASE_URL: exchange.databaseUrl })];
    live.going = false;
    await posting;
    for (const { code, err } of runs) expect([code, err]).toEqual([0, '']);
  });

  it('finds the embedded database of an exchange that runs, and starts that of one that does not', async () => {
    const [{ dir, remove }, port] = [await dataFolder('verify'), await freePort()];
    const api = new RunningProcess('api', { DATA_DIR: dir, PORT: String(port), LOG_LEVEL: 'error' });
    try {
      await api.until('ready', () => isReady(`http://127.0.0.1:${port}`));
      expect(await run({ DATA_DIR: dir })).toMatchObject({ code: 0, err: '' });
      expect(await isReady(`http://127.0.0.1:${port}`)).toBe(true);
      await api.stop();
      expect(await run({ DATA_DIR: dir })).toMatchObject({ code: 0, err: '' });
    } finally {
      if (api.running) await api.stop();
      await remove();
    }
  });
});
