import type { GraphQLSchema } from 'graphql';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import pg from 'pg';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { done, hire, join, listedProduct, csvFile, type Market, offerOf, openMarket, orderOf } from './support/market.js';
import { Samples } from './support/samples.js';
import { download, order, playTrade, type PlayedTrade, tradeOf } from './support/trade.js';

const SETTLED = 'query($id: ID!) { trade(id: $id) { state gross { minor } net { minor } tax { minor } commission { minor } payout { state amount { minor } } } certificate(tradeId: $id) { jws } }';

describe('a trade, end to end', () => {
  let exchange: TestExchange;
  let market: Market;
  let settler: GraphClient;
  let auditor: GraphClient;
  let trade: PlayedTrade;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    settler = await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
    auditor = await hire(exchange, market.admin, 'auditor', 'AUDITOR');
    trade = await playTrade(exchange, market, settler);
  });
  afterAll(() => exchange.close());
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const count = async (text: string, ...values: unknown[]): Promise<number> => Number((await rows<{ n: string }>(`select count(*) as n from ${text}`, values))[0]!.n);
  const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });

  it('goes from order to certificate through the public API', async () => {
    expect(trade.states).toEqual(['payTrade SUCCEEDED', 'acceptTrade ACCEPTED', 'payTrade SUCCEEDED', 'acceptTrade ACCEPTED', 'runClearing CLOSED']);
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    for (const [id, net] of [[trade.purchaseId, 10_000], [trade.usageId, 25]] as const) {
      type Seen = { trade: { state: string; gross: { minor: string }; net: { minor: string }; tax: { minor: string }; payout: { state: string; amount: { minor: string } } | null }; certificate: { jws: string } };
      const seen = await market.vendor.ask<Seen>(SETTLED, { id });
      expect(seen).toMatchObject({ trade: { state: 'SETTLED', net: { minor: String(net) }, payout: { state: 'CONFIRMED' } } });
      expect(BigInt(seen.trade.gross.minor)).toBe(BigInt(seen.trade.net.minor) + BigInt(seen.trade.tax.minor));
      const { payload, protectedHeader } = await compactVerify(seen.certificate.jws, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
      expect(protectedHeader.typ).toBe('entrepot-trade-certificate+jws');
      expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ tradeId: id, receiptIds: [trade.receiptId] });
      expect(await market.buyer.ask(SETTLED, { id })).toMatchObject({ trade: { state: 'SETTLED', payout: null }, certificate: { jws: seen.certificate.jws } });
    }
    expect(await settler.ask('{ trialBalance { currency sumMinor driftedAccounts } }')).toEqual({ trialBalance: [{ currency: 'SGD', sumMinor: '0', driftedAccounts: 0 }] });
  });

  it('keeps its past: nothing of it is changed by SQL either', async () => {
    const past = ['settlement.posting', 'settlement.journal', 'billing.invoice', 'billing.invoice_line', 'billing.billed_usage', 'billing.certificate', 'metering.usage_event', 'delivery.receipt', 'contracts.agreement', 'compliance.decision', 'audit.entry', 'catalog.gate_record'];
    for (const table of past) {
      await expect(rows(`delete from ${table}`)).rejects.toThrow('never changed');
      const [column] = await rows<{ column_name: string }>('select column_name from information_schema.columns where table_schema || \'.\' || table_name = $1 order by ordinal_position limit 1', [table]);
      await expect(rows(`update ${table} set ${column!.column_name} = ${column!.column_name}`)).rejects.toThrow('never changed');
    }
    expect(await auditor.ask('{ verifyAuditLog { intact findings { problem } } }')).toEqual({ verifyAuditLog: { intact: true, findings: [] } });
  });

  it('shows its whole lineage to the auditor and to no side of it', async () => {
    const query = `query($id: ID!) { tradeLineage(tradeId: $id) { trade { id state } product { id } vendor { id } buyer { jurisdiction } listing { step passed } agreement { id hash } licence { id }
      decisions { id stage permitted } receipts { id } usage { meter receiptId } invoices { id kind } payments { state } journals { kind } payout { state } certificate { tradeId } tradesOfAgreement { id } audit { act } } }`;
    type Lineage = Record<string, unknown> & { listing: object[]; decisions: object[]; usage: object[]; invoices: object[]; journals: { kind: string }[]; tradesOfAgreement: object[]; audit: { act: string }[] };
    const { tradeLineage: seen } = await auditor.ask<{ tradeLineage: Lineage }>(query, { id: trade.purchaseId });
    expect(seen).toMatchObject({
      trade: { id: trade.purchaseId, state: 'SETTLED' }, product: { id: trade.productId }, vendor: { id: market.vendorId }, buyer: { jurisdiction: 'SG' }, agreement: { id: trade.agreementId },
      licence: { id: trade.licenceId }, receipts: [{ id: trade.receiptId }], payments: [{ state: 'SUCCEEDED' }], payout: { state: 'CONFIRMED' }, certificate: { tradeId: trade.purchaseId },
    });
    expect(seen.listing).toEqual(['PLATFORM_TEST', 'OPINION', 'REVIEW', 'NOTICE', 'CERTIFICATE'].map((step) => ({ step, passed: true })));
    expect(seen.decisions).toEqual(expect.arrayContaining([expect.objectContaining({ id: trade.decisionId, stage: 'ORDER', permitted: true }), expect.objectContaining({ stage: 'DELIVERY', permitted: true })]) as unknown);
    expect(seen.invoices).toEqual(expect.arrayContaining([{ id: trade.purchaseInvoiceId, kind: 'PURCHASE' }]) as unknown);
    expect(new Set(seen.journals.map((j) => j.kind))).toEqual(new Set(['FUND', 'CLEAR', 'PAYOUT_SENT', 'PAYOUT_CONFIRMED']));
    expect(seen.tradesOfAgreement).toHaveLength(2);
    for (const act of ['product.list', 'offer.create', 'agreement.conclude', 'licence.activate', 'delivery.complete', 'payment.succeed', 'trade.settle']) expect(seen.audit.map((e) => e.act)).toContain(act);
    for (const side of [market.vendor, market.buyer]) expect(await side.ask('query($id: ID!) { tradeLineage(tradeId: $id) { trade { id } } }', { id: trade.purchaseId })).toEqual({ tradeLineage: null });
  });

  it('refuses every mutation to the auditor, but the review of broken glass and what a person decides for himself', async () => {
    const schema: GraphQLSchema = exchange.app.get(GraphQLSchemaHost).schema;
    const samples = new Samples(schema, { productId: trade.productId });
    const mutations = Object.values(schema.getMutationType()!.getFields()).filter((f) => !['registerOrganisation', 'acceptInvitation', 'declineInvitation', 'leaveOrganisation', 'reviewBreakGlass'].includes(f.name));
    const before = await count('audit.entry');
    for (const field of mutations) {
      const { query, variables } = samples.call('mutation', field);
      const answer = await auditor.ask<Record<string, { __typename: string }>>(query, variables);
      expect([field.name, answer[field.name]]).toMatchObject([field.name, { __typename: 'NotPermitted', code: 'not_permitted' }]);
    }
    const company = { legalName: 'Side Business', jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: '196800306E' }] };
    expect(await auditor.mutate('registerOrganisation', 'Organisation', 'id', company)).toMatchObject({ __typename: 'StateConflict', code: 'identity.already_member' });
    expect(mutations.length).toBeGreaterThan(25);
    expect(await count('audit.entry')).toBe(before);
  });

  describe('twice at once', () => {
    const twice = <T>(act: () => Promise<T>): Promise<[T, T]> => Promise.all([act(), act()]);
    const clearing = (headers: Record<string, string> = {}) => settler.mutate<{ id: string; tradeCount: number }>('runClearing', 'ClearingCycle', 'id state tradeCount payoutCount gross { minor } paidOut { minor }', { currency: 'SGD' }, headers);

    it('the same key has one effect and one answer at every step', async () => {
      const [orderA, orderB] = await twice(() => market.buyer.mutate<{ id: string }>('placeOrder', 'Agreement', 'id hash licence { id } decision { id } document', orderOf(trade.offerId), key('order-1')));
      expect([orderA.__typename, orderB]).toEqual(['Agreement', orderA]);
      await exchange.drain();
      expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', { ...orderOf(trade.offerId), destination: 'HK' }, key('order-1'))).toMatchObject({ __typename: 'IdempotencyConflict' });
      const tradeId = await tradeOf(market.buyer, orderA.id, 'PURCHASE');
      const [paidA, paidB] = await twice(() => market.buyer.mutate<{ id: string }>('payTrade', 'Payment', 'id state providerReference amount { minor } endedAt', { tradeId }, key('pay-1')));
      expect([paidA, paidB]).toEqual([expect.objectContaining({ __typename: 'Payment', state: 'SUCCEEDED' }), paidA]);
      const { licence } = (orderA as unknown as { licence: { id: string } });
      await download(exchange, market.buyer, licence.id, trade.assetId);
      const [closedA, closedB] = await twice(() => market.buyer.mutate<{ id: string }>('closeUsagePeriod', 'UsagePeriod', 'id charges { quantity } closedAt trade { id state } invoice { id number issuedAt lines { net { minor } } }', { licenceId: licence.id }, key('close-1')));
      expect([closedA.__typename, closedB]).toEqual(['UsagePeriod', closedA]);
      await done(market.buyer, 'acceptTrade', 'Trade', 'id', { tradeId });
      const [cycleA, cycleB] = await twice(() => clearing(key('clear-1')));
      expect([cycleA, cycleB]).toEqual([expect.objectContaining({ __typename: 'ClearingCycle', state: 'CLOSED', tradeCount: 1 }), cycleA]);
      await exchange.drain();
      expect(await rows('select (select count(*)::int from billing.payment where trade_id = $1) as payments, (select count(*)::int from billing.usage_period where licence_id = $2) as periods, (select count(*)::int from settlement.payout where cycle_id = $3) as payouts', [tradeId, licence.id, cycleA.id]))
        .toEqual([{ payments: 1, periods: 1, payouts: 1 }]);
    });

    it('without a key nothing is paid, billed or cleared twice', async () => {
      const { purchaseId: tradeId, licenceId } = await order(exchange, market, trade.offerId);
      const paid = await twice(() => market.buyer.mutate<{ id: string }>('payTrade', 'Payment', 'id state', { tradeId }));
      expect(new Set(paid.filter((p) => p.__typename === 'Payment').map((p) => p.id)).size).toBe(1);
      for (const p of paid) expect(['Payment', 'StateConflict']).toContain(p.__typename);
      expect(await market.buyer.mutate('payTrade', 'Payment', 'id', { tradeId })).toMatchObject({ __typename: 'StateConflict', current: 'FUNDED' });
      await download(exchange, market.buyer, licenceId, trade.assetId);
      const closed = await Promise.all([market.buyer, market.vendor].map((side) => side.mutate('closeUsagePeriod', 'UsagePeriod', 'id', { licenceId })));
      expect(closed.map((c) => c.__typename).sort()).toEqual(['StateConflict', 'UsagePeriod']);
      const accepted = await twice(() => market.buyer.mutate('acceptTrade', 'Trade', 'id', { tradeId }));
      expect(accepted.map((a) => a.__typename).sort()).toEqual(['StateConflict', 'Trade']);
      const cycles = await twice(() => clearing());
      expect(cycles.map((c) => c.tradeCount).sort()).toEqual([0, 1]);
      await exchange.drain();
      expect(await market.vendor.ask(SETTLED, { id: tradeId })).toMatchObject({ trade: { state: 'SETTLED' } });
      expect(await count('billing.payment where trade_id = $1', tradeId)).toBe(1);
      expect(await count(`settlement.journal where trade_id = $1`, tradeId)).toBe(2);
    });

    it('one organisation cannot fetch the answer of another with its key', async () => {
      const stranger = await exchange.client('stranger');
      await join(market.officer, stranger, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
      expect(await stranger.mutate('payTrade', 'Payment', 'id', { tradeId: trade.purchaseId }, key('pay-1'))).toMatchObject({ __typename: 'NotFound' });
      const own = await stranger.mutate<{ id: string }>('placeOrder', 'Agreement', 'id buyerId', { ...orderOf(trade.offerId), destination: 'SG' }, key('order-1'));
      expect(own.__typename).toBe('Agreement');
      expect(await market.buyer.ask('query($id: ID!) { agreement(id: $id) { id } }', { id: own.id })).toEqual({ agreement: null });
    });
  });

  it('leaves of a refused transfer its decision and nothing else', async () => {
    const { productId } = await listedProduct(exchange, market, [csvFile(500)]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    // What nobody may buy is not listed; here somebody has changed the row behind the exchange's back.
    await exchange.owner.query(`update catalog.dataset set classification = classification || '{"level": "core", "importantDataNotified": true}' where product_id = $1`, [productId]);
    const tables = ['contracts.agreement', 'contracts.licence', 'settlement.trade', 'shared.outbox', 'compliance.volume_movement'];
    const before = await Promise.all(tables.map((t) => count(t)));
    const query = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename ... on TransferRefused { code decision { id outcome permitted mechanisms reasons { rule citation confidence } filings { type } facts } } } }`;
    type Refused = { placeOrder: { __typename: string; code: string; decision: { id: string; permitted: boolean; mechanisms: string[]; reasons: object[]; facts: string | null } } };
    const { placeOrder: refused } = await market.buyer.ask<Refused>(query, { input: orderOf(offerId) });
    expect(refused).toMatchObject({ __typename: 'TransferRefused', code: 'contracts.transfer_refused', decision: { permitted: false, outcome: 'PROHIBITED', facts: null } });
    expect(refused.decision.reasons.length).toBeGreaterThan(0);
    expect(await rows('select stage, permitted, outcome from compliance.decision where id = $1', [refused.decision.id])).toEqual([{ stage: 'ORDER', permitted: false, outcome: 'prohibited' }]);
    expect(await Promise.all(tables.map((t) => count(t)))).toEqual(before);
    expect(await market.officer.ask('query($id: ID!) { decision(id: $id) { id permitted } }', { id: refused.decision.id })).toEqual({ decision: { id: refused.decision.id, permitted: false } });
    expect(await market.buyer.ask('query($id: ID!) { decision(id: $id) { id } }', { id: refused.decision.id })).toEqual({ decision: null });
  });

  it('lists twenty products with vendor and offers in three statements, as many as for one', async () => {
    for (let i = 0; i < 20; i++) {
      await rows(
        `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, gate_version, demanded_steps, completed_steps,
           opinion_valid_until, notice_ends_at, certificate_number, certificate_valid_until, listed_at, created_at)
         select gen_random_uuid(), vendor_id, vendor_name, vendor_jurisdiction, vendor_state, 'Copy ' || $2, description, themes, exporter_is_ciio, exporter_has_prc_entity, 'CERTIFIED', submission, gate_version, demanded_steps, completed_steps,
           opinion_valid_until, notice_ends_at, nextval('catalog.certificate_number'), certificate_valid_until, now(), created_at from catalog.product where id = $1`, [trade.productId, i]);
    }
    await rows(`insert into contracts.offer (id, product_id, vendor_id, title, plans, entry_minor, purposes, destinations, terms, state, valid_until, created_at) select gen_random_uuid(), p.id, o.vendor_id, o.title, o.plans, o.entry_minor, o.purposes, o.destinations, o.terms, o.state, o.valid_until, o.created_at
      from contracts.offer o cross join catalog.product p where o.id = $1 and p.title like 'Copy %'`, [trade.offerId]);
    await rows(`update catalog.product set state = 'LISTED' where title like 'Copy %'`);
    const statements: string[] = [];
    const { query } = pg.Client.prototype;
    const spy = function (this: pg.Client, ...args: unknown[]): unknown {
      statements.push(typeof args[0] === 'string' ? args[0] : (args[0] as { text: string }).text);
      return (query as (...a: unknown[]) => unknown).apply(this, args);
    };
    const seen = async (first: number): Promise<number[]> => {
      statements.length = 0;
      const { products } = await market.buyer.ask<{ products: { nodes: { offers: object[] }[] } }>('query($first: Int!) { products(first: $first) { nodes { id title vendor { legalName jurisdiction } offers { title plans { quote { dueAtStart { formatted } } } } } } }', { first });
      return [products.nodes.length, products.nodes.filter((p) => p.offers.length === 1).length, statements.length];
    };
    await seen(20);
    pg.Client.prototype.query = spy as typeof query;
    try {
      expect([await seen(20), await seen(1)]).toEqual([[20, 20, 3], [1, 1, 3]]);
    } finally {
      pg.Client.prototype.query = query;
      await rows(`delete from catalog.product where title like 'Copy %'`);
    }
  });
});
