import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#shared';
import { addVolumes, NO_VOLUME, type Volume } from '../domain/transfer.js';
import type { MovementKind, MovementOf, YearVolume } from '../domain/volume/movement.js';

interface Row {
  persons: string; sensitive_persons: string;
}
interface YearRow {
  reserved_persons: string; reserved_sensitive_persons: string; confirmed_persons: string; confirmed_sensitive_persons: string;
}

/** One exporter's account of one calendar year. */
export interface YearKey {
  readonly exporterId: string;
  readonly year: number;
}

const OF_YEAR = {
  name: 'compliance.volume-of-year',
  text: 'select reserved_persons, reserved_sensitive_persons, confirmed_persons, confirmed_sensitive_persons from compliance.volume_year where exporter_id = $1 and year = $2',
};
/** The movement and the sums of its year in one statement; the caller holds the year's row. What was not reserved can be neither confirmed nor released: the sums are checked. */
const MOVE = `with moved as (
    insert into compliance.volume_movement (id, exporter_id, year, kind, decision_id, order_decision_id, persons, sensitive_persons, reason, moved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning kind, persons, sensitive_persons)
  update compliance.volume_year y set
    reserved_persons = y.reserved_persons + case moved.kind when 'RESERVE' then moved.persons else -moved.persons end,
    reserved_sensitive_persons = y.reserved_sensitive_persons + case moved.kind when 'RESERVE' then moved.sensitive_persons else -moved.sensitive_persons end,
    confirmed_persons = y.confirmed_persons + case moved.kind when 'CONFIRM' then moved.persons else 0 end,
    confirmed_sensitive_persons = y.confirmed_sensitive_persons + case moved.kind when 'CONFIRM' then moved.sensitive_persons else 0 end
  from moved where y.exporter_id = $2 and y.year = $3`;

/** The ledger of yearly volumes. */
@Injectable()
export class VolumeRepository {
  constructor(private readonly database: Database) {}

  /** The account of the year, held until the transaction ends. The zero row comes first: a row that is not there cannot be held. */
  async lock(tx: Tx, { exporterId, year }: YearKey): Promise<YearVolume> {
    await tx.query('insert into compliance.volume_year (exporter_id, year) values ($1, $2) on conflict do nothing', [exporterId, year]);
    const [row] = (await tx.query(`${OF_YEAR.text} for no key update`, [exporterId, year])) as [YearRow];
    return toYear(row);
  }

  /** The same, not held. */
  async read(tx: Tx, { exporterId, year }: YearKey): Promise<YearVolume> {
    const [row] = (await tx.query(OF_YEAR.text, [exporterId, year])) as YearRow[];
    return row ? toYear(row) : EMPTY;
  }

  async ofYear({ exporterId, year }: YearKey): Promise<YearVolume> {
    const [row] = await this.database.query<YearRow & Record<string, unknown>>(OF_YEAR, [exporterId, year]);
    return row ? toYear(row) : EMPTY;
  }

  /** What one order has taken of the year: reserved and not released. */
  async ofOrder(tx: Tx, { exporterId, year }: YearKey, orderDecisionId: string): Promise<Volume> {
    const [row] = (await tx.query(
      `select coalesce(sum(case kind when 'RELEASE' then -persons else persons end), 0)::text as persons, coalesce(sum(case kind when 'RELEASE' then -sensitive_persons else sensitive_persons end), 0)::text as sensitive_persons
       from compliance.volume_movement where exporter_id = $1 and year = $2 and order_decision_id = $3 and kind <> 'CONFIRM'`, [exporterId, year, orderDecisionId],
    )) as [Row];
    return toVolume(row);
  }

  /** What one order has reserved and neither confirmed nor released, by year. */
  async unconfirmed(tx: Tx, orderDecisionId: string): Promise<(YearKey & { readonly open: Volume })[]> {
    const rows = (await tx.query(
      `select exporter_id, year, sum(case kind when 'RESERVE' then persons else -persons end)::text as persons, sum(case kind when 'RESERVE' then sensitive_persons else -sensitive_persons end)::text as sensitive_persons
       from compliance.volume_movement where order_decision_id = $1 group by exporter_id, year order by year`, [orderDecisionId],
    )) as (Row & { exporter_id: string; year: number })[];
    return rows.map((r) => ({ exporterId: r.exporter_id, year: r.year, open: toVolume(r) }));
  }

  /** The caller holds the year's row. */
  async move(tx: Tx, { exporterId, year }: YearKey, kind: MovementKind, of: MovementOf, volume: Volume): Promise<void> {
    await tx.query(MOVE, [newId(), exporterId, year, kind, of.decisionId, of.orderDecisionId, volume.persons, volume.sensitivePersons, of.reason ?? null, of.at]);
  }
}

const EMPTY: YearVolume = { reserved: NO_VOLUME, confirmed: NO_VOLUME };
/** Everything that counts against a threshold. */
export const totalOf = ({ reserved, confirmed }: YearVolume): Volume => addVolumes(reserved, confirmed);
const toVolume = (r: Row): Volume => ({ persons: BigInt(r.persons), sensitivePersons: BigInt(r.sensitive_persons) });
const toYear = (r: YearRow): YearVolume => ({
  reserved: { persons: BigInt(r.reserved_persons), sensitivePersons: BigInt(r.reserved_sensitive_persons) },
  confirmed: { persons: BigInt(r.confirmed_persons), sensitivePersons: BigInt(r.confirmed_sensitive_persons) },
});
