import { readFileSync } from 'node:fs';
import { transfer } from '../../../../../test/support/transfers.js';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import type { Verdict } from '../decision.js';
import { judge } from '../law/engine.js';
import type { Law } from '../law/law.js';
import { legsOf, NO_VOLUME } from '../transfer.js';
import { decideCase } from './decide-case.js';
import { decideFile } from './decision-file.js';

interface OwnCase {
  readonly id: string;
  readonly title: string;
  readonly input: unknown;
  readonly expected: { readonly rule?: string; readonly outcome?: string };
}
/** Findings against the recipient are on record here. */
const FROM_RECORDS = 'exchange.finding';
const file = JSON.parse(readFileSync('test/fixtures/decision-cases.json', 'utf8')) as { cases: OwnCase[] };

describe("the project's own cases", () => {
  let law: Law;
  beforeAll(async () => { law = await packagedLaw(); });
  const verdictOf = ({ input }: OwnCase): Verdict | null => {
    const result = decideCase(law, input);
    return result.kind === 'decided' ? result.verdict : null;
  };

  it('come out as the tables say: outcome, mechanisms, filings, errors', () => {
    const { lines, disagreements } = decideFile(law, file);
    expect(disagreements).toEqual([]);
    expect(lines).toHaveLength(file.cases.length);
    expect(new Set(file.cases.map((c) => c.id)).size).toBe(file.cases.length);
  });
  it.each(file.cases.filter((c) => c.expected.rule !== undefined))('$id, $title: $expected.rule', (c) => expect(verdictOf(c)?.considered.at(-1)).toBe(c.expected.rule));
  it('leave one rule to the records of the exchange, which a file does not have', () => {
    const facts = transfer([{}], {});
    const { considered } = judge(law, legsOf({ ...facts, recipient: { ...facts.recipient, finding: true }, prior: NO_VOLUME }), '2026-11-22');
    expect(considered.at(-1)).toBe(FROM_RECORDS);
  });
  it('show every rule of every rulebook deciding for its law', () => {
    const rules = law.documents.flatMap((d) => (d.kind === 'rulebook' ? d.content.rules.map((r) => r.id) : []));
    const decided = new Set(file.cases.flatMap((c) => verdictOf(c)?.reasons.map((r) => r.rule) ?? []));
    expect(rules.filter((id) => id !== FROM_RECORDS && !decided.has(id))).toEqual([]);
    expect(rules.length).toBeGreaterThan(70);
  });
});
