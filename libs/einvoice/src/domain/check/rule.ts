import { type Decimal, parseDecimal } from '../model/decimal.js';
import { all, textAt, type XmlElement } from '../xml/element.js';

/** Whose rules: the European core with Peppol BIS on top of it, or PINT with the rules of Singapore. */
export type Book = 'EN' | 'PINT';
export interface Checked {
  readonly root: XmlElement;
  readonly book: Book;
  readonly selfBilling: boolean;
  readonly lines: readonly XmlElement[];
  readonly currency: string;
}
/** One rule: its name in each book that has it, where it looks, and what must hold there. */
export interface Rule {
  readonly EN?: string;
  readonly PINT?: string;
  readonly says: string;
  readonly at: (checked: Checked) => readonly XmlElement[];
  readonly holds: (element: XmlElement, checked: Checked) => boolean;
}
export interface Finding {
  readonly rule: string;
  readonly at: string;
  readonly message: string;
}

/** `rule('BR-02', 'ibr-002', ...)`: null where a book has no such rule. */
export const rule = (EN: string | null, PINT: string | null, says: string, at: Rule['at'], holds: Rule['holds']): Rule => ({ ...(EN ? { EN } : {}), ...(PINT ? { PINT } : {}), says, at, holds });

export const root = (c: Checked): readonly XmlElement[] => [c.root];
export const lines = (c: Checked): readonly XmlElement[] => c.lines;
export const under = (...paths: string[]) => (c: Checked): readonly XmlElement[] => paths.flatMap((p) => all(c.root, p));
export const inLines = (...paths: string[]) => (c: Checked): readonly XmlElement[] => c.lines.flatMap((l) => paths.flatMap((p) => all(l, p)));

export const has = (e: XmlElement, path: string): boolean => (textAt(e, path) ?? '') !== '' || all(e, path).some((x) => x.children.length > 0);
export const decimalAt = (e: XmlElement, path: string): Decimal | undefined => {
  const text = textAt(e, path);
  return text === undefined ? undefined : parseDecimal(text);
};
/** Nothing written counts as nothing. */
export const amountAt = (e: XmlElement, path: string): Decimal => decimalAt(e, path) ?? 0n;
export const sumAt = (elements: readonly XmlElement[], path: string): Decimal => elements.reduce((sum, e) => sum + amountAt(e, path), 0n);
export const isCharge = (e: XmlElement): boolean => textAt(e, 'cbc:ChargeIndicator') === 'true';
