import type { IdentifierKind, Endpoint, Party } from '../model/document.js';
import { el, type XmlElement } from '../xml/element.js';

/** EAS schemes under which a VAT number is a participant, by the country of the number. Not those that were taken off the list. */
const VAT_SCHEMES: Readonly<Record<string, string>> = {
  AT: '9914', BE: '9925', BG: '9926', CY: '9928', CZ: '9929', DE: '9930', EE: '9931', EL: '9933', ES: '9920', FR: '9957', HR: '9934', HU: '9910', IE: '9935', IT: '0211', LT: '9937', LU: '9938', LV: '9939', MT: '9943', NL: '9944',
  PL: '9945', PT: '9946', RO: '9947', SI: '9949', SK: '9950', DK: '0198',
};
export const identifierOf = (party: Party, kind: IdentifierKind): string | undefined => party.identifiers.find((i) => i.kind === kind)?.value;

/** Where a party receives: what it named, else what follows from its numbers (UEN 0195, LEI 0199, VAT). China and Hong Kong have no scheme of their own. */
export function endpointOf(party: Party): Endpoint | undefined {
  if (party.endpoint) return party.endpoint;
  const [uen, lei, vat] = [identifierOf(party, 'UEN'), identifierOf(party, 'LEI'), identifierOf(party, 'EU_VAT')];
  if (uen) return { scheme: '0195', value: `SGUEN${uen}` };
  const scheme = vat && VAT_SCHEMES[vat.slice(0, 2)];
  if (scheme) return { scheme, value: scheme === '9933' ? vat.slice(2) : vat };
  return lei ? { scheme: '0199', value: lei } : undefined;
}

/** The number of the register of home (BT-30, BT-47). Denmark and the Netherlands take their own schemes only. */
export function legalId(party: Party): { readonly scheme: string | null; readonly value: string } | undefined {
  const { country } = party.address;
  const [home, lei, vat] = [identifierOf(party, 'USCC') ?? identifierOf(party, 'UEN') ?? identifierOf(party, 'HK_BRN'), identifierOf(party, 'LEI'), identifierOf(party, 'EU_VAT')];
  if (home) return { scheme: null, value: home };
  if (country === 'DK') return vat ? { scheme: '0184', value: vat } : undefined;
  if (['NL', 'SE', 'IS'].includes(country)) return undefined;
  return lei ? { scheme: '0199', value: lei } : undefined;
}

/** BT-29, BT-46: one more number by which the other side knows the party. */
export function otherId(party: Party): { readonly scheme: string | null; readonly value: string } | null {
  const [lei, vat] = [identifierOf(party, 'LEI'), identifierOf(party, 'EU_VAT')];
  return lei ? { scheme: '0199', value: lei } : vat ? { scheme: null, value: vat } : null;
}
const idElement = (name: string, id: { readonly scheme: string | null; readonly value: string } | null | undefined): XmlElement | null => (id ? el(name, id.value, id.scheme ? { schemeID: id.scheme } : {}) : null);

export interface TaxNumber {
  readonly scheme: string;
  readonly value: string;
}
/**
 * BT-31, BT-32, BT-48. What is outside of the scope of VAT is said without any VAT number (BR-O-02), and what a trader not registered for GST says without one of GST (BR-NG-02). A number of a place without VAT prefix is a
 * registration (BT-32), whose scheme is not VAT.
 */
export function taxNumbersOf(party: Party, role: 'SELLER' | 'BUYER', scheme: 'VAT' | 'GST', outside: boolean): TaxNumber[] {
  if (outside) return [];
  const [vat, gst, uscc] = [identifierOf(party, 'EU_VAT'), identifierOf(party, 'SG_GST'), identifierOf(party, 'USCC')];
  if (scheme === 'GST') return gst ? [{ scheme: 'GST', value: gst }] : [];
  if (vat) return [{ scheme: 'VAT', value: vat }];
  if (role === 'BUYER') return [];
  return gst ? [{ scheme: 'GST', value: gst }] : uscc ? [{ scheme: 'TAX', value: uscc }] : [];
}

export function partyElement(party: Party, taxNumbers: readonly TaxNumber[]): XmlElement | null {
  const [endpoint, legal, { address }] = [endpointOf(party), legalId(party), party];
  return el('cac:Party', [
    el('cbc:EndpointID', endpoint?.value ?? null, { schemeID: endpoint?.scheme ?? '' }),
    el('cac:PartyIdentification', [idElement('cbc:ID', otherId(party))]),
    el('cac:PartyName', [el('cbc:Name', party.name)]),
    el('cac:PostalAddress', [
      el('cbc:StreetName', address.street), el('cbc:AdditionalStreetName', address.additional), el('cbc:CityName', address.city), el('cbc:PostalZone', address.postcode), el('cbc:CountrySubentity', address.subdivision),
      el('cac:Country', [el('cbc:IdentificationCode', address.country)]),
    ]),
    taxNumbers.map((n) => el('cac:PartyTaxScheme', [el('cbc:CompanyID', n.value), taxScheme(n.scheme)])!),
    el('cac:PartyLegalEntity', [el('cbc:RegistrationName', party.name), idElement('cbc:CompanyID', legal)]),
    party.contact && el('cac:Contact', [el('cbc:Name', party.contact.name), el('cbc:Telephone', party.contact.phone), el('cbc:ElectronicMail', party.contact.email)]),
  ]);
}
export const taxScheme = (id: string): XmlElement | null => el('cac:TaxScheme', [el('cbc:ID', id)]);
