import { canonicalHash } from '#shared';

/** One line of the log: who did what to which object, for whom and why. */
export interface AuditEntry {
  readonly id: string;
  readonly objectId: string;
  readonly objectType: string;
  readonly act: string;
  readonly subject: string;
  readonly tenantId: string | null;
  readonly tradeId: string | null;
  readonly requestId: string;
  readonly reason: string | null;
  readonly details: Record<string, unknown>;
  readonly recordedAt: Date;
}

export interface Seal {
  readonly number: bigint;
  readonly previousHash: string;
  readonly entriesRoot: string;
  readonly entryCount: number;
  readonly hash: string;
  readonly signature: string;
  readonly sealedAt: Date;
}

export const GENESIS_HASH = '0'.repeat(64);
export const SEAL_TYPE = 'entrepot-audit-seal+jws';

export const entryHash = (entry: AuditEntry): string => canonicalHash(entry);

export const sealHash = (seal: Pick<Seal, 'number' | 'previousHash' | 'entriesRoot' | 'entryCount' | 'sealedAt'>): string =>
  canonicalHash({ number: seal.number, previousHash: seal.previousHash, entriesRoot: seal.entriesRoot, entryCount: seal.entryCount, sealedAt: seal.sealedAt });

/** One finding of a verification, with the place that it names. */
export interface AuditFinding {
  readonly problem: 'entry_changed' | 'entry_removed' | 'seal_broken' | 'seal_missing' | 'signature_wrong' | 'entry_unqueued';
  readonly sealNumber: bigint | null;
  readonly entryId: string | null;
  readonly detail: string;
}
