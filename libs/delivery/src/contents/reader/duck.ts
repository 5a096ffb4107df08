import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBType } from '@duckdb/node-api';
import type { ReadTask } from '../protocol.js';

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A database of this reading in its own folder. It reads the files of the task and nothing else, loads nothing from elsewhere, and cannot be told otherwise. */
export class Duck {
  private constructor(readonly connection: DuckDBConnection) {}

  static async open({ folder, files, limits }: ReadTask): Promise<Duck> {
    const instance = await DuckDBInstance.create(path.join(folder, 'stage.duckdb'), {
      threads: '1', memory_limit: `${limits.duckdbMegabytes}MB`, temp_directory: path.join(folder, 'spill'),
      autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allow_community_extensions: 'false', allow_unsigned_extensions: 'false',
    });
    const duck = new Duck(await instance.connect());
    await duck.run(`set TimeZone = 'UTC'`);
    await duck.run(`set allowed_paths = [${files.map((f) => literal(f.path)).join(', ')}]`);
    await duck.run(`set allowed_directories = [${literal(folder)}]`);
    await duck.run('set enable_external_access = false');
    await duck.run('set lock_configuration = true');
    return duck;
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }
  /** Numbers of more than 32 bits come as text. */
  async rows<T extends object>(sql: string): Promise<T[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson() as unknown as T[];
  }
  async one<T extends object>(sql: string): Promise<T> {
    return (await this.rows<T>(sql))[0]!;
  }
  /** Names and types of what a query answers, without running it to its end. */
  async columns(sql: string): Promise<{ name: string; type: DuckDBType }[]> {
    const result = await this.connection.run(`select * from (${sql}) limit 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, i) => ({ name, type: types[i]! }));
  }
}
