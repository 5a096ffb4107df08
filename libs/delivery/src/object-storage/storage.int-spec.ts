import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { chunksOf, newId, sha256Hex } from '#shared';
import { type S3Server, startS3 } from '../../../../test/support/s3-server.js';
import { LocalDisk } from './local-disk.js';
import { S3Storage } from './s3/s3-storage.js';
import { partBytes } from './s3/send-parts.js';
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
      const key = newId();
      const temporary = await storage.writeTemporary(key, from('hello ', 'world'), 11);
      expect(temporary).toMatchObject({ key, bytes: 11, sha256: sha256Hex('hello world') });
      expect(await storage.stat(key)).toBeNull();
      await storage.commit(temporary);
      expect([await read(key, { from: 0, to: 11 }), await read(key, { from: 4, to: 7 }), await storage.stat(key)]).toEqual(['hello world', 'o w', { bytes: 11 }]);
      await storage.discard(temporary);
      expect(await storage.stat(key)).toEqual({ bytes: 11 });
      const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-fetched-'));
      expect(await readFile(await storage.fileOf(key, folder), 'utf8')).toBe('hello world');
      await rm(folder, { recursive: true });
      await storage.remove(key);
      await storage.remove(key);
      expect(await storage.stat(key)).toBeNull();
      await expect(read(key, { from: 0, to: 1 })).rejects.toThrow();
    });
    it('keeps what is longer than one part or buffer, and hands out every span of it', async () => {
      const content = randomBytes(2 * partBytes(1) + 12_345);
      const key = newId();
      const temporary = await storage.writeTemporary(key, Readable.from([content.subarray(0, 9_000_001), content.subarray(9_000_001)]), content.length);
      expect(temporary).toMatchObject({ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
      await storage.commit(temporary);
      for (const [first, until] of [[0, content.length], [partBytes(1) - 1, partBytes(1) + 1], [content.length - 5, Number.MAX_SAFE_INTEGER], [7, 7]] as const) {
        const parts: Buffer[] = [];
        for await (const chunk of storage.open(key, { from: first, to: until })) parts.push(Buffer.from(chunk));
        expect(Buffer.concat(parts).equals(content.subarray(first, until))).toBe(true);
      }
      await storage.remove(key);
    });
    it('discards what was not committed', async () => {
      const before = await objects();
      const temporary = await storage.writeTemporary(newId(), from('x'), 1);
      await storage.discard(temporary);
      await storage.discard(temporary);
      expect(await objects()).toBe(before);
      await expect(storage.commit(temporary)).rejects.toThrow();
    });
    it('keeps nothing of a stream that is too long or breaks', async () => {
      const before = await objects();
      await expect(storage.writeTemporary(newId(), from('hello ', 'world'), 10)).rejects.toThrow(TooManyBytesError);
      const broken = (async function* () {
        yield Buffer.from('hello');
        throw new Error('gone');
      })();
      await expect(storage.writeTemporary(newId(), broken, 100)).rejects.toThrow('gone');
      await expect(storage.writeTemporary(newId(), chunksOf(new Readable({ read: () => undefined }), 30), 100)).rejects.toThrow('nothing came for 30 ms');
      expect(await objects()).toBe(before);
    });
    it('throws old temporaries away, and leaves fresh ones', async () => {
      await storage.writeTemporary(newId(), from('x'), 1);
      await storage.removeTemporaries(new Date(0));
      expect(await objects()).toBe(1);
      await storage.removeTemporaries(new Date(8_640_000_000_000_000));
      expect(await objects()).toBe(0);
    });
    it('takes ids as keys and nothing else', async () => {
      const escape = '../../escape';
      await expect(storage.writeTemporary(escape, from('x'), 1)).rejects.toThrow('an object key is an id');
      await expect(storage.stat(escape)).rejects.toThrow();
      await expect(storage.remove(escape)).rejects.toThrow();
    });
  });
}

contract('local disk', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-storage-'));
  return {
    storage: new LocalDisk(folder),
    objects: async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).length,
    end: () => rm(folder, { recursive: true, force: true }),
  };
});

contract('S3', async () => {
  const server = await startS3('contract');
  return { storage: new S3Storage(server.place), objects: () => server.objects(), end: () => server.stop() };
});

describe('what S3 has of its own', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await startS3('own')));
  afterAll(() => server.stop());
  const once = (text: string): AsyncIterable<Buffer> => Readable.from([Buffer.from(text)]);

  it('takes 100 GB in at most 10,000 parts that fit into memory', () => {
    expect(partBytes(100 * 1024 ** 3)).toBeLessThan(16 * 1024 ** 2);
    expect(100 * 1024 ** 3 / partBytes(100 * 1024 ** 3)).toBeLessThanOrEqual(10_000);
    expect(partBytes(1)).toBeGreaterThanOrEqual(5 * 1024 ** 2);
  });
  it('finds the half uploads of a process that died, and takes an upload that another process completed for one', async () => {
    const [died, lived] = [new S3Storage(server.place), new S3Storage(server.place)];
    const half = await died.writeTemporary(newId(), once('half'), 4);
    const whole = await lived.writeTemporary(newId(), once('whole'), 5);
    await lived.commit(whole);
    const sweeper = new S3Storage(server.place);
    await sweeper.removeTemporaries(new Date(8_640_000_000_000_000));
    await expect(died.commit(half)).rejects.toThrow();
    expect([await sweeper.stat(half.key), await sweeper.stat(whole.key)]).toEqual([null, { bytes: 5 }]);
  });
  it('keeps to its prefix, so that several share a bucket', async () => {
    const [one, other] = ['one/', 'other/'].map((prefix) => new S3Storage({ ...server.place, prefix })) as [S3Storage, S3Storage];
    const kept = await one.writeTemporary(newId(), once('mine'), 4);
    await one.commit(kept);
    const half = await one.writeTemporary(newId(), once('half'), 4);
    await other.removeTemporaries(new Date(8_640_000_000_000_000));
    expect(await other.stat(kept.key)).toBeNull();
    await one.commit(half);
    expect(await one.stat(half.key)).toEqual({ bytes: 4 });
  });
  it('names the file of credentials that are wrong, and none of what is in it', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-credentials-'));
    const credentialsFile = path.join(folder, 'key.json');
    await writeFile(credentialsFile, '{"accessKeyId":"visible","secretAccessKey":""}');
    const error = await new S3Storage({ ...server.place, credentialsFile }).stat(newId()).catch((e: Error) => e.message);
    expect(error).toContain(credentialsFile);
    expect(error).not.toContain('visible');
    await rm(folder, { recursive: true });
  });
});
