import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { verifyLedger } from '#settlement';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('a ledger that has booked before', () => {
  it('keeps its journals, with a digest each, and its postings, in the partition of their month', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002700');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`insert into settlement.account (id, owner_id, kind, currency, created_at) values ($1, $3, 'PAYMENT_CLEARING', 'JPY', now()), ($2, $3, 'ESCROW', 'JPY', now())`, [id(1), id(2), id(3)]);
      const book = async (journal: string, at: string, amount: number) => {
        await client.query(`insert into settlement.journal (id, trade_id, kind, idempotency_key, effective_at, recorded_at) values ($1::uuid, $1::uuid, 'FUND', $1::text, $2, $2)`, [journal, at]);
        await client.query(`insert into settlement.posting (account_id, recorded_at, journal_id, line, amount_minor, currency) values ($1, $3, $4, 0, $5, 'JPY'), ($2, $3, $4, 1, -$5::bigint, 'JPY')`, [id(1), id(2), at, journal, amount]);
      };
      // A month for which nobody made a partition, and this one.
      await book(id(10), '2025-03-31T23:30:00Z', 700);
      await book(id(11), new Date().toISOString(), 50);
      await migrate(database.url);
      expect((await client.query(`select tableoid::regclass::text as part, amount_minor::int as amount, effective_at = recorded_at as at_once from settlement.posting where account_id = $1 order by recorded_at`, [id(1)])).rows)
        .toEqual([{ part: 'settlement.posting_2025_03', amount: 700, at_once: true }, { part: expect.stringMatching(/posting_\d{4}_\d\d$/) as string, amount: 50, at_once: true }]);
      const wrong = `select j.id from settlement.journal j where j.digest <> settlement.journal_digest(j.id, j.idempotency_key, j.kind, j.trade_id, j.payout_id, j.reference_type, j.reference_id, j.effective_at, j.recorded_at,
        (select string_agg(settlement.posting_text(p.line, p.account_id, p.amount_minor, p.currency), ';' order by p.line) from settlement.posting p where p.journal_id = j.id))`;
      expect((await client.query(wrong)).rows).toEqual([]);
      expect((await client.query('select owed_minor::int as owed from settlement.guarded_balance where account_id = $1', [id(2)])).rows).toEqual([{ owed: 750 }]);
      await expect(client.query(`update settlement.posting set amount_minor = 1`)).rejects.toThrow('refused');
      await expect(client.query(`delete from settlement.journal`)).rejects.toThrow('refused');
      // The same journal again has no effect, and goes by the rules of today.
      const post = (key: string, amount: number) => client.query(`select is_new from settlement.post_journals(now(), '{${id(1)},${id(2)}}', '{${id(3)},${id(3)}}', '{PAYMENT_CLEARING,ESCROW}', '{"",""}', '{JPY,JPY}',
        array[gen_random_uuid()], array[$1::text], '{FUND}', array[$1::uuid], array[null::uuid], array[null::text], array[null::uuid], array[null::timestamptz], '{1,1}', '{0,1}', '{1,2}', array[$2::bigint, -$2::bigint])`, [key, amount]);
      expect((await post(id(10), 700)).rows).toEqual([{ is_new: false }]);
      await expect(post(id(10), 701)).rejects.toThrow('other content');
      expect((await post(id(12), 1)).rows).toEqual([{ is_new: true }]);
      await expect(post(id(13), -752)).rejects.toThrow('beyond its limit');
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });

  it('goes on with the sums of the past that were kept before they were finer', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002730');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`set entrepot.reach = 'system'`);
      const began = Date.now();
      /** Each call a moment of its own, behind what is closed by then. */
      const post = async (name: string, count: number, minutes: number) => {
        for (let n = 0; n < count; n++) {
          await client.query(`select settlement.post_journals($2, '{${id(1)},${id(2)}}', '{${id(3)},${id(3)}}', '{SUSPENSE,ESCROW}', '{"",""}', '{KWD,KWD}', (select array_agg(gen_random_uuid()) from generate_series(1, 300)),
            (select array_agg($1 || ':' || n) from generate_series(1, 300) n), array_fill('FUND'::text, array[300]), array_fill('${id(4)}'::uuid, array[300]), array_fill(null::uuid, array[300]), array_fill(null::text, array[300]), array_fill(null::uuid, array[300]),
            array_fill(null::timestamptz, array[300]), (select array_agg(n) from generate_series(1, 300) n, generate_series(0, 1)), (select array_agg(l) from generate_series(1, 300), generate_series(0, 1) l), (select array_agg(l + 1) from generate_series(1, 300), generate_series(0, 1) l),
            (select array_agg(1 - 2 * l) from generate_series(1, 300), generate_series(0, 1) l)::bigint[])`, [`${name}-${n}`, new Date(began + minutes * 60_000 + n)]);
        }
      };
      const roll = async (minutes: number): Promise<void> => {
        // WAITING as long as a transaction is under way that began before, in whatever database of the server: other specs have some.
        for (let step = ''; step !== 'IDLE'; await pause(10)) [{ step }] = (await client.query('select settlement.roll_ledger($1) as step', [new Date(began + minutes * 60_000)])).rows as [{ step: string }];
      };
      const sums = async () => (await client.query(`select postings::int as postings from settlement.balance_snapshot s join settlement.account a on a.id = s.account_id where a.kind = 'ESCROW' order by until`)).rows.map((r: { postings: number }) => r.postings);
      await post('before', 5, 0);
      await roll(1);
      expect(await sums()).toEqual([1_500]);
      await migrate(database.url);
      await post('after', 5, 2);
      await roll(3);
      expect(await sums()).toEqual([1_500, 2_100, 2_700, 3_000]);
      expect((await client.query(`select (settlement.turnover_at(id, 'infinity', 'infinity')).credit_minor::int as credit, settlement.balance_before(id, 'infinity')::int as balance from settlement.account where kind = 'ESCROW'`)).rows).toEqual([{ credit: -3_000, balance: -3_000 }]);
      await client.query('begin');
      expect((await verifyLedger(client, 5)).findings.filter((f) => f.culprits.length > 0)).toEqual([]);
      await client.query('rollback');
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
