import { all, textAt, type XmlElement } from '../xml/element.js';
import { isXmlProblem, readXml } from '../xml/read-xml.js';
import { type Flavour, FLAVOURS } from '../ubl/flavour.js';
import { CODE_RULES } from './code-rules.js';
import { DOCUMENT_RULES, FORM_RULES, PLACES_RULES, SUM_RULES } from './document-rules.js';
import { CHARGE_RULES, LINE_RULES } from './line-rules.js';
import { orderFindings } from './order.js';
import { NATIONAL_RULES, PEPPOL_RULES } from './peppol-rules.js';
import type { Book, Checked, Finding, Rule } from './rule.js';
import { SINGAPORE_RULES } from './singapore-rules.js';
import { TAX_RULES } from './tax-rules.js';

export const RULES: readonly Rule[] = [...FORM_RULES, ...DOCUMENT_RULES, ...SUM_RULES, ...PLACES_RULES, ...LINE_RULES, ...CHARGE_RULES, ...TAX_RULES, ...CODE_RULES, ...PEPPOL_RULES, ...NATIONAL_RULES, ...SINGAPORE_RULES];

/** Every breach of the rules of a specification in a document that is to leave. It is checked as it is written: read again, so that what stands in the bytes counts. */
export function checkUbl(xml: string, flavour: Flavour): Finding[] {
  const read = readXml(xml);
  return isXmlProblem(read) ? [{ rule: 'XML', at: '/', message: read.problem }] : checkTree(read, flavour);
}

export function checkTree(root: XmlElement, flavour: Flavour): Finding[] {
  const book: Book = FLAVOURS[flavour].scheme === 'GST' ? 'PINT' : 'EN';
  const checked: Checked = { root, book, selfBilling: FLAVOURS[flavour].issuedBy === 'BUYER', lines: [...all(root, 'cac:InvoiceLine'), ...all(root, 'cac:CreditNoteLine')], currency: textAt(root, 'cbc:DocumentCurrencyCode') ?? '' };
  const found = RULES.flatMap((rule) => {
    const id = rule[book];
    return id ? rule.at(checked).filter((e) => !rule.holds(e, checked)).map((e): Finding => ({ rule: id, at: e.name, message: rule.says })) : [];
  });
  return [...orderFindings(root), ...found];
}
