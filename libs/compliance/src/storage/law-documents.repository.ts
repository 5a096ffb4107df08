import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type Statement, toPage } from '#shared';

/** A document as lists show it: without its text. */
export interface LawDocumentHead {
  readonly hash: string;
  readonly kind: string;
  readonly documentId: string;
  readonly version: string;
  readonly title: string;
  /** Days as `2024-03-22`; null where its entries have days of their own, or it has no end. */
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
  readonly inForce: boolean;
  readonly origin: string;
  readonly loadedAt: Date;
}

const HEAD = `hash, kind, id as "documentId", version, title, content->>'effectiveFrom' as "effectiveFrom", content->>'effectiveTo' as "effectiveTo", origin, loaded_at as "loadedAt",
  hash = any((select documents from compliance.law_set order by seq desc limit 1)::text[]) as "inForce"`;
const IN_FORCE: Statement = {
  name: 'compliance.law-in-force', public: true,
  text: `select ${HEAD} from compliance.law_document where hash = any((select documents from compliance.law_set order by seq desc limit 1)::text[])
    and ($1::text is null or (kind, id, version) > ($1, $2, $3)) order by kind, id, version limit $4`,
};
const KEPT: Statement = {
  name: 'compliance.law-documents-kept', public: true,
  text: `select ${HEAD} from compliance.law_document where ($1::timestamptz is null or (loaded_at, hash) < ($1, $2)) order by loaded_at desc, hash desc limit $3`,
};
const ONE: Statement = { name: 'compliance.law-document', public: true, text: `select ${HEAD}, content from compliance.law_document where hash = $1` };
const BY_HASHES: Statement = { name: 'compliance.law-document-heads', public: true, text: `select ${HEAD} from compliance.law_document where hash = any($1)` };
type Row = LawDocumentHead & Record<string, unknown>;

/** What anybody may read of the law. */
@Injectable()
export class LawDocumentsRepository {
  constructor(private readonly database: Database) {}

  /** The documents in force, by kind, id and version. */
  async inForce(request: PageRequest): Promise<Page<LawDocumentHead>> {
    const [kind, id, version] = request.after ?? [];
    const rows = await this.database.query<Row>(IN_FORCE, [kind ?? null, id ?? null, version ?? null, request.first + 1]);
    return toPage<LawDocumentHead>(rows, request, (d) => [d.kind, d.documentId, d.version]);
  }
  /** Every document that was ever taken, newest first. */
  async kept(request: PageRequest): Promise<Page<LawDocumentHead>> {
    const rows = await this.database.query<Row>(KEPT, [request.after?.[0] ?? null, request.after?.[1] ?? null, request.first + 1]);
    return toPage<LawDocumentHead>(rows, request, (d) => [d.loadedAt.toISOString(), d.hash]);
  }
  async byHashes(hashes: readonly string[]): Promise<Map<string, LawDocumentHead>> {
    return new Map((await this.database.query<Row>(BY_HASHES, [hashes])).map((d) => [d.hash, d]));
  }
  async find(hash: string): Promise<(LawDocumentHead & { readonly content: unknown }) | null> {
    return (await this.database.query<Row & { content: unknown }>(ONE, [hash]))[0] ?? null;
  }
}
