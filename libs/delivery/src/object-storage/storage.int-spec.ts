import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chunksOf, loadConfig, newId, sha256Hex } from '#shared';
import { Readable } from 'node:stream';
import { LocalDisk } from './local-disk.js';
import { type StoragePort, TooManyBytesError } from './storage.port.js';

/** What every adapter of the port promises. */
function contract(name: string, make: () => Promise<{ storage: StoragePort; objects: () => Promise<number>; end: () => Promise<void> }>): void {
  describe(`the storage port, ${name}`, () => {
    let storage: StoragePort;
    let objects: () => Promise<number>;
    let end: () => Promise<void>;
    beforeAll(async () => ({ storage, objects, end } = await make()));
    afterAll(() => end());
    const from = (...parts: string[]): AsyncIterable<Buffer> => Readable.from(parts.map((p) => Buffer.from(p)));
    const read = async (key: string, span: { from: number; to: number }): Promise<string> => {
      let text = '';
      for await (const chunk of storage.open(key, span)) text += chunk.toString();
      return text;
    };

    it('keeps what was committed, whole and in parts', async () => {
      const temporary = await storage.writeTemporary(from('hello ', 'world'), 11);
      expect(temporary).toMatchObject({ bytes: 11, sha256: sha256Hex('hello world') });
      const key = newId();
      await storage.commit(temporary, key);
      expect([await read(key, { from: 0, to: 11 }), await read(key, { from: 4, to: 7 }), await storage.stat(key)]).toEqual(['hello world', 'o w', { bytes: 11 }]);
      await storage.discard(temporary);
      await storage.remove(key);
      await storage.remove(key);
      expect(await storage.stat(key)).toBeNull();
      await expect(read(key, { from: 0, to: 1 })).rejects.toThrow();
    });
    it('keeps nothing of a stream that is too long or breaks', async () => {
      const before = await objects();
      await expect(storage.writeTemporary(from('hello ', 'world'), 10)).rejects.toThrow(TooManyBytesError);
      const broken = (async function* () {
        yield Buffer.from('hello');
        throw new Error('gone');
      })();
      await expect(storage.writeTemporary(broken, 100)).rejects.toThrow('gone');
      await expect(storage.writeTemporary(chunksOf(new Readable({ read: () => undefined }), 30), 100)).rejects.toThrow('nothing came for 30 ms');
      expect(await objects()).toBe(before);
    });
    it('throws old temporaries away, and leaves fresh ones', async () => {
      await storage.writeTemporary(from('x'), 1);
      await storage.removeTemporaries(new Date(0));
      expect(await objects()).toBe(1);
      await storage.removeTemporaries(new Date(8_640_000_000_000_000));
      expect(await objects()).toBe(0);
    });
    it('takes ids as keys and nothing else', async () => {
      await expect(storage.commit(await storage.writeTemporary(from('x'), 1), '../../escape')).rejects.toThrow();
    });
  });
}

contract('local disk', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-storage-'));
  return {
    storage: new LocalDisk(loadConfig({ NODE_ENV: 'test', DATA_DIR: folder })),
    objects: async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).length,
    end: () => rm(folder, { recursive: true, force: true }),
  };
});
