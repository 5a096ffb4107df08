import { Injectable } from '@nestjs/common';
import { Database, isUnfiltered, money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Payout } from '../domain/payout.js';
import type { Trade, TradeKind, TradeState } from '../domain/trade.js';
import { TradeRow } from './settlement.entities.js';

type Amounts = 'net' | 'tax' | 'gross' | 'commission' | 'commissionTax' | 'reversedNet' | 'reversedTax' | 'reversedCommission' | 'reversedCommissionTax';
type Stored = Omit<TradeRow, `${Amounts}Minor`> & Record<`${Amounts}Minor`, bigint | string> & { readonly payoutId: string | null };

/** The columns that change after the opening. */
export interface TradePatch {
  readonly state?: TradeState;
  readonly disputedFrom?: TradeState | null;
  readonly frozenFrom?: TradeState | null;
  readonly paymentId?: string;
  readonly paymentProvider?: string;
  readonly acceptUntil?: Date;
  readonly cycleId?: string;
  readonly fundedAt?: Date;
  readonly deliveredAt?: Date;
  readonly acceptedAt?: Date;
  readonly clearedAt?: Date;
  readonly settledAt?: Date;
  readonly unwoundAt?: Date;
  readonly cancelledAt?: Date;
}

/** Each narrows down where it is not null. */
export interface TradeFilter {
  /** The organisation whose list it is has this side. */
  readonly side: 'VENDOR' | 'BUYER' | null;
  /** The other side; of the list of all: either. */
  readonly counterpartyId: string | null;
  readonly agreementId: string | null;
  readonly kind: TradeKind | null;
  readonly state: TradeState | null;
  readonly currency: string | null;
  /** Of the execution: from the first moment on, before the second. */
  readonly from: Date | null;
  readonly until: Date | null;
}

const COLUMNS = `id, reference, kind, agreement_id as "agreementId", licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", currency,
  net_minor as "netMinor", tax_minor as "taxMinor", gross_minor as "grossMinor", tax_jurisdiction as "taxJurisdiction", tax_treatment as "taxTreatment",
  commission_basis_points as "commissionBasisPoints", commission_minor as "commissionMinor", commission_tax_minor as "commissionTaxMinor",
  commission_tax_jurisdiction as "commissionTaxJurisdiction", commission_tax_treatment as "commissionTaxTreatment", reversed_net_minor as "reversedNetMinor", reversed_tax_minor as "reversedTaxMinor",
  reversed_commission_minor as "reversedCommissionMinor", reversed_commission_tax_minor as "reversedCommissionTaxMinor", state, disputed_from as "disputedFrom", frozen_from as "frozenFrom", payment_id as "paymentId",
  payment_provider as "paymentProvider", accept_until as "acceptUntil", cycle_id as "cycleId", settlement.payout_of(cycle_id, vendor_id) as "payoutId", executed_at as "executedAt",
  funded_at as "fundedAt", delivered_at as "deliveredAt", accepted_at as "acceptedAt", cleared_at as "clearedAt", settled_at as "settledAt", unwound_at as "unwoundAt", cancelled_at as "cancelledAt"`;
const BY_IDS = { name: 'settlement.trades-by-ids', text: `select ${COLUMNS} from settlement.trade where id = any($1::uuid[])` };
const BY_AGREEMENT = { name: 'settlement.trades-by-agreement', text: `select ${COLUMNS} from settlement.trade where agreement_id = $1 order by id limit $2` };
/** Two index scans instead of one `or`, so that a page costs the same for a trader with a million trades. */
const PAGE_OWN = {
  name: 'settlement.trades-own',
  text: `select ${COLUMNS} from (
           (select * from settlement.trade where vendor_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)
           union all
           (select * from settlement.trade where buyer_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)) t
         order by id desc limit $3`,
};
const PAGE_ALL = { name: 'settlement.trades-all', text: `select ${COLUMNS} from settlement.trade where ($1::uuid is null or id < $1) order by id desc limit $2` };
/** What is asked for decides which index serves: planned for the values each time. */
const NARROW = `($2::uuid is null or id < $2) and ($4::uuid is null or agreement_id = $4) and ($5::text is null or kind = $5) and ($6::text is null or state = $6) and ($7::text is null or currency = $7)
  and ($8::timestamptz is null or executed_at >= $8) and ($9::timestamptz is null or executed_at < $9)`;
const FOUND_OWN = {
  name: 'settlement.trades-found-own', plannedEachTime: true as const,
  text: `select ${COLUMNS} from (
           (select * from settlement.trade where vendor_id = $1 and $10::text is distinct from 'BUYER' and ($11::uuid is null or buyer_id = $11) and ${NARROW} order by id desc limit $3)
           union all
           (select * from settlement.trade where buyer_id = $1 and $10::text is distinct from 'VENDOR' and ($11::uuid is null or vendor_id = $11) and ${NARROW} order by id desc limit $3)) t
         order by id desc limit $3`,
};
const FOUND_ALL = { name: 'settlement.trades-found-all', plannedEachTime: true as const, text: `select ${COLUMNS} from settlement.trade where $1::uuid is null and ${NARROW} order by id desc limit $3` };
const LAPSED = {
  name: 'settlement.trades-lapsed',
  text: `select id from settlement.trade where accept_until <= $1 and state in ('FUNDED', 'DELIVERED') order by accept_until limit $2`,
};

const UNPAID = {
  name: 'settlement.purchases-unpaid',
  text: `select id from settlement.trade where kind = 'PURCHASE' and state = 'AWAITING_PAYMENT' and executed_at <= $1 order by executed_at limit $2`,
};

/** The trades of one agreement that one answer carries. */
export const TRADES_PER_AGREEMENT = 500;

@Injectable()
export class TradeRepository {
  constructor(private readonly database: Database) {}

  /** Writes a new trade; false when one with its reference is there already. */
  async insert(tx: Tx, trade: Trade): Promise<boolean> {
    const result = await tx.createQueryBuilder().insert().into(TradeRow).values(toRow(trade) as QueryDeepPartialEntity<TradeRow>).orIgnore().returning('id').execute();
    return (result.raw as unknown[]).length === 1;
  }

  async lock(tx: Tx, id: string): Promise<Trade | null> {
    return ((await tx.query(`select ${COLUMNS} from settlement.trade where id = $1 for no key update`, [id])) as Stored[]).map(toTrade)[0] ?? null;
  }

  async byReference(tx: Tx, reference: string): Promise<Trade | null> {
    return ((await tx.query(`select ${COLUMNS} from settlement.trade where reference = $1`, [reference])) as Stored[]).map(toTrade)[0] ?? null;
  }

  async save(tx: Tx, id: string, patch: TradePatch): Promise<void> {
    await tx.update(TradeRow, { id }, patch);
  }

  async saveAll(tx: Tx, ids: readonly string[], patch: TradePatch): Promise<void> {
    await tx.createQueryBuilder().update(TradeRow).set(patch).where('id = any(:ids)', { ids }).execute();
  }

  /** What has gone back by now. The caller holds the row's lock. */
  async saveReversed(tx: Tx, trade: Trade): Promise<void> {
    const { reversedNetMinor, reversedTaxMinor, reversedCommissionMinor, reversedCommissionTaxMinor } = toRow(trade);
    await tx.update(TradeRow, { id: trade.id }, { reversedNetMinor, reversedTaxMinor, reversedCommissionMinor, reversedCommissionTaxMinor });
  }

  /** Takes accepted trades: those alone that nobody holds at this moment, or, waiting for whoever does, all in the order of their ids. */
  async takeAccepted(tx: Tx, currency: string, limit: number, held: 'skip' | 'wait'): Promise<Trade[]> {
    const rows = (await tx.query(
      `select ${COLUMNS} from settlement.trade where currency = $1 and state = 'ACCEPTED' order by id limit $2 for no key update ${held === 'skip' ? 'skip locked' : ''}`, [currency, limit],
    )) as Stored[];
    return rows.map(toTrade);
  }

  /** The next cleared trades of a payout. */
  async lockOfPayout(tx: Tx, { cycleId, vendorId }: Pick<Payout, 'cycleId' | 'vendorId'>, limit: number): Promise<Trade[]> {
    return ((await tx.query(`select ${COLUMNS} from settlement.trade where cycle_id = $1 and vendor_id = $2 and state = 'CLEARED' order by id limit $3 for no key update`, [cycleId, vendorId, limit])) as Stored[]).map(toTrade);
  }

  /** Whether a trade whose proceeds it carries is frozen; whoever is about to freeze one waits. */
  async isPayoutFrozen(tx: Tx, { cycleId, vendorId }: Pick<Payout, 'cycleId' | 'vendorId'>): Promise<boolean> {
    const [row] = (await tx.query(
      `with held as materialized (select state from settlement.trade where cycle_id = $1 and vendor_id = $2 order by id for share) select coalesce(bool_or(state = 'FROZEN'), false) as frozen from held`, [cycleId, vendorId],
    )) as [{ frozen: boolean }];
    return row.frozen;
  }

  /** The next cleared trades of a cycle for which no payout was made: those of a vendor who is owed nothing. */
  async lockWithoutPayout(tx: Tx, cycleId: string, limit: number): Promise<Trade[]> {
    return ((await tx.query(`select ${COLUMNS} from settlement.trade where cycle_id = $1 and state = 'CLEARED' and settlement.payout_of(cycle_id, vendor_id) is null order by id limit $2 for no key update`, [cycleId, limit])) as Stored[]).map(toTrade);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Trade>> {
    return new Map((await this.read(BY_IDS, [ids])).map((t) => [t.id, t]));
  }

  ofAgreement(agreementId: string): Promise<Trade[]> {
    return this.read(BY_AGREEMENT, [agreementId, TRADES_PER_AGREEMENT]);
  }

  /** Newest first; of one organisation, as vendor or buyer, or of all where `organisationId` is null. */
  async page(organisationId: string | null, filter: TradeFilter, request: PageRequest): Promise<Page<Trade>> {
    const after = request.after?.[0] ?? null;
    const rows = !isUnfiltered(filter) ? await this.found(organisationId, filter, after, request.first + 1)
      : organisationId ? await this.read(PAGE_OWN, [organisationId, after, request.first + 1]) : await this.read(PAGE_ALL, [after, request.first + 1]);
    return toPage(rows, request, (t) => [t.id]);
  }
  private found(organisationId: string | null, { side, counterpartyId, agreementId, kind, state, currency, from, until }: TradeFilter, after: string | null, limit: number): Promise<Trade[]> {
    const values = (whose: string | null): unknown[] => [whose, after, limit, agreementId, kind, state, currency, from, until];
    if (organisationId) return this.read(FOUND_OWN, [...values(organisationId), side, counterpartyId]);
    return counterpartyId ? this.read(FOUND_OWN, [...values(counterpartyId), null, null]) : this.read(FOUND_ALL, values(null));
  }

  async lapsed(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [now, limit])).map((r) => r.id);
  }

  async unpaidPurchases(before: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(UNPAID, [before, limit])).map((r) => r.id);
  }

  private async read(statement: Statement, values: readonly unknown[]): Promise<Trade[]> {
    return (await this.database.query<Stored & Record<string, unknown>>(statement, values)).map(toTrade);
  }
}

function toTrade(row: Stored): Trade {
  const { netMinor, taxMinor, grossMinor, commissionMinor, commissionTaxMinor, reversedNetMinor, reversedTaxMinor, reversedCommissionMinor, reversedCommissionTaxMinor, ...rest } = row;
  const amount = (minor: bigint | string) => money(BigInt(minor), row.currency);
  return {
    ...rest, net: amount(netMinor), tax: amount(taxMinor), gross: amount(grossMinor), commission: amount(commissionMinor), commissionTax: amount(commissionTaxMinor),
    reversedNet: amount(reversedNetMinor), reversedTax: amount(reversedTaxMinor), reversedCommission: amount(reversedCommissionMinor), reversedCommissionTax: amount(reversedCommissionTaxMinor),
  };
}

function toRow(trade: Trade): TradeRow {
  const { net, tax, gross, commission, commissionTax, reversedNet, reversedTax, reversedCommission, reversedCommissionTax, payoutId: _payout, ...rest } = trade;
  return {
    ...rest, netMinor: net.minor, taxMinor: tax.minor, grossMinor: gross.minor, commissionMinor: commission.minor, commissionTaxMinor: commissionTax.minor,
    reversedNetMinor: reversedNet.minor, reversedTaxMinor: reversedTax.minor, reversedCommissionMinor: reversedCommission.minor, reversedCommissionTaxMinor: reversedCommissionTax.minor,
  };
}
