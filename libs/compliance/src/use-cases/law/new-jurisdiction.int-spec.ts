import type { Verdict } from '#compliance';
import { trustCallsOutsideRequests } from '#shared';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { done } from '../../../../../test/support/market.js';
import { officers } from '../../../../../test/support/recognition.js';
import { transfer } from '../../../../../test/support/transfers.js';
import { judge } from '../../domain/law/engine.js';
import { legsOf, NO_VOLUME } from '../../domain/transfer.js';
import { CurrentLaw } from './current-law.js';

trustCallsOutsideRequests();

/** The worked example of docs/law.md: Switzerland, added by an operator with files and two members of staff. */
describe('a jurisdiction that the exchange did not know', () => {
  let exchange: TestExchange;
  beforeAll(async () => { exchange = await startExchange({ env: { LAW_FOLDER: 'test/fixtures/law' } }); });
  afterAll(() => exchange.close());

  const decide = async (destination: string, persons: bigint, mechanisms = {}): Promise<Verdict> =>
    judge(await exchange.app.get(CurrentLaw, { strict: false }).now(), legsOf({ ...transfer([{ persons }], { origin: 'CH', destination, recipientJurisdiction: destination, originProvince: null, registeredIn: null, mechanisms }), prior: NO_VOLUME }), '2026-11-23');
  const last = (v: Verdict): [string, string, boolean] => [v.considered.at(-1)!, v.outcome, v.permitted];

  it('is decided by a person until its documents are activated, and by its rules from then on', async () => {
    expect(last(await decide('FR', 5n))).toEqual(['exchange.no-rulebook', 'manual_review', false]);
    const [one, other] = await officers(exchange);
    const { lawDocuments } = await one.ask<{ lawDocuments: { nodes: { hash: string; documentId: string; inForce: boolean; origin: string }[] } }>('{ lawDocuments(first: 100) { nodes { hash documentId inForce origin } } }');
    for (const id of ['ch-adequate', 'ch-export']) {
      const kept = lawDocuments.nodes.find((d) => d.documentId === id)!;
      expect(kept).toMatchObject({ inForce: false, origin: expect.stringMatching(/^(rulebooks|lists)\/ch-/) as string });
      const { id: changeId } = await done(one, 'proposeLawChange', 'LawChange', 'id', { documentHash: kept.hash, act: 'ACTIVATE', reason: 'vendors in Switzerland join' });
      await done(other, 'decideLawChange', 'LawChange', 'id', { changeId, confirm: true, reason: 'read against the source' });
    }
    expect(last(await decide('FR', 5n))).toEqual(['ch.adequate', 'free', true]);
    expect(last(await decide('CH', 5n))).toEqual(['ch.domestic', 'free', true]);
    expect(last(await decide('CN', 0n))).toEqual(['ch.no-personal-data', 'free', true]);
    const clauses = await decide('CN', 5n);
    expect(last(clauses)).toEqual(['ch.clauses', 'standard_contract', false]);
    expect(clauses).toMatchObject({ needs: [['ch_clauses']], reasons: [{ rulebook: 'ch-export', citation: 'Federal Act on Data Protection Art. 16(2)(d)', confidence: 'general-knowledge', guideline: 'ch-transfer' }] });
    // The word of a mechanism is new as well: whoever holds it may export.
    expect(last(await decide('CN', 5n, { ch_clauses: 'arranged' }))).toEqual(['ch.clauses', 'standard_contract', true]);
    const { guideline } = await one.ask<{ guideline: { text: string } }>('{ guideline(id: "ch-transfer", language: ZH) { text } }');
    expect(guideline.text).toContain('瑞士');
  });
});
