import { divideHalfUp, minorPlaces, readMinor, renderMinor } from '../domain/model/amount.js';
import type { Adjustment, InvoiceDocument, Line, TaxCategory, TaxedAdjustment } from '../domain/model/document.js';
import { taxesOf, totalsOf } from '../domain/model/totals.js';
import type { Flow } from './flows.js';
import type { Random } from './random.js';

const PRODUCTS: readonly (readonly [string, string])[] = [
  ['Vessel positions, South China Sea', 'downloads'], ['港口吞吐量月度数据', 'licence'], ['Flood risk & insurance "A" <grid>', 'calls'], ['Weather forecast archive', 'one-off'], ['合成训练数据集', 'rows'],
];
const UNITS = ['C62', 'H87', 'E34', 'LS', 'MON'] as const;
const ALLOWANCE_CODES = ['95', '100', '104', null] as const;
const CHARGE_CODES = ['FC', 'ADK', null] as const;

/** The amount of a price times a quantity, rounded half up once. */
function priceTimes(price: string, quantity: number, currency: string): bigint {
  const [places, decimals] = [minorPlaces(currency), price.includes('.') ? price.length - price.indexOf('.') - 1 : 0];
  const scaled = BigInt(price.replace('.', '')) * BigInt(quantity);
  return decimals > places ? divideHalfUp(scaled, 10n ** BigInt(decimals - places)) : scaled * 10n ** BigInt(places - decimals);
}

function share(random: Random, kind: Adjustment['kind'], baseMinor: bigint): Adjustment {
  const percent = random.pick(['5', '7.5', '10', '33.33']);
  const amountMinor = divideHalfUp(baseMinor * (readMinor(percent, 2) ?? 0n), 10_000n);
  return { kind, reason: kind === 'ALLOWANCE' ? 'Volume discount' : 'Handling', reasonCode: random.pick<string | null>(kind === 'ALLOWANCE' ? ALLOWANCE_CODES : CHARGE_CODES), amountMinor, share: random.chance(70) ? { baseMinor, percent } : null };
}

function makeLine(random: Random, index: number, currency: string, tax: TaxCategory): Line {
  const [name, kind] = random.pick(PRODUCTS);
  const quantity = random.pick([1, 1, 3, 7, 12, 999, 100_003]);
  const unitPrice = random.pick(['0', '0.0025', '0.333333', '1', '12.5', '99.99', '1250', '1234567.89']);
  const gross = priceTimes(unitPrice, quantity, currency);
  const adjustments = gross > 0n && random.chance(30) ? [share(random, random.chance(75) ? 'ALLOWANCE' : 'CHARGE', gross)] : [];
  const netMinor = gross + adjustments.reduce((sum, a) => sum + (a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor), 0n);
  return {
    id: String(index + 1), name, description: random.chance(50) ? `${kind}, licence ${random.hex(12)}` : null, note: null, quantity: String(quantity), unit: random.pick(UNITS), unitPrice, netMinor, adjustments, tax,
    period: null, sellersItem: random.chance(60) ? `did:web:data.example:${random.hex(8)}` : null, standardItem: null, classification: random.chance(30) ? { list: 'TST', code: '81112000' } : null,
    properties: random.chance(60) ? [{ name: 'Licence', value: random.hex(16) }, { name: 'Decision', value: random.hex(16) }] : [],
  };
}

/** A line that takes something off: what was paid before and could not be used. */
function creditLine(index: number, currency: string, tax: TaxCategory, whole: bigint): Line {
  const net = -(whole / 3n);
  return {
    id: String(index + 1), name: 'Credit: the licence rested on 10 of 30 days', description: null, note: null, quantity: '-1', unit: 'C62', unitPrice: renderMinor(-net, minorPlaces(currency)), netMinor: net, adjustments: [], tax,
    period: null, sellersItem: null, standardItem: null, classification: null, properties: [],
  };
}

/** Dollars of Singapore for one of a currency, made up. */
const RATES: Readonly<Record<string, string>> = { CNY: '0.1865', HKD: '0.1733', USD: '1.3512', EUR: '1.4871', GBP: '1.7166', JPY: '0.0089', KRW: '0.00097', KWD: '4.4052' };

function accounting(document: InvoiceDocument): InvoiceDocument['accounting'] {
  const rate = RATES[document.currency];
  if (document.seller.address.country !== 'SG' || !rate || document.taxes[0]!.tax.code === 'NG') return null;
  const scale = 10n ** BigInt(minorPlaces(document.currency));
  const convert = (minor: bigint): bigint => divideHalfUp(minor * readMinor(rate, 8)! * 100n, scale * 100_000_000n);
  const totals = totalsOf(document);
  const [netMinor, taxMinor] = [convert(totals.net), convert(totals.tax)];
  return { currency: 'SGD', rate, netMinor, taxMinor, grossMinor: netMinor + taxMinor };
}

/** One document of a flow. */
export function makeDocument(random: Random, serial: number, flow: Flow, currency: string, kind: Pick<InvoiceDocument, 'type' | 'issuedBy'>): InvoiceDocument {
  const { tax, seller, buyer } = flow;
  const lines = Array.from({ length: random.between(1, 4) }, (_, i) => makeLine(random, i, currency, tax));
  lines.push({ ...makeLine(random, lines.length, currency, tax), quantity: '1', unitPrice: '1250', netMinor: priceTimes('1250', 1, currency), adjustments: [] });
  const whole = lines.reduce((sum, l) => sum + l.netMinor, 0n);
  if (random.chance(25)) lines.push(creditLine(lines.length, currency, tax, whole));
  const adjustments: TaxedAdjustment[] = [...(random.chance(35) ? [{ ...share(random, 'ALLOWANCE', whole / 2n), tax }] : []), ...(random.chance(20) ? [{ ...share(random, 'CHARGE', whole / 5n), tax }] : [])];
  const day = `2026-${String(random.between(10, 11))}-${String(random.between(10, 28))}`;
  const credit = kind.type === 'CREDIT_NOTE';
  const document: InvoiceDocument = {
    ...kind, number: `${credit ? 'CRN' : 'INV'}-2026-${String(serial).padStart(6, '0')}`, uuid: `${random.hex(8)}-${random.hex(4)}-7${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`, issuedOn: day, dueOn: random.chance(80) ? '2026-12-31' : null,
    currency, accounting: null, buyerReference: random.chance(50) ? 'Dept. 4711' : null, purchaseOrder: random.chance(50) ? `PO-${random.between(1000, 9999)}` : null, contract: `urn:uuid:${random.hex(8)}-0000-7000-8000-${random.hex(12)}`,
    project: random.chance(60) ? random.hex(16) : null, note: credit ? 'Use had been counted too high' : random.chance(30) ? 'Issued by the exchange in the name of the seller' : null, period: random.chance(50) ? { from: '2026-10-01', to: '2026-10-31' } : null,
    preceding: credit ? [{ number: 'INV-2026-000001', issuedOn: '2026-10-01' }] : [], seller, buyer,
    payment: { ...(random.chance(40) ? { means: '30', account: { id: 'SG5000112345', name: seller.name, institution: random.chance(50) ? 'DBSSSGSG' : null } } : { means: '68', account: null }), reference: random.hex(12), terms: 'Payable within 30 days' },
    lines, adjustments, taxes: taxesOf(lines, adjustments), prepaidMinor: 0n,
  };
  const gross = totalsOf(document).gross;
  return { ...document, accounting: accounting(document), prepaidMinor: !credit && random.chance(10) ? gross / 4n : 0n };
}
