import fc from 'fast-check';
import { majorUnits, money, priceTimes } from '#shared';
import { inboxStates } from './inbox.js';
import { invoiceNumber, line, readInvoiceNumber, seriesOf } from './invoice.js';
import { nextCheck, paymentStates } from './payment.js';
import { determineTax, isUndetermined, type TaxDeclaration, taxOn, type TaxTreatment } from './tax.js';
import { BUYER_RULES, SELLER_RULES } from './tax-rules.js';

const on = new Date('2026-11-22T00:00:00Z');
const flow = (sellerJurisdiction: string, buyerJurisdiction: string, ...declarations: TaxDeclaration[]) => determineTax({ sellerJurisdiction, buyerJurisdiction, declarations, on });

describe('tax by flow (standards of electronic invoices, I.5)', () => {
  const zero: TaxDeclaration = { scheme: 'CN_EXPORT', status: 'ZERO_RATED' };
  const registered: TaxDeclaration = { scheme: 'SG_GST', status: 'REGISTERED' };
  it.each<[string, string, TaxDeclaration[], string, string, number, string | null]>([
    ['CN', 'CN', [], 'cn-domestic', 'S', 600, null],
    ['CN', 'CN', [zero], 'cn-domestic', 'S', 600, null],
    ['CN', 'SG', [], 'cn-export-standard', 'S', 600, 'sg-reverse-charge'],
    ['CN', 'SG', [zero], 'cn-export-zero', 'Z', 0, 'sg-reverse-charge'],
    ['CN', 'HK', [{ scheme: 'CN_EXPORT', status: 'EXEMPT' }], 'cn-export-exempt', 'E', 0, null],
    ['CN', 'DE', [{ scheme: 'CN_EXPORT', status: 'STANDARD' }], 'cn-export-standard', 'S', 600, 'eu-reverse-charge'],
    ['SG', 'SG', [registered], 'sg-domestic', 'SR', 900, null],
    ['SG', 'CN', [registered], 'sg-export', 'ZR', 0, 'cn-withholding'],
    ['SG', 'SG', [], 'sg-not-registered', 'NG', 0, null],
    ['SG', 'CN', [{ scheme: 'SG_GST', status: 'NOT_REGISTERED' }], 'sg-not-registered', 'NG', 0, 'cn-withholding'],
    ['HK', 'CN', [], 'hk-any', 'O', 0, 'cn-withholding'],
    ['HK', 'HK', [], 'hk-any', 'O', 0, null],
    ['DE', 'SG', [], 'eu-outside', 'O', 0, 'sg-reverse-charge'],
    ['US', 'DE', [], 'foreign-eu', 'O', 0, 'eu-reverse-charge'],
    ['US', 'CN', [], 'foreign-cn', 'O', 0, 'cn-withholding'],
    ['US', 'SG', [], 'foreign-sg', 'O', 0, 'sg-reverse-charge'],
  ])('%s to %s with %j: %s', (seller, buyer, declarations, rule, category, basisPoints, duty) => {
    const tax = flow(seller, buyer, ...declarations) as TaxTreatment;
    expect(tax).toMatchObject({ rule, category, basisPoints, jurisdiction: seller });
    expect(tax.buyerDuty?.rule ?? null).toBe(duty);
  });
  it.each([['DE', 'DE'], ['DE', 'FR'], ['US', 'US'], ['US', 'JP'], ['JP', 'HK']])('%s to %s is not decided by a guess', (seller, buyer) => {
    expect(isUndetermined(flow(seller, buyer))).toBe(true);
  });
  it('a rule holds from its first day on, and not before', () => {
    const at = (day: string) => determineTax({ sellerJurisdiction: 'CN', buyerJurisdiction: 'CN', declarations: [], on: new Date(`${day}T12:00:00Z`) });
    expect(isUndetermined(at('2025-12-31'))).toBe(true);
    expect(isUndetermined(at('2026-01-01'))).toBe(false);
  });
  it('every rule names its source, its mark and its first day', () => {
    for (const rule of [...SELLER_RULES, ...BUYER_RULES]) expect(rule.source.length > 5 && /^\d{4}-\d\d-\d\d$/.test(rule.from) && rule.mark.length > 0).toBe(true);
    expect(new Set(SELLER_RULES.map((r) => r.id)).size).toBe(SELLER_RULES.length);
  });
});

describe('invoice', () => {
  it('a line is rounded once, half up', () => {
    expect(line('x', 3n, '0.125', 'CNY').net.minor).toBe(38n);
    expect(taxOn(money(1_009n, 'CNY'), { basisPoints: 600 } as TaxTreatment).minor).toBe(61n);
  });
  it('numbers sales and commission apart, each year anew', () => {
    expect(seriesOf('PURCHASE', on)).toBe('INV-2026');
    expect(seriesOf('USAGE', new Date('2027-01-01T00:00:00Z'))).toBe('INV-2027');
    expect(seriesOf('COMMISSION', on)).toBe('COM-2026');
    expect(invoiceNumber({ series: 'INV-2026', number: 42n })).toBe('INV-2026-000042');
    for (const number of [1n, 42n, 999_999n, 1_000_000n]) expect(readInvoiceNumber(invoiceNumber({ series: 'COM-2026', number }))).toEqual({ series: 'COM-2026', number });
  });
  it('a lump sum as unit price comes to the same amount', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.constantFrom('CNY', 'JPY', 'KWD'), (minor, currency) => {
      expect(priceTimes(majorUnits(money(minor, currency)), 1n, currency).minor).toBe(minor);
    }));
  });
});

describe('state tables', () => {
  it.each([['INTENT', 'succeed'], ['INTENT', 'fail'], ['SUCCEEDED', 'fail'], ['FAILED', 'succeed'], ['SUCCEEDED', 'process']] as const)('a payment in %s does not %s', (state, event) => {
    expect(paymentStates.next(state, event)).toBeUndefined();
  });
  it('an event that is worked off stays so', () => expect(inboxStates.next('PROCESSED', 'give_up')).toBeUndefined());
  it('asks again later and later, at most an hour apart', () => {
    const pauses = [0, 1, 5, 30, 500].map((n) => nextCheck(on, n).getTime() - on.getTime());
    expect(pauses).toEqual([5_000, 10_000, 160_000, 3_600_000, 3_600_000]);
  });
});
