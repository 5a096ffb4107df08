import assert from 'node:assert/strict';
import { checkPlan } from '../../dist/libs/contracts/src/domain/pricing/check-plan.js';
import { quote } from '../../dist/libs/contracts/src/domain/pricing/quote.js';
import { ROUNDS } from './list20.mjs';
import { median } from './support.mjs';

const QUOTES = 20_000;
const TIERS = Array.from({ length: 10 }, (_, i) => ({ upTo: i === 9 ? null : String((i + 1) * 50_000), unitPrice: `0.${String(90 - i * 7).padStart(2, '0')}25`, flatFeeMinor: String(i * 100) }));
const PLAN = {
  label: 'Ten tiers', currency: 'SGD', duration: 'P1Y', period: 'P1M', minimumCommitmentMinor: '5000000', trial: null,
  components: [{ kind: 'RECURRING', label: 'Access', minor: '9900' }, { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'GRADUATED', tiers: TIERS, packageSize: null, freeQuota: '1000' }],
};

/** One quote of a plan with ten tiers and a million units, every step of its reckoning told, on one core. */
export async function quotes() {
  assert.equal(checkPlan(PLAN), undefined);
  let seen = 0n;
  const run = (count) => {
    const before = process.hrtime.bigint();
    for (let i = 0; i < count; i++) seen += quote(PLAN, new Map([['downloads', 1_000_000n + BigInt(i)]])).totalMinor;
    return Number(process.hrtime.bigint() - before) / 1e3 / count;
  };
  assert.equal(quote(PLAN, new Map([['downloads', 1_000_000n]])).lines.find((l) => l.kind === 'USAGE').parts.filter((p) => p.kind === 'UNITS').length, 10);
  run(2_000);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(run(QUOTES));
  assert(seen > 0n);
  const value = median(rounds);
  return [{ name: 'contracts.quote', value, unit: 'µs', reference: 'asked for', referenceValue: 50, ratio: value / 50, target: 1, higherIsBetter: false }];
}
