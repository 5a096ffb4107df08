import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { Calendars } from '../../domain/calendar/calendar.js';
import { changed, type LawAct } from '../../domain/law/change.js';
import { documentOfFirstForm, isFirstForm, parseDocument } from '../../domain/law/document.js';
import { Law, type LawDocument, LawError } from '../../domain/law/law.js';
import { type KeptDocument, LawRepository, type LawSet } from '../../storage/law.repository.js';

const SETS_KEPT = 20;

/** The law in force. What is in force is looked up each time; what was read once is kept, because a set never changes. */
@Injectable()
export class CurrentLaw {
  private readonly read = new Map<string, Law>();
  private shown: Law | null = null;

  constructor(private readonly repository: LawRepository, private readonly calendars: Calendars) {}

  /** The law that a decision of this transaction stands on. */
  async in(tx: Tx): Promise<Law> {
    return this.inForce(await this.repository.newest(tx));
  }
  async now(): Promise<Law> {
    return this.inForce(await this.repository.newestNow());
  }
  /** The law behind the hash that a decision carries, so that it can be worked out again; null where it was never in force here. */
  async behind(hash: string): Promise<Law | null> {
    const set = (await this.repository.setsByHash([hash])).get(hash);
    if (set) return this.ofSet(set);
    const document = (await this.repository.documents([hash])).get(hash);
    if (document) return Law.of([documentOf(document)]);
    // Where no rulebook of the first form applied, the decision carries the hash of the list of all of them: there was one.
    return (await this.repository.ofFirstForm()).map((d) => Law.of([documentOf(d)])).find((law) => law.hash === hash) ?? null;
  }

  /** The law as it would be after a change of it. Throws a LawError that says why it cannot be: not kept, in force already, or what is left does not hold together. */
  async with(tx: Tx, documentHash: string, act: LawAct): Promise<Law> {
    const found = (await this.repository.documents([documentHash])).get(documentHash);
    if (!found) throw new LawError('no such document is kept');
    if (act === 'ACTIVATE' && isFirstForm(found.content as object)) throw new LawError('a rulebook of the first form is kept for the decisions that stand on it, and no longer put in force');
    return Law.of(changed((await this.in(tx)).documents, documentOf(found), act));
  }

  /** Clocks run by the calendars in force. */
  private async inForce(set: LawSet | null): Promise<Law> {
    const law = await this.ofSet(set);
    if (this.shown !== law) this.calendars.replace(law.calendars());
    this.shown = law;
    return law;
  }

  private async ofSet(set: LawSet | null): Promise<Law> {
    if (!set) throw new Error('no law is in force');
    const kept = this.read.get(set.hash);
    if (kept) return kept;
    const documents = await this.repository.documents(set.documents);
    const law = Law.of(set.documents.map((hash) => documentOf(documents.get(hash)!)));
    if (this.read.size >= SETS_KEPT) this.read.clear();
    this.read.set(set.hash, law);
    return law;
  }
}

const documentOf = ({ content, id, version }: KeptDocument): LawDocument => (isFirstForm(content as object) ? documentOfFirstForm(content) : parseDocument(content, `${id} ${version}`));
