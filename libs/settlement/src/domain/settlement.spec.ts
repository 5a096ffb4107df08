import fc from 'fast-check';
import { money } from '#shared';
import { windowAfter } from './acceptance.js';
import { commissionOf } from './commission.js';
import { clearJournal, fundJournal, payoutConfirmedJournal, payoutReturnedJournal, payoutSentJournal } from './journals.js';
import { journal, type JournalDraft } from './ledger.js';
import type { Payout } from './payout.js';
import { payoutKey, payoutStates } from './payout.js';
import type { Trade, TradeKind } from './trade.js';
import { OPENING, TRADE_TABLES, type TradeEvent } from './trade-states.js';

const walk = (kind: TradeKind, events: readonly TradeEvent[]): string | undefined => {
  let state: Trade['state'] | undefined = 'EXECUTED';
  for (const event of events) state = state && TRADE_TABLES[kind].next(state, event);
  return state;
};
const sumOf = (draft: JournalDraft | undefined): bigint => (draft?.postings ?? []).reduce((a, p) => a + p.amountMinor, 0n);
const tradeOf = (net: bigint, tax: bigint, points: number, taxPoints: number): Trade => {
  const { commission, tax: commissionTax } = commissionOf(money(net, 'CNY'), points, taxPoints);
  return {
    id: 't', vendorId: 'v', buyerId: 'b', currency: 'CNY', net: money(net, 'CNY'), tax: money(tax, 'CNY'), gross: money(net + tax, 'CNY'), taxJurisdiction: 'CN',
    commission, commissionTax, commissionTaxJurisdiction: 'CN',
  } as Trade;
};

describe('trade tables', () => {
  it('a purchase is paid, delivered, accepted, cleared, settled', () => {
    expect(walk('PURCHASE', [...OPENING.PURCHASE, 'fund', 'deliver', 'accept', 'clear', 'settle'])).toBe('SETTLED');
  });
  it('usage is delivered, paid, accepted, cleared, settled', () => {
    expect(walk('USAGE', [...OPENING.USAGE, 'fund', 'accept', 'clear', 'settle'])).toBe('SETTLED');
  });
  it.each<[TradeKind, TradeEvent[]]>([
    ['PURCHASE', ['await_payment', 'deliver']], ['PURCHASE', ['await_payment', 'fund', 'accept']], ['PURCHASE', ['await_payment', 'fund', 'cancel']],
    ['PURCHASE', ['await_payment', 'fund', 'deliver', 'clear']], ['PURCHASE', ['await_payment', 'fund', 'fund']],
    ['USAGE', ['await_payment']], ['USAGE', ['deliver', 'accept']], ['USAGE', ['deliver', 'await_payment', 'accept']], ['USAGE', ['deliver', 'await_payment', 'fund', 'cancel']],
    ['USAGE', ['deliver', 'await_payment', 'fund', 'clear']],
  ])('%s refuses %j', (kind, events) => {
    expect(walk(kind, events)).toBeUndefined();
  });
  it('no way leads to CLEARED but through FUNDED and ACCEPTED (I5)', () => {
    for (const kind of ['PURCHASE', 'USAGE'] as const) {
      const ways = (state: Trade['state'], seen: readonly string[]): void => {
        if (state === 'CLEARED') {
          expect(seen).toEqual(expect.arrayContaining(['FUNDED', 'DELIVERED', 'ACCEPTED']));
          return;
        }
        for (const t of TRADE_TABLES[kind].transitions) if (t.from === state && !seen.includes(t.to)) ways(t.to, [...seen, t.to]);
      };
      ways('EXECUTED', ['EXECUTED']);
    }
  });
  it('the window opens with the move after which a trade can be accepted', () => {
    const now = new Date('2026-11-22T00:00:00Z');
    expect(windowAfter('PURCHASE', 'FUNDED', 'deliver', now, 60)).toEqual(new Date('2026-11-22T00:01:00Z'));
    expect(windowAfter('USAGE', 'AWAITING_PAYMENT', 'fund', now, 60)).toEqual(new Date('2026-11-22T00:01:00Z'));
    expect(windowAfter('PURCHASE', 'AWAITING_PAYMENT', 'fund', now, 60)).toBeUndefined();
    expect(windowAfter('USAGE', 'EXECUTED', 'deliver', now, 60)).toBeUndefined();
  });
});

describe('payout table', () => {
  it('a failed payout is ordered anew under another key, a confirmed one never', () => {
    expect(payoutStates.next('FAILED', 'retry')).toBe('PENDING');
    expect(payoutStates.next('CONFIRMED', 'retry')).toBeUndefined();
    expect(payoutStates.next('PENDING', 'confirm')).toBeUndefined();
    expect(payoutKey({ id: 'p', attempt: 1 })).toBe('p');
    expect(payoutKey({ id: 'p', attempt: 2 })).toBe('p-2');
  });
});

describe('journals', () => {
  const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });
  it('sum to zero and hand out exactly what came in, whatever the amounts', () => {
    fc.assert(fc.property(minor, minor, fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2_500 }), (net, tax, points, taxPoints) => {
      const trade = tradeOf(net, tax, points, taxPoints);
      const fund = fundJournal('x', trade, { provider: 'simulator', paymentId: 'p', amount: trade.gross });
      const clear = clearJournal('x', trade);
      expect(sumOf(fund)).toBe(0n);
      expect(sumOf(clear)).toBe(0n);
      const escrow = [...(fund?.postings ?? []), ...(clear?.postings ?? [])].filter((p) => p.account.kind === 'ESCROW').reduce((a, p) => a + p.amountMinor, 0n);
      expect(escrow).toBe(0n);
      expect(trade.commission.minor <= trade.net.minor && trade.commissionTax.minor <= trade.commission.minor).toBe(true);
    }));
  });
  it('a trade of nothing books nothing', () => {
    expect(fundJournal('x', tradeOf(0n, 0n, 500, 600), { provider: 'none', paymentId: 'p', amount: money(0n, 'CNY') })).toBeUndefined();
  });
  it('what is not balanced is refused', () => {
    const account = (kind: 'ESCROW' | 'PAYABLE') => ({ ownerId: 'o', kind, qualifier: '', currency: 'CNY' as const });
    expect(() => journal({ kind: 'FUND', idempotencyKey: 'k', tradeId: 't', payoutId: null }, [{ account: account('ESCROW'), amountMinor: 1n }, { account: account('PAYABLE'), amountMinor: -2n }])).toThrow('sum to zero');
  });
  it('a payout that comes back leaves the vendor as before', () => {
    const payout = { id: 'p', vendorId: 'v', amount: money(700n, 'SGD'), provider: 'simulator', attempt: 1 } as Payout;
    const postings = [payoutSentJournal(payout), payoutReturnedJournal(payout)].flatMap((j) => j.postings);
    for (const kind of ['PAYABLE', 'PAYOUT_IN_TRANSIT']) expect(postings.filter((p) => p.account.kind === kind).reduce((a, p) => a + p.amountMinor, 0n)).toBe(0n);
    expect(sumOf(payoutConfirmedJournal('x', payout))).toBe(0n);
  });
  it('500 basis points of 1,000.00 with 6 % tax inside', () => {
    expect(commissionOf(money(100_000n, 'CNY'), 500, 600)).toEqual({ commission: money(5_000n, 'CNY'), tax: money(283n, 'CNY') });
  });
});
