import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Config } from '../config/config.js';
import { LIMITS } from '../config/limits.js';
import { rowTypes } from './row-types.js';

/** The open transaction. Whatever writes takes it as its first argument. */
export type Tx = EntityManager;

export interface Statement {
  /** Names the prepared statement on the connection: unique in the code base, `<room>.<what>`. */
  readonly name: string;
  readonly text: string;
}

/** A value that PostgreSQL cannot read as what it stands for: an id that is none, a cursor that somebody edited. */
export class MalformedValueError extends Error {}

/** invalid_text_representation, invalid_datetime_format, datetime_field_overflow, numeric_value_out_of_range. */
const MALFORMED = new Set(['22P02', '22007', '22008', '22003']);

/**
 * Reads outside a transaction, as named prepared statements: a quarter of the CPU of a hydrated entity. They have connections
 * of their own, held for one statement at a time, so that a read made while a transaction is open never waits for one.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(readonly dataSource: DataSource, config: Config) {
    const { url } = dataSource.options as { url: string };
    this.pool = new Pool({ connectionString: url, max: config.DATABASE_POOL, application_name: 'entrepot-read', connectionTimeoutMillis: 10_000, idleTimeoutMillis: 600_000, statement_timeout: LIMITS.statementTimeoutMs, types: rowTypes });
    // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  async query<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ name: statement.name, text: statement.text, values: values as unknown[] })).rows;
    } catch (error) {
      if (MALFORMED.has((error as { code?: string }).code ?? '')) throw new MalformedValueError('an id or cursor is malformed');
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** Column transformer: PostgreSQL's bigint is bigint here, never a string or a number. */
export const bigintColumn = {
  from: (value: string | null): bigint | null => (value === null ? null : BigInt(value)),
  to: (value: bigint | null): bigint | null => value,
};
