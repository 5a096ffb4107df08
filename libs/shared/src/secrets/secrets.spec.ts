import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { loadConfig } from '../config/config.js';
import { FileKeyEncryption } from './file-key-encryption.js';
import { SecretBox } from './secret-box.js';

describe('secrets at rest', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(path.join(os.tmpdir(), 'entrepot-secrets-'))));
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const open = (): { keys: FileKeyEncryption; box: SecretBox } => {
    const keys = new FileKeyEncryption(loadConfig({ NODE_ENV: 'test', DATA_DIR: dir }));
    return { keys, box: new SecretBox(keys) };
  };

  it('opens what it sealed, whatever the text', async () => {
    const { box } = open();
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed()), async (secret) => {
      const sealed = await box.seal('webhook', secret);
      expect(await box.open('webhook', sealed)).toBe(secret);
      if (secret.length > 8) expect(sealed).not.toContain(secret);
    }), { numRuns: 25 });
  });

  it('seals the same text differently each time', async () => {
    const { box } = open();
    expect(await box.seal('webhook', 'a')).not.toBe(await box.seal('webhook', 'a'));
  });

  it('does not open for another purpose, nor when one character was changed', async () => {
    const { box } = open();
    const sealed = await box.seal('webhook', 'secret');
    await expect(box.open('vendor', sealed)).rejects.toThrow('not a sealed vendor');
    const parts = sealed.split('.');
    for (const i of [0, 2, 3, 4]) {
      const at = Math.floor(parts[i]!.length / 2);
      const other = parts.map((p, j) => (j === i ? p.slice(0, at) + (p[at] === 'A' ? 'B' : 'A') + p.slice(at + 1) : p)).join('.');
      await expect(box.open('webhook', other)).rejects.toThrow();
    }
  });

  it('makes its key file once, for its owner alone, also when two begin at once', async () => {
    const [a, b] = [open(), open()];
    const [one, two] = await Promise.all([a.keys.currentKeyId(), b.keys.currentKeyId()]);
    expect(one).toBe(two);
    expect((await stat(path.join(dir, 'envelope-keys.json'))).mode & 0o777).toBe(0o600);
  });

  it('opens old secrets after a rotation, and tells that they are old', async () => {
    const { keys, box } = open();
    const old = await box.seal('webhook', 'secret');
    expect(await box.isCurrent(old)).toBe(true);
    const made = await keys.rotate();
    expect(await box.isCurrent(old)).toBe(false);
    expect(await open().box.open('webhook', old)).toBe('secret');
    expect(await box.isCurrent(await box.seal('webhook', 'secret'))).toBe(true);
    const { keys: file } = JSON.parse(await readFile(path.join(dir, 'envelope-keys.json'), 'utf8')) as { keys: { kid: string }[] };
    expect(file.map((k) => k.kid)[0]).toBe(made);
    expect(file).toHaveLength(2);
  });

  it('does not open without its key, and needs the file that the operator names', async () => {
    const { box } = open();
    const sealed = await box.seal('webhook', 'secret');
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'entrepot-secrets-'));
    const other = new SecretBox(new FileKeyEncryption(loadConfig({ NODE_ENV: 'test', DATA_DIR: elsewhere })));
    await expect(other.open('webhook', sealed)).rejects.toThrow('is not in the key file');
    await expect(new FileKeyEncryption(loadConfig({ NODE_ENV: 'test', DATA_DIR: elsewhere, ENVELOPE_KEY_FILE: path.join(elsewhere, 'none.json') })).currentKeyId()).rejects.toThrow('ENVELOPE_KEY_FILE');
    await rm(elsewhere, { recursive: true });
  });
});
