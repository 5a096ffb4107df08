import { checkInvoic } from './edifact/check-invoic.js';
import { writeInvoic } from './edifact/write-invoic.js';
import { writeCii } from './cii/write-cii.js';
import { checkUbl } from './check/check-ubl.js';
import { notForFapiao, toFapiao } from './fapiao/map-fapiao.js';
import type { InvoiceDocument } from './model/document.js';
import { type Language, renderHtml } from './render/html.js';
import type { Flavour } from './ubl/flavour.js';
import { isUnsayable, writeUbl } from './ubl/write-ubl.js';

export const FORMATS = ['peppol-bis-3', 'peppol-bis-3-self-billing', 'pint-sg', 'cii', 'edifact', 'cn-fapiao-json', 'html', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];
/** Those that are text; paper is drawn elsewhere. */
export type TextFormat = Exclude<Format, 'pdf'>;
export const PDF = { mediaType: 'application/pdf', extension: 'pdf' } as const;
export const isFormat = (text: string): text is Format => (FORMATS as readonly string[]).includes(text);
const FLAVOURS: Partial<Record<Format, Flavour>> = { 'peppol-bis-3': 'BIS3', 'peppol-bis-3-self-billing': 'BIS3_SELF_BILLING', 'pint-sg': 'PINT_SG' };
const FILES: Readonly<Record<TextFormat, readonly [string, string]>> = {
  'peppol-bis-3': ['application/xml; charset=utf-8', 'xml'], 'peppol-bis-3-self-billing': ['application/xml; charset=utf-8', 'xml'], 'pint-sg': ['application/xml; charset=utf-8', 'xml'], cii: ['application/xml; charset=utf-8', 'xml'],
  edifact: ['application/EDIFACT; charset=utf-8', 'edi'], 'cn-fapiao-json': ['application/json; charset=utf-8', 'json'], html: ['text/html; charset=utf-8', 'html'],
};

export interface Written {
  readonly content: string;
  readonly mediaType: string;
  readonly extension: string;
}
export interface Unwritten {
  /** Why the format has no words for it, or which rules it breaks. */
  readonly problem: string;
  readonly rules: readonly string[];
}
export const isUnwritten = (made: Written | Unwritten): made is Unwritten => 'problem' in made;
export const issuerOf = (format: Format): InvoiceDocument['issuedBy'] => (format === 'peppol-bis-3-self-billing' ? 'BUYER' : 'SELLER');

/** A document in a format, checked. What breaks a rule is not written. */
export function writeDocument(document: InvoiceDocument, format: TextFormat, language: Language): Written | Unwritten {
  const [mediaType, extension] = FILES[format];
  const content = contentOf(document, format, language);
  return typeof content === 'string' ? { content, mediaType, extension } : content;
}

function contentOf(document: InvoiceDocument, format: TextFormat, language: Language): string | Unwritten {
  const flavour = FLAVOURS[format];
  if (flavour) return ubl(document, flavour);
  switch (format) {
    case 'html': return renderHtml(document, language);
    case 'edifact': return edifact(document);
    case 'cn-fapiao-json': {
      const reason = notForFapiao(document);
      return reason ? { problem: reason, rules: [] } : `${JSON.stringify(toFapiao(document, { number: null }), null, 2)}\n`;
    }
    default: {
      // The sibling says the same: what the rules find in one is wrong with both.
      const sibling = ubl(document, 'BIS3');
      return typeof sibling === 'string' ? writeCii(document) : sibling;
    }
  }
}
function ubl(document: InvoiceDocument, flavour: Flavour): string | Unwritten {
  const xml = writeUbl(document, flavour);
  if (isUnsayable(xml)) return { problem: xml.unsayable, rules: [] };
  return orFindings(xml, checkUbl(xml, flavour));
}
function edifact(document: InvoiceDocument): string | Unwritten {
  const reference = document.uuid.replaceAll('-', '').slice(-14).toUpperCase();
  const text = writeInvoic(document, reference, { day: document.issuedOn.replaceAll('-', ''), time: '0000' });
  return orFindings(text, checkInvoic(text));
}
function orFindings(content: string, findings: readonly { readonly rule: string; readonly message: string }[]): string | Unwritten {
  if (findings.length === 0) return content;
  const rules = [...new Set(findings.map((f) => f.rule))];
  return { problem: [...new Set(findings.map((f) => `${f.rule}: ${f.message}`))].slice(0, 10).join('; '), rules };
}
