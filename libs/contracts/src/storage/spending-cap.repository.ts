import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CapPeriod } from '../domain/spending/spending.js';

/** What a buyer means to spend on a licence in a period at the most. */
export interface SpendingCap {
  readonly licenceId: string;
  readonly buyerId: string;
  /** Another one with each change. */
  readonly capId: string;
  /** Minor units, net of tax. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly period: CapPeriod;
  /** Nothing is granted beyond it; else it is only told. */
  readonly hard: boolean;
  readonly setAt: Date;
}
type Row = Omit<SpendingCap, 'amountMinor'> & { readonly amountMinor: string } & Record<string, unknown>;

const CAP = `licence_id as "licenceId", buyer_id as "buyerId", cap_id as "capId", amount_minor::text as "amountMinor", currency, period, hard, set_at as "setAt"`;
const OF_LICENCE = { name: 'contracts.spending-cap', text: `select ${CAP} from contracts.spending_cap where licence_id = $1 and amount_minor is not null` };
const PAGE = {
  name: 'contracts.spending-caps',
  text: `select ${CAP} from contracts.spending_cap where buyer_id = $1 and amount_minor is not null and ($2::uuid is null or cap_id < $2) and ($4::text is null or period = $4) order by cap_id desc limit $3`,
};

@Injectable()
export class SpendingCapRepository {
  constructor(private readonly database: Database) {}

  /** In place of the one before. */
  async set(tx: Tx, c: SpendingCap): Promise<void> {
    await tx.query(
      `insert into contracts.spending_cap (licence_id, buyer_id, cap_id, amount_minor, currency, period, hard, set_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (licence_id) do update set cap_id = excluded.cap_id, amount_minor = excluded.amount_minor, currency = excluded.currency, period = excluded.period, hard = excluded.hard, set_at = excluded.set_at`,
      [c.licenceId, c.buyerId, c.capId, c.amountMinor.toString(), c.currency, c.period, c.hard, c.setAt],
    );
  }
  async lift(tx: Tx, licenceId: string): Promise<void> {
    await tx.query('update contracts.spending_cap set amount_minor = null where licence_id = $1', [licenceId]);
  }
  /** The cap of a licence, held: whoever grants what costs something does so one after the other. The row never goes, so whoever waited sees it as it is then. */
  async lock(tx: Tx, licenceId: string): Promise<SpendingCap | null> {
    const [row] = (await tx.query(`select ${CAP} from contracts.spending_cap where licence_id = $1 for no key update`, [licenceId])) as (Row & { amountMinor: string | null })[];
    return row && row.amountMinor !== null ? toCap(row) : null;
  }
  /** False where that was told before. */
  async note(tx: Tx, cap: SpendingCap, { from, percent, spentMinor, at }: { readonly from: Date; readonly percent: number; readonly spentMinor: bigint; readonly at: Date }): Promise<boolean> {
    const rows = (await tx.query(
      `insert into contracts.spending_notice (cap_id, period_from, percent, licence_id, buyer_id, spent_minor, told_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning percent`,
      [cap.capId, from, percent, cap.licenceId, cap.buyerId, spentMinor.toString(), at],
    )) as unknown[];
    return rows.length === 1;
  }

  async ofLicence(licenceId: string): Promise<SpendingCap | null> {
    const [row] = await this.database.query<Row>(OF_LICENCE, [licenceId]);
    return row ? toCap(row) : null;
  }
  async page(buyerId: string, period: CapPeriod | null, request: PageRequest): Promise<Page<SpendingCap>> {
    const rows = await this.database.query<Row>(PAGE, [buyerId, request.after?.[0] ?? null, request.first + 1, period]);
    return toPage(rows.map(toCap), request, (c) => [c.capId]);
  }
}

const toCap = (row: Row): SpendingCap => ({ ...row, amountMinor: BigInt(row.amountMinor) });
