import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readOrMakeKey } from './key-file.js';

describe('a key file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, by whoever comes first, for its owner alone, and leaves nothing beside it', async () => {
    const file = path.join(folder, 'new', 'key.json');
    const keys = await Promise.all(Array.from({ length: 8 }, () => readOrMakeKey(file)));
    expect(new Set(keys.map((k) => k.d)).size).toBe(1);
    expect([await readdir(path.dirname(file)), (await stat(file)).mode & 0o777]).toEqual([['key.json'], 0o600]);
  });

  it('is not made anew over one that cannot be read', async () => {
    await writeFile(path.join(folder, 'key.json'), '');
    await expect(readOrMakeKey(path.join(folder, 'key.json'))).rejects.toThrow(/cannot be read/);
  });
});
