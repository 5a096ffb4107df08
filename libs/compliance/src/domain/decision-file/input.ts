import { type FieldProblem, isCountry, isDay, isSubdivision } from '#shared';
import { ANONYMISATIONS, COLLECTION_PLACES, LEVELS, MAX_PERSONS, SECTOR_PATTERN, US_CATEGORIES } from '../classification.js';

export const PURPOSES = ['data_product_sale', 'contract_with_individual', 'hr_management', 'emergency', 'legal_duty', 'processing_for_overseas', 'foreign_judicial_request'] as const;
const TIERS = ['security_assessment', 'standard_contract', 'certification'] as const;

/** An approval in hand, as a decision file tells of it. */
export interface HeldApproval {
  readonly type: string;
  readonly validUntil?: string | null;
  readonly result?: string | null;
  /** Of a contract: in effect, or the day from which it is. */
  readonly effective?: boolean | string | null;
  readonly filed?: boolean | string | null;
  readonly coversPurposeScopeScale?: boolean;
}

/** The facts of one case of a decision file. */
export interface DecisionInput {
  readonly origin?: string; readonly destination?: string; readonly originProvince?: string; readonly registeredIn?: string; readonly zone?: string | null; readonly asOf?: string;
  readonly purpose?: string; readonly sector?: string; readonly sourceStatement?: boolean; readonly buyerVerified?: boolean;
  readonly dataLevel?: string; readonly importantDataNotified?: boolean; readonly anonymisation?: string; readonly personal?: boolean;
  readonly thisPI?: number; readonly thisSPI?: number; readonly priorPI?: number; readonly priorSPI?: number;
  readonly collectedIn?: string; readonly domesticDataAdded?: boolean; readonly isCIIO?: boolean; readonly exporterHasPRCEntity?: boolean; readonly requested?: string;
  readonly heldApprovals?: readonly HeldApproval[];
  readonly negativeList?: { readonly list: string; readonly sectorCovered?: boolean; readonly itemOnList?: boolean; readonly importantItem?: boolean; readonly whitelisted?: boolean; readonly tier?: string | null } | null;
  readonly gba?: boolean; readonly recipientInGBA?: boolean; readonly onwardOutsideGBA?: boolean; readonly recipientOnRestrictedList?: boolean;
  readonly inTransit?: boolean; readonly publiclyAvailable?: boolean; readonly recipientCert?: string | null; readonly contractInPlace?: boolean | null;
  readonly scc?: boolean | null; readonly tia?: boolean | null; readonly supplementary?: boolean | null; readonly idta?: boolean | null; readonly consent?: boolean | null; readonly includesRRN?: boolean;
  readonly usPersonSeller?: boolean; readonly sellerIsDataBroker?: boolean; readonly usCounts?: Readonly<Record<string, number>>; readonly governmentRelated?: boolean;
  readonly recipientCoveredPerson?: boolean; readonly recipientOwnership?: Readonly<Record<string, number>>; readonly noOnwardClause?: boolean | null;
  readonly upstream?: readonly string[]; readonly upstreamNoOnwardClause?: boolean; readonly actor?: string; readonly service?: string; readonly dgaLegalRep?: boolean;
}

type Check = (value: unknown) => string | null;
const one = (test: (value: unknown) => boolean, message: string): Check => (value) => (test(value) ? null : message);
const text = (test: (text: string) => boolean, message: string): Check => one((v) => typeof v === 'string' && test(v), message);
const orNull = (check: Check): Check => (value) => (value === null ? null : check(value));
const among = (words: readonly string[]): Check => text((w) => words.includes(w), `one of ${words.join(', ')}`);
const flag = one((v) => typeof v === 'boolean', 'true or false');
const country = text(isCountry, 'an ISO 3166-1 alpha-2 code');
const province = text(isSubdivision, 'an ISO 3166-2 code');
const count = one((v) => Number.isSafeInteger(v) && (v as number) >= 0 && (v as number) <= Number(MAX_PERSONS), `a whole number from 0 to ${MAX_PERSONS}`);
const word = text((w) => /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(w), 'a word');
const EARLIEST = '2015-01-01';
const LATEST = '2099-12-31';
const day = text((d) => isDay(d) && d >= EARLIEST && d <= LATEST, `a day from ${EARLIEST} to ${LATEST}, YYYY-MM-DD`);

const CHECKS: Record<keyof DecisionInput, Check> = {
  origin: country, destination: country, originProvince: orNull(province), registeredIn: orNull(province), zone: orNull(among(['lingang', 'shanghai_ftz'])), asOf: day,
  purpose: among(PURPOSES), sector: text((s) => SECTOR_PATTERN.test(s), 'a word in lower case'), sourceStatement: flag, buyerVerified: flag,
  dataLevel: among(LEVELS), importantDataNotified: flag, anonymisation: among(ANONYMISATIONS), personal: flag, thisPI: count, thisSPI: count, priorPI: count, priorSPI: count,
  collectedIn: among(COLLECTION_PLACES), domesticDataAdded: flag, isCIIO: flag, exporterHasPRCEntity: flag, requested: orNull(word), heldApprovals: approvals, negativeList: orNull(listPosition),
  gba: flag, recipientInGBA: flag, onwardOutsideGBA: flag, recipientOnRestrictedList: flag, inTransit: flag, publiclyAvailable: flag, recipientCert: orNull(word),
  contractInPlace: orNull(flag), scc: orNull(flag), tia: orNull(flag), supplementary: orNull(flag), idta: orNull(flag), consent: orNull(flag), includesRRN: flag,
  usPersonSeller: flag, sellerIsDataBroker: flag, usCounts: counts, governmentRelated: flag, recipientCoveredPerson: flag, recipientOwnership: shares, noOnwardClause: orNull(flag),
  upstream: one((v) => Array.isArray(v) && v.length <= 20 && v.every((c) => country(c) === null), 'at most 20 ISO 3166-1 alpha-2 codes'), upstreamNoOnwardClause: flag,
  actor: among(['exchange', 'trader']), service: word, dgaLegalRep: flag,
};

function keyed(value: unknown, keys: Record<string, Check>): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'an object';
  for (const [key, item] of Object.entries(value)) {
    const problem = Object.hasOwn(keys, key) ? keys[key]!(item) : 'is not known';
    if (problem) return `${key}: ${problem}`;
  }
  return null;
}
const APPROVAL: Record<keyof HeldApproval, Check> = {
  type: word, validUntil: orNull(day), result: orNull(word), effective: orNull((v) => (typeof v === 'boolean' ? null : day(v))), filed: orNull((v) => (typeof v === 'boolean' ? null : day(v))), coversPurposeScopeScale: flag,
};
function approvals(value: unknown): string | null {
  if (!Array.isArray(value) || value.length > 100) return 'a list of at most 100 approvals';
  for (const item of value) { const problem = keyed(item, APPROVAL) ?? (typeof (item as { type?: unknown }).type === 'string' ? null : 'type: is missing'); if (problem) return problem; }
  return null;
}
function listPosition(value: unknown): string | null {
  return keyed(value, { list: text((l) => /^[a-z0-9-]{1,60}$/.test(l), 'the id of a list'), sectorCovered: flag, itemOnList: flag, importantItem: flag, whitelisted: flag, tier: orNull(among(TIERS)) })
    ?? (typeof (value as { list?: unknown }).list === 'string' ? null : 'list: is missing');
}
function counts(value: unknown): string | null {
  return keyed(value, Object.fromEntries(US_CATEGORIES.map((c) => [c, count])));
}
function shares(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'shares by country';
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.some(([code, share]) => !isCountry(code) || typeof share !== 'number' || !(share >= 0 && share <= 1))) return 'shares from 0 to 1 by ISO 3166-1 alpha-2 code';
  return entries.reduce((sum, [, share]) => sum + (share as number), 0) > 1.000001 ? 'shares that add up to at most 1' : null;
}

/** What is wrong in the facts of a case: unknown or malformed ones, and those that contradict each other. */
export function checkInput(data: unknown): FieldProblem[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [{ path: 'input', message: 'an object' }];
  const problems = Object.entries(data).flatMap(([key, value]): FieldProblem[] => {
    const message = Object.hasOwn(CHECKS, key) ? (value === undefined ? null : CHECKS[key as keyof DecisionInput](value)) : 'is not a fact';
    return message ? [{ path: `input.${key}`, message }] : [];
  });
  return problems.length ? problems : contradictions(data);
}

function contradictions(f: DecisionInput): FieldProblem[] {
  const found: FieldProblem[] = [];
  const refuse = (when: boolean, path: string, message: string): void => void (when && found.push({ path: `input.${path}`, message }));
  const persons = (f.thisPI ?? 0) + (f.thisSPI ?? 0);
  refuse(f.actor !== 'exchange' && f.origin === undefined, 'origin', 'is missing');
  refuse(f.actor !== 'exchange' && f.destination === undefined, 'destination', 'is missing');
  refuse(f.importantDataNotified === true && (f.dataLevel ?? 'general') === 'general', 'dataLevel', 'data that an authority notified or published as important is not general');
  refuse(f.domesticDataAdded === true && (f.collectedIn ?? 'CN') === 'CN', 'domesticDataAdded', 'only data collected overseas can have mainland data added to it');
  refuse(f.personal === false && persons > 0, 'personal', 'persons are counted in data that is not personal');
  refuse(f.personal === true && f.anonymisation === 'anonymised', 'personal', 'anonymised data is not personal');
  refuse(Boolean(f.originProvince && f.origin && !f.originProvince.startsWith(`${f.origin}-`)), 'originProvince', 'lies in another country than the origin');
  refuse(Boolean(f.zone && f.registeredIn && f.registeredIn !== 'CN-SH'), 'zone', 'lies in another province than the registration');
  refuse(f.gba === true && Boolean(f.registeredIn && f.registeredIn !== 'CN-GD'), 'gba', 'the nine cities lie in CN-GD');
  refuse(f.recipientInGBA === true && f.destination !== undefined && !['HK', 'MO', 'CN'].includes(f.destination), 'recipientInGBA', 'the destination lies outside the Greater Bay Area');
  refuse(f.negativeList?.whitelisted === true && f.negativeList.itemOnList === true, 'negativeList', 'an item is on the general list or on the negative list, not on both');
  refuse(f.negativeList?.sectorCovered === false && f.negativeList.itemOnList === true, 'negativeList', 'a sector that the list does not cover has no item on it');
  return found;
}
