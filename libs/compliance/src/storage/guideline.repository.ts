import { Injectable } from '@nestjs/common';
import { Database, type Statement, type Tx } from '#shared';
import type { Guideline, GuidelineLanguage } from '../domain/law/guideline.js';

export type KeptGuideline = Omit<Guideline, 'rules'>;

/** A text as it stood at a moment. */
export interface GuidelineKey {
  readonly id: string;
  readonly language: GuidelineLanguage;
  readonly at: Date;
}

const AT: Statement = {
  name: 'compliance.guidelines-at', public: true,
  text: `select k.n::int as n, g.* from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as k (id, language, at, n)
    cross join lateral (select id, language, version, to_char(dated, 'YYYY-MM-DD') as date, title, text, hash from compliance.guideline
      where guideline.id = k.id and guideline.language = k.language and guideline.loaded_at <= k.at order by guideline.loaded_at desc, guideline.dated desc, guideline.hash limit 1) g`,
};

@Injectable()
export class GuidelineRepository {
  constructor(private readonly database: Database) {}

  /** Keeps a text; false when the very same one is kept already. */
  async insert(tx: Tx, g: Guideline, loadedAt: Date): Promise<boolean> {
    const rows = (await tx.query(
      'insert into compliance.guideline (hash, id, language, version, dated, title, text, loaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning hash',
      [g.hash, g.id, g.language, g.version, g.date, g.title, g.text, loadedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** For each key the text as it stood then; null where there was none. */
  async at(keys: readonly GuidelineKey[]): Promise<(KeptGuideline | null)[]> {
    const rows = await this.database.query<KeptGuideline & { n: number } & Record<string, unknown>>(AT, [keys.map((k) => k.id), keys.map((k) => k.language), keys.map((k) => k.at)]);
    const found = new Map(rows.map(({ n, ...g }) => [n - 1, g as unknown as KeptGuideline]));
    return keys.map((_, i) => found.get(i) ?? null);
  }
}
