import type { Party, TaxCategory } from '../domain/model/document.js';

/** Numbers as printed in the documentation of their schemes; names are made up. */
const party = (name: string, country: string, identifiers: Party['identifiers'], address: Partial<Party['address']> = {}): Party => ({
  name, identifiers, endpoint: null, contact: null, address: { street: null, additional: null, city: null, postcode: null, subdivision: null, ...address, country },
});
const CN = party('上海临港数据有限公司', 'CN', [{ kind: 'USCC', value: '91310115MA1H100420' }, { kind: 'LEI', value: '506700GE1G29325QX363' }], { street: '临港新片区环湖西二路 888 号', city: '上海', postcode: '201306' });
const CN_BUYER = party('深圳市智行科技有限公司', 'CN', [{ kind: 'USCC', value: '914403003429409755' }, { kind: 'LEI', value: '5493001KJTIIGC8Y1R12' }], { street: '南山区科苑路 15 号', city: '深圳', postcode: '518057' });
const HK = party('Harbour Data Limited', 'HK', [{ kind: 'HK_BRN', value: '12345678' }, { kind: 'LEI', value: '213800WSGIIZCXF1P572' }], { street: "88 Queen's Road Central", city: 'Hong Kong' });
const SG = party('Merlion Analytics Pte. Ltd.', 'SG', [{ kind: 'UEN', value: '197401143C' }, { kind: 'SG_GST', value: 'M2-1234567-K' }], { street: '1 Raffles Place #20-01', city: 'Singapore', postcode: '048616' });
const SG_SMALL = party('Kopi Data LLP', 'SG', [{ kind: 'UEN', value: 'T01FC6132D' }], { street: '71 Ayer Rajah Crescent', city: 'Singapore', postcode: '139951' });
const SG_BUYER = party('Straits Logistics Pte. Ltd.', 'SG', [{ kind: 'UEN', value: 'S16FC0121D' }], { street: '10 Anson Road', city: 'Singapore', postcode: '079903' });
const DE = party('Rheindaten GmbH', 'DE', [{ kind: 'EU_VAT', value: 'DE136695976' }], { street: 'Hafenstraße 4', city: 'Düsseldorf', postcode: '40221' });
const FR = party('Données Loire SAS', 'FR', [{ kind: 'EU_VAT', value: 'FR40303265045' }, { kind: 'LEI', value: 'HWUPKR0MPOU8FGXBT394' }], { street: '3 quai de la Fosse', city: 'Nantes', postcode: '44000' });
const NL = party('Polder Data B.V.', 'NL', [{ kind: 'EU_VAT', value: 'NL004495445B01' }], { street: 'Keizersgracht 100', city: 'Amsterdam', postcode: '1015 CW' });
const IT = party('Dati Lombardi S.r.l.', 'IT', [{ kind: 'EU_VAT', value: 'IT00743110157' }], { street: 'Via Torino 2', city: 'Milano', postcode: '20123' });
const DK = party('Øresund Data ApS', 'DK', [{ kind: 'EU_VAT', value: 'DK13585628' }], { street: 'Amaliegade 3', city: 'København', postcode: '1256' });
const IE = party('Liffey Models Ltd.', 'IE', [{ kind: 'EU_VAT', value: 'IE6433435F' }], { street: '1 Grand Canal Square', city: 'Dublin', postcode: 'D02 P820' });
const US = party('Prairie Data, Inc.', 'US', [{ kind: 'LEI', value: '549300ZZZZZZZZZZZZ72' }], { street: '200 State Street', city: 'Madison', postcode: '53703', subdivision: 'WI' });
const JP = party('東京データ株式会社', 'JP', [{ kind: 'LEI', value: '353800ZZZZZZZZZZZZ65' }], { street: '千代田区丸の内 1-1', city: '東京', postcode: '100-0005' });
const KW = party('Gulf Signals W.L.L.', 'KW', [{ kind: 'LEI', value: '984500ZZZZZZZZZZZZ19' }], { city: 'Kuwait City' });

export interface Flow {
  readonly name: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly tax: TaxCategory;
}
const tax = (code: string, basisPoints = 0, reason: string | null = null, reasonCode: string | null = null): TaxCategory => ({ code, basisPoints, reason, reasonCode });
const OUTSIDE_EU = tax('O', 0, 'Supplied where the customer belongs, outside of the scope of EU VAT', 'VATEX-EU-O');
const REVERSE = tax('AE', 0, 'Reverse charge', 'VATEX-EU-AE');
const NO_TAX = tax('O', 0, 'Hong Kong levies no VAT or GST');
const FOREIGN = tax('O', 0, 'Seller without establishment in China; the buyer withholds VAT');

/** Every way of the table of taxes, both ways between the places of the corridor and with the rest of the world. */
export const FLOWS: readonly Flow[] = [
  { name: 'cn-domestic', seller: CN, buyer: CN_BUYER, tax: tax('S', 600) },
  { name: 'cn-sg-zero', seller: CN, buyer: SG_BUYER, tax: tax('Z') },
  { name: 'cn-hk-exempt', seller: CN, buyer: HK, tax: tax('E', 0, 'Exempt export, as the seller declared with evidence') },
  { name: 'cn-de-standard', seller: CN, buyer: DE, tax: tax('S', 600) },
  { name: 'sg-domestic', seller: SG, buyer: SG_BUYER, tax: tax('SR', 900) },
  { name: 'sg-cn-zero', seller: SG, buyer: CN_BUYER, tax: tax('ZR') },
  { name: 'sg-de-zero', seller: SG, buyer: DE, tax: tax('ZR') },
  { name: 'sg-not-registered', seller: SG_SMALL, buyer: SG_BUYER, tax: tax('NG', 0, 'The seller is not registered for GST') },
  { name: 'sg-not-registered-fr', seller: SG_SMALL, buyer: FR, tax: tax('NG', 0, 'The seller is not registered for GST') },
  { name: 'hk-cn', seller: HK, buyer: CN_BUYER, tax: NO_TAX },
  { name: 'hk-sg', seller: HK, buyer: SG_BUYER, tax: NO_TAX },
  { name: 'hk-fr', seller: HK, buyer: FR, tax: NO_TAX },
  { name: 'de-fr-reverse', seller: DE, buyer: FR, tax: REVERSE },
  { name: 'nl-ie-reverse', seller: NL, buyer: IE, tax: REVERSE },
  { name: 'fr-cn-outside', seller: FR, buyer: CN_BUYER, tax: OUTSIDE_EU },
  { name: 'nl-sg-outside', seller: NL, buyer: SG_BUYER, tax: OUTSIDE_EU },
  { name: 'it-hk-outside', seller: IT, buyer: HK, tax: OUTSIDE_EU },
  { name: 'dk-us-outside', seller: DK, buyer: US, tax: OUTSIDE_EU },
  { name: 'ie-jp-export', seller: IE, buyer: JP, tax: tax('G', 0, 'Export outside of the Union', 'VATEX-EU-G') },
  { name: 'us-cn', seller: US, buyer: CN_BUYER, tax: FOREIGN },
  { name: 'jp-sg', seller: JP, buyer: SG_BUYER, tax: tax('O', 0, 'Overseas vendor to a business: no GST is charged') },
  { name: 'kw-hk', seller: KW, buyer: HK, tax: tax('O', 0, 'Not subject to tax here') },
];
