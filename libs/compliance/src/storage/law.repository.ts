import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Statement, type Tx } from '#shared';
import type { LawDocument } from '../domain/law/law.js';

/** A document as it is kept: its form is checked again when it is read. */
export interface KeptDocument {
  readonly hash: string;
  readonly kind: string;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly content: unknown;
  readonly origin: string;
  readonly loadedAt: Date;
}
export interface LawSet {
  readonly seq: string;
  readonly hash: string;
  readonly documents: readonly string[];
}

/** By the number, not by its text: ten comes after nine. */
const NEWEST_SET: Statement = { name: 'compliance.newest-law-set', public: true, text: 'select seq::text as seq, hash, documents from compliance.law_set s order by s.seq desc limit 1' };
const SETS_BY_HASH: Statement = { name: 'compliance.law-sets', public: true, text: 'select distinct on (hash) seq::text as seq, hash, documents from compliance.law_set s where hash = any($1) order by hash, s.seq' };
const KEPT = 'hash, kind, id, version, title, content, origin, loaded_at as "loadedAt"';
const BY_HASH: Statement = { name: 'compliance.law-documents', public: true, text: `select ${KEPT} from compliance.law_document where hash = any($1)` };
const FIRST_FORM: Statement = { name: 'compliance.law-of-first-form', public: true, text: `select ${KEPT} from compliance.law_document where content ? 'origin' and not content ? 'kind' limit 100` };

@Injectable()
export class LawRepository {
  constructor(private readonly database: Database) {}

  /** Holds the law in force until the transaction ends. */
  async lock(tx: Tx): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.law]);
  }

  /** Keeps a document; false when the very same one is kept already. */
  async insert(tx: Tx, { hash, kind, content }: LawDocument, data: unknown, origin: string, loadedAt: Date): Promise<boolean> {
    const rows = (await tx.query(
      'insert into compliance.law_document (hash, kind, id, version, title, content, origin, loaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning hash',
      [hash, kind, content.id, content.version, content.title, JSON.stringify(data), origin, loadedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** Puts a set in force; answers its number. The change is counted with it: what was decided under another law is decided again. */
  async insertSet(tx: Tx, set: Omit<LawSet, 'seq'>, activationId: string | null, appliedAt: Date): Promise<string> {
    await tx.query('select compliance.bump_epoch()');
    const [row] = (await tx.query('insert into compliance.law_set (hash, documents, activation_id, applied_at) values ($1, $2, $3, $4) returning seq::text as seq', [set.hash, set.documents, activationId, appliedAt])) as [{ seq: string }];
    return row.seq;
  }

  /** Whether another text was ever kept under this kind, id and version. */
  async versionTaken(tx: Tx, { kind, content, hash }: LawDocument): Promise<boolean> {
    const rows = (await tx.query('select 1 from compliance.law_document where kind = $1 and id = $2 and version = $3 and hash <> $4 limit 1', [kind, content.id, content.version, hash])) as unknown[];
    return rows.length > 0;
  }

  /** The set in force as this transaction sees it. */
  async newest(tx: Tx): Promise<LawSet | null> {
    const [row] = (await tx.query(NEWEST_SET.text)) as LawSet[];
    return row ?? null;
  }
  /** The law before the set of this number. */
  async hashBefore(tx: Tx, seq: string): Promise<string | null> {
    const [row] = (await tx.query('select hash from compliance.law_set where seq < $1 order by seq desc limit 1', [seq])) as { hash: string }[];
    return row?.hash ?? null;
  }
  async newestNow(): Promise<LawSet | null> {
    const [row] = await this.database.query<LawSet & Record<string, unknown>>(NEWEST_SET, []);
    return row ?? null;
  }
  async setsByHash(hashes: readonly string[]): Promise<Map<string, LawSet>> {
    return new Map((await this.database.query<LawSet & Record<string, unknown>>(SETS_BY_HASH, [hashes])).map((s) => [s.hash, s]));
  }
  async documents(hashes: readonly string[]): Promise<Map<string, KeptDocument>> {
    return new Map((await this.database.query<KeptDocument & Record<string, unknown>>(BY_HASH, [hashes])).map((d) => [d.hash, d]));
  }
  /** Rulebooks as they were kept before lists and mechanisms were known. */
  ofFirstForm(): Promise<KeptDocument[]> {
    return this.database.query<KeptDocument & Record<string, unknown>>(FIRST_FORM);
  }
}
