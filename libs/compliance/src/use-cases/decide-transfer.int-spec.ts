import { type Classification, Compliance, type Decision, type TradeFacts } from '#compliance';
import { canonicalHash, newId, sha256Hex, systemCaller, UnitOfWork, trustCallsOutsideRequests } from '#shared';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { enlist } from '../../../../test/support/market.js';
import { trade } from '../../../../test/support/transfers.js';
import { DecisionRepository } from '../storage/decision.repository.js';
import { DecideTransfer } from './decide-transfer.js';
import { CompleteFacts } from './complete-facts.js';
import { CurrentLaw } from './law/current-law.js';
import { RecordDecision } from './record-decision.js';
import { TransferAccounts } from './volume/transfer-accounts.js';

const caller = systemCaller('test');

trustCallsOutsideRequests();

describe('decide a transfer', () => {
  let exchange: TestExchange;
  let compliance: Compliance;
  let uow: UnitOfWork;
  beforeAll(async () => {
    exchange = await startExchange();
    compliance = exchange.app.get(Compliance);
    uow = exchange.app.get(UnitOfWork);
  });
  afterAll(() => exchange.close());

  const order = (facts: TradeFacts): Promise<Decision> => uow.run((tx) => compliance.decide(tx, caller, { objectId: newId(), stage: 'ORDER', facts }));
  const delivery = (facts: TradeFacts, priorDecisionId: string): Promise<Decision> => uow.run((tx) => compliance.decide(tx, caller, { objectId: newId(), stage: 'DELIVERY', facts, priorDecisionId }));
  const evaluate = (facts: TradeFacts) => uow.run((tx) => compliance.evaluate(tx, facts));
  const sale = (exporterId: string, over: Partial<Classification>): TradeFacts => trade([over], { exporterId });
  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  /** Persons of each year, and whether its reservations add up to it. */
  const years = async (exporterId: string): Promise<[number, string][]> => {
    const found = await rows<{ year: number; persons: string; reserved: string }>(
      `select y.year, (y.reserved_persons + y.confirmed_persons)::text as persons, coalesce(sum(case m.kind when 'RESERVE' then m.persons when 'RELEASE' then -m.persons end), 0)::text as reserved from compliance.volume_year y left join compliance.volume_movement m
       on m.exporter_id = y.exporter_id and m.year = y.year where y.exporter_id = $1 group by y.exporter_id, y.year order by y.year`, [exporterId]);
    for (const y of found) expect(y.reserved).toBe(y.persons);
    return found.map((y) => [y.year, y.persons]);
  };
  const persons = async (exporterId: string): Promise<string | undefined> => (await years(exporterId))[0]?.[1];
  const at = (instant: string): DecideTransfer => {
    const { app } = exchange;
    return new DecideTransfer(app.get(CurrentLaw, { strict: false }), app.get(DecisionRepository, { strict: false }), app.get(TransferAccounts, { strict: false }), app.get(CompleteFacts, { strict: false }), app.get(RecordDecision, { strict: false }), new TestClock(new Date(instant)));
  };

  it('records facts, law and reasons, and writes the audit line', async () => {
    const facts = sale(newId(), { persons: 60_000n });
    const made = await order(facts);
    expect(made).toMatchObject({ outcome: 'exempt', permitted: true, stage: 'ORDER', priorDecisionId: null, facts: { ...facts, prior: { persons: 0n, sensitivePersons: 0n } } });
    const kept = (await compliance.byIds([made.id, newId()])).get(made.id)!;
    expect(kept).toEqual(made);
    expect(canonicalHash(kept.facts)).toBe(kept.factsHash);
    const [set] = await rows<{ documents: string[] }>('select documents from compliance.law_set where hash = $1', [made.rulebookHash]);
    expect(canonicalHash(set!.documents)).toBe(made.rulebookHash);
    const documents = await rows<{ hash: string; content: unknown }>('select hash, content from compliance.law_document where hash = any($1)', [set!.documents]);
    expect(documents.map((d) => canonicalHash(d.content)).sort()).toEqual([...set!.documents].sort());
    expect(await rows('select act, tenant_id, details->>\'outcome\' as outcome from audit.entry where object_id = $1', [made.id])).toEqual([{ act: 'compliance.decide', tenant_id: facts.exporterId, outcome: 'exempt' }]);
  });

  it('does not let history be changed', async () => {
    await order(sale(newId(), { persons: 1n }));
    for (const table of ['decision', 'volume_movement', 'law_document', 'law_set']) {
      await expect(rows(`delete from compliance.${table}`)).rejects.toThrow('never changed');
      await expect(rows(`truncate compliance.${table} cascade`)).rejects.toThrow('never changed');
    }
    await expect(rows('update compliance.decision set permitted = permitted')).rejects.toThrow('never changed');
    await expect(rows(`insert into compliance.decision select gen_random_uuid(), exporter_id, object_id, stage, prior_decision_id, 'prohibited', true, mechanisms, filings, obligations, reasons,
      considered, facts, facts_hash, rulebook_hash, as_of, decided_at from compliance.decision limit 1`)).rejects.toThrow('check');
  });

  it('leaves to a person an origin without a rulebook, and keeps no account for it', async () => {
    const facts = trade([{ persons: 5n }], { origin: 'BR', destination: 'CN' });
    expect(await order(facts)).toMatchObject({ outcome: 'manual_review', permitted: false, needs: [['transfer_review']], reasons: [{ rule: 'exchange.no-rulebook', rulebook: 'exchange' }] });
    expect(await years(facts.exporterId)).toEqual([]);
  });

  it('counts the year over orders: 99,999 pass, one more does not and is not counted', async () => {
    const exporter = newId();
    expect(await order(sale(exporter, { persons: 60_000n }))).toMatchObject({ permitted: true });
    expect(await order(sale(exporter, { persons: 39_999n }))).toMatchObject({ permitted: true, facts: { prior: { persons: 60_000n } } });
    expect(await order(sale(exporter, { persons: 1n }))).toMatchObject({ outcome: 'standard_contract', permitted: false, facts: { prior: { persons: 99_999n } } });
    expect(await persons(exporter)).toBe('99999');
    expect(await order(sale(newId(), { persons: 1n }))).toMatchObject({ permitted: true });
  });

  it('does not count what is free, exempt for its origin, or refused', async () => {
    const exporter = newId();
    for (const over of [{}, { persons: 900n, anonymisation: 'anonymised', anonymisationEvidence: 'report' }, { persons: 900n, collectedIn: 'overseas' }] as Partial<Classification>[]) expect(await order(sale(exporter, over))).toMatchObject({ permitted: true });
    await order(sale(exporter, { sensitivePersons: 3n }));
    await order(sale(exporter, { persons: -7n }));
    expect((await persons(exporter)) ?? '0').toBe('0');
  });

  it('lets no two orders at once cross a threshold unseen', async () => {
    const exporter = newId();
    const decisions = await Promise.all(Array.from({ length: 8 }, () => order(sale(exporter, { persons: 30_000n }))));
    expect(decisions.filter((d) => d.permitted)).toHaveLength(3);
    expect(decisions.filter((d) => d.outcome === 'standard_contract')).toHaveLength(5);
    expect(await persons(exporter)).toBe('90000');
  });

  it('gives the volume back when the order is rolled back', async () => {
    const exporter = newId();
    await expect(uow.run(async (tx) => {
      await compliance.decide(tx, caller, { objectId: newId(), stage: 'ORDER', facts: sale(exporter, { persons: 60_000n }) });
      throw new Error('the order fails');
    })).rejects.toThrow('the order fails');
    expect(await order(sale(exporter, { persons: 60_000n }))).toMatchObject({ permitted: true, facts: { prior: { persons: 0n } } });
  });

  it('does not count the order twice when it is delivered, again and again and at once', async () => {
    const exporter = newId();
    const facts = sale(exporter, { persons: 60_000n });
    const { id } = await order(facts);
    const deliveries = await Promise.all([delivery(facts, id), delivery(facts, id), delivery(facts, id)]);
    for (const d of deliveries) expect(d).toMatchObject({ stage: 'DELIVERY', priorDecisionId: id, permitted: true, facts: { prior: { persons: 0n } } });
    expect(await persons(exporter)).toBe('60000');
  });

  it('reserves what a delivery carries beyond its order, and refuses it where that crosses a threshold', async () => {
    const exporter = newId();
    const { id } = await order(sale(exporter, { persons: 60_000n }));
    expect(await delivery(sale(exporter, { persons: 70_000n }), id)).toMatchObject({ permitted: true });
    expect(await persons(exporter)).toBe('70000');
    expect(await delivery(sale(exporter, { persons: 100_000n }), id)).toMatchObject({ outcome: 'standard_contract', permitted: false });
    expect(await persons(exporter)).toBe('70000');
  });

  it('takes for a delivery the decision of an order of the same exporter only', async () => {
    const facts = sale(newId(), { persons: 5n });
    const { id } = await order(facts);
    const delivered = await delivery(facts, id);
    for (const [f, prior] of [[facts, newId()], [facts, delivered.id], [sale(newId(), { persons: 5n }), id]] as const) await expect(delivery(f, prior)).rejects.toThrow('is not the decision of an order of this exporter');
  });

  it('begins a new account with the new year in Shanghai, and counts a delivery in the year in which it leaves', async () => {
    const exporter = newId();
    const facts = sale(exporter, { persons: 60_000n });
    const decide = (instant: string, prior?: string): Promise<Decision> =>
      uow.run((tx) => at(instant).execute(tx, caller, prior ? { objectId: 'o', stage: 'DELIVERY', facts, priorDecisionId: prior } : { objectId: 'o', stage: 'ORDER', facts }));
    const first = await decide('2026-12-31T15:59:59Z');
    expect(first.permitted).toBe(true);
    expect((await decide('2026-12-31T15:59:59Z')).permitted).toBe(false);
    expect((await decide('2026-12-31T16:00:00Z', first.id)).permitted).toBe(true);
    expect((await decide('2026-12-31T16:00:01Z', first.id)).permitted).toBe(true);
    expect((await decide('2026-12-31T16:00:02Z')).permitted).toBe(false);
    expect(await years(exporter)).toEqual([[2026, '60000'], [2027, '60000']]);
  });

  it('evaluates with the volume of the year and leaves nothing behind', async () => {
    const exporter = newId();
    await order(sale(exporter, { persons: 60_000n }));
    const before = await rows('select count(*) from compliance.decision');
    expect(await evaluate(sale(exporter, { persons: 39_999n }))).toMatchObject({ permitted: true });
    expect(await evaluate(sale(exporter, { persons: 40_000n }))).toMatchObject({ permitted: false, outcome: 'standard_contract' });
    expect(await rows('select count(*) from compliance.decision')).toEqual(before);
    expect(await persons(exporter)).toBe('60000');
  });

  it('shows a decision to staff that oversees trades and to nobody else', async () => {
    const { id, factsHash } = await order(sale(newId(), { persons: 5n }));
    const [admin, auditor, stranger] = await Promise.all(['staff-admin', 'auditor', 'stranger'].map((s) => exchange.client(s)));
    await enlist(admin!, auditor!, 'Auditor', 'AUDITOR');
    const QUERY = 'query($id: ID!) { decision(id: $id) { id stage outcome permitted mechanisms filings { type } obligations reasons { rule rulebook version citation confidence } considered facts factsHash rulebookHash asOf decidedAt } }';
    const { decision } = await auditor!.ask<{ decision: { facts: string } }>(QUERY, { id });
    expect(decision).toMatchObject({ id, stage: 'ORDER', outcome: 'EXEMPT', permitted: true, factsHash, reasons: [{ rule: 'cn.volume.small', confidence: 'VERIFIED' }] });
    expect(sha256Hex(decision.facts)).toBe(factsHash);
    for (const client of [admin!, stranger!]) expect(await client.ask(QUERY, { id })).toEqual({ decision: null });
    for (const unknown of [newId(), 'x']) expect(await auditor!.ask(QUERY, { id: unknown })).toEqual({ decision: null });
  });
});
