import type { FieldProblem } from '#shared';
import type { Verdict } from '../decision.js';
import { judge, type Leg } from '../law/engine.js';
import type { FactName, NamedFacts } from '../law/facts.js';
import type { Law } from '../law/law.js';
import { checkInput, type DecisionInput, type HeldApproval } from './input.js';

/** What became of a case: a verdict, facts that are wrong, or facts that are missing. */
export type CaseResult =
  | { readonly kind: 'decided'; readonly verdict: Verdict }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'missing'; readonly facts: readonly string[]; readonly verdict: Verdict };

export const DEFAULT_AS_OF = '2026-11-22';

/** Decides on the facts of one case under the law of its day; nothing is asked for or recorded. */
export function decideCase(law: Law, input: unknown): CaseResult {
  const problems = checkInput(input);
  if (problems.length) return { kind: 'invalid', problems };
  const facts = input as DecisionInput;
  const verdict = judge(law, legsOfInput(facts), facts.asOf ?? DEFAULT_AS_OF);
  return verdict.missing.length ? { kind: 'missing', facts: [...new Set(verdict.missing.map((name) => NAMES_IN_FILE[name] ?? name))], verdict } : { kind: 'decided', verdict };
}

/** How a decision file calls the facts that it names otherwise. */
const NAMES_IN_FILE: Readonly<Record<string, string>> = {
  personalData: 'personal', level: 'dataLevel', yearPersons: 'thisPI', yearSensitivePersons: 'thisSPI', categoryCounts: 'usCounts', recipientSchemes: 'recipientCert', exporterIsCIIO: 'isCIIO', exporterInGBA: 'gba',
} satisfies Partial<Record<FactName, string>>;

function legsOfInput(f: DecisionInput): Leg[] {
  if (f.actor === 'exchange') return [{ origin: f.origin ?? 'EU', facts: { ...namedFacts(f, f.origin ?? 'EU'), upstream: false } }];
  const origin = f.origin!;
  const others = new Set((f.upstream ?? []).filter((c) => c !== origin));
  const legs = [{ origin, facts: { ...namedFacts(f, origin), upstream: false } }, ...[...others].map((o) => ({ origin: o, facts: { ...namedFacts(f, o), upstream: true } }))];
  // The rule binds US persons wherever they sell from.
  return f.usPersonSeller && origin !== 'US' ? [...legs, { origin: 'US', facts: { ...namedFacts(f, 'US'), upstream: false } }] : legs;
}

function namedFacts(f: DecisionInput, origin: string): NamedFacts {
  const persons = BigInt(f.thisPI ?? 0);
  const sensitive = BigInt(f.thisSPI ?? 0);
  const anonymised = f.anonymisation === 'anonymised';
  const about = persons + sensitive > 0n;
  return {
    origin, destination: f.destination ?? null, recipientJurisdiction: f.destination ?? null, originProvince: f.originProvince, registeredIn: f.registeredIn, zone: f.zone === undefined ? null : f.zone,
    purpose: f.purpose ?? 'data_product_sale', sector: f.sector ?? 'other', level: f.dataLevel ?? 'general', actor: f.actor ?? 'trader', service: f.service ?? 'data_trade',
    personalData: anonymised ? 'anonymised' : about || f.personal === true ? 'personal' : f.personal === false || f.origin === 'CN' ? 'none' : undefined,
    sourceStated: f.sourceStatement ?? true, sellerVerified: f.buyerVerified ?? true, buyerVerified: f.buyerVerified ?? true, recipientRestricted: f.recipientOnRestrictedList ?? false, importantDataNotified: f.importantDataNotified ?? false,
    personalDataFromAbroad: f.collectedIn === 'overseas' && !f.domesticDataAdded, exporterIsCIIO: f.isCIIO ?? false, exporterHasPRCEntity: f.exporterHasPRCEntity ?? true,
    exporterInGBA: f.gba ?? false, recipientInGBA: f.recipientInGBA ?? false, onwardOutsideGBA: f.onwardOutsideGBA ?? false, inTransit: f.inTransit ?? false, publiclyAvailable: f.publiclyAvailable ?? false, includesRRN: f.includesRRN ?? false,
    upstreamNoOnwardClause: f.upstreamNoOnwardClause, usPersonSeller: f.usPersonSeller, sellerIsDataBroker: f.sellerIsDataBroker, governmentRelated: f.governmentRelated ?? false, dgaLegalRep: f.dgaLegalRep,
    // Who owns the recipient says whether he is covered; a recipient who is said not to be has no such owners.
    recipientCoveredPerson: f.recipientCoveredPerson ?? (f.recipientOwnership ? false : undefined),
    recipientOwnership: f.recipientOwnership ? basisPoints(f.recipientOwnership) : f.recipientCoveredPerson === undefined ? undefined : new Map(),
    sensitivePersons: anonymised ? 0n : sensitive, yearPersons: (anonymised ? 0n : persons) + BigInt(f.priorPI ?? 0), yearSensitivePersons: (anonymised ? 0n : sensitive) + BigInt(f.priorSPI ?? 0),
    categoryCounts: f.usCounts ? new Map(Object.entries(f.usCounts).map(([category, count]) => [category, BigInt(count)])) : f.personal === false ? new Map() : undefined,
    // A file does not say where it was granted: in the recipient's country, or by the exporter's, as the scheme asks for.
    recipientSchemes: f.recipientCert && f.destination ? [{ scheme: f.recipientCert, grantedIn: f.recipientCert === 'PIPC' ? 'KR' : f.destination }] : [],
    negativeList: f.negativeList ? { ...f.negativeList, tier: f.negativeList.tier ?? undefined } : null, mechanisms: mechanismsOf(f),
  };
}

const basisPoints = (shares: Readonly<Record<string, number>>): Map<string, number> => new Map(Object.entries(shares).map(([country, share]) => [country, Math.floor(share * 10_000 + 1e-6)]));

function mechanismsOf(f: DecisionInput): Record<string, 'arranged' | 'refused'> {
  const said = { sg_contract: f.contractInPlace, eu_scc: f.scc, eu_tia: f.tia, supplementary_measures: f.supplementary, uk_idta: f.idta, consent: f.consent, us_no_onward_clause: f.noOnwardClause };
  const stated = Object.entries(said).flatMap(([word, value]) => (typeof value === 'boolean' ? [[word, value ? 'arranged' : 'refused'] as const] : []));
  const held = (f.heldApprovals ?? []).flatMap((a) => heldBy(a, f.asOf ?? DEFAULT_AS_OF)).map((word) => [word, 'arranged'] as const);
  return Object.fromEntries([...stated, ...held]);
}

const FAVOURABLE: ReadonlySet<string> = new Set(['passed', 'approved', 'granted', 'registered', 'valid']);

/** The mechanisms that an approval in hand arranges: its type must match, its time include the day, and it must cover the trade. */
function heldBy(a: HeldApproval, day: string): string[] {
  const reached = (when: boolean | string | null | undefined): boolean => when === true || (typeof when === 'string' && when <= day);
  if (a.coversPurposeScopeScale !== true || (a.validUntil && a.validUntil < day)) return [];
  if (a.result !== undefined && a.result !== null && !FAVOURABLE.has(a.result)) return [];
  switch (a.type) {
    case 'security_assessment': return a.result === 'passed' && a.validUntil ? [a.type] : [];
    case 'certification': return a.validUntil ? [a.type] : [];
    // A contract carries from the day of its effect; filing it is due within ten working days from then.
    case 'standard_contract': case 'gba_standard_contract':
      if (!reached(a.effective ?? a.filed)) return [];
      return reached(a.filed) ? [a.type, `${a.type}_filing`] : [a.type];
    default: return [a.type];
  }
}
