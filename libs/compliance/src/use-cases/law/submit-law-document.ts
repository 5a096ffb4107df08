import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, type FieldProblem, type InvalidInput, type Result, sha256Hex, stateConflict } from '#shared';
import { DocumentError } from '../../domain/law/document.js';
import { parseDocumentText } from '../../domain/law/document-text.js';
import type { LawDocument } from '../../domain/law/law.js';
import { LAW_ERRORS } from '../../law.errors.js';
import { LawRepository } from '../../storage/law.repository.js';

const MOST_PROBLEMS = 100;

/** Takes a rulebook or list that a member of staff hands in, and keeps it under its hash. It decides nothing until it is activated. */
@Injectable()
export class SubmitLawDocument {
  constructor(private readonly commands: Commands, private readonly law: LawRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, { content }: { readonly content: string }): Promise<Result<{ readonly hash: string }>> {
    const refusal = authorise(actor, 'compliance:propose-law');
    if (refusal) return refusal;
    const parsed = read(content);
    if ('refused' in parsed) return parsed;
    const { document, data } = parsed;
    return this.commands.run<Result<{ readonly hash: string }>>(actor, 'compliance.submit-law-document', { sha256: sha256Hex(content) }, async (tx) => {
      await this.law.lock(tx);
      const { kind, hash, content: { id, version } } = document;
      if (await this.law.versionTaken(tx, document)) return stateConflict(LAW_ERRORS.VERSION_TAKEN, `another text of ${kind} ${id} is kept as version ${version}: a change has a version of its own`, 'KEPT');
      if (!(await this.law.insert(tx, document, data, 'handed in by staff', this.clock.now()))) return stateConflict(LAW_ERRORS.DOCUMENT_KEPT, `this very document is kept already under ${hash}`, 'KEPT');
      await this.audit.append(tx, actor, { act: 'law.submit-document', objectType: 'law-document', objectId: hash, details: { kind, id, version } });
      return { hash };
    });
  }
}

function read(content: string): { readonly document: LawDocument; readonly data: object } | InvalidInput {
  try {
    return parseDocumentText(content, 'content');
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { refused: true, kind: 'InvalidInput', code: LAW_ERRORS.DOCUMENT_REFUSED, message: `the document is refused at ${error.problems.length} places`, fields: error.problems.slice(0, MOST_PROBLEMS).map(fieldOf) };
  }
}

/** `$.rules[0].when: must be …` as a field of the input. */
function fieldOf(problem: string): FieldProblem {
  const end = problem.indexOf(': ');
  return { path: `content${problem.slice(1, end)}`, message: problem.slice(end + 2) };
}
