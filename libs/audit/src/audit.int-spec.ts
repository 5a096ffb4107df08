import { systemCaller, UnitOfWork, trustCallsOutsideRequests } from '#shared';
import { startExchange, type TestExchange } from '../../../test/support/exchange.js';
import { Audit } from './audit.facade.js';

trustCallsOutsideRequests();

describe('audit log', () => {
  let exchange: TestExchange;
  let audit: Audit;
  const caller = systemCaller('test');
  const sql = (text: string): Promise<unknown> => exchange.owner.query(text);
  /** As a database administrator would, past the triggers. */
  const tamper = async (text: string): Promise<void> => {
    await sql(`do $$ begin set local session_replication_role = replica; ${text}; end $$`);
  };
  beforeEach(async () => {
    exchange = await startExchange();
    audit = exchange.app.get(Audit);
    for (let batch = 0; batch < 3; batch++) {
      for (let n = 0; n < 4; n++) await exchange.app.get(UnitOfWork).run((tx) => audit.append(tx, caller, { act: 'test.act', objectType: 'thing', objectId: `${batch}-${n}`, details: { n, batch } }));
      await audit.seal();
    }
  });
  afterEach(() => exchange.close());

  it('verifies what was not touched, and counts what waits to be sealed', async () => {
    await exchange.app.get(UnitOfWork).run((tx) => audit.append(tx, caller, { act: 'test.act', objectType: 'thing', objectId: 'later' }));
    expect(await audit.verify()).toMatchObject({ intact: true, seals: 3n, unsealed: 1, findings: [] });
  });

  it.each([
    ['a changed entry', `update audit.entry set details = '{"n":9}' where object_id = '1-2'`, 'entry_changed', 2n],
    ['a changed subject', `update audit.entry set subject = 'member:somebody' where object_id = '0-2'`, 'entry_changed', 1n],
    ['a removed entry', `delete from audit.entry where object_id = '2-0'`, 'entry_removed', 3n],
    ['a removed seal', `delete from audit.sealed_entry where seal_number = 2; delete from audit.seal where number = 2`, 'seal_missing', 2n],
    ['an entry removed with its trace', `delete from audit.sealed_entry where object_id = '1-1'; delete from audit.entry where object_id = '1-1'`, 'seal_broken', 2n],
    ['an entry changed with its hash', `update audit.entry set reason = 'x' where object_id = '1-0'; update audit.sealed_entry set entry_hash = repeat('a', 64) where object_id = '1-0'`, 'seal_broken', 2n],
    ['a seal made anew without the key', `update audit.seal set entries_root = repeat('b', 64), hash = repeat('c', 64) where number = 3`, 'signature_wrong', 3n],
  ])('finds %s and says where', async (_, change, problem, seal) => {
    await tamper(change);
    const result = await audit.verify();
    expect(result.intact).toBe(false);
    expect(result.findings.map((f) => `${f.problem} ${f.sealNumber}`)).toContain(`${problem} ${seal}`);
  });

  it('finds an entry that was slipped in past the log', async () => {
    await tamper(`insert into audit.entry select 'forged', recorded_at, gen_random_uuid(), tenant_id, subject, act, object_type, trade_id, request_id, reason, details from audit.entry where object_id = '0-0'`);
    expect((await audit.verify()).findings).toMatchObject([{ problem: 'entry_unqueued' }]);
  });

  it('lets two sealers run at once without a fork', async () => {
    for (let n = 0; n < 50; n++) await exchange.app.get(UnitOfWork).run((tx) => audit.append(tx, caller, { act: 'test.act', objectType: 'thing', objectId: `p${n}` }));
    await Promise.all([audit.seal(), audit.seal(), audit.seal(), audit.seal()]);
    await audit.seal();
    expect(await audit.verify()).toMatchObject({ intact: true, unsealed: 0 });
  });

  it('stops the act when the line cannot be written', async () => {
    await sql('create table act_done (id int primary key); grant all on act_done to entrepot_app');
    await sql(`alter table audit.entry add constraint nothing_fits check (act <> 'test.blocked')`);
    await expect(exchange.app.get(UnitOfWork).run(async (tx) => {
      await tx.query('insert into act_done values (1)');
      await audit.append(tx, caller, { act: 'test.blocked', objectType: 'thing', objectId: 'x' });
    })).rejects.toThrow(/nothing_fits/);
    expect(await sql('select * from act_done')).toEqual([]);
  });
});
