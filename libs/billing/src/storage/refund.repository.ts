import { Injectable } from '@nestjs/common';
import { Database, money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { Refund, RefundState } from '../domain/refund.js';
import { RefundRow } from './billing.entities.js';

type Stored = Omit<RefundRow, 'amountMinor'> & { amountMinor: bigint | string };

export interface RefundPatch {
  readonly state?: RefundState;
  readonly attempt?: number;
  readonly providerReference?: string | null;
  readonly failure?: string | null;
  readonly problem?: string | null;
  readonly attempts?: number;
  readonly nextCheckAt?: Date;
  readonly endedAt?: Date | null;
}

const COLUMNS = `id, trade_id as "tradeId", buyer_id as "buyerId", vendor_id as "vendorId", payment_id as "paymentId", provider, payment_reference as "paymentReference", currency, amount_minor as "amountMinor",
  state, attempt, provider_reference as "providerReference", failure, problem, attempts, next_check_at as "nextCheckAt", created_at as "createdAt", ended_at as "endedAt"`;
const BY_ID = { name: 'billing.refund-by-id', text: `select ${COLUMNS} from billing.refund where id = $1` };
const BY_REFERENCE = { name: 'billing.refund-by-reference', text: `select ${COLUMNS} from billing.refund where provider = $1 and provider_reference = $2` };
const DUE = { name: 'billing.refunds-due', text: `select ${COLUMNS} from billing.refund where state in ('INTENT', 'PROCESSING') and provider = $1 and next_check_at <= $2 order by next_check_at limit $3` };
const OF_TRADE = { name: 'billing.refunds-of-trade', text: `select ${COLUMNS} from billing.refund where trade_id = $1 order by id limit 100` };
const PAGE = {
  name: 'billing.refunds-page', plannedEachTime: true as const,
  text: `select ${COLUMNS} from billing.refund where ($1::uuid is null or buyer_id = $1 or vendor_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) and ($5::uuid is null or trade_id = $5) order by id desc limit $3`,
};

@Injectable()
export class RefundRepository {
  constructor(private readonly database: Database) {}

  /** Writes a refund; nothing where it is there already. */
  async insert(tx: Tx, { amount, ...row }: Refund, nextCheckAt: Date): Promise<void> {
    await tx.createQueryBuilder().insert().into(RefundRow).values({ ...row, currency: amount.currency, amountMinor: amount.minor, nextCheckAt }).orIgnore().execute();
  }
  async lock(tx: Tx, id: string): Promise<Refund | null> {
    const row = await tx.findOne(RefundRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
    return row && toRefund(row);
  }
  async save(tx: Tx, id: string, patch: RefundPatch): Promise<void> {
    await tx.update(RefundRow, { id }, patch);
  }

  async byId(id: string): Promise<Refund | null> {
    return (await this.read(BY_ID, [id]))[0] ?? null;
  }
  async byReference(provider: string, reference: string): Promise<Refund | null> {
    return (await this.read(BY_REFERENCE, [provider, reference]))[0] ?? null;
  }
  due(provider: string, now: Date, limit: number): Promise<Refund[]> {
    return this.read(DUE, [provider, now, limit]);
  }
  /** Oldest first. */
  ofTrade(tradeId: string): Promise<Refund[]> {
    return this.read(OF_TRADE, [tradeId]);
  }
  /** Newest first; of the trades of one organisation, or of all where it is null. */
  async page(organisationId: string | null, filter: { readonly state: RefundState | null; readonly tradeId: string | null }, request: PageRequest): Promise<Page<Refund>> {
    return toPage(await this.read(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, filter.state, filter.tradeId]), request, (r) => [r.id]);
  }

  private async read(statement: Statement, values: readonly unknown[]): Promise<Refund[]> {
    return (await this.database.query<Stored & Record<string, unknown>>(statement, values)).map(toRefund);
  }
}

function toRefund({ amountMinor, currency, nextCheckAt: _due, ...row }: Stored): Refund {
  return { ...row, amount: money(BigInt(amountMinor), currency) };
}
