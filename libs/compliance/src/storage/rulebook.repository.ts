import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { ShelvedRulebook } from '../domain/rulebook-shelf.js';

@Injectable()
export class RulebookRepository {
  /** Keeps a rulebook; false when the very same one is kept already. */
  async insert(tx: Tx, { content, hash }: ShelvedRulebook, loadedAt: Date): Promise<boolean> {
    const rows = (await tx.query(
      'insert into compliance.rulebook (hash, id, version, origin, content, loaded_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning hash',
      [hash, content.id, content.version, content.origin, JSON.stringify(content), loadedAt],
    )) as unknown[];
    return rows.length === 1;
  }
}
