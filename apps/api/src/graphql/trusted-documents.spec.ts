import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { ConfigError } from '#shared';
import { documentId, readManifest, trustedOnly } from './trusted-documents.js';

describe('a manifest of trusted documents', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'manifest-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (content: string | Buffer): ReturnType<typeof readManifest> | ConfigError => {
    const file = path.join(folder, 'manifest.json');
    writeFileSync(file, content);
    try {
      return readManifest(file);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return error as ConfigError;
    }
  };

  it('is whole or ends the start, whatever the file holds', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
    const id = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'x-app:v1', 'plain', `sha256:${'0'.repeat(64)}`, documentId('{ me { subject } }')));
    const entries = fc.array(fc.tuple(id, fc.oneof(text, fc.jsonValue(), fc.constant('{ me { subject } }')))).map((pairs) => `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`);
    fc.assert(fc.property(fc.oneof(entries, fc.json(), text, fc.uint8Array().map((bytes) => Buffer.from(bytes))), (content) => {
      const manifest = read(content);
      if (manifest instanceof ConfigError) return;
      for (const [key, document] of manifest) {
        expect(typeof document).toBe('string');
        if (key.startsWith('sha256:')) expect(key).toBe(documentId(document));
      }
    }), { numRuns: 150 });
  });

  it('runs what it holds and nothing else, for any body', async () => {
    const trusted = '{ me { subject } }';
    const manifest = read(JSON.stringify({ [documentId(trusted)]: trusted, 'x-app:me': trusted })) as ReadonlyMap<string, string>;
    const provider = trustedOnly(manifest);
    await fc.assert(fc.asyncProperty(fc.oneof(fc.record({ query: fc.oneof(fc.jsonValue(), fc.constant(trusted)), documentId: fc.oneof(fc.jsonValue(), fc.constantFrom('x-app:me', '__proto__', 'constructor', 'toString')) }, { requiredKeys: [] })), async (body) => {
      const hash = provider.getHash(body);
      expect(['', trusted]).toContain(hash === false ? '' : await provider.getQueryFromHash(hash));
    }), { numRuns: 500 });
  });
});
