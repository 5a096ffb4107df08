// npm run bench [-- name ...] [-- --json]: each figure and its reference in turn, in the same run; medians of several rounds.
import { list20 } from './list20.mjs';
import { download256 } from './download256.mjs';
import { download, slow500 } from './download.mjs';
import { nginx } from './nginx.mjs';
import { profileFiles } from './profile.mjs';
import { rescreen100k } from './rescreen.mjs';
import { authenticate, rateLimit, rowLevelSecurity } from './security.mjs';
import { decide } from './decide.mjs';
import { quotes } from './quote.mjs';
import { insert1000 } from './insert.mjs';
import { search1m, search200k } from './search.mjs';
import { query10m } from './usage.mjs';
import { ingest, ingestMany } from './ingest.mjs';
import { clearing } from './clearing.mjs';
import { balances, ledger } from './ledger.mjs';
import { upload2g } from './upload2g.mjs';
import { apicalls } from './apicalls.mjs';
import { webhooks } from './webhooks.mjs';
import { openBench } from './support.mjs';

const BENCHES = {
  'catalog.list20': list20, 'delivery.download256': download256, 'delivery.upload2g': upload2g, 'identity.authenticate': authenticate, 'identity.webhooks': webhooks, 'catalog.list20.rls': rowLevelSecurity, 'http.rate-limit': rateLimit, 'compliance.decide': decide,
  'compliance.rescreen100k': rescreen100k, 'compliance.profile': profileFiles, 'contracts.quote': quotes, 'catalog.insert1000': insert1000, 'catalog.search200k': search200k, 'catalog.search1m': search1m,
  'delivery.download': download, 'delivery.slow500': slow500, 'delivery.nginx': nginx, 'delivery.apicalls': apicalls,
  'metering.ingest': ingest, 'metering.ingest.flat': ingestMany, 'metering.query10m': query10m,
  'settlement.ledger': ledger, 'settlement.clearing': clearing, 'settlement.balances': balances,
};
const json = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const unknown = asked.filter((a) => !Object.hasOwn(BENCHES, a));
if (unknown.length) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

const bench = await openBench();
let failed = false;
const rows = [];
try {
  for (const name of asked.length ? asked : Object.keys(BENCHES)) {
    process.stderr.write(`${name} ...\n`);
    try {
      rows.push(...(await BENCHES[name](bench)));
    } catch (error) {
      failed = true;
      console.error(`${name} could not run: ${error.stack}`);
    }
  }
} finally {
  await bench.close();
}
for (const row of rows) row.met = row.target === null ? null : row.higherIsBetter === false ? row.ratio <= row.target : row.ratio >= row.target;
if (json) for (const { higherIsBetter: _, ...row } of rows) console.log(JSON.stringify(row));
else console.table(rows.map((r) => ({ bench: r.name, value: `${round(r.value)} ${r.unit}`, reference: r.reference ?? '', 'its value': r.referenceValue === null ? '' : `${round(r.referenceValue)} ${r.unit}`, ratio: r.ratio === null ? '' : round(r.ratio), target: r.target ?? '', met: r.met ?? '' })));
process.exit(failed ? 1 : 0);

function round(n) {
  return n >= 100 ? Math.round(n) : Number(n.toPrecision(3));
}
