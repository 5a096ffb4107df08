import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { makeOnce } from '../make-once.js';

/** The private JWK in this file, or null where there is none. A file that is there and holds no JSON is an error. */
export async function readKey(file: string): Promise<JWK | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`the key in ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** The Ed25519 key in this file, made when there is none. */
export async function readOrMakeKey(file: string): Promise<JWK> {
  const found = await readKey(file);
  if (found) return found;
  return JSON.parse(await makeOnce(file, async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return JSON.stringify(await exportJWK(privateKey));
  })) as JWK;
}
