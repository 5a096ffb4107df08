import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import type { LawChangeState } from '../../domain/law/change-state.js';
import { type LawChange, LawChangeRepository } from '../../storage/law-change.repository.js';
import { type LawDocumentHead, LawDocumentsRepository } from '../../storage/law-documents.repository.js';
import type { LawFiles } from './law-files.js';
import { LoadLaw } from './load-law.js';

const MOST_FILES = 100;

/** What is in force is everybody's to read; how it came to be, the staff's. Null for those who may not see it. */
@Injectable()
export class ReadLaw {
  constructor(private readonly documents: LawDocumentsRepository, private readonly changes: LawChangeRepository, private readonly loading: LoadLaw) {}

  inForce(request: PageRequest): Promise<Page<LawDocumentHead>> {
    return this.documents.inForce(request);
  }
  async document(hash: string): Promise<(LawDocumentHead & { readonly content: unknown }) | null> {
    return /^[0-9a-f]{64}$/.test(hash) ? this.documents.find(hash) : null;
  }
  /** For loaders; hashes of nothing are missing from the map. */
  byHashes(hashes: readonly string[]): Promise<Map<string, LawDocumentHead>> {
    return this.documents.byHashes(hashes);
  }

  async kept(actor: Actor, request: PageRequest): Promise<Page<LawDocumentHead> | null> {
    return permits(actor, 'compliance:read-law') ? this.documents.kept(request) : null;
  }
  async changesOf(actor: Actor, state: LawChangeState | null, request: PageRequest): Promise<Page<LawChange> | null> {
    return permits(actor, 'compliance:read-law') ? this.changes.page(state, request) : null;
  }
  refusedFiles(actor: Actor): LawFiles['refused'] | null {
    return permits(actor, 'compliance:read-law') ? this.loading.refused.slice(0, MOST_FILES) : null;
  }
}
