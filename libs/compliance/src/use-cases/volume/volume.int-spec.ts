import { type Classification, Compliance, type Decision, type TradeFacts } from '#compliance';
import { newId, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { enlist } from '../../../../../test/support/market.js';
import { recipientOf, trade, transfer } from '../../../../../test/support/transfers.js';
import { ApprovalUseRepository } from '../../storage/approval-use.repository.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { DecideTransfer } from '../decide-transfer.js';
import { RecordDecision } from '../record-decision.js';
import { CompleteFacts } from '../complete-facts.js';
import { CurrentLaw } from '../law/current-law.js';
import { TransferAccounts } from './transfer-accounts.js';

const caller = systemCaller('test');
trustCallsOutsideRequests();

describe('the volume ledger', () => {
  const clock = new TestClock(new Date('2026-11-23T04:00:00Z'));
  let exchange: TestExchange;
  let compliance: Compliance;
  let uow: UnitOfWork;
  let deciding: DecideTransfer;
  beforeAll(async () => {
    exchange = await startExchange();
    const { app } = exchange;
    compliance = app.get(Compliance);
    uow = app.get(UnitOfWork);
    deciding = new DecideTransfer(app.get(CurrentLaw, { strict: false }), app.get(DecisionRepository, { strict: false }), app.get(TransferAccounts, { strict: false }), app.get(CompleteFacts, { strict: false }), app.get(RecordDecision, { strict: false }), clock);
  });
  afterAll(() => exchange.close());

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const order = (facts: TradeFacts, recipientId = facts.recipientId): Promise<Decision> => uow.run((tx) => deciding.execute(tx, caller, { objectId: newId(), stage: 'ORDER', facts: { ...facts, recipientId } }));
  const delivery = (facts: TradeFacts, of: Decision): Promise<Decision> => uow.run((tx) => deciding.execute(tx, caller, { objectId: newId(), stage: 'DELIVERY', facts: { ...facts, recipientId: of.recipientId! }, priorDecisionId: of.id }));
  const evaluate = (facts: TradeFacts, recipientId: string) => uow.run((tx) => compliance.evaluate(tx, { ...facts, recipientId }));
  const british = (): Promise<string> => recipientOf('GB', rows);
  const confirm = (decisionId: string) => uow.run((tx) => compliance.volume.confirm(tx, caller, { decisionId }));
  const release = (orderDecisionId: string) => uow.run((tx) => compliance.volume.release(tx, caller, { orderDecisionId, reason: 'the licence ended' }));
  const sale = (exporterId: string, persons: bigint): TradeFacts => trade([{ persons }], { exporterId });
  const volumeOfYear = async (exporterId: string, year = 2026): Promise<string> => {
    const { reserved, confirmed } = await compliance.volume.of(exporterId, year);
    return `${reserved.persons} ${confirmed.persons}`;
  };
  /** The sums of every account are those of its movements. */
  const balanced = async (): Promise<void> => expect(await rows(
    `select y.exporter_id from compliance.volume_year y left join compliance.volume_movement m on m.exporter_id = y.exporter_id and m.year = y.year group by y.exporter_id, y.year
     having y.reserved_persons <> coalesce(sum(case m.kind when 'RESERVE' then m.persons else -m.persons end), 0) or y.confirmed_persons <> coalesce(sum(m.persons) filter (where m.kind = 'CONFIRM'), 0)
       or y.reserved_sensitive_persons <> coalesce(sum(case m.kind when 'RESERVE' then m.sensitive_persons else -m.sensitive_persons end), 0)`)).toEqual([]);
  afterEach(balanced);

  it('moves what an order reserved to what was exported when its delivery leaves, once, however often and at once', async () => {
    const exporter = newId();
    const made = await order(sale(exporter, 60_000n));
    expect(await volumeOfYear(exporter)).toBe('60000 0');
    const delivered = await delivery(sale(exporter, 60_000n), made);
    expect(await Promise.all([1, 2, 3, 4].map(() => confirm(delivered.id)))).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    expect([await volumeOfYear(exporter), await confirm(made.id)]).toEqual(['0 60000', 'CONFIRMED']);
    expect(await rows('select kind, decision_id from compliance.volume_movement where order_decision_id = $1 order by id', [made.id])).toEqual([{ kind: 'RESERVE', decision_id: made.id }, { kind: 'CONFIRM', decision_id: delivered.id }]);
    expect(await rows(`select act, tenant_id from audit.entry where object_id = $1 and act like 'compliance.volume%'`, [made.id])).toEqual([{ act: 'compliance.volume-confirm', tenant_id: exporter }]);
    expect((await order(sale(exporter, 40_000n))).outcome).toBe('standard_contract');
  });

  it('gives back what was never delivered, once, and lets nothing of it leave any more', async () => {
    const exporter = newId();
    const made = await order(sale(exporter, 60_000n));
    expect((await order(sale(exporter, 60_000n))).permitted).toBe(false);
    await Promise.all([1, 2, 3].map(() => release(made.id)));
    expect(await volumeOfYear(exporter)).toBe('0 0');
    expect(await confirm(made.id)).toBe('RELEASED');
    expect((await order(sale(exporter, 60_000n)))).toMatchObject({ permitted: true, facts: { prior: { persons: 0n } } });
    expect(await rows('select kind, reason from compliance.volume_movement where order_decision_id = $1 order by id', [made.id])).toEqual([{ kind: 'RESERVE', reason: null }, { kind: 'RELEASE', reason: 'the licence ended' }]);
  });

  it('does not give back what has left', async () => {
    const exporter = newId();
    const made = await order(sale(exporter, 60_000n));
    await confirm(made.id);
    await release(made.id);
    expect([await volumeOfYear(exporter), await confirm(made.id)]).toEqual(['0 60000', 'CONFIRMED']);
  });

  it('decides once between a byte that leaves and a licence that ends at the same moment', async () => {
    for (let i = 0; i < 5; i++) {
      const exporter = newId();
      const made = await order(sale(exporter, 10n));
      const [answer] = await Promise.all([confirm(made.id), release(made.id)]);
      expect([answer, await volumeOfYear(exporter)]).toEqual(answer === 'CONFIRMED' ? ['CONFIRMED', '0 10'] : ['RELEASED', '0 0']);
    }
  });

  it('stays the sum of its movements when orders, deliveries and ends come at once', async () => {
    const exporter = newId();
    const orders = await Promise.all(Array.from({ length: 8 }, () => order(sale(exporter, 10_000n))));
    await Promise.all(orders.flatMap((o, i) => [i % 2 ? confirm(o.id) : release(o.id), delivery(sale(exporter, 10_000n), o), order(sale(exporter, 5_000n))]));
    await balanced();
  });

  it('knows nothing of what counts nowhere, and of no decision', async () => {
    const free = await order(trade());
    expect(await Promise.all([confirm(free.id), confirm(newId())])).toEqual(['NOTHING', 'NOTHING']);
    await release(free.id);
    await release(newId());
    expect(await rows('select 1 from compliance.volume_movement where order_decision_id = $1', [free.id])).toEqual([]);
  });

  it('confirms a delivery of the new year in the new year, and gives the old one back', async () => {
    const exporter = newId();
    const facts = sale(exporter, 60_000n);
    const made = await order(facts);
    clock.advance(60 * 86_400);
    const late = await delivery(facts, made);
    expect(await confirm(late.id)).toBe('CONFIRMED');
    expect([await volumeOfYear(exporter), await volumeOfYear(exporter, 2027)]).toEqual(['60000 0', '0 60000']);
    await release(made.id);
    expect([await volumeOfYear(exporter), await volumeOfYear(exporter, 2027)]).toEqual(['0 0', '0 60000']);
    clock.advance(-60 * 86_400);
  });

  it('refuses any change of a movement, and sums that no movement explains', async () => {
    for (const table of ['volume_movement', 'category_movement', 'approval_movement']) {
      await expect(rows(`truncate compliance.${table}`)).rejects.toThrow('never changed');
    }
    await order(sale(newId(), 1n));
    for (const act of ['delete from', 'update']) await expect(rows(`${act} compliance.volume_movement ${act === 'update' ? 'set persons = 0' : ''}`)).rejects.toThrow('never changed');
    await expect(rows('update compliance.volume_year set reserved_persons = -1')).rejects.toThrow('check');
  });

  describe('of the United States', () => {
    const american = (exporterId: string, health: bigint, over: Partial<Classification> = {}): TradeFacts =>
      trade([{ persons: health, collectedIn: 'overseas', usCounts: { health }, collectedFirstHand: true, governmentRelated: false, ...over }],
        { exporterId, origin: 'US', originProvince: null, registeredIn: null, destination: 'GB', recipientJurisdiction: 'GB' });

    it('counts by category what one exporter hands to one recipient, eight at once', async () => {
      const [exporter, recipient] = [newId(), await british()];
      const decisions = await Promise.all(Array.from({ length: 8 }, () => order(american(exporter, 3_000n), recipient)));
      expect(decisions.filter((d) => d.permitted)).toHaveLength(3);
      expect(decisions.filter((d) => d.outcome === 'conditional' && d.needs.flat().includes('us_no_onward_clause'))).toHaveLength(5);
      expect(await rows('select sum(count)::text as n from compliance.category_movement where exporter_id = $1', [exporter])).toEqual([{ n: '9000' }]);
      expect((await order(american(exporter, 3_000n), await british())).permitted).toBe(true);
      expect((await order(american(newId(), 3_000n), recipient)).permitted).toBe(true);
      expect(await order(american(exporter, 1_000n, { usCounts: { financial: 1_000n } }), recipient)).toMatchObject({ permitted: true, facts: { prior: { persons: 0n } } });
    });

    it('forgets after twelve months what was not delivered again, and keeps what was', async () => {
      const [exporter, recipient] = [newId(), await british()];
      const days = (n: number): void => clock.advance(n * 86_400);
      const first = await order(american(exporter, 9_000n), recipient);
      expect((await order(american(exporter, 2_000n), recipient))).toMatchObject({ permitted: false, facts: { prior: { categories: { health: 9_000n } } } });
      days(360);
      expect(await delivery(american(exporter, 9_000n), first)).toMatchObject({ permitted: true });
      days(10);
      expect((await order(american(exporter, 2_000n), recipient)).permitted).toBe(false);
      days(360);
      expect((await order(american(exporter, 2_000n), recipient)).permitted).toBe(true);
      days(-730);
      expect(await rows('select count(*)::int as n from compliance.category_movement where order_decision_id = $1', [first.id])).toEqual([{ n: 1 }]);
    });

    it('gives back and confirms as the year does', async () => {
      const [exporter, recipient] = [newId(), await british()];
      const [kept, ended] = [await order(american(exporter, 4_000n), recipient), await order(american(exporter, 4_000n), recipient)];
      expect(await confirm(kept.id)).toBe('CONFIRMED');
      await release(kept.id);
      await release(ended.id);
      expect(await order(american(exporter, 5_000n), recipient)).toMatchObject({ permitted: true, facts: { prior: { categories: { health: 4_000n } } } });
      expect(await evaluate(american(exporter, 2_000n), recipient)).toMatchObject({ permitted: false });
      expect(await evaluate(american(exporter, 2_000n), await british())).toMatchObject({ permitted: true });
    });
  });

  it('keeps what is used up of an approval: by each order once, given back where it ends', async () => {
    const [exporterId, approval, other] = [newId(), newId(), newId()];
    const accounts = exchange.app.get(TransferAccounts, { strict: false });
    const uses = exchange.app.get(ApprovalUseRepository, { strict: false });
    const used = async (except: string | null = null) => Object.fromEntries(await uow.run((tx) => uses.usedOf(tx, [approval, other], except)));
    const datasets = [{ persons: 700n, sensitivePersons: 30n }];
    const [facts, known] = [trade(datasets, { exporterId, origin: 'SG' }), transfer(datasets, { exporterId, origin: 'SG' })];
    const reserve = (of: Decision, ids: string[]): Promise<void> => uow.run(async (tx) => {
      const open = await accounts.open(tx, { facts: known, recipientId: of.recipientId!, year: null, orderDecisionId: of.id, now: clock.now(), hold: true });
      await accounts.reserve(tx, open, { decisionId: of.id, orderDecisionId: of.id, at: clock.now() }, false, ids);
    });
    const [first, second] = [await order(facts), await order(facts)];
    await reserve(first, [approval, approval, other]);
    await reserve(first, [approval]);
    await reserve(second, [approval]);
    expect(await used()).toEqual({ [approval]: { persons: 1_400n, sensitivePersons: 60n }, [other]: { persons: 700n, sensitivePersons: 30n } });
    expect(await used(second.id)).toMatchObject({ [approval]: { persons: 700n } });
    await confirm(first.id);
    await Promise.all([release(first.id), release(second.id)]);
    expect(await used()).toEqual({ [approval]: { persons: 700n, sensitivePersons: 30n }, [other]: { persons: 700n, sensitivePersons: 30n } });
  });

  it('shows the year to its exporter and to staff that oversees trades', async () => {
    const [admin, auditor, stranger] = await Promise.all(['staff-admin', 'auditor', 'stranger'].map((s) => exchange.client(s)));
    await enlist(admin!, auditor!, 'Auditor', 'AUDITOR');
    const exporter = newId();
    await confirm((await order(sale(exporter, 7n))).id);
    await order(sale(exporter, 5n));
    const query = 'query($id: ID!) { exportVolumeOf(organisationId: $id, year: 2026) { year reserved { persons sensitivePersons } confirmed { persons sensitivePersons } } }';
    expect(await auditor!.ask(query, { id: exporter })).toEqual({ exportVolumeOf: { year: 2026, reserved: { persons: '5', sensitivePersons: '0' }, confirmed: { persons: '7', sensitivePersons: '0' } } });
    for (const client of [admin!, stranger!]) expect(await client.ask(query, { id: exporter })).toEqual({ exportVolumeOf: null });
    expect(await auditor!.ask(query, { id: 'x' })).toEqual({ exportVolumeOf: null });
    expect(await stranger!.ask('{ exportVolume(year: 2026) { year } }')).toEqual({ exportVolume: null });
  });
});
