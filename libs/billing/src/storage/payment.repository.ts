import { Injectable } from '@nestjs/common';
import { Database, isUnfiltered, money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { Payment, PaymentState } from '../domain/payment.js';
import { PaymentRow } from './billing.entities.js';

type Stored = Omit<PaymentRow, 'amountMinor'> & { amountMinor: bigint | string };

export interface PaymentPatch {
  readonly state?: PaymentState;
  readonly providerReference?: string;
  readonly failure?: string;
  readonly problem?: string | null;
  readonly attempts?: number;
  readonly nextCheckAt?: Date;
  readonly endedAt?: Date;
}

/** Each narrows down where it is not null. */
export interface PaymentFilter {
  readonly buyerId: string | null;
  readonly tradeId: string | null;
  readonly state: PaymentState | null;
  readonly currency: string | null;
  /** Of its beginning: from the first moment on, before the second. */
  readonly from: Date | null;
  readonly until: Date | null;
}

const COLUMNS = `id, trade_id as "tradeId", buyer_id as "buyerId", provider, currency, amount_minor as "amountMinor", state, provider_reference as "providerReference",
  failure, problem, attempts, next_check_at as "nextCheckAt", created_at as "createdAt", ended_at as "endedAt"`;
const BY_ID = { name: 'billing.payment-by-id', text: `select ${COLUMNS} from billing.payment where id = $1` };
const BY_REFERENCE = { name: 'billing.payment-by-reference', text: `select ${COLUMNS} from billing.payment where provider = $1 and provider_reference = $2` };
const OF_TRADE = { name: 'billing.payments-of-trade', text: `select ${COLUMNS} from billing.payment where trade_id = $1 order by id limit 100` };
const PAGE = { name: 'billing.payments-page', text: `select ${COLUMNS} from billing.payment where ($1::uuid is null or buyer_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3` };
/** What is asked for decides which index serves: planned for the values each time. */
const FOUND = {
  name: 'billing.payments-found', plannedEachTime: true as const,
  text: `select ${COLUMNS} from billing.payment where ($1::uuid is null or buyer_id = $1) and ($2::uuid is null or id < $2) and ($4::uuid is null or buyer_id = $4) and ($5::uuid is null or trade_id = $5)
         and ($6::text is null or state = $6) and ($7::text is null or currency = $7) and ($8::timestamptz is null or created_at >= $8) and ($9::timestamptz is null or created_at < $9) order by id desc limit $3`,
};
const DUE = { name: 'billing.payments-due', text: `select ${COLUMNS} from billing.payment where state in ('INTENT', 'PROCESSING') and provider = $1 and next_check_at <= $2 order by next_check_at limit $3` };

@Injectable()
export class PaymentRepository {
  constructor(private readonly database: Database) {}

  /** Writes a payment; false when the trade has one already that may still bring money or has brought it. */
  async insert(tx: Tx, payment: Payment, nextCheckAt: Date): Promise<boolean> {
    const { amount, ...row } = payment;
    const result = await tx.createQueryBuilder().insert().into(PaymentRow)
      .values({ ...row, currency: amount.currency, amountMinor: amount.minor, nextCheckAt }).orIgnore().returning('id').execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** The payment of a trade that has not failed. */
  async openOfTrade(tx: Tx, tradeId: string): Promise<Payment | null> {
    const [row] = (await tx.query(`select ${COLUMNS} from billing.payment where trade_id = $1 and state <> 'FAILED'`, [tradeId])) as Stored[];
    return row ? toPayment(row) : null;
  }

  async lock(tx: Tx, id: string): Promise<Payment | null> {
    const row = await tx.findOne(PaymentRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
    return row && toPayment(row);
  }

  async save(tx: Tx, id: string, patch: PaymentPatch): Promise<void> {
    await tx.update(PaymentRow, { id }, patch);
  }

  async byId(id: string): Promise<Payment | null> {
    return (await this.read(BY_ID, [id]))[0] ?? null;
  }
  async byReference(provider: string, reference: string): Promise<Payment | null> {
    return (await this.read(BY_REFERENCE, [provider, reference]))[0] ?? null;
  }
  ofTrade(tradeId: string): Promise<Payment[]> {
    return this.read(OF_TRADE, [tradeId]);
  }
  due(provider: string, now: Date, limit: number): Promise<Payment[]> {
    return this.read(DUE, [provider, now, limit]);
  }
  /** Newest first; of one buyer, or of all where `buyerId` is null. */
  async page(buyerId: string | null, filter: PaymentFilter, request: PageRequest): Promise<Page<Payment>> {
    const page = [buyerId, request.after?.[0] ?? null, request.first + 1];
    const rows = isUnfiltered(filter) ? await this.read(PAGE, page) : await this.read(FOUND, [...page, filter.buyerId, filter.tradeId, filter.state, filter.currency, filter.from, filter.until]);
    return toPage(rows, request, (p) => [p.id]);
  }

  private async read(statement: Statement, values: readonly unknown[]): Promise<Payment[]> {
    return (await this.database.query<Stored & Record<string, unknown>>(statement, values)).map(toPayment);
  }
}

function toPayment({ amountMinor, currency, nextCheckAt: _due, ...row }: Stored): Payment {
  return { ...row, amount: money(BigInt(amountMinor), currency) };
}
