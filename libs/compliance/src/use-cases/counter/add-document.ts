import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import type { Actor } from '#identity';
import { invalid, type InvalidInput, isRefused, newId, notFound, type Refusal, type Result, stateConflict, type Tx, UnitOfWork } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import { DOCUMENT_KINDS, type DocumentKind } from '../../domain/counter/case-kind.js';
import type { CaseDocument, CounterCase } from '../../domain/counter/counter-case.js';
import { DOCUMENT_LIMITS, isWhatItSays, mediaTypeOf, nameProblem } from '../../domain/counter/document-rules.js';
import { CaseDocumentRepository } from '../../storage/case-document.repository.js';
import { CaseRepository } from '../../storage/case.repository.js';
import { authoriseAtCounter, sideOf } from './case-side.js';
import { CaseTimes } from './case-times.js';

export interface NewDocument {
  readonly caseId: string;
  readonly name: string;
  readonly kind: string;
  readonly body: AsyncIterable<Buffer>;
  /** As declared by the client; null when he did not. */
  readonly contentLength: number | null;
  /** sha-256 as declared by the client, lower-case hex. */
  readonly digest: string | null;
}
/** `repeated`: the case had these bytes under this name before. */
export type AddedDocument = CaseDocument & { readonly repeated: boolean };

/** Takes a document of evidence in: its bytes are hashed as they come, and written whole or not at all. */
@Injectable()
export class AddDocument {
  constructor(
    private readonly uow: UnitOfWork, private readonly cases: CaseRepository, private readonly documents: CaseDocumentRepository, private readonly times: CaseTimes, private readonly audit: Audit,
  ) {}

  async execute(actor: Actor, upload: NewDocument): Promise<Result<AddedDocument>> {
    const early = authoriseAtCounter(actor) ?? refusedBefore(upload) ?? this.refusedBy(actor, (await this.cases.byIds([upload.caseId])).get(upload.caseId) ?? null);
    if (early) return early;
    const content = await receive(upload.body);
    if (isRefused(content)) return content;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const wrong = refusedAfter(upload, content, sha256);
    if (wrong) return wrong;
    return this.uow.run<Result<AddedDocument>>((tx) => this.keep(tx, actor, upload, content, sha256));
  }

  private async keep(tx: Tx, actor: Actor, { caseId, name, kind }: NewDocument, content: Buffer, sha256: string): Promise<Result<AddedDocument>> {
    const found = await this.cases.lock(tx, caseId);
    const refusal = this.refusedBy(actor, found);
    if (refusal) return refusal;
    const documents = await this.documents.ofCase(tx, caseId);
    const same = documents.find((d) => d.name === name);
    if (same?.sha256 === sha256 && same.kind === kind) return { ...same, repeated: true };
    if (same) return stateConflict(COUNTER_ERRORS.DOCUMENT_TAKEN, 'the case has another document of this name: what was handed in stays, a newer one has a name of its own', found!.state);
    if (documents.length >= DOCUMENT_LIMITS.perCase) return stateConflict(COUNTER_ERRORS.DOCUMENTS_FULL, `a case has at most ${DOCUMENT_LIMITS.perCase} documents`, found!.state);
    const document: CaseDocument = {
      id: newId(), caseId, kind: kind as DocumentKind, name, mediaType: mediaTypeOf(name)!, byteLength: content.length, sha256, state: 'PENDING', uploadedBy: actor.subject, uploadedAt: this.times.now(),
      checkedBy: null, checkedAt: null, checkReason: null,
    };
    await this.documents.insert(tx, document, content);
    await this.audit.append(tx, actor, { act: 'case.add-document', objectType: 'case', objectId: caseId, tenantId: found!.applicantId, details: { documentId: document.id, kind, name, sha256, byteLength: content.length } });
    return { ...document, repeated: false };
  }

  private refusedBy(actor: Actor, c: CounterCase | null): Refusal | undefined {
    if (!c || !sideOf(actor, c)) return notFound('case');
    return c.closedAt ? stateConflict(COUNTER_ERRORS.CLOSED, 'the case is closed', c.state) : undefined;
  }
}

const unacceptable = (path: string, message: string): InvalidInput => invalid(COUNTER_ERRORS.DOCUMENT, path, message);
const differs = (message: string): InvalidInput => invalid(COUNTER_ERRORS.DOCUMENT_DIFFERS, 'content', message);

function refusedBefore({ name, kind, contentLength }: NewDocument): InvalidInput | undefined {
  const problem = nameProblem(name);
  if (problem) return unacceptable('name', problem);
  if (!DOCUMENT_KINDS.some((k) => k === kind)) return unacceptable('kind', `kind must be one of ${DOCUMENT_KINDS.join(', ')}`);
  return contentLength !== null && contentLength > DOCUMENT_LIMITS.bytes ? tooLong() : undefined;
}
const tooLong = (): InvalidInput => unacceptable('content', `at most ${DOCUMENT_LIMITS.bytes} bytes`);

async function receive(body: AsyncIterable<Buffer>): Promise<Buffer | InvalidInput> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > DOCUMENT_LIMITS.bytes) return tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function refusedAfter({ name, contentLength, digest }: NewDocument, content: Buffer, sha256: string): InvalidInput | undefined {
  if (content.length === 0) return unacceptable('content', 'an empty document shows nothing');
  if (contentLength !== null && contentLength !== content.length) return differs(`${content.length} bytes came, ${contentLength} were announced`);
  if (digest !== null && digest !== sha256) return differs('the sha-256 is not the one that was announced');
  return isWhatItSays(name, content) ? undefined : unacceptable('content', 'the content is not what the end of the name says');
}
