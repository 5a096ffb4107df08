import { DocumentError, parseDocument } from './document.js';
import type { LawDocument } from './law.js';

/** A rulebook is a list of rules with conditions in them; what nests deeper is none. */
const DEEPEST = 24;

/** A document of the law from its JSON text. Throws a DocumentError that names every place that is wrong. */
export function parseDocumentText(text: string, name: string): { readonly data: object; readonly document: LawDocument } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(name, [`$: is no JSON: ${(error as Error).message}`]);
  }
  const problem = unfit(data, '$', 0);
  if (problem) throw new DocumentError(name, [problem]);
  return { data: data as object, document: parseDocument(data, name) };
}

/** What JSON can say and neither the database nor a hash can keep. */
function unfit(value: unknown, path: string, depth: number): string | null {
  if (depth > DEEPEST) return `${path.slice(0, 200)}: must not nest deeper than ${DEEPEST}`;
  if (typeof value === 'string') return isText(value) ? null : `${path}: must be a text of whole characters, without NUL`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = isText(key) ? unfit(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1) : `${path}: a key must be a text of whole characters, without NUL`;
    if (found) return found;
  }
  return null;
}
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');
