import type { InvoiceDocument, TaxCategory } from '../model/document.js';

/** The specifications that UBL 2.1 is written for. Versions and identifiers: docs of each, as of 2026-11. */
export const FLAVOURS = {
  /** Peppol BIS Billing 3.0, rules of 2026.5 over EN 16931 1.3.16. */
  BIS3: {
    customization: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0', profile: 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0',
    invoice: '380', creditNote: '381', scheme: 'VAT', issuedBy: 'SELLER',
  },
  /** Peppol BIS Self-Billing 3.0. */
  BIS3_SELF_BILLING: {
    customization: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0', profile: 'urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0',
    invoice: '389', creditNote: '261', scheme: 'VAT', issuedBy: 'BUYER',
  },
  /** PINT-SG 1.4.1 (InvoiceNow). It lists neither 389 nor 261 (ibr-cl-01), so there is no self-billing in it. */
  PINT_SG: { customization: 'urn:peppol:pint:billing-1@sg-1', profile: 'urn:peppol:bis:billing', invoice: '380', creditNote: '381', scheme: 'GST', issuedBy: 'SELLER' },
} as const;
export type Flavour = keyof typeof FLAVOURS;

/** Categories of UNCL 5305 in EN 16931 for those of Singapore. */
const SG_TO_UNCL: Readonly<Record<string, string>> = {
  SR: 'S', DS: 'S', 'SROVR-RS': 'S', 'SROVR-LVG': 'S', SRLVG: 'S', ZR: 'Z', ES33: 'E', ESN33: 'E', OS: 'O', NG: 'O', NA: 'O', SRRC: 'AE', 'SRCA-S': 'AE', 'SRCA-C': 'AE',
};
export const SG_CATEGORIES: readonly string[] = Object.keys(SG_TO_UNCL);
const UNCL: ReadonlySet<string> = new Set(['S', 'Z', 'E', 'AE', 'K', 'G', 'O']);

/** The category of a document's tax in a specification; undefined where it has no word for it. */
export function categoryIn(flavour: Flavour, tax: TaxCategory): string | undefined {
  if (flavour !== 'PINT_SG') return UNCL.has(tax.code) ? tax.code : SG_TO_UNCL[tax.code];
  if (tax.code in SG_TO_UNCL) return tax.code;
  // A seller abroad who is not registered in Singapore.
  return tax.code === 'O' ? 'NG' : undefined;
}

/** Categories of which no rate is written. */
export const hasNoRate = (category: string): boolean => category === 'O' || category === 'NG';

/** Why a document cannot be said in a specification at all; undefined where it can. */
export function unsayable(flavour: Flavour, document: InvoiceDocument): string | undefined {
  if (document.issuedBy !== FLAVOURS[flavour].issuedBy) {
    return flavour === 'PINT_SG' ? 'PINT-SG lists no type code for self-billing (ibr-cl-01)' : flavour === 'BIS3' ? 'the buyer bills himself: the self-billing specification says it' : 'the seller bills: the billing specification says it';
  }
  const taxes = [...document.taxes, ...document.lines, ...document.adjustments].map((t) => t.tax);
  const strange = taxes.find((t) => categoryIn(flavour, t) === undefined);
  return strange && `the specification has no tax category for ${strange.code} at ${strange.basisPoints / 100} %`;
}
