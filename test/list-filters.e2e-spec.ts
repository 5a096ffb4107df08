import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { openCase } from './support/counter.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, hire, join, listedProduct, type Market, offerOf, openMarket, orderOf } from './support/market.js';
import { playTrade } from './support/trade.js';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
interface Filter {
  readonly args: Readonly<Record<string, string | boolean>>;
  readonly keeps: (row: Row, viewer: string) => boolean;
}
interface List {
  readonly name: string;
  readonly fields: string;
  /** Enums stand in the text of a query without quotation marks. */
  readonly enums: readonly string[];
  readonly filters: (row: Row) => readonly Filter[];
}

const same = (field: string, arg = field) => (row: Row): Filter => ({ args: { [arg]: row[field] as string }, keeps: (r) => r[field] === row[field] });
const window = (field: string) => (row: Row): Filter[] => [
  { args: { from: row[field] as string }, keeps: (r) => String(r[field]) >= String(row[field]) }, { args: { until: row[field] as string }, keeps: (r) => String(r[field]) < String(row[field]) },
];
const currency = (field: string): Filter[] => ['SGD', 'CNY'].map((code) => ({ args: { currency: code }, keeps: (r) => (r[field] as { currency: string }).currency === code }));
let exchangeId = '';
/** With an organisation on the other side; for staff: on either. */
const sides = (one: string, other: string) => (row: Row): Filter[] => [
  ...[one, other].map((side): Filter => ({
    args: { counterpartyId: row[side] as string },
    keeps: (r, viewer) => (viewer === exchangeId ? [r[one], r[other]].includes(row[side]) : (r[one] === viewer ? r[other] : r[one]) === row[side]),
  })),
  ...[one, other].map((side): Filter => ({ args: { side: side.replace('Id', '').toUpperCase() }, keeps: (r, viewer) => r[side] === viewer })),
];
/** Two of them at once. */
const both = (a: Filter, b: Filter): Filter => ({ args: { ...a.args, ...b.args }, keeps: (r, viewer) => a.keeps(r, viewer) && b.keeps(r, viewer) });

const caseFilters = (c: Row): Filter[] => [same('kind')(c), same('state')(c), both(same('subjectType')(c), same('subjectId')(c)), same('applicantId')(c), ...window('openedAt')(c), both(same('kind')(c), same('state')(c))];
const CASE = 'id kind state subjectType subjectId applicantId openedAt closedAt assigneeId';
const LISTS: readonly List[] = [
  {
    name: 'trades', fields: 'id kind state agreementId vendorId buyerId executedAt gross { currency }', enums: ['kind', 'state', 'side'],
    filters: (t) => [same('kind')(t), same('state')(t), same('agreementId')(t), ...window('executedAt')(t), ...currency('gross'), ...sides('vendorId', 'buyerId')(t), both(same('kind')(t), same('state')(t))],
  },
  {
    name: 'invoices', fields: 'id number kind tradeId agreementId issuerId customerId issuedAt total { currency }', enums: ['kind', 'side'],
    filters: (i) => [same('kind')(i), same('number')(i), same('tradeId')(i), same('agreementId')(i), ...window('issuedAt')(i), ...currency('total'), ...sides('issuerId', 'customerId')(i), both(same('kind')(i), same('agreementId')(i))],
  },
  { name: 'payments', fields: 'id tradeId state createdAt amount { currency }', enums: ['state'], filters: (p) => [same('state')(p), same('tradeId')(p), ...window('createdAt')(p), ...currency('amount'), both(same('state')(p), same('tradeId')(p))] },
  { name: 'cases', fields: CASE, enums: ['kind'], filters: (c) => [...caseFilters(c), { args: { open: true }, keeps: (r) => r.closedAt === null }, { args: { open: false }, keeps: (r) => r.closedAt !== null }] },
  { name: 'caseQueue', fields: CASE, enums: ['kind'], filters: (c) => [...caseFilters(c), { args: { unassigned: true }, keeps: (r) => r.assigneeId === null }] },
  ...['approvals', 'approvalRegister'].map((name): List => ({
    name, fields: 'id type state holderId validUntil scope { recipientId productIds }', enums: ['state'],
    filters: (a) => [
      same('type')(a), same('state')(a), same('holderId')(a), both(same('type')(a), same('holderId')(a)), { args: { endsBefore: '2027-01-01' }, keeps: (r) => r.validUntil !== null && String(r.validUntil) < '2027-01-01' },
      ...[(a.scope as { recipientId: string | null }).recipientId].filter((id) => id !== null).map((recipientId): Filter => ({ args: { recipientId }, keeps: (r) => (r.scope as { recipientId: string | null }).recipientId === recipientId })),
      ...((a.scope as { productIds: string[] | null }).productIds ?? []).map((productId): Filter => ({ args: { productId }, keeps: (r) => (r.scope as { productIds: string[] | null }).productIds?.includes(productId) ?? true })),
    ],
  })),
  { name: 'myCertificates', fields: 'id scheme state', enums: ['state'], filters: (c) => [same('scheme')(c), same('state')(c), both(same('scheme')(c), same('state')(c))] },
];

describe('lists are narrowed down', () => {
  let exchange: TestExchange;
  let market: Market;
  let other: GraphClient;
  let staff: GraphClient;
  const people = new Map<GraphClient, string>();

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    const { vendor, buyer, officer, vendorId } = market;
    staff = await hire(exchange, market.admin, 'overseer', 'AUDITOR');
    const [buyerId, staffOf] = (await Promise.all([buyer, staff].map((client) => client.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')))).map((a) => a.me.organisation.id) as [string, string];
    exchangeId = staffOf;
    other = await exchange.client('other');
    const otherId = await join(officer, other, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    people.set(vendor, vendorId).set(buyer, buyerId).set(other, otherId).set(staff, exchangeId);
    await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
    // What is not paid, of the same buyer and of another; what failed.
    const { productId } = await listedProduct(exchange, market, [csvFile(400)]);
    const { id: offerId } = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    for (const client of [buyer, other]) await done(client, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
    await exchange.drain();
    for (const [client, owner, recipient] of [[vendor, vendorId, buyerId], [other, otherId, vendorId]] as const) {
      for (const [kind, subjectType, subjectId] of [['NEGATIVE_LIST_REPORT', 'organisation', owner], ['STANDARD_CONTRACT_FILING', 'organisation', owner]] as const) {
        const caseId = await openCase(client, { kind, subjectType, subjectId, scope: { recipientId: recipient, purposes: ['RESEARCH'], destinations: ['SG'] } });
        await exchange.owner.query(
          `insert into compliance.approval (id, type, holder_id, recipient_id, product_ids, valid_from, valid_until, state, case_id, reference, granted_by, granted_at, ended_at)
           values ($1, $2, $3, $4, $5, '2026-01-01', $6, $7, $8, 'SH-1', 'test', now(), case when $7 = 'EXPIRED' then now() end)`,
          [newId(), kind.toLowerCase(), owner, recipient, kind === 'NEGATIVE_LIST_REPORT' ? [productId] : null, kind === 'NEGATIVE_LIST_REPORT' ? '2026-06-30' : null, kind === 'NEGATIVE_LIST_REPORT' ? 'EXPIRED' : 'ACTIVE', caseId],
        );
        if (kind === 'NEGATIVE_LIST_REPORT') await done(client, 'moveCase', 'Case', 'state', { caseId, event: 'WITHDRAW', reason: 'not needed' });
      }
      for (const scheme of ['ISO27001', 'GLOBAL_CBPR']) {
        await done(client, 'submitCertificate', 'RegisteredCertificate', 'id', { scheme, number: `N-${scheme}-${owner.slice(-4)}`, issuingBody: 'Body', grantedIn: 'SG', scope: 'all of it', firstDay: '2026-01-01', registerUrl: 'https://register.example/1' });
      }
    }
  });
  afterAll(() => exchange.close());

  const read = async (client: GraphClient, { name, fields, enums }: Pick<List, 'name' | 'fields' | 'enums'>, args: Filter['args'] = {}): Promise<Row[]> => {
    const given = Object.entries(args).map(([key, value]) => `, ${key}: ${enums.includes(key) ? value : JSON.stringify(value)}`).join('');
    return (await client.ask<Record<string, { nodes: Row[] } | null>>(`{ ${name}(first: 100${given}) { nodes { ${fields} } } }`))[name]?.nodes ?? [];
  };

  it.each(LISTS)('$name: by each of its filters, whatever others have, and of nobody but the caller', async (list) => {
    const seen = new Map(await Promise.all([...people.keys()].map(async (client) => [client, await read(client, list)] as const)));
    const everybodys = [...new Map([...seen.values()].flat().map((row) => [row.id, row])).values()];
    expect(everybodys.length).toBeGreaterThanOrEqual(list.name === 'caseQueue' ? 1 : 2);
    const told = new Set<string>();
    for (const row of everybodys) {
      for (const { args, keeps } of list.filters(row)) {
        if (told.size === told.add(JSON.stringify(args)).size) continue;
        for (const [client, viewer] of people) {
          const found = await read(client, list, args);
          expect({ viewer, args, found: found.map((r) => r.id) }).toEqual({ viewer, args, found: seen.get(client)!.filter((r) => keeps(r, viewer)).map((r) => r.id) });
        }
      }
    }
    expect(told.size).toBeGreaterThan(2);
  });

  it('payments of a buyer: for staff, and no way to those of another', async () => {
    const args = { buyerId: people.get(market.buyer)! };
    const payments = LISTS.find((l) => l.name === 'payments')!;
    expect((await read(staff, payments, args)).length).toBe(2);
    expect((await read(market.buyer, payments, args)).length).toBe(2);
    expect([await read(other, payments, args), await read(market.vendor, payments, args), await read(staff, payments, { buyerId: market.vendorId })]).toEqual([[], [], []]);
  });

  it('page by page, with a filter, each once', async () => {
    const all = (await read(market.vendor, LISTS[1]!, { currency: 'SGD' })).map((i) => i.id);
    const paged: string[] = [];
    type Page = { invoices: { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    for (let after: string | null = null, more = true; more; ) {
      const { invoices }: Page = await market.vendor.ask<Page>('query($after: String) { invoices(first: 1, after: $after, currency: "SGD") { nodes { id } pageInfo { hasNextPage endCursor } } }', { after });
      paged.push(...invoices.nodes.map((i) => i.id));
      [after, more] = [invoices.pageInfo.endCursor, invoices.pageInfo.hasNextPage];
    }
    expect(all.length).toBeGreaterThan(2);
    expect(paged).toEqual(all);
  });

  it('the log, for whoever oversees and nobody else', async () => {
    const log: Pick<List, 'name' | 'fields' | 'enums'> = { name: 'auditEntries', fields: 'id objectId objectType act subject tenantId tradeId recordedAt', enums: [] };
    const line = (await read(staff, log, { act: 'payment.succeed' }))[0]!;
    expect(line).toMatchObject({ act: 'payment.succeed', objectType: 'payment' });
    for (const field of ['objectId', 'objectType', 'act', 'subject', 'tenantId', 'tradeId'] as const) {
      const found = await read(staff, log, { [field]: line[field] as string });
      expect([field, new Set(found.map((l) => l[field]))]).toEqual([field, new Set([line[field]])]);
      expect(found.map((l) => l.id)).toContain(line.id);
      expect(await read(market.vendor, log, { [field]: line[field] as string })).toEqual([]);
    }
    const at = String(line.recordedAt);
    expect((await read(staff, log, { from: at })).every((l) => String(l.recordedAt) >= at)).toBe(true);
    expect((await read(staff, log, { until: at })).every((l) => String(l.recordedAt) < at)).toBe(true);
    expect(await read(staff, log, { objectId: String(line.objectId), act: 'payment.fail' })).toEqual([]);
  });
});
