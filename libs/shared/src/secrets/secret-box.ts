import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose';
import type { Tx } from '../database/database.js';
import { KeyEncryption } from './key-encryption.port.js';

interface SealedHeader {
  readonly use?: string;
  readonly kek?: string;
  readonly wk?: string;
}

/** A column that holds sealed secrets, as its room tells of it, so that a rotation finds all of them. */
export interface SealedColumn {
  readonly name: string;
  readonly purpose: string;
  /** Rows after this key, in its order. */
  after(key: string | null, limit: number): Promise<{ readonly key: string; readonly sealed: string }[]>;
  /** Puts the new text in the place of the old one; nothing when it has changed meanwhile. */
  replace(tx: Tx, key: string, old: string, sealed: string): Promise<void>;
}

/**
 * Secrets at rest: each is encrypted with a data key of its own (AES-256-GCM, JWE of RFC 7516), and the data key is wrapped by the
 * envelope key. What is sealed for one purpose does not open for another, so that a column cannot be swapped for another.
 */
@Injectable()
export class SecretBox {
  readonly columns: SealedColumn[] = [];

  constructor(private readonly envelope: KeyEncryption) {}

  /** A room tells of a column of its own; once, while modules start. */
  register(column: SealedColumn): void {
    this.columns.push(column);
  }

  async seal(purpose: string, secret: string): Promise<string> {
    const dataKey = randomBytes(32);
    const { keyId, wrapped } = await this.envelope.wrap(dataKey);
    return new CompactEncrypt(Buffer.from(secret)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', use: purpose, kek: keyId, wk: wrapped } as never).encrypt(dataKey);
  }

  /** Throws when it was sealed for something else, was changed, or its envelope key is gone. */
  async open(purpose: string, sealed: string): Promise<string> {
    const { use, kek, wk } = decodeProtectedHeader(sealed) as SealedHeader;
    if (use !== purpose || !kek || !wk) throw new Error(`this is not a sealed ${purpose}`);
    const { plaintext } = await compactDecrypt(sealed, await this.envelope.unwrap(kek, wk), { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] });
    return Buffer.from(plaintext).toString('utf8');
  }

  /** Whether it is wrapped by the newest envelope key. */
  async isCurrent(sealed: string): Promise<boolean> {
    return (decodeProtectedHeader(sealed) as SealedHeader).kek === (await this.envelope.currentKeyId());
  }
}
