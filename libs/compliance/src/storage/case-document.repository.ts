import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { CaseDocument } from '../domain/counter/counter-case.js';

export interface DocumentContent {
  readonly document: CaseDocument;
  readonly content: Buffer;
}

const COLUMNS = `id, case_id as "caseId", kind, name, media_type as "mediaType", byte_length as "byteLength", sha256, state, uploaded_by as "uploadedBy", uploaded_at as "uploadedAt", checked_by as "checkedBy", checked_at as "checkedAt",
  check_reason as "checkReason"`;
const OF_CASES = { name: 'compliance.case-documents', text: `select ${COLUMNS} from compliance.case_document where case_id = any($1::uuid[]) order by case_id, id` };
const CONTENT = { name: 'compliance.case-document-content', text: `select ${COLUMNS}, content from compliance.case_document where id = $1 and case_id = $2` };

@Injectable()
export class CaseDocumentRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: CaseDocument, content: Buffer): Promise<void> {
    await tx.query('insert into compliance.case_document (id, case_id, kind, name, media_type, byte_length, sha256, content, state, uploaded_by, uploaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [d.id, d.caseId, d.kind, d.name, d.mediaType, d.byteLength, d.sha256, content, d.state, d.uploadedBy, d.uploadedAt]);
  }

  /** All of one case; while its row is held there come no more. */
  async ofCase(tx: Tx, caseId: string): Promise<CaseDocument[]> {
    return (await tx.query(OF_CASES.text, [[caseId]])) as CaseDocument[];
  }
  async caseOf(tx: Tx, documentId: string): Promise<string | null> {
    const rows = (await tx.query('select case_id as id from compliance.case_document where id = $1', [documentId])) as { id: string }[];
    return rows[0]?.id ?? null;
  }
  async check(tx: Tx, { id, state, checkedBy, checkedAt, checkReason }: CaseDocument): Promise<void> {
    await tx.query('update compliance.case_document set state = $2, checked_by = $3, checked_at = $4, check_reason = $5 where id = $1', [id, state, checkedBy, checkedAt, checkReason]);
  }

  async ofCases(caseIds: readonly string[]): Promise<Map<string, CaseDocument[]>> {
    const documents = (await this.database.query<CaseDocument & Record<string, unknown>>(OF_CASES, [caseIds])) as CaseDocument[];
    return new Map(caseIds.map((id) => [id, documents.filter((d) => d.caseId === id)]));
  }
  async content(caseId: string, documentId: string): Promise<DocumentContent | null> {
    const [row] = await this.database.query<CaseDocument & { content: Buffer } & Record<string, unknown>>(CONTENT, [documentId, caseId]);
    if (!row) return null;
    const { content, ...document } = row;
    return { document, content };
  }
}
