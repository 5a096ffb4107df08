import { jest } from '@jest/globals';
import { Billing, PaymentPort } from '#billing';
import { Config, isRefused, money, newId, Signer, systemCaller, UnitOfWork, trustCallsOutsideRequests } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket, type TestAgreement } from '../../../../test/support/billing-market.js';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { line } from '../domain/invoice.js';
import type { TaxTreatment } from '../domain/tax.js';
import { DrivePayment } from './drive-payment.js';
import { IssueInvoice } from './issue-invoice.js';
import { LapseUnpaid } from './lapse-unpaid.js';

trustCallsOutsideRequests();

describe('billing', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: BillingMarket;
  let billing: Billing;
  let settlement: Settlement;
  let vendorId: string;
  let buyerId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { ACCEPTANCE_SECONDS: '60' } });
    market = new BillingMarket(exchange);
    billing = exchange.app.get(Billing, { strict: false });
    settlement = exchange.app.get(Settlement, { strict: false });
    [vendorId, buyerId] = [await market.organisation('CN'), await market.organisation('CN')];
  });
  afterAll(() => exchange.close());
  afterEach(() => jest.restoreAllMocks());

  const purchaseOf = async (a: TestAgreement): Promise<Trade> => (await settlement.tradesOfAgreement(a.agreementId)).find((t) => t.kind === 'PURCHASE')!;
  const concluded = async (price?: bigint, perDownload?: string): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const agreement = await market.agreement(vendorId, buyerId, price, perDownload);
    await exchange.drain();
    return { agreement, trade: await purchaseOf(agreement) };
  };
  const pay = async (trade: Trade) => {
    const paid = await billing.payTrade(market.actor(buyerId), trade.id);
    if (isRefused(paid)) throw new Error(paid.code);
    return paid.payment;
  };
  const paid = async (perDownload?: string): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const both = await concluded(undefined, perDownload);
    await pay(both.trade);
    return both;
  };
  const clearAll = async (): Promise<void> => {
    await settlement.runClearing({ ...market.actor(newId(), ['SETTLEMENT_OFFICER']), organisationKind: 'EXCHANGE' }, 'CNY');
    await exchange.drain();
  };

  describe('opening a trade', () => {
    it('answers an agreement with its purchase, taxed by its flow, once however often it is told', async () => {
      const { agreement, trade } = await concluded();
      expect(trade).toMatchObject({ state: 'AWAITING_PAYMENT', net: money(100_000n, 'CNY'), tax: money(6_000n, 'CNY'), gross: money(106_000n, 'CNY'), taxJurisdiction: 'CN', commission: money(5_000n, 'CNY') });
      await market.sql(`insert into shared.outbox_delivery (subscriber, aggregate_id, seq, next_attempt_at) select 'billing.open-trade', aggregate_id, seq, '-infinity' from shared.outbox where topic like 'contracts.%' and aggregate_id = $1`, [agreement.agreementId]);
      await exchange.drain();
      expect(await settlement.tradesOfAgreement(agreement.agreementId)).toHaveLength(1);
    });
    it('records and cancels a trade whose tax no rule decides, and the message is done', async () => {
      const agreement = await market.agreement(await market.organisation('US'), await market.organisation('US'));
      await exchange.drain();
      const trade = await purchaseOf(agreement);
      expect(await market.licenceState(agreement.licenceId)).toBe('TERMINATED');
      expect(trade).toMatchObject({ state: 'CANCELLED', taxTreatment: { undetermined: expect.stringMatching(/US to US/) as string } });
      expect(await billing.payTrade(market.actor(agreement.buyerId), trade.id)).toMatchObject({ kind: 'StateConflict', state: 'CANCELLED' });
      expect(await market.sql(`select 1 from shared.outbox_delivery where subscriber like 'billing.%'`)).toEqual([]);
    });
    it('takes a declaration of the seller into account from then on, and only of a scheme of its place', async () => {
      const [seller, buyer] = [await market.organisation('CN'), await market.organisation('SG')];
      expect(await billing.quoteTax(seller, buyer)).toMatchObject({ rule: 'cn-export-standard', basisPoints: 600 });
      const declare = (scheme: 'CN_EXPORT' | 'SG_GST', status: string, actor = market.actor(seller)) => billing.declareTax(actor, { scheme, status, evidence: 'filing 12, 2026-02-01' });
      expect(await declare('SG_GST', 'REGISTERED')).toMatchObject({ kind: 'InvalidInput', code: 'billing.scheme_not_of_place' });
      expect(await declare('CN_EXPORT', 'REGISTERED')).toMatchObject({ kind: 'InvalidInput', code: 'billing.status_not_of_scheme' });
      expect(await declare('CN_EXPORT', 'ZERO_RATED', market.actor(seller, ['BUYER']))).toMatchObject({ kind: 'NotPermitted' });
      expect(await declare('CN_EXPORT', 'ZERO_RATED')).toMatchObject({ status: 'ZERO_RATED' });
      expect(await billing.quoteTax(seller, buyer)).toMatchObject({ rule: 'cn-export-zero', basisPoints: 0 });
    });
  });

  describe('paying', () => {
    it('takes the money, funds the trade and activates the licence together; once', async () => {
      const { agreement, trade } = await concluded();
      const answers = await Promise.all([1, 2, 3, 4].map(() => billing.payTrade(market.actor(buyerId), trade.id)));
      expect(answers.some((a) => !isRefused(a) && a.payment.state === 'SUCCEEDED')).toBe(true);
      for (const a of answers) if (isRefused(a)) expect(a).toMatchObject({ kind: 'StateConflict' });
      expect(await billing.paymentsOfTrade(trade.id)).toMatchObject([{ state: 'SUCCEEDED', amount: trade.gross }]);
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'FUNDED' });
      expect(await market.licenceState(agreement.licenceId)).toBe('ACTIVE');
      expect(await settlement.journalsOfTrade(trade.id)).toHaveLength(1);
      expect(await billing.payTrade(market.actor(buyerId), trade.id)).toMatchObject({ kind: 'StateConflict', code: 'billing.trade_not_payable', state: 'FUNDED' });
    });
    it('is for the buyer alone', async () => {
      const { trade } = await concluded();
      expect(await billing.payTrade(market.actor(vendorId), trade.id)).toMatchObject({ kind: 'NotFound' });
      expect(await billing.payTrade(market.actor(buyerId), newId())).toMatchObject({ kind: 'NotFound' });
      expect(await billing.payTrade(market.actor(buyerId, ['VENDOR_MANAGER']), trade.id)).toMatchObject({ kind: 'NotPermitted' });
    });
    it('answers the same payment to the same Idempotency-Key, and refuses it for another trade (I9)', async () => {
      const [{ trade }, other] = [await concluded(), await concluded()];
      const actor = market.actor(buyerId, ['ORG_ADMIN'], newId());
      const [a, b] = [await billing.payTrade(actor, trade.id), await billing.payTrade(actor, trade.id)];
      expect(!isRefused(a) && !isRefused(b) && a.payment.id === b.payment.id && b.payment.state === 'SUCCEEDED').toBe(true);
      expect(await billing.payTrade(actor, other.trade.id)).toMatchObject({ kind: 'IdempotencyConflict' });
    });
    it('a declined payment fails, releases nothing and allows another', async () => {
      const { agreement, trade } = await concluded(94_339n);
      expect(trade.gross.minor).toBe(99_999n);
      expect(await pay(trade)).toMatchObject({ state: 'FAILED', failure: expect.stringMatching(/declines/) as string });
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'AWAITING_PAYMENT' });
      expect(await market.licenceState(agreement.licenceId)).toBe('PENDING');
      expect((await pay(trade)).state).toBe('FAILED');
      expect(await billing.paymentsOfTrade(trade.id)).toHaveLength(2);
    });
    it('a process that dies after the provider took the money leaves an intent, which the sweep drives to its end', async () => {
      const { agreement, trade } = await concluded();
      const port = exchange.app.get(PaymentPort, { strict: false });
      const start = port.start.bind(port);
      const keys: string[] = [];
      jest.spyOn(port, 'start').mockImplementation(async (order) => {
        keys.push(order.paymentId);
        await start(order);
        throw new Error('the process dies before the answer is written');
      });
      expect((await pay(trade)).state).toBe('INTENT');
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'AWAITING_PAYMENT' });
      jest.restoreAllMocks();
      clock.advance(11);
      await Promise.all([1, 2].map(() => exchange.app.get(DrivePayment, { strict: false }).sweep()));
      expect(await billing.paymentsOfTrade(trade.id)).toMatchObject([{ id: keys[0], state: 'SUCCEEDED' }]);
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'FUNDED', paymentId: keys[0] });
      expect(await market.licenceState(agreement.licenceId)).toBe('ACTIVE');
    });
    it.each([['amount', money(105_999n, 'CNY')], ['currency', money(106_000n, 'SGD')]])('another %s than was asked for books nothing and waits for a person', async (_, amount) => {
      const { trade } = await concluded();
      jest.spyOn(exchange.app.get(PaymentPort, { strict: false }), 'start').mockImplementation(async (order) => ({ state: 'SUCCEEDED', reference: `ref-${order.paymentId}`, amount }));
      expect(await pay(trade)).toMatchObject({ state: 'INTENT', problem: expect.stringMatching(/was asked for/) as string });
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'AWAITING_PAYMENT' });
      expect(await settlement.journalsOfTrade(trade.id)).toEqual([]);
    });
  });

  describe('what nobody pays', () => {
    const month = (): void => clock.advance(31 * 86_400);
    const lapse = (): Promise<void> => exchange.app.get(LapseUnpaid, { strict: false }).execute();
    const states = async ({ agreement, trade }: { agreement: TestAgreement; trade: Trade }) => [(await settlement.tradeById(trade.id))!.state, await market.licenceState(agreement.licenceId)];

    it('is called off after thirty days, trade and licence together, and takes no payment any more', async () => {
      const both = await concluded();
      clock.advance(29 * 86_400);
      await lapse();
      expect(await states(both)).toEqual(['AWAITING_PAYMENT', 'PENDING']);
      clock.advance(2 * 86_400);
      await Promise.all([lapse(), lapse()]);
      expect(await states(both)).toEqual(['CANCELLED', 'TERMINATED']);
      expect(await market.sql('select state_reason, valid_from from contracts.licence where id = $1', [both.agreement.licenceId])).toEqual([{ state_reason: 'not paid within 30 days', valid_from: null }]);
      expect(await billing.payTrade(market.actor(buyerId), both.trade.id)).toMatchObject({ kind: 'StateConflict', code: 'billing.trade_not_payable', state: 'CANCELLED' });
      expect(await market.sql(`select payload->>'to' as to from shared.outbox where topic = 'contracts.licence-ended.v1' and aggregate_id = $1`, [both.agreement.licenceId])).toEqual([{ to: 'TERMINATED' }]);
    });

    it('stays where the money was under way and is in; where it is not, the payment is given up first', async () => {
      const [late, never, unknown] = [await concluded(), await concluded(), await concluded()];
      const port = exchange.app.get(PaymentPort, { strict: false });
      jest.spyOn(port, 'start').mockImplementation(async ({ paymentId }) => ({ state: 'PROCESSING', reference: `ref-${paymentId}`, clientSecret: null }));
      for (const { trade } of [late, never]) expect((await pay(trade)).state).toBe('PROCESSING');
      jest.spyOn(port, 'start').mockImplementation(async () => { throw new Error('the provider does not answer'); });
      expect((await pay(unknown.trade)).state).toBe('INTENT');
      const [payment] = await billing.paymentsOfTrade(late.trade.id);
      const abandon = jest.spyOn(port, 'abandon').mockImplementation(async (reference) =>
        (reference === payment!.providerReference ? { state: 'SUCCEEDED', reference, amount: late.trade.gross } : { state: 'FAILED', reference, reason: 'given up' }));
      month();
      await lapse();
      expect(await Promise.all([late, never, unknown].map(states))).toEqual([['FUNDED', 'ACTIVE'], ['CANCELLED', 'TERMINATED'], ['AWAITING_PAYMENT', 'PENDING']]);
      expect(abandon).toHaveBeenCalledTimes(2);
      expect(await billing.paymentsOfTrade(never.trade.id)).toMatchObject([{ state: 'FAILED', failure: 'given up' }]);
      jest.spyOn(port, 'start').mockImplementation(async ({ paymentId }) => ({ state: 'PROCESSING', reference: `ref-${paymentId}`, clientSecret: null }));
      await lapse();
      expect(await states(unknown)).toEqual(['CANCELLED', 'TERMINATED']);
    });

    it('is decided once when the buyer pays at the same moment', async () => {
      for (let i = 0; i < 4; i++) {
        const both = await concluded();
        month();
        await Promise.all([lapse(), billing.payTrade(market.actor(buyerId), both.trade.id)]);
        await lapse();
        const found = await states(both);
        expect([['FUNDED', 'ACTIVE'], ['CANCELLED', 'TERMINATED']]).toContainEqual(found);
        expect(await settlement.journalsOfTrade(both.trade.id)).toHaveLength(found[0] === 'FUNDED' ? 1 : 0);
      }
    });
  });

  describe('usage', () => {
    it('the first use delivers the purchase; each use is billed once, also when two close at once (I3)', async () => {
      const { agreement, trade } = await paid();
      await market.use(agreement, 3, clock.now());
      await exchange.drain();
      expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'DELIVERED' });
      const closed = await Promise.all([1, 2, 3].map((n) => billing.closeUsagePeriod(market.actor(n === 1 ? vendorId : buyerId), agreement.licenceId)));
      const made = closed.find((c) => !isRefused(c));
      expect(closed.filter((c) => isRefused(c) && c.code === 'billing.nothing_to_bill')).toHaveLength(2);
      expect(made).toMatchObject({ period: { eventCount: 3 }, charges: [{ period: 0, meter: 'downloads', quantity: 3n }], trade: { kind: 'USAGE', state: 'AWAITING_PAYMENT', net: { minor: 750n }, tax: { minor: 45n } }, invoice: { kind: 'USAGE', total: { minor: 795n }, lines: [{ quantity: 3n, unitPrice: '2.50' }] } });
      await market.use(agreement, 1, clock.now());
      expect(await billing.closeUsagePeriod(market.actor(buyerId), agreement.licenceId)).toMatchObject({ charges: [{ quantity: 1n }] });
      expect(await market.sql('select count(*)::int as n from billing.billed_usage where licence_id = $1', [agreement.licenceId])).toEqual([{ n: 4 }]);
    });
    it('is closed by its parties alone', async () => {
      const { agreement } = await paid();
      await market.use(agreement, 1, clock.now());
      expect(await billing.closeUsagePeriod(market.actor(await market.organisation('CN')), agreement.licenceId)).toMatchObject({ kind: 'NotFound' });
      expect(await billing.closeUsagePeriod(market.actor(buyerId), newId())).toMatchObject({ kind: 'NotFound' });
    });
    it('what is free or less than a minor unit is not billed and stays', async () => {
      const free = await paid('0');
      await market.use(free.agreement, 2, clock.now());
      expect(await billing.closeUsagePeriod(market.actor(buyerId), free.agreement.licenceId)).toMatchObject({ kind: 'StateConflict', code: 'billing.nothing_to_bill' });
      const tiny = await paid('0.002');
      await market.use(tiny.agreement, 2, clock.now());
      expect(await billing.closeUsagePeriod(market.actor(buyerId), tiny.agreement.licenceId)).toMatchObject({ code: 'billing.nothing_to_bill' });
      await market.use(tiny.agreement, 3, clock.now());
      expect(await billing.closeUsagePeriod(market.actor(buyerId), tiny.agreement.licenceId)).toMatchObject({ charges: [{ quantity: 5n }], trade: { net: { minor: 1n } } });
    });
  });

  describe('invoices and certificate', () => {
    it('follow a purchase and its usage from acceptance to settlement', async () => {
      const { agreement, trade } = await paid();
      const receipts = await market.use(agreement, 2, clock.now());
      await exchange.drain();
      expect(await billing.invoicesOfTrade(trade.id)).toEqual([]);
      clock.advance(1);
      expect(await settlement.acceptTrade(market.actor(buyerId), trade.id)).toMatchObject({ state: 'ACCEPTED' });
      const usage = await billing.closeUsagePeriod(market.actor(vendorId), agreement.licenceId);
      if (isRefused(usage)) throw new Error(usage.code);
      await pay(usage.trade);
      clock.advance(61);
      await exchange.drain();
      await clearAll();
      const signer = exchange.app.get(Signer, { strict: false });
      for (const [id, kind] of [[trade.id, 'PURCHASE'], [usage.trade.id, 'USAGE']] as const) {
        const settled = (await settlement.tradeById(id))!;
        expect(settled.state).toBe('SETTLED');
        const invoices = await billing.invoicesOfTrade(id);
        expect(invoices.map((i) => i.kind).sort()).toEqual(['COMMISSION', kind].sort());
        const certificate = await signer.verify('entrepot-trade-certificate+jws', (await billing.certificateOfTrade(id))!.jws) as Record<string, unknown>;
        expect(certificate).toMatchObject({
          tradeId: id, kind, agreementId: agreement.agreementId, agreementHash: agreement.hash, decisionId: agreement.decisionId, usage: [{ meter: 'downloads', quantity: '2' }], receiptCount: 2,
          settlement: { grossMinor: settled.gross.minor.toString(), payoutId: settled.payoutId },
        });
        expect([...(certificate['receiptIds'] as string[])].sort()).toEqual([...receipts].sort());
        expect((certificate['invoices'] as { id: string }[]).map((i) => i.id).sort()).toEqual(invoices.map((i) => i.id).sort());
      }
      const [sale, commission] = (await billing.invoicesOfTrade(trade.id)).sort((a, b) => a.kind < b.kind ? 1 : -1);
      expect(sale).toMatchObject({ issuer: { id: vendorId }, customer: { id: buyerId }, net: { minor: 100_000n }, tax: { minor: 6_000n }, total: { minor: 106_000n } });
      expect(commission).toMatchObject({ customer: { id: vendorId }, net: { minor: 4_717n }, tax: { minor: 283n }, total: { minor: 5_000n } });
      for (const balance of await settlement.trialBalance()) expect(balance).toMatchObject({ sumMinor: 0n, driftedAccounts: 0 });
    });

    it('have no gap in their numbers, whoever issues at once and whatever is rolled back (I4)', async () => {
      const [issuer, customer] = [await market.organisation('HK'), await market.organisation('SG')];
      const party = (id: string) => ({ id, legalName: 'x', jurisdiction: 'HK', registryNumbers: [] });
      const issue = exchange.app.get(IssueInvoice, { strict: false });
      const amount = money(100n, 'HKD');
      const one = (fail: boolean) => exchange.app.get(UnitOfWork, { strict: false }).run(async (tx) => {
        const invoice = await issue.execute(tx, systemCaller('test'), {
          kind: 'USAGE', tradeId: newId(), agreementId: newId(), issuer: party(issuer), customer: party(customer), lines: [line('x', 1n, '1.00', 'HKD')], net: amount, tax: money(0n, 'HKD'), total: amount, taxTreatment: {} as TaxTreatment,
        });
        if (fail) throw new Error('rolled back');
        return invoice;
      });
      await Promise.allSettled(Array.from({ length: 24 }, (_, i) => one(i % 3 === 0)));
      const rows = await market.sql<{ number: string }>('select number from billing.invoice where issuer_id = $1 order by number', [issuer]);
      expect(rows.map((r) => Number(r.number))).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    });

    it('cannot be changed, be other than their lines, or skip a number (I4)', async () => {
      const insert = (lineNet: number, number: number) => exchange.owner.transaction(async (tx) => {
        const [id, issuer] = [newId(), newId()];
        await tx.query(`insert into billing.invoice_series values ($1, 'S', $2)`, [issuer, number]);
        await tx.query(
          `insert into billing.invoice (id, issuer_id, series, number, kind, trade_id, agreement_id, customer_id, issuer, customer, currency, net_minor, tax_minor, total_minor, tax_treatment, line_count, issued_at)
           values ($1, $2, 'S', $3, 'USAGE', $4, $4, $4, '{}', '{}', 'CNY', 100, 6, 106, '{}', 1, now())`, [id, issuer, number, newId()]);
        await tx.query(`insert into billing.invoice_line values ($1, 0, 'x', 1, '1.00', $2)`, [id, lineNet]);
        return id;
      });
      const id = await insert(100, 1);
      await expect(insert(99, 1)).rejects.toThrow('do not make up its net amount');
      await expect(insert(100, 2)).rejects.toThrow('is not the next one');
      await expect(market.sql(`insert into billing.invoice_line values ($1, 1, 'later', 1, '0', 0)`, [id])).rejects.toThrow('do not make up its net amount');
      for (const table of ['invoice', 'invoice_line', 'billed_usage', 'usage_period', 'certificate', 'tax_declaration']) await expect(market.sql(`delete from billing.${table}`)).rejects.toThrow('refused');
      await expect(market.sql('update billing.invoice set issued_at = now()')).rejects.toThrow('refused');
    });
  });

  describe('the API', () => {
    const clientOf = async (organisationId: string) => {
      await market.sql(`insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at) values ($1, $2, $3, $4, 'x', '{ORG_ADMIN}', 'ACTIVE', now())`, [newId(), organisationId, exchange.app.get(Config).issuer, organisationId]);
      return exchange.client(organisationId);
    };
    it('pays, closes and shows invoices and payments to their sides alone', async () => {
      const { agreement, trade } = await concluded();
      const [vendor, buyer, stranger] = await Promise.all([vendorId, buyerId, await market.organisation('SG')].map(clientOf));
      const input = { tradeId: trade.id };
      expect((await stranger!.mutate('payTrade', 'Payment', 'id', input)).__typename).toBe('NotFound');
      expect(await buyer!.mutate('payTrade', 'Payment', 'state provider clientSecret amount { formatted }', input)).toMatchObject({ __typename: 'Payment', state: 'SUCCEEDED', provider: 'simulator', clientSecret: null, amount: { formatted: 'CNY 1,060.00' } });
      expect(await buyer!.mutate('payTrade', 'Payment', 'id', input)).toMatchObject({ __typename: 'StateConflict', current: 'FUNDED' });
      expect((await buyer!.mutate('payTrade', 'Payment', 'id', { tradeId: 'x' })).__typename).toBe('InvalidInput');
      await market.use(agreement, 2, clock.now());
      const period = await vendor!.mutate<{ invoice: { id: string } }>('closeUsagePeriod', 'UsagePeriod', 'charges { meter quantity net { minor } } trade { kind state payout { id } journals { id } } invoice { id number lines { quantity unitPrice net { minor } } taxTreatment { rule source mark buyerDuty { duty } } }', { licenceId: agreement.licenceId });
      expect(period).toMatchObject({ __typename: 'UsagePeriod', charges: [{ meter: 'DOWNLOADS', quantity: '2', net: { minor: '500' } }], trade: { kind: 'USAGE', state: 'AWAITING_PAYMENT', payout: null, journals: null }, invoice: { number: expect.stringMatching(/^INV-\d{4}-\d{6}$/) as string, taxTreatment: { rule: 'cn-domestic', mark: 'verified', buyerDuty: null } } });
      const query = 'query($id: ID!, $trade: ID!) { invoice(id: $id) { issuerName } invoices(first: 1) { nodes { id } } payments(first: 1) { nodes { tradeId } } certificate(tradeId: $trade) { jws } taxDeclarations { scheme } }';
      const variables = { id: period.invoice.id, trade: trade.id };
      expect(await buyer!.ask(query, variables)).toEqual({ invoice: { issuerName: 'CN Data Ltd' }, invoices: { nodes: [{ id: period.invoice.id }] }, payments: { nodes: [{ tradeId: trade.id }] }, certificate: null, taxDeclarations: [] });
      expect(await vendor!.ask(query, variables)).toMatchObject({ invoice: { issuerName: 'CN Data Ltd' }, payments: { nodes: [] } });
      expect(await stranger!.ask(query, variables)).toEqual({ invoice: null, invoices: { nodes: [] }, payments: { nodes: [] }, certificate: null, taxDeclarations: [] });
      expect(await vendor!.mutate('declareTax', 'TaxDeclaration', 'scheme status', { scheme: 'CN_EXPORT', status: 'EXEMPT', evidence: 'filing 7' })).toMatchObject({ status: 'EXEMPT' });
    });
    it('takes no webhook where Stripe is not the provider', async () => {
      expect((await fetch(`${exchange.url}/webhooks/stripe`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(404);
    });
  });
});
