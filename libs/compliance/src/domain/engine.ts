import { holds } from './condition.js';
import type { DecisionReason, Filing, Verdict } from './decision.js';
import { type NamedFacts, nameFacts } from './facts.js';
import { type Citation, type FilingRule, isInForce, type Obligation, type Outcome, type Rule, type Rulebook } from './rulebook.js';
import { type DecisionFacts, undecidable } from './transfer.js';

const PERMITTING: ReadonlySet<Outcome> = new Set(['free', 'exempt']);

/**
 * The law of a day applied to facts: the rules from the top, the first that holds decides. Pure: the same rulebook, facts and
 * day give the same verdict. What cannot be decided is for a person and not permitted.
 */
export function judge(rulebook: Rulebook | null, facts: DecisionFacts, day: string): Verdict {
  if (!rulebook) return forAPerson('exchange.no-rulebook', `no rulebook for exports from ${facts.origin} is in force here`);
  const defect = undecidable(facts);
  if (defect) return forAPerson('exchange.facts-undecidable', defect);
  const named = nameFacts(facts);
  const considered: string[] = [];
  for (const rule of rulebook.rules.filter((r) => isInForce(r, day))) {
    considered.push(rule.id);
    if (holds(rule.when, named)) return verdictOf(rulebook, rule, named, day, considered);
  }
  return { ...forAPerson('exchange.no-rule', 'no rule of the rulebook holds for these facts'), considered };
}

function verdictOf(rulebook: Rulebook, rule: Rule, named: NamedFacts, day: string, considered: string[]): Verdict {
  const reason = (citation: Citation): DecisionReason => ({ rule: rule.id, rulebook: rulebook.id, version: rulebook.version, citation: citation.source, confidence: citation.confidence });
  const duties = rulebook.obligations.filter((o) => rule.obligations.includes(o.id) && holds(o.when, named));
  return {
    outcome: rule.outcome, permitted: PERMITTING.has(rule.outcome), mechanisms: rule.mechanisms,
    filings: rule.filings.filter((f) => isInForce(f, day)).map(toFiling),
    obligations: duties.flatMap((o) => inWords(o, day)),
    reasons: rule.citations.filter((c) => isInForce(c, day)).map(reason),
    considered, countsTowardsVolume: rule.volume.counted,
  };
}

/** A duty none of whose sources is in force on the day is none. */
function inWords(obligation: Obligation, day: string): string[] {
  const sources = obligation.citations.filter((c) => isInForce(c, day)).map((c) => `${c.source}: ${c.confidence}`);
  return sources.length ? [`${obligation.text} [${sources.join('; ')}]`] : [];
}

const toFiling = ({ effectiveFrom: _from, effectiveTo: _to, ...filing }: FilingRule): Filing => filing;

const forAPerson = (rule: string, citation: string): Verdict => ({
  outcome: 'manual_review', permitted: false, mechanisms: [], filings: [], obligations: [], countsTowardsVolume: false, considered: [rule],
  reasons: [{ rule, rulebook: 'exchange', version: '1', citation, confidence: 'verified' }],
});
