import { Injectable } from '@nestjs/common';
import { Database, type Statement, type Tx } from '#shared';

const NOW: Statement = { name: 'compliance.epoch', public: true, text: 'select value::text as value from compliance.epoch' };

/** Counts the changes of law, approvals, certificates, lists and findings. */
@Injectable()
export class Epoch {
  constructor(private readonly database: Database) {}

  /** In the transaction of the change, as its last statement: it holds the one row of the count until the transaction ends. */
  async bump(tx: Tx): Promise<void> {
    await tx.query('select compliance.bump_epoch()');
  }
  async now(): Promise<string> {
    return (await this.database.query<{ value: string }>(NOW, []))[0]!.value;
  }
}
