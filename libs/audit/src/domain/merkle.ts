import { createHash } from 'node:crypto';

/** Merkle tree hash of RFC 9162 section 2.1.1 over leaves given as hex digests of entries. */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return hash(Buffer.concat([Buffer.of(0), Buffer.from(leaves[0]!, 'hex')]));
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return hash(Buffer.concat([Buffer.of(1), Buffer.from(merkleRoot(leaves.slice(0, split)), 'hex'), Buffer.from(merkleRoot(leaves.slice(split)), 'hex')]));
}

const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
