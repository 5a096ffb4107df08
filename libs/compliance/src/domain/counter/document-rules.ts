import { isPlainText } from '#shared';

export const DOCUMENT_LIMITS = {
  /** A scanned filing of some hundred pages; more is split. */
  bytes: 10 * 1024 ** 2,
  /** A filing has a dozen papers, supplements some more. */
  perCase: 60,
  /** What the router takes of an address for one name. */
  nameLength: 100,
} as const;

/** Media types by the end of a name, and how content of it begins; null: text in UTF-8. */
const TYPES: Readonly<Record<string, { readonly mediaType: string; readonly begins: readonly string[] | null }>> = {
  pdf: { mediaType: 'application/pdf', begins: ['255044462d'] }, png: { mediaType: 'image/png', begins: ['89504e470d0a1a0a'] }, jpg: { mediaType: 'image/jpeg', begins: ['ffd8ff'] }, jpeg: { mediaType: 'image/jpeg', begins: ['ffd8ff'] },
  zip: { mediaType: 'application/zip', begins: ['504b0304', '504b0506'] }, json: { mediaType: 'application/json', begins: null }, xml: { mediaType: 'application/xml', begins: null }, csv: { mediaType: 'text/csv', begins: null },
  txt: { mediaType: 'text/plain', begins: null },
};

export const mediaTypeOf = (name: string): string | undefined => TYPES[endOf(name)]?.mediaType;

/** What stands against a name: it is shown to others, and becomes the name of a file of theirs. */
export function nameProblem(name: string): string | undefined {
  if (name.length > DOCUMENT_LIMITS.nameLength || !isPlainText(name) || /[/\\:*?"<>|]/.test(name) || name.startsWith('.')) return `a file name of at most ${DOCUMENT_LIMITS.nameLength} characters without path and reserved characters`;
  return mediaTypeOf(name) ? undefined : `a name that ends in ${Object.keys(TYPES).map((t) => `.${t}`).join(', ')}`;
}

/** Whether the bytes begin as what the name says; of texts, whether they are one. */
export function isWhatItSays(name: string, content: Buffer): boolean {
  const begins = TYPES[endOf(name)]?.begins;
  if (begins === undefined) return false;
  if (begins) return begins.some((magic) => content.subarray(0, magic.length / 2).toString('hex') === magic);
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(content).includes('\u0000');
  } catch {
    return false;
  }
}

const endOf = (name: string): string => (name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '');
