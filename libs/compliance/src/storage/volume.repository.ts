import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { NO_VOLUME, type Volume } from '../domain/transfer.js';

interface Row {
  persons: string; sensitive_persons: string;
}

/** An order of an exporter in a calendar year. */
export interface OrderInYear extends YearKey {
  readonly orderDecisionId: string;
}

/** One exporter's account of one calendar year. */
export interface YearKey {
  readonly exporterId: string;
  readonly year: number;
}

const OF_YEAR = { name: 'compliance.volume-of-year', text: 'select persons, sensitive_persons from compliance.volume_year where exporter_id = $1 and year = $2' };

const OTHERS = `select (coalesce(y.persons, 0) - coalesce(own.persons, 0))::text as persons, (coalesce(y.sensitive_persons, 0) - coalesce(own.sensitive_persons, 0))::text as sensitive_persons,
    coalesce(own.persons, 0)::text as own_persons, coalesce(own.sensitive_persons, 0)::text as own_sensitive_persons
  from unnest($1::uuid[], $2::int[], $3::uuid[]) with ordinality as o (exporter_id, year, order_decision_id, n)
  left join compliance.volume_year y on y.exporter_id = o.exporter_id and y.year = o.year
  left join lateral (select sum(r.persons) as persons, sum(r.sensitive_persons) as sensitive_persons from compliance.volume_reservation r
    where r.order_decision_id = o.order_decision_id and r.year = o.year and r.exporter_id = o.exporter_id) own on true
  order by o.n`;
const TAKEN_BY_ORDER = { name: 'compliance.volume-taken-by-order', text: OTHERS };

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

  /** What the other orders of the exporter have taken of the year, for each of these orders, in their sequence; not held. */
  async ofOthers(tx: Tx, orders: readonly OrderInYear[]): Promise<Volume[]> {
    const rows = (await tx.query(OTHERS, [orders.map((o) => o.exporterId), orders.map((o) => o.year), orders.map((o) => o.orderDecisionId)])) as Row[];
    return rows.map(toVolume);
  }

  /** What an order has taken of the year, and what the others have. */
  async takenByOrder(order: OrderInYear): Promise<{ own: Volume; others: Volume }> {
    const [row] = await this.database.query<Row & { own_persons: string; own_sensitive_persons: string } & Record<string, unknown>>(TAKEN_BY_ORDER, [[order.exporterId], [order.year], [order.orderDecisionId]]);
    return { own: { persons: BigInt(row!.own_persons), sensitivePersons: BigInt(row!.own_sensitive_persons) }, others: toVolume(row!) };
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
