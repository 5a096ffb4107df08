import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { asSystem } from '../request-scope.js';
import { KeyEncryption } from './key-encryption.port.js';
import { type SealedColumn, SecretBox } from './secret-box.js';

const BATCH = 100;

export interface Rotation {
  readonly keyId: string;
  readonly resealed: Readonly<Record<string, number>>;
}

/** A new envelope key, and every secret sealed anew with it. Runs on a live system; begun again after a crash it goes on. */
@Injectable()
export class RotateSecrets {
  constructor(private readonly envelope: KeyEncryption, private readonly box: SecretBox, private readonly uow: UnitOfWork) {}

  execute(): Promise<Rotation> {
    return asSystem(() => this.rotate());
  }

  private async rotate(): Promise<Rotation> {
    // One after the other: two who write the key file at once would lose one of their keys.
    const keyId = await this.uow.run(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.secrets]);
      return this.envelope.rotate();
    });
    const resealed: Record<string, number> = {};
    for (const column of this.box.columns) resealed[column.name] = await this.reseal(column);
    return { keyId, resealed };
  }

  private async reseal(column: SealedColumn): Promise<number> {
    let count = 0;
    for (let after: string | null = null; ; ) {
      const rows = await column.after(after, BATCH);
      for (const { key, sealed } of rows) {
        if (await this.box.isCurrent(sealed)) continue;
        const renewed = await this.box.seal(column.purpose, await this.box.open(column.purpose, sealed));
        await this.uow.run((tx) => column.replace(tx, key, sealed, renewed));
        count++;
      }
      if (rows.length < BATCH) return count;
      after = rows.at(-1)!.key;
    }
  }
}
