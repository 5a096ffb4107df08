import { DataSource } from 'typeorm';
import pg from 'pg';
import { startExchange, type TestExchange } from '../support/exchange.js';

const ROOMS = ['shared', 'audit', 'identity', 'compliance', 'catalog', 'contracts', 'metering', 'delivery', 'settlement', 'billing', 'einvoice'];
/** Tables that grow without bound, with the key that spreads them over nodes. */
const DISTRIBUTED: Record<string, string> = { 'audit.entry': 'object_id', 'metering.usage_event': 'licence_id', 'delivery.receipt': 'licence_id', 'settlement.posting': 'account_id' };

const TABLES = `select n.nspname as schema, c.relname as name, c.relispartition as partition from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`;

/** What the house's rules say of a database schema, as queries whose rows are breaches. */
const RULES: Record<string, string> = {
  'has a table without primary key': `select t.schema || '.' || t.name as breach from (${TABLES}) t where not t.partition and t.name not in ('migrations')
    and not exists (select 1 from pg_constraint k where k.contype = 'p' and k.conrelid = format('%I.%I', t.schema, t.name)::regclass)`,
  'has a float or money column': `select table_schema || '.' || table_name || '.' || column_name as breach from information_schema.columns
    where data_type in ('real', 'double precision', 'money') and table_schema not in ('pg_catalog', 'information_schema')`,
  'has a timestamp without time zone': `select table_schema || '.' || table_name || '.' || column_name as breach from information_schema.columns
    where data_type = 'timestamp without time zone' and table_schema not in ('pg_catalog', 'information_schema')`,
  'has a foreign key that crosses a schema': `select k.conname || ': ' || k.conrelid::regclass || ' > ' || k.confrelid::regclass as breach from pg_constraint k
    join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid where k.contype = 'f' and a.relnamespace <> b.relnamespace`,
  'has a table outside the rooms': `select t.schema || '.' || t.name as breach from (${TABLES}) t where t.schema <> all (array[${ROOMS.map((r) => `'${r}'`).join(',')}]) and not (t.schema = 'public' and t.name = 'migrations')`,
};

describe('database schema', () => {
  let exchange: TestExchange;
  let client: pg.Client;
  beforeAll(async () => {
    exchange = await startExchange();
    client = new pg.Client(exchange.databaseUrl);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await exchange.close();
  });
  const breaches = async (rule: string): Promise<string[]> => (await client.query<{ breach: string }>(RULES[rule]!)).rows.map((r) => r.breach);

  it.each(Object.keys(RULES))('nowhere %s', async (rule) => expect(await breaches(rule)).toEqual([]));

  it.each([
    ['has a table without primary key', 'create table catalog.planted (a int)'],
    ['has a float or money column', 'create table catalog.planted (id int primary key, price double precision)'],
    ['has a timestamp without time zone', 'create table catalog.planted (id int primary key, at timestamp)'],
    ['has a foreign key that crosses a schema', 'create table catalog.planted (id uuid primary key references identity.organisation (id))'],
    ['has a table outside the rooms', 'create table public.planted (id int primary key)'],
  ])('goes red where a table %s', async (rule, sql) => {
    await client.query('begin');
    await client.query(sql);
    expect((await breaches(rule)).join()).toContain('planted');
    await client.query('rollback');
  });

  it.each(Object.entries(DISTRIBUTED))('%s is partitioned and carries %s in every unique key', async (table, key) => {
    const { rows } = await client.query<{ kind: string; without: string | null }>(
      `select c.relkind as kind, (select string_agg(i.indexrelid::regclass::text, ', ') from pg_index i where i.indrelid = c.oid and (i.indisunique or i.indisprimary)
         and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attnum = any(i.indkey) and a.attname = $2)) as without from pg_class c where c.oid = $1::regclass`, [table, key]);
    expect(rows).toEqual([{ kind: 'p', without: null }]);
  });

  it('history refuses UPDATE, DELETE and TRUNCATE', async () => {
    const { rows } = await client.query<{ table: string }>(
      `select distinct tgrelid::regclass::text as table from pg_trigger where tgfoid = 'shared.refuse_change'::regproc and not tgisinternal order by 1`);
    const tables = rows.map((r) => r.table);
    for (const expected of ['audit.entry', 'audit.seal', 'contracts.agreement', 'compliance.decision', 'metering.usage_event', 'delivery.receipt', 'settlement.posting', 'settlement.journal', 'billing.invoice']) expect(tables).toContain(expected);
    await expect(client.query('truncate audit.entry cascade')).rejects.toThrow(/refused/);
    await expect(client.query(`update audit.entry set act = 'x'`)).rejects.toThrow(/refused/);
    await expect(client.query('delete from audit.entry')).rejects.toThrow(/refused/);
  });

  it('is what the entities say, column by column', async () => {
    const source = exchange.app.get(DataSource);
    expect(source.entityMetadatas.length).toBeGreaterThan(20);
    for (const entity of source.entityMetadatas) {
      const { rows } = await client.query<{ column_name: string; type: string; nullable: boolean }>(
        `select a.attname as column_name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`, [`${entity.schema}.${entity.tableName}`]);
      const columns = new Map(rows.map((r) => [r.column_name, r]));
      for (const column of entity.columns) {
        const real = columns.get(column.databaseName);
        const type = ALIASES[String(column.type)] ?? String(column.type);
        expect({ table: entity.tablePath, column: column.databaseName, type: real?.type, nullable: real?.nullable }).toEqual({
          table: entity.tablePath, column: column.databaseName, type: column.isArray ? `${type}[]` : type, nullable: column.isNullable,
        });
      }
    }
  });
});

const ALIASES: Record<string, string> = { timestamptz: 'timestamp with time zone', int: 'integer' };
