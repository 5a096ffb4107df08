import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '#shared';

/** Document identifier (GraphQL over HTTP, appendix on persisted documents) to GraphQL text. */
export type Manifest = ReadonlyMap<string, string>;

const HASHED = 'sha256:';
const IDENTIFIER = /^(sha256:[0-9a-f]{64}|x-[\w.~-]+:[\w.~-]+|[\w.~-]{1,200})$/;

export const documentId = (text: string): string => HASHED + createHash('sha256').update(text, 'utf8').digest('hex');

/** Reads a manifest; one that is not whole, or says another digest than its text has, ends the start. */
export function readManifest(file: string): Manifest {
  const wrong = (what: string): ConfigError => new ConfigError(`TRUSTED_DOCUMENTS: ${file} ${what}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(`cannot be read: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrong('is not an object of documents by identifier');
  const entries = Object.entries(content);
  for (const [id, text] of entries) {
    if (typeof text !== 'string' || !IDENTIFIER.test(id)) throw wrong(`has an entry that is no document: ${id.slice(0, 80)}`);
    if (id.startsWith(HASHED) && documentId(text) !== id) throw wrong(`says ${id} of a text with another digest`);
  }
  return new Map(entries as [string, string][]);
}

interface Body { query?: unknown; documentId?: unknown }

/** Mercurius' provider for persisted queries: nothing runs that the manifest does not hold, by identifier or as the very same text. */
export const trustedOnly = (manifest: Manifest) => ({
  isPersistedQuery: () => true,
  getHash: (body: Body): string | false => {
    if (typeof body.documentId === 'string') return body.documentId;
    const id = typeof body.query === 'string' ? documentId(body.query) : undefined;
    return id !== undefined && manifest.has(id) ? id : false;
  },
  getQueryFromHash: (id: string): Promise<string> => Promise.resolve(manifest.get(id) ?? ''),
  notFoundError: 'there is no such trusted document',
  notSupportedError: 'only trusted documents run here: send the documentId of one',
});
