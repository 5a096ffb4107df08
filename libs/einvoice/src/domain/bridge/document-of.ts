import { type Invoice, invoiceNumber, type InvoiceParty } from '#billing';
import { IDENTIFIER_KINDS, type IdentifierKind, type InvoiceDocument, type Line, type Party, type TaxCategory } from '../model/document.js';

const EU = new Set(['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK']);
/** What is paid by then: a purchase is invoiced once it is accepted, and so paid; the commission comes off the payout. */
const PAID_BEFORE: ReadonlySet<string> = new Set(['PURCHASE', 'COMMISSION', 'CREDIT_NOTE', 'COMMISSION_CREDIT_NOTE']);
/** UNCL 4461: the exchange takes the payment. */
const ONLINE = '68';

/**
 * The document of an issued invoice, from what the invoice froze and nothing else: it says the same in ten years. The exchange issues it in the name of the seller; `issuedBy` BUYER where the two sides agreed that the buyer bills himself.
 */
export function documentOf(invoice: Invoice, issuedBy: InvoiceDocument['issuedBy']): InvoiceDocument {
  const { net, tax, total, taxTreatment: t, issuer, customer } = invoice;
  const category: TaxCategory = { code: t.category, basisPoints: t.basisPoints, reason: t.note.slice(0, 500), reasonCode: reasonCode(t.category, issuer.jurisdiction) };
  const paid = PAID_BEFORE.has(invoice.kind);
  return {
    type: invoice.corrects ? 'CREDIT_NOTE' : 'INVOICE', issuedBy, number: invoiceNumber(invoice), uuid: invoice.id, issuedOn: invoice.issuedAt.toISOString().slice(0, 10), dueOn: null, currency: net.currency, accounting: null, buyerReference: customer.profile?.buyerReference ?? null, purchaseOrder: null,
    contract: invoice.agreementId, project: invoice.tradeId, note: invoice.corrects ? invoice.lines[0]!.description : invoice.kind === 'COMMISSION' ? null : issuedBy === 'BUYER' ? 'Self-billing' : 'Issued by the exchange in the name and on behalf of the seller', period: null, preceding: invoice.corrects ? [{ number: invoice.corrects.number, issuedOn: invoice.corrects.issuedOn }] : [], seller: partyOf(issuer), buyer: partyOf(customer),
    payment: { means: ONLINE, reference: invoice.tradeId, account: null, terms: invoice.corrects ? 'Paid back through the exchange' : paid ? 'Paid through the exchange' : 'Payable through the exchange' }, lines: invoice.lines.map((line, i) => lineOf(line, i, category)), adjustments: [],
    taxes: [{ tax: category, taxableMinor: net.minor, taxMinor: tax.minor }], prepaidMinor: paid ? total.minor : 0n,
  };
}

/** Reasons of the Union for its own sellers; others say it in words. */
function reasonCode(category: string, seller: string): string | null {
  if (category === 'AE') return 'VATEX-EU-AE';
  if (!EU.has(seller)) return null;
  return category === 'O' ? 'VATEX-EU-O' : category === 'G' ? 'VATEX-EU-G' : null;
}

function partyOf({ legalName, jurisdiction, registryNumbers, profile }: InvoiceParty): Party {
  const known = registryNumbers.filter((n): n is { scheme: IdentifierKind; value: string } => (IDENTIFIER_KINDS as readonly string[]).includes(n.scheme));
  return {
    name: legalName, identifiers: [...known.map((n) => ({ kind: n.scheme, value: n.value })), ...(profile?.gstNumber ? [{ kind: 'SG_GST' as const, value: profile.gstNumber }] : [])],
    address: { street: profile?.street ?? null, additional: profile?.additional ?? null, city: profile?.city ?? null, postcode: profile?.postcode ?? null, subdivision: null, country: jurisdiction },
    endpoint: profile?.endpointScheme && profile.endpointValue ? { scheme: profile.endpointScheme, value: profile.endpointValue } : null,
    contact: profile?.contactName || profile?.contactPhone || profile?.contactEmail ? { name: profile.contactName, phone: profile.contactPhone, email: profile.contactEmail } : null,
  };
}

const NAME_LENGTH = 100;
/** What is set off is a line below zero: its quantity carries the sign. */
function lineOf({ description, quantity, unitPrice, net }: Invoice['lines'][number], index: number, tax: TaxCategory): Line {
  const off = unitPrice.startsWith('-');
  const name = Array.from(description).slice(0, NAME_LENGTH).join('');
  return {
    id: String(index + 1), name, description: name === description ? null : description, note: null, quantity: `${off ? '-' : ''}${quantity}`, unit: 'C62', unitPrice: off ? unitPrice.slice(1) : unitPrice, netMinor: net.minor, adjustments: [], tax,
    period: null, sellersItem: null, standardItem: null, classification: null, properties: [],
  };
}
