import type { DecisionReason, Filing, Verdict } from '../decision.js';
import { unknownsIn } from './condition.js';
import { mechanismState, type NamedFacts } from './facts.js';
import { isInForce } from './in-force.js';
import type { BookOnDay, Law, Moment, ReadyRule } from './law.js';
import { type FilingRule, type Outcome, severityOf } from './rulebook.js';

/** One question to one law: these data, from this place, to that one. */
export interface Leg {
  readonly origin: string;
  readonly facts: NamedFacts;
}

/** A rulebook's answer to one leg. */
interface Answer extends Verdict {
  /** Of a rulebook for every transfer, which only objects. */
  readonly general: boolean;
}

const PERMITTING: ReadonlySet<Outcome> = new Set(['free', 'exempt']);

/**
 * The law of a moment applied to facts: in each rulebook the rules from the top, the first that holds decides; of several answers the strictest wins.
 * Pure: the same law, facts and moment give the same verdict. A fact that decides and is not known is named, never guessed.
 */
export function judge(law: Law, legs: readonly Leg[], at: Moment): Verdict {
  if (legs.length === 0) return forAPerson('exchange.facts-undecidable', 'the transfer names no dataset', []);
  const answers = legs.flatMap((leg) => answersTo(law, leg, at));
  return strictest(answers);
}

/**
 * The prohibition that holds whatever the facts that are not known turn out to be; null where some of them would let the transfer pass, or leave it
 * to a person. Any leg that is prohibited prohibits the whole.
 */
export function prohibition(law: Law, legs: readonly Leg[], at: Moment): Verdict | null {
  for (const { origin, facts } of legs) {
    const { own, general } = law.booksFor(origin, at);
    for (const book of own ? [own, ...general] : general) {
      const found = prohibitedBy(book, facts);
      if (found) return found;
    }
  }
  return null;
}

/** A rule that may hold is passed only where it prohibits: then it is prohibited if it holds, and the rules below decide if it does not. */
function prohibitedBy(ready: BookOnDay, facts: NamedFacts): Verdict | null {
  const considered: string[] = [];
  for (const rule of ready.rules) {
    considered.push(rule.id);
    const held = rule.holds(facts);
    if (held === false) continue;
    if (rule.outcome !== 'prohibited') return null;
    if (held) return verdictOf(ready, rule, facts, considered);
  }
  return null;
}

/** Facts that no rulebook can be asked about. */
export const undecided = (reason: string): Verdict => forAPerson('exchange.facts-undecidable', reason, []);

function answersTo(law: Law, { origin, facts }: Leg, at: Moment): Answer[] {
  const { own, general } = law.booksFor(origin, at);
  const objections = general.map((book) => answer(book, facts, true));
  if (facts.actor === 'exchange') return objections;
  return [...objections, own ? answer(own, facts, false) : withoutRulebook(origin, facts)];
}

/** A person decides, and the review that he grants carries the transfer as it does where a rulebook asks for one. */
function withoutRulebook(origin: string, facts: NamedFacts): Answer {
  const reviewed = mechanismState(facts, REVIEW) === 'arranged';
  const verdict = forAPerson('exchange.no-rulebook', `no rulebook for exports from ${origin} is in force here`, reviewed ? [] : [[REVIEW]]);
  return { ...verdict, permitted: reviewed, reliedOn: reviewed ? [REVIEW] : [], general: false };
}
const REVIEW = 'transfer_review';

function answer(ready: BookOnDay, facts: NamedFacts, general: boolean): Answer {
  const considered: string[] = [];
  for (const rule of ready.rules) {
    considered.push(rule.id);
    const held = rule.holds(facts);
    if (held === undefined) {
      const missing = [...new Set(unknownsIn(rule.when, ready.lists, facts))];
      return { ...forAPerson('exchange.facts-missing', `${rule.id} cannot be decided without ${missing.join(', ')}`, []), considered, missing, general };
    }
    if (held) return { ...verdictOf(ready, rule, facts, considered), general };
  }
  return { ...forAPerson('exchange.no-rule', 'no rule of the rulebook holds for these facts', []), considered, general };
}

function verdictOf({ book, day, obligations }: BookOnDay, rule: ReadyRule, facts: NamedFacts, considered: readonly string[]): Verdict {
  const held = (word: string): boolean => mechanismState(facts, word) === 'arranged';
  const unmet = (rule.needs ?? []).filter((group) => !group.some(held));
  const duties = rule.obligations.map((id) => obligations.get(id)!).filter((o) => o.holds(facts));
  return {
    outcome: rule.outcome, permitted: PERMITTING.has(rule.outcome) || (rule.outcome !== 'prohibited' && rule.needs !== null && unmet.length === 0),
    mechanisms: rule.mechanisms, needs: unmet, missing: [],
    filings: rule.filings.filter((f) => isInForce(f, day) && !(f.settledBy && held(f.settledBy))).map(toFiling),
    // A duty none of whose sources is in force on the day is none.
    obligations: duties.flatMap((o) => {
      const sources = o.citations.filter((c) => isInForce(c, day)).map((c) => `${c.source}: ${c.confidence}`);
      return sources.length ? [`${o.text} [${sources.join('; ')}]`] : [];
    }),
    reasons: rule.citations.filter((c) => isInForce(c, day)).map((c): DecisionReason => ({ rule: rule.id, rulebook: book.id, version: book.version, citation: c.source, confidence: c.confidence, guideline: rule.guideline })),
    considered, reliedOn: (rule.needs ?? []).flatMap((group) => group.filter(held)), countsTowardsVolume: rule.volume.counted,
  };
}

const toFiling = ({ effectiveFrom: _from, effectiveTo: _to, settledBy: _by, ...filing }: FilingRule): Filing => filing;

/** The strictest answer decides; what the others ask for stays asked for. A general rulebook that does not object says nothing. */
function strictest(answers: readonly Answer[]): Verdict {
  const spoken = answers.filter((a) => !(a.general && a.permitted && a.outcome === 'free'));
  // Nearly always: one law was asked, and nobody objects.
  if (spoken.length === 1) {
    const { general: _, ...verdict } = spoken[0]!;
    return { ...verdict, considered: answers.flatMap((a) => a.considered) };
  }
  const heard = [...(spoken.length ? spoken : answers)].sort((a, b) => severityOf(b.outcome) - severityOf(a.outcome));
  const first = heard[0]!;
  const missing = first.outcome === 'prohibited' ? [] : unique(heard.flatMap((a) => a.missing));
  const stops = first.outcome === 'prohibited' || missing.length > 0;
  const { outcome } = missing.length ? heard.find((a) => a.missing.length)! : first;
  return {
    outcome, missing, permitted: missing.length === 0 && heard.every((a) => a.permitted),
    mechanisms: stops || outcome === 'manual_review' ? [] : unique(heard.flatMap((a) => a.mechanisms)),
    needs: stops ? [] : uniqueBy(heard.flatMap((a) => a.needs)), filings: stops ? [] : uniqueBy(heard.flatMap((a) => a.filings)),
    obligations: stops ? first.obligations : unique(heard.flatMap((a) => a.obligations)), reasons: uniqueBy(heard.flatMap((a) => (stops && a.outcome !== outcome ? [] : a.reasons))),
    // The rule that decided stands last.
    considered: unique([...answers.flatMap((a) => a.considered), first.considered.at(-1)!].reverse()).reverse(),
    reliedOn: unique(heard.flatMap((a) => a.reliedOn)),
    countsTowardsVolume: heard.some((a) => a.countsTowardsVolume),
  };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];
function uniqueBy<T>(items: readonly T[]): T[] {
  if (items.length < 2) return [...items];
  const seen = new Map<string, T>();
  for (const item of items) { const key = JSON.stringify(item); if (!seen.has(key)) seen.set(key, item); }
  return [...seen.values()];
}

const forAPerson = (rule: string, citation: string, needs: readonly (readonly string[])[]): Verdict => ({
  outcome: 'manual_review', permitted: false, mechanisms: [], needs, missing: [], filings: [], obligations: [], reliedOn: [], countsTowardsVolume: false, considered: [rule],
  reasons: [{ rule, rulebook: 'exchange', version: '1', citation, confidence: 'verified', guideline: null }],
});
