import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { base64url, compactDecrypt, CompactEncrypt } from 'jose';
import { Config } from '../config/config.js';
import { newId } from '../ids.js';
import { makeOnce } from '../make-once.js';
import { KeyEncryption } from './key-encryption.port.js';

interface FileKey {
  readonly kid: string;
  readonly kty: 'oct';
  readonly k: string;
}

/** Keys of 256 bits in a file of the operator: a JWK set whose first key wraps. Made in DATA_DIR outside production. */
@Injectable()
export class FileKeyEncryption extends KeyEncryption {
  constructor(private readonly config: Config) {
    super();
  }

  async currentKeyId(): Promise<string> {
    return (await this.keys())[0]!.kid;
  }

  async wrap(dataKey: Uint8Array): Promise<{ keyId: string; wrapped: string }> {
    const [key] = await this.keys();
    const wrapped = await new CompactEncrypt(dataKey).setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM' }).encrypt(base64url.decode(key!.k));
    return { keyId: key!.kid, wrapped };
  }

  async unwrap(keyId: string, wrapped: string): Promise<Uint8Array> {
    const key = (await this.keys()).find((k) => k.kid === keyId);
    if (!key) throw new Error(`the envelope key ${keyId} is not in the key file`);
    return (await compactDecrypt(wrapped, base64url.decode(key.k), { keyManagementAlgorithms: ['A256GCMKW'], contentEncryptionAlgorithms: ['A256GCM'] })).plaintext;
  }

  async rotate(): Promise<string> {
    const made = newKey();
    const keys = [made, ...(await this.keys())];
    const temporary = `${this.file}.${newId()}`;
    await writeFile(temporary, JSON.stringify({ keys }), { mode: 0o600, flush: true });
    await rename(temporary, this.file);
    return made.kid;
  }

  private get file(): string {
    return this.config.ENVELOPE_KEY_FILE ?? path.join(this.config.DATA_DIR, 'envelope-keys.json');
  }

  /** Read each time: another process may have rotated. Secrets are opened seldom. */
  private async keys(): Promise<FileKey[]> {
    const text = await readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || this.config.ENVELOPE_KEY_FILE) throw new Error(`ENVELOPE_KEY_FILE: ${this.file} cannot be read`, { cause: error });
      return makeOnce(this.file, () => JSON.stringify({ keys: [newKey()] }));
    });
    const { keys } = JSON.parse(text) as { keys?: FileKey[] };
    if (!keys?.length || keys.some((k) => k.kty !== 'oct' || !k.kid || base64url.decode(k.k).length !== 32)) throw new Error(`${this.file} does not hold a JWK set of 256-bit keys`);
    return keys;
  }
}

const newKey = (): FileKey => ({ kid: newId(), kty: 'oct', k: base64url.encode(randomBytes(32)) });
