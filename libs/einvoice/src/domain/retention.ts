/** How long invoices are kept, by the place of the party that keeps them. Dated: the rule in force when the invoice was issued counts. */
export interface RetentionRule {
  readonly place: string;
  readonly from: string;
  /** First day on which it no longer holds. */
  readonly until: string | null;
  readonly years: number;
  readonly source: string;
  readonly mark: 'verified' | 'secondary' | 'general-knowledge';
}
export const RETENTION_RULES: readonly RetentionRule[] = [
  { place: 'SG', from: '1994-04-01', until: null, years: 5, source: 'Goods and Services Tax Act 1993 s. 46; Income Tax Act 1947 s. 67', mark: 'secondary' },
  { place: 'HK', from: '1996-01-01', until: null, years: 7, source: 'Inland Revenue Ordinance (Cap. 112) s. 51C', mark: 'secondary' },
  // Accounting vouchers.
  { place: 'CN', from: '2016-01-01', until: null, years: 30, source: 'Measures for the Administration of Accounting Archives (2015), annex 1', mark: 'general-knowledge' },
  // The longest that a member state asks for.
  { place: 'EU', from: '1970-01-01', until: null, years: 10, source: 'Directive 2006/112/EC Art. 247', mark: 'general-knowledge' },
];
const EU = new Set(['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK']);
/** Where no rule is known: the longest of home. */
const UNKNOWN_YEARS = 7;

/** The first day on which nobody has to keep it any more: the longest rule of both sides, counted from the end of the year of issue. `issuedOn` is `YYYY-MM-DD`. */
export function keptUntil(issuedOn: string, places: readonly string[]): string {
  const years = places.map((place) => RETENTION_RULES.find((r) => (r.place === place || (r.place === 'EU' && EU.has(place))) && r.from <= issuedOn && (r.until === null || issuedOn < r.until))?.years ?? UNKNOWN_YEARS);
  return `${Number(issuedOn.slice(0, 4)) + 1 + Math.max(...years)}-01-01`;
}
