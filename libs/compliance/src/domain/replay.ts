import { canonicalHash } from '#shared';
import type { Decision, Verdict } from './decision.js';
import { judge, undecided } from './law/engine.js';
import type { Law } from './law/law.js';
import { legsOf, undecidable } from './transfer.js';

const FIELDS = ['outcome', 'permitted', 'mechanisms', 'needs', 'missing', 'filings', 'obligations', 'reasons', 'considered'] as const satisfies readonly (keyof Verdict & keyof Decision)[];

/** A decision worked out again from its facts and the law behind its hash: the fields in which it comes out otherwise. None: it is the same. */
export function replay(law: Law, decision: Decision): string[] {
  const { facts } = decision;
  const defect = undecidable(facts);
  const judged = defect ? undecided(defect) : judge(law, legsOf(facts), decision.asOf);
  const isFirstForm = decision.reasons.every((r) => r.guideline === undefined);
  const again = isFirstForm ? { ...judged, needs: [], considered: oneWalk(law, decision, judged) } : judged;
  const differing = FIELDS.filter((field) => canonicalHash(form(again, field)) !== canonicalHash(form(decision, field)));
  return [...differing, ...(canonicalHash(facts) === decision.factsHash ? [] : ['factsHash'])];
}

/** In decisions of the first form the rules of the one rulebook were walked through once, for all datasets together; needs they did not know. */
function oneWalk(law: Law, { facts, asOf }: Decision, { considered }: Verdict): readonly string[] {
  const rules = (law.booksFor(facts.origin, asOf).own?.rules ?? []).map((r) => r.id);
  const decided = rules.indexOf(considered.at(-1)!);
  return decided < 0 ? considered : rules.slice(0, decided + 1);
}

/** A field in the form that every decision has: those of the first form knew neither clocks nor guidelines, needs nor missing facts. */
function form(verdict: Pick<Verdict, (typeof FIELDS)[number]>, field: (typeof FIELDS)[number]): unknown {
  switch (field) {
    case 'filings': return verdict.filings.map(({ clock, ...filing }) => ({ ...filing, clock: clock ?? null }));
    case 'reasons': return verdict.reasons.map(({ guideline, ...reason }) => ({ ...reason, guideline: guideline ?? null }));
    default: return verdict[field];
  }
}
