import { SENSITIVE_CATEGORIES, type SensitiveCategory, US_CATEGORIES, type USCategory } from '../classification.js';
import { birthDayOfResidentId } from './check-digits.js';
import type { Detector } from './detector.js';
import { DETECTORS } from './detectors.js';
import { distinctOf, findingOf, holdsDetector, type TableInspection } from './inspect-table.js';
import { PRECISE_PLACES } from './location.js';
import { isComplete } from './profile.js';
import { counts, type SuggestedTags } from './proposal.js';
import { dayOf, headerWords, holds, yearsBetween } from './value.js';

const BY_ID = new Map(DETECTORS.map((d) => [d.id, d]));
export const detectorOf = (id: string): Detector => BY_ID.get(id)!;
const FULL_AGE = 14;
const MANY_QUASI = 3;
const US_WORDS = new Set(['US', 'USA', 'UNITEDSTATES', 'UNITEDSTATESOFAMERICA', '美国']);
const COUNTRY_WORDS = ['country', 'nationality', 'citizenship', '国家', '国籍'];
const TIME_WORDS = ['时间', '日期', 'time', 'timestamp', 'datetime', 'date', 'ts', 'gps time'];

/** What one table says of people. */
export function suggestFor(table: TableInspection, today: string): SuggestedTags {
  const counter = counterOf(table);
  const quasi = table.columns.filter((c) => findingOf(c, 'quasi')).length;
  const about = table.columns.flatMap((c) => c.findings.filter(counts).map((f) => detectorOf(f.detector)));
  // Age and sex alone are also what statistics go by; a third such column, or a diagnosis beside two, speaks of single people.
  const singles = quasi >= MANY_QUASI || (quasi >= 2 && about.some((d) => d.role === 'attribute' && d.spi !== null)) || about.some((d) => d.us === 'human_genomic');
  if (!counter && !singles) return NOBODY;
  const places = arePlaces(table);
  const minorsShare = minorsOf(table, today);
  const spi = new Set<SensitiveCategory>(about.flatMap((d) => (d.spi ? [d.spi] : [])));
  if (places && counter) spi.add('whereabouts');
  // Somebody is there, and nothing says how many: one is the least that cannot be wrong.
  const all = BigInt(counter ? counter.distinct : 1);
  const others = spi.size > 0;
  const minors = minorsShare === null ? 0n : BigInt(Math.floor(Number(all) * minorsShare));
  if (minorsShare) spi.add('minors_under_14');
  const sensitive = others ? all : minorsShare ? (minors > 0n ? minors : 1n) : 0n;
  const us = new Set<USCategory>(about.flatMap((d) => (d.us && (d.us !== 'precise_geolocation_devices' || places) ? [d.us] : [])));
  return {
    persons: all - sensitive, sensitivePersons: sensitive, countedBy: counter && `${table.profile.name}: ${counter.name}`, exact: counter !== null && isComplete(table.profile),
    sensitiveCategories: SENSITIVE_CATEGORIES.filter((c) => spi.has(c)), usCategories: US_CATEGORIES.filter((c) => us.has(c)),
    usCounts: inTheUs(table) ? Object.fromEntries(US_CATEGORIES.filter((c) => us.has(c)).map((c) => [c, c === 'precise_geolocation_devices' ? devicesOf(table, all) : all])) : {},
    dpv: [...new Set(about.flatMap((d) => (d.dpv ? [d.dpv] : [])))].sort(), minorsShare, tracks: places && counter !== null && counter.distinct < table.profile.rows && hasTime(table),
  };
}

export const NOBODY: SuggestedTags = { persons: 0n, sensitivePersons: 0n, countedBy: null, exact: true, sensitiveCategories: [], usCategories: [], usCounts: {}, dpv: [], minorsShare: null, tracks: false };

/** The column whose different values are the persons: the identifier of the lowest rank. */
function counterOf(table: TableInspection): { name: string; distinct: number } | null {
  let best: { rank: number; name: string; distinct: number } | null = null;
  for (const [place, column] of table.columns.entries()) {
    for (const finding of column.findings.filter(counts)) {
      const rank = detectorOf(finding.detector).rank;
      if (rank === undefined || (best && best.rank <= rank)) continue;
      best = { rank, name: column.name, distinct: distinctOf(table, place, finding.share) };
    }
  }
  return best;
}

function devicesOf(table: TableInspection, persons: bigint): bigint {
  const counted = table.columns.map((c, place) => ({ finding: findingOf(c, 'device'), place })).filter(({ finding }) => finding).map(({ finding, place }) => distinctOf(table, place, finding!.share));
  return counted.length ? BigInt(Math.max(...counted)) : persons;
}

const arePlaces = ({ columns }: TableInspection): boolean =>
  columns.some((c) => holdsDetector(c, ...PRECISE_PLACES)) || (columns.some((c) => holdsDetector(c, 'latitude')) && columns.some((c) => holdsDetector(c, 'longitude')));
const hasTime = ({ profile }: TableInspection): boolean => profile.header.some((h) => TIME_WORDS.some((t) => holds(headerWords(h), t)));

/** Birth dates, also those inside resident numbers. */
function minorsOf({ columns }: TableInspection, today: string): number | null {
  const days = columns.flatMap((c) => {
    if (holdsDetector(c, 'birth_date')) return c.values.map((v) => v && dayOf(v.text));
    return holdsDetector(c, 'cn_resident_id') ? c.values.map((v) => (v && /^\d{17}[\dX]$/.test(v.bare) ? birthDayOfResidentId(v.bare) : null)) : [];
  }).filter((d) => d !== null && d <= today) as string[];
  return days.length === 0 ? null : Math.round((days.filter((d) => yearsBetween(d, today) < FULL_AGE).length / days.length) * 10_000) / 10_000;
}

/** Social security numbers, telephone numbers with +1, a country column that names the United States. */
function inTheUs({ profile, columns }: TableInspection): boolean {
  return columns.some((c, place) => {
    if (holdsDetector(c, 'us_ssn', 'us_ssn_written')) return true;
    if (holdsDetector(c, 'e164_phone', 'us_phone')) return c.values.some((v) => v !== null && /^\+1[2-9]\d{9}$/.test(v.bare));
    return COUNTRY_WORDS.some((t) => holds(headerWords(profile.header[place]!), t)) && c.values.some((v) => v !== null && US_WORDS.has(v.bare));
  });
}
