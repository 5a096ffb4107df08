import type { GraphClient } from './client.js';
import { done } from './market.js';

/** A rulebook for every transfer that forbids what `when` says and has nothing against the rest. */
export const ban = (version: string, when: object, id = 'test-ban'): object => ({
  kind: 'rulebook', id, version, jurisdiction: 'CN', origins: ['*'], title: 'A ban', timeZone: 'Asia/Shanghai', effectiveFrom: '2021-09-01', effectiveTo: null,
  sources: { BAN: { title: 'Measures on a ban', effectiveFrom: '2021-09-01', effectiveTo: null } },
  rules: [
    { id: `${id}.banned`, summary: 'What is banned', outcome: 'prohibited', when, citations: [{ source: 'BAN', article: 'Art. 1', confidence: 'verified' }] },
    { id: `${id}.rest`, summary: 'Anything else', outcome: 'free', when: { all: [] }, citations: [{ source: 'BAN', article: 'Art. 2', confidence: 'verified' }] },
  ],
});

/** Hands a document in; answers its hash. */
export const handIn = async (officer: GraphClient, document: object): Promise<string> => (await done<{ hash: string }>(officer, 'submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify(document) })).hash;

/** Puts a document in force, or takes it out, with four eyes. */
export async function changeLaw([first, second]: readonly [GraphClient, GraphClient], documentHash: string, act: 'ACTIVATE' | 'RETIRE'): Promise<void> {
  const { id } = await done(first, 'proposeLawChange', 'LawChange', 'id', { documentHash, act, reason: 'a test of it' });
  await done(second, 'decideLawChange', 'LawChange', 'id', { changeId: id, confirm: true, reason: 'a test of it' });
}
