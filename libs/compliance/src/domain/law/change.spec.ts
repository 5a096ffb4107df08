import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { changed, LAW_ACTS } from './change.js';
import { parseDocument } from './document.js';
import { Law, type LawDocument, LawError } from './law.js';

type Json = Record<string, unknown>;
const read = (name: string): Json => JSON.parse(readFileSync(`libs/compliance/law/${name}.json`, 'utf8')) as Json;
const version = (name: string, over: object): ReturnType<typeof parseDocument> => parseDocument({ ...read(name), ...over }, name);

describe('a change of the law in force', () => {
  let law: Law;
  beforeAll(async () => { law = await packagedLaw(); });
  const versions = (documents: Law['documents'], id: string): string[] => documents.filter((d) => d.content.id === id).map((d) => d.content.version);

  it('puts a rulebook beside its older versions, and a list in the place of the older one', () => {
    const book = changed(law.documents, version('rulebooks/hk-export-2026-11-22', { version: '2027-01-01', effectiveFrom: '2027-01-01' }), 'ACTIVATE');
    expect(versions(book, 'hk-export')).toEqual(['2026-11-22', '2027-01-01']);
    const after = Law.of(book);
    expect(['2026-12-31', '2027-01-01'].map((day) => after.booksFor('HK', day).own!.book.version)).toEqual(['2026-11-22', '2027-01-01']);
    expect(versions(changed(law.documents, version('lists/us-bulk-2026-11-22', { version: '2027-01-01' }), 'ACTIVATE'), 'us-bulk')).toEqual(['2027-01-01']);
  });

  it('takes a document out; the last rulebook of a place too, but never the last document', () => {
    const hk = law.documents.find((d) => d.content.id === 'hk-export')!;
    const left = Law.of(changed(law.documents, hk, 'RETIRE'));
    expect(left.booksFor('HK', '2026-11-22').own).toBeNull();
    expect(() => changed([hk], hk, 'RETIRE')).toThrow('the law would be empty');
    const gate = law.documents.find((d) => d.content.id === 'exchange')!;
    expect(() => changed(law.documents, gate, 'RETIRE')).toThrow('the duties of the exchange itself would be gone');
    expect(versions(changed(changed(law.documents, version('rulebooks/exchange-2026-11-22', { version: 'later' }), 'ACTIVATE'), gate, 'RETIRE'), 'exchange')).toEqual(['later']);
  });

  it('refuses what changes nothing, and a second text under one version', () => {
    const hk = law.documents.find((d) => d.content.id === 'hk-export')!;
    expect(() => changed(law.documents, hk, 'ACTIVATE')).toThrow('is in force already');
    expect(() => changed(law.documents, version('rulebooks/hk-export-2026-11-22', { version: 'x' }), 'RETIRE')).toThrow('is not in force');
    expect(() => changed(law.documents, version('rulebooks/hk-export-2026-11-22', { title: 'edited' }), 'ACTIVATE')).toThrow(LawError);
    expect(() => changed(law.documents, version('lists/us-bulk-2026-11-22', { title: 'edited' }), 'ACTIVATE')).toThrow('a change has a version of its own');
  });

  it('keeps, whatever is activated and retired, one version of a list, each version of a rulebook once, and the order', () => {
    const pool = ['rulebooks/hk-export-2026-11-22', 'rulebooks/jp-export-2026-11-22', 'lists/us-bulk-2026-11-22', 'lists/eea-2026-11-22'].flatMap((name) => ['1', '2', '3'].map((v) => version(name, { version: v })));
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...pool), fc.constantFrom(...LAW_ACTS)), { maxLength: 30 }), (steps) => {
      let now: LawDocument[] = [...law.documents];
      for (const [document, act] of steps) {
        const before = now;
        try { now = changed(now, document, act); } catch (error) { if (!(error instanceof LawError)) throw error; }
        const lists = now.filter((d) => d.kind === 'list').map((d) => d.content.id);
        expect(new Set(lists).size).toBe(lists.length);
        expect(new Set(now.map((d) => `${d.kind} ${d.content.id} ${d.content.version}`)).size).toBe(now.length);
        expect(now.filter((d) => before.includes(d))).toEqual(before.filter((d) => now.includes(d)));
        if (now !== before) expect([now.includes(document), now.length > 0]).toEqual([act === 'ACTIVATE', true]);
      }
    }));
  });

  it('does not leave a rulebook without the list that it names', () => {
    const list = law.documents.find((d) => d.content.id === 'us-bulk')!;
    expect(() => Law.of(changed(law.documents, list, 'RETIRE'))).toThrow(/the list us-bulk of the type thresholds is missing/);
  });
});
