import assert from 'node:assert/strict';
import { packagedLaw } from '#compliance';
import { judge } from '../../dist/libs/compliance/src/domain/law/engine.js';
import { legsOf } from '../../dist/libs/compliance/src/domain/transfer.js';
import { ROUNDS } from './list20.mjs';
import { median } from './support.mjs';

const DECISIONS = 40_000;
const DAY = new Date('2026-11-22T04:00:00Z');

const classification = (over) => ({
  level: 'general', importantDataNotified: false, persons: 0n, sensitivePersons: 0n, anonymisation: 'none', anonymisationEvidence: null, collectedIn: 'CN', domesticDataAdded: false,
  sector: 'other', sourceStatement: 'own operations', sensitiveCategories: [], industry: null, subjectJurisdictions: [], upstream: [], usCounts: {}, governmentRelated: false, collectedFirstHand: true,
  publiclyAvailable: false, inTransit: false, includesRRN: false, listPosition: null, ...over,
});
const sale = (over, ...datasets) => ({
  exporterId: '0199a000-0000-7000-8000-000000000001', origin: 'CN', originProvince: 'CN-SH', registeredIn: 'CN-SH', zone: null, destination: 'SG', recipientJurisdiction: 'SG', onward: [], purpose: 'data_product_sale',
  sellerVerified: true, buyerVerified: true, exporterIsCIIO: false, exporterHasPRCEntity: true, exporterInGBA: false, recipientInGBA: false,
  recipient: { restricted: false, finding: false, schemes: [], coveredPerson: false, ownership: {} }, mechanisms: {}, approvals: [], datasets: datasets.map(classification), prior: { persons: 0n, sensitivePersons: 0n }, ...over,
});
/** Different sales in turn: every outcome, most of them deep in the table of mainland China, some with lineage. */
const SALES = [
  sale({}, {}), sale({}, { persons: 99_999n }), sale({}, { persons: 100_000n }), sale({}, { sensitivePersons: 10_000n }), sale({ prior: { persons: 999_999n, sensitivePersons: 0n } }, { persons: 1n }),
  sale({}, { level: 'core' }), sale({ origin: 'SG', destination: 'CN', recipientJurisdiction: 'CN' }, { persons: 5n }), sale({ origin: 'DE', destination: 'CN', recipientJurisdiction: 'CN' }, { persons: 5n }),
  sale({ origin: 'BR' }, { persons: 5n }),
  sale({ origin: 'US' }, { persons: 20_000n, usCounts: { health: 20_000n } }), sale({ origin: 'SG', destination: 'JP', recipientJurisdiction: 'JP' }, { persons: 5n, upstream: [{ jurisdiction: 'US', noOnwardClause: true }, { jurisdiction: 'DE', noOnwardClause: null }] }),
];

/** Decisions a second on one core: the pure engine with everything that turns facts into questions, no I/O. */
export async function decide() {
  const law = await packagedLaw();
  const run = (count) => {
    const seen = new Set();
    const before = process.hrtime.bigint();
    for (let i = 0; i < count; i++) seen.add(judge(law, legsOf(SALES[i % SALES.length]), DAY).outcome);
    const seconds = Number(process.hrtime.bigint() - before) / 1e9;
    assert(seen.size >= 7, `the sales have ${seen.size} outcomes only`);
    return count / seconds;
  };
  run(5_000);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(run(DECISIONS));
  const value = median(rounds);
  return [{ name: 'compliance.decide', value, unit: 'decisions/s', reference: 'asked for', referenceValue: 20_000, ratio: value / 20_000, target: 1 }];
}
