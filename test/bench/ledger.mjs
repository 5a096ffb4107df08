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

/** Sales booked as the exchange books them, durable: a journal of two postings and one of three to six each. Many journals a call against one transaction a journal; one commission account for all against one each. */
export async function ledger({ databaseUrl }) {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c role=entrepot_app -c entrepot.reach=system');
  const pool = new pg.Pool({ connectionString: url.href, max: SINGLE_CLIENTS });
  const repository = new LedgerRepository();
  const exchange = randomUUID();
  const market = { buyers: ids(PARTIES), vendors: ids(PARTIES), houses: ids(PARTIES) };
  const book = async (client, drafts) => {
    await client.query('begin');
    await repository.post({ query: async (text, values) => (await client.query(text, values)).rows }, drafts, new Date());
    await client.query('commit');
  };
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
  const singles = () => together(SINGLE_CLIENTS, async (client) => {
    const drafts = sale(market, exchange);
    for (const draft of drafts) await book(client, [draft]);
    return drafts.reduce((n, d) => n + d.postings.length, 0);
  });
  const rates = { hot: [], spread: [], single: [] };
  try {
    for (const warm of [hot, spread, singles]) await warm();
    for (let round = 0; round < ROUNDS; round++) {
      rates.hot.push(await hot());
      rates.single.push(await singles());
      rates.spread.push(await spread());
    }
  } finally {
    await pool.end();
  }
  return [
    { name: 'settlement.ledger', value: median(rates.hot), unit: 'postings/s', reference: `one transaction per journal, ${SINGLE_CLIENTS} clients`, referenceValue: median(rates.single), ratio: median(rates.hot.map((r, i) => r / rates.single[i])), target: 3 },
    { name: 'settlement.ledger.target', value: median(rates.hot), unit: `postings/s in calls of ${2 * SALES} journals, ${BATCH_CLIENTS} clients`, reference: 'target on a quiet machine', referenceValue: 10_000, ratio: median(rates.hot) / 10_000, target: 1 },
    { name: 'settlement.ledger.hot', value: median(rates.hot), unit: 'postings/s into one commission account', reference: `spread over ${PARTIES} accounts`, referenceValue: median(rates.spread), ratio: median(rates.hot.map((r, i) => r / rates.spread[i])), target: 0.8 },
  ];
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
