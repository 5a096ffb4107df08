import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CorrectionState, UsageCorrection } from '../domain/usage-correction.js';

type Row = Omit<UsageCorrection, 'before' | 'quantity'> & { readonly before: string; readonly quantity: string } & Record<string, unknown>;

const COLUMNS = `id, licence_id as "licenceId", agreement_id as "agreementId", vendor_id as "vendorId", buyer_id as "buyerId", source, event_id as "eventId", meter, before::text as before, quantity::text as quantity, reason, side,
  proposed_by as "proposedBy", charged, state, proposed_at as "proposedAt", decided_by as "decidedBy", decided_reason as "decidedReason", decided_at as "decidedAt", credit_id as "creditId"`;
const PAGE = {
  name: 'billing.usage-corrections',
  text: `select ${COLUMNS} from billing.usage_correction where licence_id = $1 and ($2::uuid is null or id < $2) and ($3::text is null or state = $3) order by id desc limit $4`,
};
const BY_ID = { name: 'billing.usage-correction', text: `select ${COLUMNS} from billing.usage_correction where id = $1` };

@Injectable()
export class UsageCorrectionRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, c: UsageCorrection): Promise<void> {
    await tx.query(
      `insert into billing.usage_correction (id, licence_id, agreement_id, vendor_id, buyer_id, source, event_id, meter, before, quantity, reason, side, proposed_by, charged, state, proposed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [c.id, c.licenceId, c.agreementId, c.vendorId, c.buyerId, c.source, c.eventId, c.meter, c.before.toString(), c.quantity.toString(), c.reason, c.side, c.proposedBy, c.charged, c.state, c.proposedAt],
    );
  }
  async decide(tx: Tx, c: UsageCorrection): Promise<void> {
    await tx.query('update billing.usage_correction set state = $2, decided_by = $3, decided_reason = $4, decided_at = $5, credit_id = $6 where id = $1', [c.id, c.state, c.decidedBy, c.decidedReason, c.decidedAt, c.creditId]);
  }
  async byId(id: string): Promise<UsageCorrection | null> {
    const [row] = await this.database.query<Row>(BY_ID, [id]);
    return row ? toCorrection(row) : null;
  }
  /** As it is now; its caller holds the licence's closings. */
  async current(tx: Tx, id: string): Promise<UsageCorrection> {
    const [row] = (await tx.query(`select ${COLUMNS} from billing.usage_correction where id = $1 for update`, [id])) as [Row];
    return toCorrection(row);
  }
  /** What corrections made of an event so far, and whether one of it is open. */
  async ofEvent(tx: Tx, vendorId: string, source: string, eventId: string): Promise<{ readonly difference: bigint; readonly open: boolean }> {
    const [row] = (await tx.query(
      `select coalesce(sum(quantity - before) filter (where state = 'APPLIED'), 0)::text as difference, coalesce(bool_or(state = 'PROPOSED'), false) as open from billing.usage_correction where vendor_id = $1 and source = $2 and event_id = $3`, [vendorId, source, eventId],
    )) as [{ difference: string; open: boolean }];
    return { difference: BigInt(row.difference), open: row.open };
  }
  /** The one of an event that waits for its answer; its caller holds the licence's closings. */
  async openOf(tx: Tx, vendorId: string, source: string, eventId: string): Promise<UsageCorrection | null> {
    const [row] = (await tx.query(`select ${COLUMNS} from billing.usage_correction where vendor_id = $1 and source = $2 and event_id = $3 and state = 'PROPOSED' for update`, [vendorId, source, eventId])) as Row[];
    return row ? toCorrection(row) : null;
  }
  async page(licenceId: string, state: CorrectionState | null, request: PageRequest): Promise<Page<UsageCorrection>> {
    const rows = await this.database.query<Row>(PAGE, [licenceId, request.after?.[0] ?? null, state, request.first + 1]);
    return toPage(rows.map(toCorrection), request, (c) => [c.id]);
  }
}

const toCorrection = (row: Row): UsageCorrection => ({ ...row, before: BigInt(row.before), quantity: BigInt(row.quantity) });
