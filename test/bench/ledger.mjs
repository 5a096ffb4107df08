import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { LedgerRepository } from '../../dist/libs/settlement/src/storage/ledger.repository.js';
import { median } from './support.mjs';

const SALES = 500;
const BATCH_CLIENTS = 2;
/** As many as share their commits best. */
const SINGLE_CLIENTS = 16;
const PARTIES = 20_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND_MS = 4_000;
/** Postings on one account when the last balances are read. */
const MANY = Number(process.env.BENCH_LEDGER_POSTINGS ?? 1_000_000);
const READS = 300;

/** Sales booked as the exchange books them, durable: a journal of two postings and one of three to six each. Many journals a call against one transaction a journal; one commission account for all against one each. */
export async function ledger({ databaseUrl }) {
  const { pool, book } = open(databaseUrl);
  const exchange = randomUUID();
  const market = { buyers: ids(PARTIES), vendors: ids(PARTIES), houses: ids(PARTIES) };
  const together = async (clients, work) => {
    const begin = performance.now();
    let postings = 0;
    await Promise.all(Array.from({ length: clients }, async () => {
      const client = await pool.connect();
      while (performance.now() - begin < ROUND_MS) {
        const done = await work(client);
        postings += done;
      }
      client.release();
    }));
    return (postings * 1_000) / (performance.now() - begin);
  };
  const batches = (house) => together(BATCH_CLIENTS, async (client) => {
    const drafts = Array.from({ length: SALES }, () => sale(market, house())).flat();
    await book(client, drafts);
    return drafts.reduce((n, d) => n + d.postings.length, 0);
  });
  const hot = () => batches(() => exchange);
  const spread = () => batches(() => pick(market.houses));
  const singlesInto = (house) => together(SINGLE_CLIENTS, async (client) => {
    const drafts = sale(market, house());
    for (const draft of drafts) await book(client, [draft]);
    return drafts.reduce((n, d) => n + d.postings.length, 0);
  });
  const singles = () => singlesInto(() => exchange);
  const singlesSpread = () => singlesInto(() => pick(market.houses));
  const rates = { hot: [], spread: [], single: [], singleSpread: [] };
  try {
    for (const warm of [hot, spread, singles, singlesSpread]) await warm();
    for (let round = 0; round < ROUNDS; round++) {
      rates.hot.push(await hot());
      rates.single.push(await singles());
      rates.spread.push(await spread());
      rates.singleSpread.push(await singlesSpread());
    }
  } finally {
    await pool.end();
  }
  return [
    { name: 'settlement.ledger', value: median(rates.hot), unit: 'postings/s', reference: `one transaction per journal, ${SINGLE_CLIENTS} clients`, referenceValue: median(rates.single), ratio: median(rates.hot.map((r, i) => r / rates.single[i])), target: 3 },
    { name: 'settlement.ledger.target', value: median(rates.hot), unit: `postings/s in calls of ${2 * SALES} journals, ${BATCH_CLIENTS} clients`, reference: 'target on a quiet machine', referenceValue: 10_000, ratio: median(rates.hot) / 10_000, target: 1 },
    { name: 'settlement.ledger.hot', value: median(rates.hot), unit: 'postings/s into one commission account', reference: `spread over ${PARTIES} accounts`, referenceValue: median(rates.spread), ratio: median(rates.hot.map((r, i) => r / rates.spread[i])), target: 0.8 },
    { name: 'settlement.ledger.hot.single', value: median(rates.single), unit: `postings/s into one commission account, a transaction per journal, ${SINGLE_CLIENTS} clients`, reference: `spread over ${PARTIES} accounts`, referenceValue: median(rates.singleSpread), ratio: median(rates.single.map((r, i) => r / rates.singleSpread[i])), target: 0.8 },
  ];
}

/** The balance of the busiest account at moments of its past, with many postings and with few: as the books said then, and as they said later of an earlier moment. */
export async function balances({ databaseUrl, sql }) {
  const { pool, book } = open(databaseUrl);
  const exchange = randomUUID();
  const account = (kind) => ({ ownerId: exchange, kind, qualifier: '', currency: 'SGD' });
  const drafts = () => Array.from({ length: 500 }, (_, i) => {
    const id = randomUUID();
    // One in fifty counts from an hour before it is recorded.
    return { kind: 'FUND', idempotencyKey: id, tradeId: id, payoutId: null, ...(i % 50 ? {} : { effectiveAt: new Date(Date.now() - 3_600_000) }), postings: [{ account: account('PAYMENT_CLEARING'), amountMinor: 5n }, { account: account('COMMISSION_REVENUE'), amountMinor: -5n }] };
  });
  const client = await pool.connect();
  const fill = async (upTo) => {
    for (let have = 0; have < upTo; have += 500) await book(client, drafts());
    // As the sweep does, without the minute that it keeps open.
    for (let idle = 0; idle < 3; ) idle = (await client.query('select settlement.roll_ledger(now()) as step')).rows[0].step === 'ROLLED' ? 0 : idle + 1;
    await sql.query('vacuum analyze settlement.posting');
  };
  const read = async (later) => {
    const { rows: [{ id, first, last }] } = await client.query(`select a.id, (select min(recorded_at) from settlement.posting where account_id = a.id) as first, (select max(recorded_at) from settlement.posting where account_id = a.id) as last from settlement.account a where owner_id = $1 and kind = 'COMMISSION_REVENUE'`, [exchange]);
    const took = [];
    for (let i = 0; i < READS; i++) {
      const moments = [0, 0].map(() => new Date(first.getTime() + Math.random() * (last - first))).sort((x, y) => x - y);
      const begin = performance.now();
      await client.query({ name: 'balance', text: 'select debit_minor + credit_minor from settlement.turnover_at($1, $2, $3)', values: [id, moments[0], later ? moments[1] : moments[0]] });
      took.push(performance.now() - begin);
    }
    return median(took);
  };
  try {
    await fill(10_000);
    await read(false);
    const few = [await read(false), await read(true)];
    await fill(MANY);
    await read(false);
    const many = [await read(false), await read(true)];
    const { rows: [{ sums, all }] } = await sql.query('select (select count(*) from settlement.balance_snapshot) as sums, (select count(*) from settlement.posting) as all');
    const at = `${(MANY / 1e6).toFixed(1)} million postings on the account`;
    return [
      { name: 'settlement.balances', value: many[0], unit: `ms, median, at ${at}`, reference: 'at ten thousand', referenceValue: few[0], ratio: many[0] / few[0], target: 2, higherIsBetter: false },
      { name: 'settlement.balances.later', value: many[1], unit: `ms, as the books said later, at ${at}, one in fifty backdated`, reference: 'at ten thousand', referenceValue: few[1], ratio: many[1] / few[1], target: null },
      { name: 'settlement.balances.kept', value: Number(sums), unit: 'sums kept', reference: 'postings', referenceValue: Number(all), ratio: sums / all, target: 0.01, higherIsBetter: false },
    ];
  } finally {
    client.release();
    await pool.end();
  }
}

function open(databaseUrl) {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c role=entrepot_app -c entrepot.reach=system');
  const pool = new pg.Pool({ connectionString: url.href, max: SINGLE_CLIENTS });
  const repository = new LedgerRepository();
  const book = async (client, drafts) => {
    await client.query('begin');
    await repository.post({ query: async (text, values) => (await client.query(text, values)).rows }, drafts, new Date());
    await client.query('commit');
  };
  return { pool, book };
}

const ids = (count) => Array.from({ length: count }, () => randomUUID());
const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** The buyer's money comes in, and is split. */
function sale({ buyers, vendors }, house) {
  const id = randomUUID();
  const [buyer, vendor] = [pick(buyers), pick(vendors)];
  const account = (ownerId, kind, qualifier = '') => ({ ownerId, kind, qualifier, currency: 'CNY' });
  const gross = BigInt(1_000_000 + Math.floor(Math.random() * 1_000_000));
  const head = { tradeId: id, payoutId: null };
  const parts = [[account(house, 'COMMISSION_REVENUE'), 40_000n], [account(house, 'TAX_PAYABLE', 'CN'), 2_400n], [account(vendor, 'TAX_PAYABLE', 'CN'), 60_000n], [account(pick(vendors), 'PAYABLE'), 30_000n]].slice(0, 1 + Math.floor(Math.random() * 4));
  const left = parts.reduce((n, [, amount]) => n - amount, gross);
  return [
    { ...head, kind: 'FUND', idempotencyKey: `fund:${id}`, postings: [{ account: account(house, 'PAYMENT_CLEARING', 'bench'), amountMinor: gross }, { account: account(buyer, 'ESCROW'), amountMinor: -gross }] },
    { ...head, kind: 'CLEAR', idempotencyKey: `clear:${id}`, postings: [{ account: account(buyer, 'ESCROW'), amountMinor: gross }, { account: account(vendor, 'PAYABLE'), amountMinor: -left }, ...parts.map(([a, amount]) => ({ account: a, amountMinor: -amount }))] },
  ];
}
