import { Injectable } from '@nestjs/common';
import { Clock, Signer, UnitOfWork } from '#shared';
import { entryHash, GENESIS_HASH, SEAL_TYPE, sealHash } from '../domain/seal.js';
import { merkleRoot } from '../domain/merkle.js';
import { AuditRepository } from '../storage/audit.repository.js';

const BATCH = 2_000;

/** Puts the entries that wait into the next seal of the chain. Answers how many it sealed; 0 when another process is at it. */
@Injectable()
export class SealEntries {
  constructor(private readonly uow: UnitOfWork, private readonly repository: AuditRepository, private readonly signer: Signer, private readonly clock: Clock) {}

  execute(): Promise<number> {
    return this.uow.run(async (tx) => {
      const entries = await this.repository.takeUnsealed(tx, BATCH);
      if (entries.length === 0) return 0;
      const last = await this.repository.lastSeal(tx);
      const body = {
        number: (last?.number ?? 0n) + 1n, previousHash: last?.hash ?? GENESIS_HASH,
        entriesRoot: merkleRoot(entries.map(entryHash)), entryCount: entries.length, sealedAt: this.clock.now(),
      };
      const hash = sealHash(body);
      const signature = await this.signer.sign(SEAL_TYPE, { number: body.number, hash });
      await this.repository.insertSeal(tx, { ...body, hash, signature }, entries);
      return entries.length;
    });
  }
}
