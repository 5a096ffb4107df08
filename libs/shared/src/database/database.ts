import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ClientBase, Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Config } from '../config/config.js';
import { LIMITS } from '../config/limits.js';
import { asNobody, currentScope, type RequestScope } from '../request-scope.js';
import { cancellable, StatementCancelled } from './cancel.js';
import { rowTypes } from './row-types.js';
import { SteadyClient } from './steady-client.js';

/** The open transaction. Whatever writes takes it as its first argument. */
export type Tx = EntityManager;

export interface Statement {
  /** Names the prepared statement on the connection: unique in the code base, `<room>.<what>`. */
  readonly name: string;
  readonly text: string;
  /** Of what anybody may see: it runs as nobody, whoever asks, on connections that need never be told another scope. */
  readonly public?: true;
  /** Its plan depends on the values: it is not prepared, and planned for these values each time. */
  readonly plannedEachTime?: true;
}

/** A value that PostgreSQL cannot read as what it stands for: an id that is none, a cursor that somebody edited. */
export class MalformedValueError extends Error {}

/** invalid_text_representation, invalid_datetime_format, datetime_field_overflow, numeric_value_out_of_range; and a NUL character in a text. */
const MALFORMED = new Set(['22P02', '22007', '22008', '22003', '22021']);

/** The role under which the application works: owner of nothing, bound by the policies of every table. */
export const APPLICATION_ROLE = 'entrepot_app';

/**
 * The address with which the application connects: whatever it brings, the session works under the application's role and with our
 * time-out. What an address says wins over options beside it, so it has to be said there.
 */
export function asApplication(url: string): string {
  const address = new URL(url);
  const options = [address.searchParams.get('options'), `-c role=${APPLICATION_ROLE} -c statement_timeout=${LIMITS.statementTimeoutMs}`].filter(Boolean).join(' ');
  address.searchParams.set('options', options);
  address.searchParams.delete('statement_timeout');
  // A '+' is a space to some readers of an address and a plus to others.
  return address.href.replaceAll('+', '%20');
}

const SET_SCOPE = { name: 'shared.set-scope', text: `select set_config('entrepot.reach', $1, false), set_config('entrepot.tenant', $2, false), set_config('entrepot.subject', $3, false)` };
const SET_SCOPE_LOCAL = { name: 'shared.set-local-scope', text: `select set_config('entrepot.reach', $1, true), set_config('entrepot.tenant', $2, true), set_config('entrepot.subject', $3, true)` };

const scopeValues = (scope: RequestScope): string[] => [scope.reach, scope.tenantId ?? '', scope.subject];

/** Tells the open transaction whose rows it may see and change. */
export const enterScope = (tx: Tx, scope: RequestScope): Promise<unknown> => prepared(tx, SET_SCOPE_LOCAL, scopeValues(scope));

/** A statement of the open transaction that is read and planned once a connection: for those that every transaction makes, or thousands a second. TypeORM itself prepares none. */
export async function prepared<Row extends QueryResultRow>(tx: Tx, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
  const client = (await tx.queryRunner!.connect()) as ClientBase;
  return (await client.query<Row>({ name: statement.name, text: statement.text, values: values as unknown[] })).rows;
}

/**
 * Reads outside a transaction, as named prepared statements: a quarter of the CPU of a hydrated entity. They have connections
 * of their own, held for one statement at a time, so that a read made while a transaction is open never waits for one.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly requests: Pool;
  private readonly strangers: Pool;
  /** The exchange's own reads, the look-up of every request's credential among them, so that the others need not be told anew each time. */
  private readonly system: Pool;
  /** The scope that each connection was last told; most statements find it right already. */
  private readonly told = new WeakMap<PoolClient, string>();

  constructor(readonly dataSource: DataSource, config: Config) {
    const { url } = dataSource.options as { url: string };
    const pool = (name: string): Pool => new Pool({
      connectionString: url, max: config.DATABASE_POOL, application_name: name, connectionTimeoutMillis: 10_000, idleTimeoutMillis: 600_000,
      types: rowTypes, Client: SteadyClient,
    });
    this.requests = pool('entrepot-read');
    this.strangers = pool('entrepot-public');
    this.system = pool('entrepot-system');
    // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
    for (const each of this.pools) each.on('error', () => undefined);
  }

  private get pools(): Pool[] {
    return [this.requests, this.strangers, this.system];
  }

  async query<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const scope = statement.public ? asNobody() : currentScope();
    const client = await (statement.public ? this.strangers : scope.reach === 'system' ? this.system : this.requests).connect();
    let broken: boolean | undefined;
    try {
      // Nobody would wait for what it was told then, and the next statement must not rely on it.
      if (scope.signal?.aborted) throw new StatementCancelled(true);
      await this.tell(client, scope);
      const { rows } = await cancellable(client, scope.signal, () => client.query<Row>({ name: statement.plannedEachTime ? '' : statement.name, text: statement.text, values: values as unknown[] }));
      return rows;
    } catch (error) {
      const malformed = MALFORMED.has((error as { code?: string }).code ?? '');
      // Of other failures it is not known what they left of the connection.
      broken = !malformed && !(error instanceof StatementCancelled && error.usable);
      throw malformed ? new MalformedValueError('an id or cursor is malformed') : error;
    } finally {
      client.release(broken);
    }
  }

  private async tell(client: PoolClient, scope: RequestScope): Promise<void> {
    const values = scopeValues(scope);
    const key = values.join('|');
    if (this.told.get(client) === key) return;
    await client.query({ ...SET_SCOPE, values });
    this.told.set(client, key);
  }

  /** Fails the start where a session does not work under the application's role, or is not the one backend that it seems to be. */
  async mustBeBound(): Promise<void> {
    for (const pool of this.pools) {
      const client = (await pool.connect()) as PoolClient & { readonly processID: number };
      const { rows: [row] } = await client.query<{ role: string; backend: number }>('select current_user as role, pg_backend_pid() as backend');
      client.release();
      if (row!.role !== APPLICATION_ROLE) throw new Error(`DATABASE_URL: a session works as ${row!.role} and not as ${APPLICATION_ROLE}, so row-level security would not hold it`);
      if (row!.backend !== client.processID) throw new Error('DATABASE_URL: a pooler in between hands statements of one session to several; session pooling alone is possible');
    }
    const [transaction] = (await this.dataSource.query('select current_user as role')) as { role: string }[];
    if (transaction!.role !== APPLICATION_ROLE) throw new Error(`DATABASE_URL: transactions work as ${transaction!.role}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
  }
}

/** Column transformer: PostgreSQL's bigint is bigint here, never a string or a number. */
export const bigintColumn = {
  from: (value: string | null): bigint | null => (value === null ? null : BigInt(value)),
  to: (value: bigint | null): bigint | null => value,
};
