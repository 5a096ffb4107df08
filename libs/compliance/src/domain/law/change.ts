import { LawError, type LawDocument } from './law.js';

export const LAW_ACTS = ['ACTIVATE', 'RETIRE'] as const;
/** ACTIVATE puts a document in force, RETIRE takes it out of force. */
export type LawAct = (typeof LAW_ACTS)[number];

/**
 * The documents in force as they would be after a change, in the order in which they were activated. A rulebook stands beside its older versions, whose
 * days still count; every other document takes the place of the older version of the same id. Throws a LawError where the change is none.
 */
export function changed(inForce: readonly LawDocument[], document: LawDocument, act: LawAct): LawDocument[] {
  const { kind, content: { id, version }, hash } = document;
  const stands = inForce.some((d) => d.hash === hash);
  if (act === 'RETIRE') {
    if (!stands) throw new LawError(`${kind} ${id} ${version} is not in force`);
    const left = inForce.filter((d) => d.hash !== hash);
    if (left.length === 0) throw new LawError('it is the last document in force: the law would be empty');
    if (isForEveryTransfer(document) && !left.some(isForEveryTransfer)) throw new LawError('it is the last rulebook for every transfer: the duties of the exchange itself would be gone');
    return left;
  }
  if (stands) throw new LawError(`${kind} ${id} ${version} is in force already`);
  const same = (d: LawDocument): boolean => d.kind === kind && d.content.id === id;
  if (inForce.some((d) => same(d) && d.content.version === version)) throw new LawError(`another ${kind} ${id} is in force as version ${version}: a change has a version of its own`);
  return [...(kind === 'rulebook' ? inForce : inForce.filter((d) => !same(d))), document];
}

const isForEveryTransfer = (d: LawDocument): boolean => d.kind === 'rulebook' && d.content.origins.includes('*');
