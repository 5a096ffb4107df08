import { Injectable } from '@nestjs/common';
import { type Currency, Database, money, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { ChargebackRecord, ChargebackState } from '../domain/chargeback.js';

type Stored = Omit<ChargebackRecord, 'amount'> & Record<string, unknown> & { readonly currency: Currency; readonly amountMinor: string };
const COLUMNS = `id, provider, provider_reference as "providerReference", payment_id as "paymentId", trade_id as "tradeId", buyer_id as "buyerId", vendor_id as "vendorId", currency, amount_minor as "amountMinor", reason, state,
  opened_at as "openedAt", ended_at as "endedAt"`;
const PAGE = {
  name: 'billing.chargebacks-page', plannedEachTime: true as const,
  text: `select ${COLUMNS} from billing.chargeback where ($1::uuid is null or buyer_id = $1 or vendor_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) order by id desc limit $3`,
};

@Injectable()
export class ChargebackRepository {
  constructor(private readonly database: Database) {}

  /** The row of a provider's reference, held; written where there is none yet. */
  async open(tx: Tx, c: ChargebackRecord): Promise<{ readonly chargeback: ChargebackRecord; readonly isNew: boolean }> {
    const fresh = (await tx.query(
      `insert into billing.chargeback (id, provider, provider_reference, payment_id, trade_id, buyer_id, vendor_id, currency, amount_minor, reason, state, opened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (provider, provider_reference) do nothing returning 1`,
      [c.id, c.provider, c.providerReference, c.paymentId, c.tradeId, c.buyerId, c.vendorId, c.amount.currency, c.amount.minor, c.reason, c.state, c.openedAt],
    )) as unknown[];
    if (fresh.length === 1) return { chargeback: c, isNew: true };
    const [row] = (await tx.query(`select ${COLUMNS} from billing.chargeback where provider = $1 and provider_reference = $2 for no key update`, [c.provider, c.providerReference])) as Stored[];
    return { chargeback: toChargeback(row!), isNew: false };
  }
  async end(tx: Tx, id: string, state: ChargebackState, at: Date): Promise<void> {
    await tx.query('update billing.chargeback set state = $2, ended_at = $3 where id = $1', [id, state, at]);
  }
  /** Newest first; of the trades of one organisation, or of all where it is null. */
  async page(organisationId: string | null, state: ChargebackState | null, request: PageRequest): Promise<Page<ChargebackRecord>> {
    return toPage((await this.database.query<Stored>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, state])).map(toChargeback), request, (c) => [c.id]);
  }
}

const toChargeback = ({ currency, amountMinor, ...row }: Stored): ChargebackRecord => ({ ...row, amount: money(BigInt(amountMinor), currency) });
