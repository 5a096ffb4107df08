import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { newId } from '../ids.js';

/** The private JWK in this file, or null where there is none. A file that is there and holds no JSON is an error. */
export async function readKey(file: string): Promise<JWK | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`the key in ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The Ed25519 key in this file, made when there is none. The file appears whole or not at all, whatever kills the process, and of
 * two processes that make one at once both get the same.
 */
export async function readOrMakeKey(file: string): Promise<JWK> {
  const found = await readKey(file);
  if (found) return found;
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${newId()}`;
  await writeFile(temporary, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flush: true });
  await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
  return (await readKey(file))!;
}
