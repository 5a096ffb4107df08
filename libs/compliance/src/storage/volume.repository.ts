import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { NO_VOLUME, type Volume } from '../domain/transfer.js';

interface Row {
  persons: string; sensitive_persons: string;
}

/** One exporter's account of one calendar year. */
export interface YearKey {
  readonly exporterId: string;
  readonly year: number;
}

const OF_YEAR = { name: 'compliance.volume-of-year', text: 'select persons, sensitive_persons from compliance.volume_year where exporter_id = $1 and year = $2' };

@Injectable()
export class VolumeRepository {
  constructor(private readonly database: Database) {}

  /** Everything reserved in the year, held until the transaction ends. The zero row comes first: a row that is not there cannot be held. */
  async lock(tx: Tx, { exporterId, year }: YearKey): Promise<Volume> {
    await tx.query('insert into compliance.volume_year (exporter_id, year) values ($1, $2) on conflict do nothing', [exporterId, year]);
    const [row] = (await tx.query(`${OF_YEAR.text} for no key update`, [exporterId, year])) as [Row];
    return toVolume(row);
  }

  /** The same, not held. */
  async read(tx: Tx, { exporterId, year }: YearKey): Promise<Volume> {
    const [row] = (await tx.query(OF_YEAR.text, [exporterId, year])) as Row[];
    return row ? toVolume(row) : NO_VOLUME;
  }

  async ofYear({ exporterId, year }: YearKey): Promise<Volume> {
    const [row] = await this.database.query<Row & Record<string, unknown>>(OF_YEAR, [exporterId, year]);
    return row ? toVolume(row) : NO_VOLUME;
  }

  /** What one order has reserved in the year. */
  async ofOrder(tx: Tx, { exporterId, year }: YearKey, orderDecisionId: string): Promise<Volume> {
    const [row] = (await tx.query(
      `select coalesce(sum(persons), 0)::text as persons, coalesce(sum(sensitive_persons), 0)::text as sensitive_persons
       from compliance.volume_reservation where exporter_id = $1 and year = $2 and order_decision_id = $3`, [exporterId, year, orderDecisionId],
    )) as [Row];
    return toVolume(row);
  }

  /** Adds to the year; the caller holds its row. */
  async reserve(tx: Tx, { exporterId, year }: YearKey, of: { decisionId: string; orderDecisionId: string; at: Date }, volume: Volume): Promise<void> {
    await tx.query(
      `insert into compliance.volume_reservation (exporter_id, year, decision_id, order_decision_id, persons, sensitive_persons, reserved_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [exporterId, year, of.decisionId, of.orderDecisionId, volume.persons, volume.sensitivePersons, of.at],
    );
    await tx.query(
      'update compliance.volume_year set persons = persons + $3, sensitive_persons = sensitive_persons + $4 where exporter_id = $1 and year = $2',
      [exporterId, year, volume.persons, volume.sensitivePersons],
    );
  }
}

const toVolume = (r: Row): Volume => ({ persons: BigInt(r.persons), sensitivePersons: BigInt(r.sensitive_persons) });
