import { everyNamed, type XmlElement } from '../xml/element.js';
import { ALLOWANCE_REASONS, CHARGE_REASONS, CLASSIFICATION_LISTS, COUNTRIES, CURRENCIES, EAS, ICD, PAYMENT_MEANS, VATEX } from './code-lists.js';
import { type Checked, isCharge, type Rule, rule } from './rule.js';
import { UNITS } from './units.js';
import { SG_CATEGORIES } from '../ubl/flavour.js';

const anywhere = (...names: string[]) => (c: Checked): readonly XmlElement[] => everyNamed(c.root, ...names);
const text = (list: ReadonlySet<string>) => (e: XmlElement): boolean => list.has(e.text.trim());
const attribute = (name: string, list: ReadonlySet<string>) => (e: XmlElement): boolean => e.attributes[name] === undefined || list.has(e.attributes[name]);
const ids = (parent: string) => (c: Checked): readonly XmlElement[] => everyNamed(c.root, parent).flatMap((e) => e.children.filter((x) => x.name === 'cbc:ID' || x.name === 'cbc:CompanyID'));
const reasons = (charge: boolean) => (c: Checked): readonly XmlElement[] => everyNamed(c.root, 'cac:AllowanceCharge').filter((a) => isCharge(a) === charge).flatMap((a) => a.children.filter((x) => x.name === 'cbc:AllowanceChargeReasonCode'));
const UNCL5305: ReadonlySet<string> = new Set(['AE', 'L', 'M', 'E', 'S', 'Z', 'G', 'O', 'K', 'B']);
const SINGAPORE: ReadonlySet<string> = new Set(SG_CATEGORIES);
const categories = (parent: string) => (c: Checked): readonly XmlElement[] => everyNamed(c.root, parent).flatMap((e) => e.children.filter((x) => x.name === 'cbc:ID'));

/** Codes are in their lists. */
export const CODE_RULES: readonly Rule[] = [
  rule('BR-CL-01', 'ibr-cl-01', 'the type is one of this specification', anywhere('cbc:InvoiceTypeCode', 'cbc:CreditNoteTypeCode'), (e, c) => e.text.trim() === (e.name === 'cbc:InvoiceTypeCode' ? (c.selfBilling ? '389' : '380') : c.selfBilling ? '261' : '381')),
  rule('BR-CL-03', 'ibr-cl-03', 'ISO 4217', (c) => [...everyWith(c, 'currencyID')], attribute('currencyID', CURRENCIES)), rule('BR-CL-04', 'ibr-cl-04', 'ISO 4217', anywhere('cbc:DocumentCurrencyCode'), text(CURRENCIES)), rule('BR-CL-05', 'ibr-cl-05', 'ISO 4217', anywhere('cbc:TaxCurrencyCode'), text(CURRENCIES)),
  rule('BR-CL-10', 'ibr-cl-10', 'ISO 6523', ids('cac:PartyIdentification'), attribute('schemeID', ICD)), rule('BR-CL-11', 'ibr-cl-11', 'ISO 6523', ids('cac:PartyLegalEntity'), attribute('schemeID', ICD)), rule('BR-CL-21', 'ibr-cl-21', 'ISO 6523', ids('cac:StandardItemIdentification'), attribute('schemeID', ICD)),
  rule('BR-CL-13', 'ibr-cl-13', 'UNCL 7143', anywhere('cbc:ItemClassificationCode'), attribute('listID', CLASSIFICATION_LISTS)), rule('BR-CL-14', 'ibr-cl-14', 'ISO 3166-1', anywhere('cbc:IdentificationCode'), text(COUNTRIES)), rule('BR-CL-16', 'ibr-cl-16', 'UNCL 4461', anywhere('cbc:PaymentMeansCode'), text(PAYMENT_MEANS)),
  rule('BR-CL-17', 'BR-CL-17-GST-SG', 'a category of this specification', categories('cac:TaxCategory'), (e, c) => (c.book === 'EN' ? UNCL5305 : SINGAPORE).has(e.text.trim())), rule('BR-CL-18', 'BR-CL-18-GST-SG', 'a category of this specification', categories('cac:ClassifiedTaxCategory'), (e, c) => (c.book === 'EN' ? UNCL5305 : SINGAPORE).has(e.text.trim())),
  rule('BR-CL-19', 'ibr-cl-19', 'UNCL 5189', reasons(false), text(ALLOWANCE_REASONS)), rule('BR-CL-20', 'ibr-cl-20', 'UNCL 7161', reasons(true), text(CHARGE_REASONS)), rule('BR-CL-22', null, 'VATEX', anywhere('cbc:TaxExemptionReasonCode'), (e) => VATEX.has(e.text.trim().toUpperCase())),
  rule('BR-CL-23', 'ibr-cl-23', 'UN/ECE recommendation 20', (c) => everyWith(c, 'unitCode'), attribute('unitCode', UNITS)), rule('BR-CL-25', 'ibr-cl-25', 'EAS', anywhere('cbc:EndpointID'), attribute('schemeID', EAS)),
];
const everyWith = (c: Checked, name: string): XmlElement[] => {
  const found: XmlElement[] = [];
  const walk = (e: XmlElement): void => {
    if (e.attributes[name] !== undefined) found.push(e);
    e.children.forEach(walk);
  };
  walk(c.root);
  return found;
};
