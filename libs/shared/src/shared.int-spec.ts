import { trustCallsOutsideRequests } from './request-scope.js';
import { startExchange, type TestExchange } from '../../../test/support/exchange.js';
import { TestClock } from '../../../test/support/clock.js';
import { systemCaller } from './caller.js';
import { Commands } from './commands.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { eventType, Outbox, Subscriptions } from './outbox/outbox.js';
import { Relay } from './outbox/relay.js';
import { invalid } from './refusal.js';

const Happened = eventType<{ n: number }>('test.happened.v1');

trustCallsOutsideRequests();

describe('what every room stands on', () => {
  let exchange: TestExchange;
  let uow: UnitOfWork;
  let commands: Commands;
  const clock = new TestClock(new Date('2026-11-22T00:00:00Z'));
  const caller = { ...systemCaller('test'), idempotencyKey: 'k' };
  const count = async (sql: string): Promise<number> => Number(((await exchange.owner.query(sql)) as { n: string }[])[0]!.n);
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    uow = exchange.app.get(UnitOfWork);
    commands = exchange.app.get(Commands);
    await exchange.owner.query('create table counter (id int primary key, n bigint not null); grant all on counter to entrepot_app');
    await exchange.owner.query('insert into counter values (1, 0), (2, 0)');
  });
  afterAll(() => exchange.close());

  it('runs a command once under one key, also when it is sent twenty times at once, and answers the same', async () => {
    const send = () => commands.run({ ...caller, idempotencyKey: 'once' }, 'test.increment', { by: 1n }, async (tx) => {
      await tx.query('update counter set n = n + 1 where id = 1');
      return { token: Math.random(), at: clock.now(), amount: 5n };
    });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(new Set(answers.map((a) => JSON.stringify(a, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)))).size).toBe(1);
    expect(await count('select n from counter where id = 1')).toBe(1);
  });

  it('refuses the same key with another input, keeps scopes apart, and stores no refusal', async () => {
    const run = (key: string, input: unknown, tenantId: string | null = null) => commands.run({ ...caller, idempotencyKey: key, tenantId }, 'test.other', input, () => Promise.resolve({ ok: true }));
    await run('a', { x: 1 });
    expect(await run('a', { x: 2 })).toMatchObject({ kind: 'IdempotencyConflict' });
    expect(await run('a', { x: 2 }, '0191d5a0-0000-7000-8000-000000000001')).toEqual({ ok: true });
    const refused = await commands.run({ ...caller, idempotencyKey: 'r' }, 'test.refused', {}, async (tx) => {
      await tx.query('update counter set n = n + 100 where id = 1');
      return invalid('x', 'y', 'z');
    });
    expect(refused).toMatchObject({ kind: 'InvalidInput' });
    expect(await count('select n from counter where id = 1')).toBe(1);
    expect(await count(`select count(*) as n from shared.idempotency_key where key = 'r'`)).toBe(0);
  });

  it('runs a deadlocked transaction again, whole', async () => {
    const both = (first: number, second: number) => uow.run(async (tx) => {
      await tx.query('update counter set n = n + 1 where id = $1', [first]);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await tx.query('update counter set n = n + 1 where id = $1', [second]);
    });
    const before = await count('select sum(n) as n from counter');
    await Promise.all([both(1, 2), both(2, 1)]);
    expect(await count('select sum(n) as n from counter')).toBe(before + 4);
  });

  it('gives up on a conflict that does not end', async () => {
    let attempts = 0;
    await expect(uow.run(async (tx) => {
      attempts++;
      await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    })).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(5);
  });

  it('hands messages over in order per aggregate, once in effect, and lets a failing one hold back its own aggregate only', async () => {
    const seen: string[] = [];
    let broken = true;
    exchange.app.get(Subscriptions).on(Happened, 'test.listener', async (_tx, message) => {
      if (message.aggregateId === 'sick' && broken) throw new Error('not today');
      seen.push(`${message.aggregateId}${message.payload.n}`);
    });
    const outbox = exchange.app.get(Outbox);
    for (const [aggregate, n] of [['sick', 1], ['well', 1], ['sick', 2], ['well', 2]] as const) await uow.run((tx) => outbox.publish(tx, caller, Happened, aggregate, { n }));
    await Promise.all([exchange.app.get(Relay).turn(), exchange.app.get(Relay).turn()]);
    await exchange.app.get(Relay).turn();
    expect(seen).toEqual(['well1', 'well2']);
    broken = false;
    clock.advance(3600);
    await exchange.drain();
    expect(seen).toEqual(['well1', 'well2', 'sick1', 'sick2']);
    expect(await count('select count(*) as n from shared.outbox_delivery')).toBe(0);
  });

  it('publishes nothing when the transaction rolls back', async () => {
    const before = await count('select count(*) as n from shared.outbox');
    await uow.run(async (tx) => {
      await exchange.app.get(Outbox).publish(tx, caller, Happened, 'x', { n: 1 });
      return invalid('x', 'y', 'z');
    });
    expect(await count('select count(*) as n from shared.outbox')).toBe(before);
  });
});
