/** How sure the exchange is of a rule: the text itself was read, it comes second-hand, or it is general knowledge. */
export type TaxRuleMark = 'verified' | 'secondary' | 'general-knowledge';
export const TAX_SCHEMES = { CN_EXPORT: ['ZERO_RATED', 'EXEMPT', 'STANDARD'], SG_GST: ['REGISTERED', 'NOT_REGISTERED'] } as const;
export type TaxScheme = keyof typeof TAX_SCHEMES;

/** Where a party belongs; DOMESTIC and ABROAD are seen from the seller, EU is every member state, ANY is everywhere. */
export type BuyerPlace = 'DOMESTIC' | 'ABROAD' | 'EU' | 'OUTSIDE_EU' | 'CN' | 'SG' | 'ANY';

export interface SellerRule {
  readonly id: string;
  readonly from: string;
  /** First day on which it no longer holds. */
  readonly until: string | null;
  /** ISO 3166-1 alpha-2, `EU`, or `*` for every place that no other rule names. */
  readonly seller: string;
  readonly buyer: BuyerPlace;
  /** The declaration of the seller that it needs; null: whatever was or was not declared. */
  readonly declared: { readonly scheme: TaxScheme; readonly status: string } | null;
  /** UNCL5305 or PINT-SG category code. */
  readonly category: string;
  readonly basisPoints: number;
  readonly note: string;
  readonly source: string;
  readonly mark: TaxRuleMark;
}

/** What the buyer owes to its own authority, beside the price. It does not change what is paid here. */
export interface BuyerRule {
  readonly id: string;
  readonly from: string;
  readonly until: string | null;
  /** Whose buyers, when the seller is established elsewhere. */
  readonly buyer: string;
  readonly duty: 'WITHHOLDS' | 'REVERSE_CHARGE';
  readonly basisPoints: number | null;
  readonly note: string;
  readonly source: string;
  readonly mark: TaxRuleMark;
}

/** Supplies of data products between businesses. Read from the top: the first rule that fits is the rule. */
export const SELLER_RULES: readonly SellerRule[] = [
  {
    id: 'cn-domestic', from: '2026-01-01', until: null, seller: 'CN', buyer: 'DOMESTIC', declared: null, category: 'S', basisPoints: 600,
    note: 'Services and intangibles, 6 %', source: 'VAT Law of the PRC Art. 10(3)', mark: 'verified',
  },
  {
    id: 'cn-export-zero', from: '2026-01-01', until: null, seller: 'CN', buyer: 'ABROAD', declared: { scheme: 'CN_EXPORT', status: 'ZERO_RATED' }, category: 'Z', basisPoints: 0,
    note: 'Zero-rated export, as the seller declared with evidence', source: 'VAT Law of the PRC Art. 10(5), Art. 33; MOF/STA Announcement 11/2026', mark: 'secondary',
  },
  {
    id: 'cn-export-exempt', from: '2026-01-01', until: null, seller: 'CN', buyer: 'ABROAD', declared: { scheme: 'CN_EXPORT', status: 'EXEMPT' }, category: 'E', basisPoints: 0,
    note: 'Exempt export, as the seller declared with evidence', source: 'MOF/STA Announcement 11/2026', mark: 'secondary',
  },
  {
    id: 'cn-export-standard', from: '2026-01-01', until: null, seller: 'CN', buyer: 'ABROAD', declared: null, category: 'S', basisPoints: 600,
    note: '6 %: whether data products are on the State Council list of zero-rated exports is not established, and the seller declared no lower treatment',
    source: 'VAT Law of the PRC Art. 10(3), Art. 10(5)', mark: 'secondary',
  },
  {
    id: 'sg-domestic', from: '2024-01-01', until: null, seller: 'SG', buyer: 'DOMESTIC', declared: { scheme: 'SG_GST', status: 'REGISTERED' }, category: 'SR', basisPoints: 900,
    note: 'GST 9 %', source: 'Goods and Services Tax Act 1993', mark: 'secondary',
  },
  {
    id: 'sg-export', from: '2024-01-01', until: null, seller: 'SG', buyer: 'ABROAD', declared: { scheme: 'SG_GST', status: 'REGISTERED' }, category: 'ZR', basisPoints: 0,
    note: 'International service', source: 'Goods and Services Tax Act 1993 s. 21(3)(j), (k), (s)', mark: 'secondary',
  },
  {
    id: 'sg-not-registered', from: '2024-01-01', until: null, seller: 'SG', buyer: 'ANY', declared: null, category: 'NG', basisPoints: 0,
    note: 'The seller declared no GST registration and charges no GST', source: 'PINT-SG BR-NG-02', mark: 'secondary',
  },
  {
    id: 'hk-any', from: '1997-07-01', until: null, seller: 'HK', buyer: 'ANY', declared: null, category: 'O', basisPoints: 0,
    note: 'Hong Kong levies no VAT or GST', source: 'no such tax in the Inland Revenue Ordinance, Cap. 112', mark: 'secondary',
  },
  {
    id: 'eu-outside', from: '2010-01-01', until: null, seller: 'EU', buyer: 'OUTSIDE_EU', declared: null, category: 'O', basisPoints: 0,
    note: 'Supplied where the customer belongs, outside of the scope of EU VAT (VATEX-EU-O)', source: 'Directive 2006/112/EC Art. 44', mark: 'general-knowledge',
  },
  {
    id: 'foreign-eu', from: '2010-01-01', until: null, seller: '*', buyer: 'EU', declared: null, category: 'O', basisPoints: 0,
    note: 'Seller without EU VAT number; the customer accounts for VAT', source: 'Directive 2006/112/EC Art. 44, 196', mark: 'general-knowledge',
  },
  {
    id: 'foreign-cn', from: '2026-01-01', until: null, seller: '*', buyer: 'CN', declared: null, category: 'O', basisPoints: 0,
    note: 'Seller without establishment in China; the buyer withholds VAT', source: 'VAT Law of the PRC Art. 4(4), Art. 15', mark: 'verified',
  },
  {
    id: 'foreign-sg', from: '2023-01-01', until: null, seller: '*', buyer: 'SG', declared: null, category: 'O', basisPoints: 0,
    note: 'Overseas vendor to a business: no GST is charged', source: 'Goods and Services Tax Act 1993, overseas vendor registration regime', mark: 'secondary',
  },
];

export const BUYER_RULES: readonly BuyerRule[] = [
  { id: 'cn-withholding', from: '2026-01-01', until: null, buyer: 'CN', duty: 'WITHHOLDS', basisPoints: 600, note: 'Consumed in China: the buyer withholds 6 % VAT', source: 'VAT Law of the PRC Art. 4(4), Art. 15', mark: 'verified' },
  { id: 'sg-reverse-charge', from: '2023-01-01', until: null, buyer: 'SG', duty: 'REVERSE_CHARGE', basisPoints: 900, note: 'A buyer under the reverse charge accounts for GST', source: 'Goods and Services Tax Act 1993 s. 14', mark: 'general-knowledge' },
  { id: 'eu-reverse-charge', from: '2010-01-01', until: null, buyer: 'EU', duty: 'REVERSE_CHARGE', basisPoints: null, note: 'The customer accounts for VAT at the rate of its member state', source: 'Directive 2006/112/EC Art. 196', mark: 'general-knowledge' },
];

export const EU_MEMBERS: ReadonlySet<string> = new Set([
  'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK',
]);
