import { Injectable } from '@nestjs/common';
import { Signer } from '#shared';
import { merkleRoot } from '../domain/merkle.js';
import { type AuditFinding, entryHash, GENESIS_HASH, type Seal, SEAL_TYPE, sealHash } from '../domain/seal.js';
import { AuditRepository } from '../storage/audit.repository.js';

export interface AuditVerification {
  readonly intact: boolean;
  readonly seals: bigint;
  readonly entries: bigint;
  /** Entries written after the last seal, which the next one will cover. */
  readonly unsealed: number;
  readonly findings: readonly AuditFinding[];
}

const SEALS_AT_ONCE = 200;
const MAX_FINDINGS = 100;

/** Recomputes the whole chain from the entries and names each place where the past was changed. */
@Injectable()
export class VerifyLog {
  constructor(private readonly repository: AuditRepository, private readonly signer: Signer) {}

  async execute(): Promise<AuditVerification> {
    const findings: AuditFinding[] = [];
    let previous = GENESIS_HASH;
    let number = 0n;
    let entries = 0n;
    for (let seals = await this.repository.seals(0n, SEALS_AT_ONCE); seals.length; seals = await this.repository.seals(number, SEALS_AT_ONCE)) {
      for (const seal of seals) {
        if (seal.number !== number + 1n) findings.push(finding('seal_missing', number + 1n, null, `seal ${number + 1n} is not there`));
        await this.checkSeal(seal, previous, findings);
        entries += await this.checkEntries(seal, findings);
        previous = seal.hash;
        number = seal.number;
        if (findings.length >= MAX_FINDINGS) break;
      }
      if (findings.length >= MAX_FINDINGS) break;
    }
    for (const id of await this.repository.strays(MAX_FINDINGS)) findings.push(finding('entry_unqueued', null, id, 'an entry that was not written through the log'));
    return { intact: findings.length === 0, seals: number, entries, unsealed: await this.repository.countUnsealed(), findings: findings.slice(0, MAX_FINDINGS) };
  }

  private async checkSeal(seal: Seal, previous: string, findings: AuditFinding[]): Promise<void> {
    if (seal.previousHash !== previous) findings.push(finding('seal_broken', seal.number, null, 'does not continue the seal before it'));
    if (sealHash(seal) !== seal.hash) findings.push(finding('seal_broken', seal.number, null, 'its hash does not match its contents'));
    const signed = (await this.signer.verify(SEAL_TYPE, seal.signature).catch(() => null)) as { hash?: string } | null;
    if (signed?.hash !== seal.hash) findings.push(finding('signature_wrong', seal.number, null, 'its signature does not cover its hash'));
  }

  private async checkEntries(seal: Seal, findings: AuditFinding[]): Promise<bigint> {
    const sealed = await this.repository.sealedEntries(seal.number);
    for (const { entryId, entry, recordedHash } of sealed) {
      if (!entry) findings.push(finding('entry_removed', seal.number, entryId, 'the sealed entry is gone'));
      else if (entryHash(entry) !== recordedHash) findings.push(finding('entry_changed', seal.number, entryId, `the entry on ${entry.objectType} ${entry.objectId} is not what was sealed`));
    }
    if (sealed.length !== seal.entryCount || merkleRoot(sealed.map((s) => s.recordedHash)) !== seal.entriesRoot) {
      findings.push(finding('seal_broken', seal.number, null, 'its list of entries is not what was sealed'));
    }
    return BigInt(sealed.length);
  }
}

const finding = (problem: AuditFinding['problem'], sealNumber: bigint | null, entryId: string | null, detail: string): AuditFinding => ({ problem, sealNumber, entryId, detail });
