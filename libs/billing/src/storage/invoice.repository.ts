import { Injectable } from '@nestjs/common';
import { Database, isUnfiltered, money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { Invoice, InvoiceDraft, InvoiceKind, InvoiceNumber } from '../domain/invoice.js';
import { InvoiceLineRow, InvoiceRow } from './billing.entities.js';

interface LineJson {
  description: string; quantity: string; unitPrice: string; netMinor: string;
}
type Stored = Omit<InvoiceRow, 'netMinor' | 'taxMinor' | 'totalMinor' | 'number' | 'lineCount' | 'correctsId' | 'reversalId'> & Record<'netMinor' | 'taxMinor' | 'totalMinor' | 'number', string> & { lines: LineJson[] };

const SELECT = `select i.id, i.issuer_id as "issuerId", i.series, i.number, i.kind, i.trade_id as "tradeId", i.agreement_id as "agreementId", i.customer_id as "customerId", i.issuer, i.customer, i.currency,
  i.net_minor as "netMinor", i.tax_minor as "taxMinor", i.total_minor as "totalMinor", i.tax_treatment as "taxTreatment", i.issued_at as "issuedAt", i.corrects,
  (select json_agg(json_build_object('description', l.description, 'quantity', l.quantity::text, 'unitPrice', l.unit_price, 'netMinor', l.net_minor::text) order by l.line)
   from billing.invoice_line l where l.invoice_id = i.id) as lines from billing.invoice i`;
const BY_ID = { name: 'billing.invoice-by-id', text: `${SELECT} where i.id = $1` };
const OF_TRADE = { name: 'billing.invoices-of-trade', text: `${SELECT} where i.trade_id = $1 order by i.id` };
const OF_AGREEMENT = { name: 'billing.invoices-of-agreement', text: `${SELECT} where i.agreement_id = $1 order by i.id desc limit 100` };
const PAGE_OWN = {
  name: 'billing.invoices-own',
  text: `${SELECT} where i.id in (
           (select id from billing.invoice where issuer_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)
           union all (select id from billing.invoice where customer_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3))
         order by i.id desc limit $3`,
};
/** What is asked for decides which index serves: planned for the values each time. */
const NARROW = `($2::uuid is null or id < $2) and ($4::uuid is null or agreement_id = $4) and ($5::uuid is null or trade_id = $5) and ($6::text is null or kind = $6) and ($7::text is null or currency = $7)
  and ($8::text is null or (series = $8 and number = $9::bigint)) and ($10::timestamptz is null or issued_at >= $10) and ($11::timestamptz is null or issued_at < $11)`;
const FOUND_OWN = {
  name: 'billing.invoices-found-own', plannedEachTime: true as const,
  text: `${SELECT} where i.id in (
           (select id from billing.invoice where issuer_id = $1 and $12::text is distinct from 'CUSTOMER' and ($13::uuid is null or customer_id = $13) and ${NARROW} order by id desc limit $3)
           union all (select id from billing.invoice where customer_id = $1 and $12::text is distinct from 'ISSUER' and ($13::uuid is null or issuer_id = $13) and ${NARROW} order by id desc limit $3))
         order by i.id desc limit $3`,
};
const FOUND_ALL = { name: 'billing.invoices-found-all', plannedEachTime: true as const, text: `${SELECT} where i.id in (select id from billing.invoice where $1::uuid is null and ${NARROW} order by id desc limit $3) order by i.id desc` };
const PAGE_ALL = { name: 'billing.invoices-all', text: `${SELECT} where ($1::uuid is null or i.id < $1) order by i.id desc limit $2` };

/** Each narrows down where it is not null. */
export interface InvoiceFilter {
  /** The organisation whose list it is has this side. */
  readonly side: 'ISSUER' | 'CUSTOMER' | null;
  /** The other side; of the list of all: either. */
  readonly counterpartyId: string | null;
  readonly agreementId: string | null;
  readonly tradeId: string | null;
  readonly kind: InvoiceKind | null;
  readonly currency: string | null;
  readonly number: InvoiceNumber | null;
  /** Of the issue: from the first moment on, before the second. */
  readonly from: Date | null;
  readonly until: Date | null;
}

@Injectable()
export class InvoiceRepository {
  constructor(private readonly database: Database) {}

  /** The next number of a series. Its row is held until the transaction ends: a rolled back invoice gives its number back. */
  async nextNumber(tx: Tx, issuerId: string, series: string): Promise<bigint> {
    const [row] = (await tx.query(
      `insert into billing.invoice_series as s (issuer_id, series, last_number) values ($1, $2, 1)
       on conflict (issuer_id, series) do update set last_number = s.last_number + 1 returning last_number`, [issuerId, series],
    )) as [{ last_number: string }];
    return BigInt(row.last_number);
  }

  async insert(tx: Tx, invoice: Invoice): Promise<void> {
    const { lines, net, tax, total, corrects, ...row } = invoice;
    await tx.insert(InvoiceRow, {
      ...row, corrects: corrects ?? null, correctsId: corrects?.invoiceId ?? null, reversalId: corrects?.reversalId ?? null, issuerId: invoice.issuer.id, customerId: invoice.customer.id, currency: net.currency, netMinor: net.minor, taxMinor: tax.minor, totalMinor: total.minor, lineCount: lines.length,
    });
    await tx.insert(InvoiceLineRow, lines.map((l, index) => ({ invoiceId: invoice.id, line: index, description: l.description, quantity: l.quantity, unitPrice: l.unitPrice, netMinor: l.net.minor })));
  }

  async exists(tx: Tx, draft: Pick<InvoiceDraft, 'tradeId' | 'kind'>): Promise<boolean> {
    return tx.existsBy(InvoiceRow, { tradeId: draft.tradeId, kind: draft.kind satisfies InvoiceKind });
  }

  async byId(id: string): Promise<Invoice | null> {
    return (await this.read(BY_ID, [id]))[0] ?? null;
  }
  /** As the transaction sees them. */
  async ofTradeIn(tx: Tx, tradeId: string): Promise<Invoice[]> {
    return ((await tx.query(OF_TRADE.text, [tradeId])) as Stored[]).map(toInvoice);
  }
  ofTrade(tradeId: string): Promise<Invoice[]> {
    return this.read(OF_TRADE, [tradeId]);
  }
  /** The newest hundred. */
  ofAgreement(agreementId: string): Promise<Invoice[]> {
    return this.read(OF_AGREEMENT, [agreementId]);
  }
  /** Newest first; issued by or to one organisation, or all where `organisationId` is null. */
  async page(organisationId: string | null, filter: InvoiceFilter, request: PageRequest): Promise<Page<Invoice>> {
    const after = request.after?.[0] ?? null;
    const rows = !isUnfiltered(filter) ? await this.found(organisationId, filter, after, request.first + 1)
      : organisationId ? await this.read(PAGE_OWN, [organisationId, after, request.first + 1]) : await this.read(PAGE_ALL, [after, request.first + 1]);
    return toPage(rows, request, (i) => [i.id]);
  }

  private found(organisationId: string | null, { side, counterpartyId, agreementId, tradeId, kind, currency, number, from, until }: InvoiceFilter, after: string | null, limit: number): Promise<Invoice[]> {
    const values = (whose: string | null): unknown[] => [whose, after, limit, agreementId, tradeId, kind, currency, number?.series ?? null, number?.number ?? null, from, until];
    if (organisationId) return this.read(FOUND_OWN, [...values(organisationId), side, counterpartyId]);
    return counterpartyId ? this.read(FOUND_OWN, [...values(counterpartyId), null, null]) : this.read(FOUND_ALL, values(null));
  }
  private async read(statement: Statement, values: readonly unknown[]): Promise<Invoice[]> {
    return (await this.database.query<Stored & Record<string, unknown>>(statement, values)).map(toInvoice);
  }
}

function toInvoice(row: Stored): Invoice {
  const amount = (minor: string) => money(BigInt(minor), row.currency);
  return {
    id: row.id, series: row.series, number: BigInt(row.number), kind: row.kind, tradeId: row.tradeId, agreementId: row.agreementId, issuer: row.issuer, customer: row.customer,
    net: amount(row.netMinor), tax: amount(row.taxMinor), total: amount(row.totalMinor), taxTreatment: row.taxTreatment, issuedAt: row.issuedAt, ...(row.corrects ? { corrects: row.corrects } : {}),
    lines: row.lines.map((l) => ({ description: l.description, quantity: BigInt(l.quantity), unitPrice: l.unitPrice, net: amount(l.netMinor) })),
  };
}
