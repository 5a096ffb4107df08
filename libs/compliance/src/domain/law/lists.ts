import { type Confidence, type InForce, isInForce } from './in-force.js';

interface Entry extends InForce {
  readonly citation: string;
  readonly confidence: Confidence;
}
interface ListHead {
  readonly id: string;
  readonly version: string;
  readonly title: string;
}

/** Places that a law treats alike: adequate countries, countries of concern, members of a scheme. ISO 3166-1 alpha-2. */
export interface CountryList extends ListHead {
  readonly type: 'countries';
  readonly entries: readonly (Entry & { readonly code: string; readonly note: string | null })[];
}
/** Numbers of persons or devices by category; reached only by MORE than the number. */
export interface ThresholdList extends ListHead {
  readonly type: 'thresholds';
  readonly entries: readonly (Entry & { readonly category: string; readonly moreThan: number })[];
}
/** A list of a free-trade zone or its city (CAC Order 16 Art. 6). `negative`: what is not on it is exempt. `general`: what is on it is. */
export interface ZoneList extends ListHead, Entry {
  readonly type: 'zone';
  readonly role: 'negative' | 'general';
  /** ISO 3166-2 code of the place of registration and export. */
  readonly area: string;
  /** Zones within the area; null: the whole area. */
  readonly zones: readonly string[] | null;
  readonly sectors: readonly string[];
  /** Its items where the text of the list was obtained; null: whoever classifies has to look it up and say so. */
  readonly items: readonly { readonly id: string; readonly sector: string; readonly text: string; readonly important: boolean; readonly tier: string | null }[] | null;
}
export const RECOGNISED_FOR = ['transfer', 'listing'] as const;
export const RECOGNISED_PLACES = ['recipient_country', 'jurisdiction'] as const;
/** Where a certificate must have been granted: in the recipient's own country, or by the jurisdiction that accepts it. */
export type RecognisedPlace = (typeof RECOGNISED_PLACES)[number];
/** Which jurisdiction accepts which certification scheme, for what, granted in which countries. */
export interface RecognitionList extends ListHead {
  readonly type: 'recognition';
  readonly entries: readonly (Entry & { readonly jurisdiction: string; readonly scheme: string; readonly for: (typeof RECOGNISED_FOR)[number]; readonly place: RecognisedPlace; readonly grantedIn: readonly string[] })[];
}
export type LawList = CountryList | ThresholdList | ZoneList | RecognitionList;
export const LIST_TYPES = ['countries', 'thresholds', 'zone', 'recognition'] as const;

export const codesOn = (list: CountryList, day: string): ReadonlySet<string> => new Set(list.entries.filter((e) => isInForce(e, day)).map((e) => e.code));

/** What is known of a zone list's word on the data. */
export interface ListPosition {
  readonly list: string;
  readonly sectorCovered?: boolean | undefined;
  readonly itemOnList?: boolean | undefined;
  readonly importantItem?: boolean | undefined;
  readonly whitelisted?: boolean | undefined;
  readonly tier?: string | undefined;
}
export const SAYINGS = ['whitelisted', 'important', 'off_list', 'listed'] as const;
export type Saying = (typeof SAYINGS)[number];

/** Whether a list in force, for whoever is registered and exports there, says this of the data; undefined where that is not known. */
export function listSays(list: ZoneList, day: string, place: { registeredIn: string | null | undefined; originProvince: string | null | undefined; zone: string | null | undefined; sector: string | null | undefined }, position: ListPosition, saying: Saying): boolean | undefined {
  if (!isInForce(list, day)) return false;
  for (const province of [place.registeredIn, place.originProvince]) if (province !== undefined && province !== list.area) return false;
  if (list.zones !== null && place.zone !== undefined && !(place.zone !== null && list.zones.includes(place.zone))) return false;
  const said = saidOf(list, place.sector, position, saying);
  if (said !== true) return said;
  return place.registeredIn === undefined || place.originProvince === undefined || (list.zones !== null && place.zone === undefined) ? undefined : true;
}

function saidOf(list: ZoneList, sector: string | null | undefined, position: ListPosition, saying: Saying): boolean | undefined {
  if (list.role === 'general') return saying === 'whitelisted' ? position.whitelisted : false;
  if (saying === 'important') return position.importantItem ?? false;
  if (saying === 'whitelisted') return false;
  const covered = position.sectorCovered ?? (sector ? list.sectors.includes(sector) : undefined);
  if (covered !== true) return covered;
  if (position.itemOnList === undefined) return undefined;
  return position.itemOnList === (saying === 'listed');
}

/** What the strictest accepted threshold says of the counts: combined categories are measured by the lowest threshold among them (28 CFR 202.205(g)). */
export function measure(list: ThresholdList, day: string, counts: ReadonlyMap<string, bigint>): 'none' | 'below' | 'at' | 'above' {
  let most = 0n;
  let least: bigint | null = null;
  for (const { category, moreThan } of list.entries.filter((e) => isInForce(e, day))) {
    const count = counts.get(category) ?? 0n;
    if (count <= 0n) continue;
    if (count > most) most = count;
    const threshold = BigInt(moreThan);
    if (least === null || threshold < least) least = threshold;
  }
  if (least === null) return 'none';
  return most > least ? 'above' : most === least ? 'at' : 'below';
}
