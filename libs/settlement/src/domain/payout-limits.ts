import { type Currency, isCurrency, type Money, priceTimes } from '#shared';

/** Above so many major units a payout waits for a second officer, unless the operator sets others. About 140,000 US dollars each. */
const APPROVAL_ABOVE: Readonly<Partial<Record<Currency, string>>> = { CNY: '1000000', HKD: '1000000', SGD: '180000', USD: '140000', EUR: '120000', GBP: '100000', JPY: '20000000', KWD: '40000' };
const OTHERS = '100000';

/** `CNY=500000,SGD=100000` in major units. */
export function readLimits(text: string): ReadonlyMap<Currency, string> {
  return new Map(text.split(',').filter(Boolean).map((entry): [Currency, string] => {
    const [currency = '', limit = ''] = entry.split('=');
    if (!isCurrency(currency) || !/^\d{1,12}$/.test(limit)) throw new Error(`PAYOUT_APPROVAL_ABOVE: ${entry} is no limit; write CNY=500000`);
    return [currency, limit];
  }));
}

export const needsApproval = (amount: Money, limits: ReadonlyMap<Currency, string>): boolean =>
  amount.minor > priceTimes(limits.get(amount.currency) ?? APPROVAL_ABOVE[amount.currency] ?? OTHERS, 1n, amount.currency).minor;
