import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { Database } from '#shared';
import type { StatedCharge } from '../domain/statement/statement.js';

export interface StatedClosing {
  readonly id: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly closedAt: Date;
}
/** A correction that was charged or given back, with the name of the event that it corrects. */
export interface ChargedCorrection {
  readonly id: string;
  readonly meter: Meter;
  readonly quantity: string;
  readonly source: string;
  readonly eventId: string;
  readonly earlier: boolean;
}

const CLOSING = { name: 'billing.statement-closing', text: `select id, licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", closed_at as "closedAt" from billing.usage_period where invoice_id = $1` };
/** Ids of closings ascend with time. */
const CHARGES = {
  name: 'billing.statement-charges',
  text: `select closing_id < $2 as earlier, period, component, meter, sum(quantity)::text as quantity, sum(net_minor)::text as "netMinor" from billing.charge where licence_id = $1 and closing_id <= $2
         group by 1, period, component, meter order by 1, period, component < 0, component`,
};
const RECEIPTS = {
  name: 'billing.statement-receipts',
  text: `select distinct b.receipt_id as id, b.period_id < $2 as earlier from billing.billed_usage b where b.licence_id = $1 and b.period_id <= $2 and b.receipt_id is not null order by 1 limit $3`,
};
const CORRECTIONS = {
  name: 'billing.statement-corrections',
  text: `select c.id, c.meter, b.quantity::text as quantity, c.source, c.event_id as "eventId", b.period_id < $2 as earlier from billing.billed_usage b
         join billing.usage_correction c on c.id::text = b.event_id where b.licence_id = $1 and b.period_id <= $2 and b.source = 'urn:entrepot:correction' order by c.id`,
};

/** What an invoice over use rests on. */
@Injectable()
export class StatementRepository {
  constructor(private readonly database: Database) {}

  async closingOf(invoiceId: string): Promise<StatedClosing | null> {
    const [row] = await this.database.query<StatedClosing & Record<string, unknown>>(CLOSING, [invoiceId]);
    return row ?? null;
  }
  charges({ licenceId, id }: StatedClosing): Promise<(StatedCharge & { readonly earlier: boolean })[]> {
    return this.database.query<StatedCharge & { earlier: boolean } & Record<string, unknown>>(CHARGES, [licenceId, id]);
  }
  receipts({ licenceId, id }: StatedClosing, limit: number): Promise<{ readonly id: string; readonly earlier: boolean }[]> {
    return this.database.query<{ id: string; earlier: boolean }>(RECEIPTS, [licenceId, id, limit]);
  }
  corrections({ licenceId, id }: StatedClosing): Promise<ChargedCorrection[]> {
    return this.database.query<ChargedCorrection & Record<string, unknown>>(CORRECTIONS, [licenceId, id]);
  }
}
