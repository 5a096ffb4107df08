import fc from 'fast-check';
import { add, money, zero } from '#shared';
import { windowAfter } from './acceptance.js';
import { commissionOf } from './commission.js';
import { clearJournal, fundJournal, payoutConfirmedJournal, payoutReturnedJournal, payoutSentJournal, reverseJournal, vendorShare } from './journals.js';
import { openGross, type Reversal, reversedParts } from './reversal.js';
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
    commission, commissionTax, commissionTaxJurisdiction: 'CN', reversedNet: zero('CNY'), reversedTax: zero('CNY'), reversedCommission: zero('CNY'), reversedCommissionTax: zero('CNY'), clearedAt: null,
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
        // Whoever leaves FROZEN goes back to where he was, and a dispute over what was never delivered does not end in ACCEPTED: the row keeps both, and the database holds it to that.
        for (const t of TRADE_TABLES[kind].transitions) if (t.from === state && !seen.includes(t.to) && !t.event.startsWith('thaw_') && (t.event !== 'resolve' || seen.includes('DELIVERED'))) ways(t.to, [...seen, t.to]);
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

describe('reversals', () => {
  const amounts = fc.record({ net: fc.bigInt(1n, 10n ** 15n - 1n), taxPoints: fc.constantFrom(0n, 600n, 900n, 1_300n, 2_500n), points: fc.integer({ min: 0, max: 10_000 }), taxInside: fc.constantFrom(0, 600, 900) })
    .map(({ net, taxPoints, points, taxInside }) => tradeOf(net > 8n * 10n ** 14n ? net / 2n : net, (net > 8n * 10n ** 14n ? net / 2n : net) * taxPoints / 10_000n, points, taxInside));
  const applied = (trade: Trade, parts: ReturnType<typeof reversedParts>): Trade => ({
    ...trade, reversedNet: add(trade.reversedNet, parts.net), reversedTax: add(trade.reversedTax, parts.tax), reversedCommission: add(trade.reversedCommission, parts.commission), reversedCommissionTax: add(trade.reversedCommissionTax, parts.commissionTax),
  });

  it('however it is cut, the whole is the whole, no part is below zero and every journal balances', () => {
    fc.assert(fc.property(amounts, fc.array(fc.bigInt(1n, 10n ** 15n), { maxLength: 12 }), fc.boolean(), (whole, cuts, cleared) => {
      let trade = whole;
      for (const cut of [...cuts, whole.gross.minor]) {
        const open = openGross(trade).minor;
        if (open === 0n) break;
        const gross = money(cut > open ? open : cut, 'CNY');
        const parts = reversedParts(trade, gross);
        expect(parts.net.minor + parts.tax.minor).toBe(gross.minor);
        expect(parts.net.minor >= parts.commission.minor && parts.commission.minor >= parts.commissionTax.minor && parts.commissionTax.minor >= 0n && parts.tax.minor >= 0n).toBe(true);
        expect(sumOf(reverseJournal('x', { ...trade, clearedAt: cleared ? new Date(0) : null }, { ...parts, id: 'r', tradeId: 't', vendorId: 'v', buyerId: 'b' } as Reversal))).toBe(0n);
        trade = applied(trade, parts);
        expect(sumOf(clearJournal('x', trade))).toBe(0n);
        expect(vendorShare(trade)).toBeGreaterThanOrEqual(0n);
      }
      expect(openGross(trade).minor).toBe(0n);
      expect(trade).toMatchObject({ reversedNet: whole.net, reversedTax: whole.tax, reversedCommission: whole.commission, reversedCommissionTax: whole.commissionTax });
      expect(clearJournal('x', trade)).toBeUndefined();
    }), { numRuns: 500 });
  });
  it('more than there was does not go back', () => {
    expect(() => reversedParts(tradeOf(100n, 6n, 500, 600), money(107n, 'CNY'))).toThrow('a part');
  });
  it('a dispute and a freeze lead back to where they began, also one in the other', () => {
    expect(walk('PURCHASE', [...OPENING.PURCHASE, 'fund', 'deliver', 'dispute', 'freeze', 'thaw_DISPUTED', 'reopen_DELIVERED', 'accept', 'freeze', 'thaw_ACCEPTED', 'clear', 'settle', 'unwind'])).toBe('UNWOUND');
    for (const events of [['freeze', 'accept'], ['freeze', 'clear'], ['dispute', 'accept'], ['dispute', 'clear'], ['dispute', 'deliver'], ['unwind', 'accept']] as TradeEvent[][]) expect(walk('PURCHASE', [...OPENING.PURCHASE, 'fund', 'deliver', ...events])).toBeUndefined();
  });
});
