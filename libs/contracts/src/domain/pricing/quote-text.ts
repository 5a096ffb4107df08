import { type Currency, formatMoney, scaledDecimal, scaledMinor } from '#shared';
import { METER_UNITS } from './meters.js';
import type { QuoteLine } from './quote.js';
import { type QuotePart, sumParts } from './rate-usage.js';

export const QUOTE_LANGUAGES = ['en', 'zh'] as const;
export type QuoteLanguage = (typeof QUOTE_LANGUAGES)[number];

const number = (n: bigint): string => n.toString().replace(/\B(?=(\d{3})+$)/g, ',');
const amount = (currency: Currency, minor: bigint): string => formatMoney({ minor, currency });

interface Words {
  readonly free: string;
  readonly fee: string;
  readonly packages: string;
  readonly commitment: string;
  readonly periods: (n: bigint) => string;
  readonly upTo: (line: QuoteLine) => string;
  readonly rounded: string;
  readonly rested: (days: number, of: number) => string;
}
const WORDS: Readonly<Record<QuoteLanguage, Words>> = {
  en: {
    free: 'free', fee: 'fee of the tier', packages: 'packages', commitment: 'what is missing to the minimum of the period', periods: (n) => `in each of ${n} periods`,
    upTo: ({ quantity, meter }) => `${number(quantity)} ${METER_UNITS[meter!].en}`, rounded: 'rounded half up', rested: (days, of) => `which is less by ${days} of ${of} days on which the licence rested`,
  },
  zh: {
    free: '免费', fee: '档位固定费', packages: '包', commitment: '本期最低承诺的差额', periods: (n) => `共 ${n} 期`,
    upTo: ({ quantity, meter }) => `${number(quantity)} ${METER_UNITS[meter!].zh}`, rounded: '四舍五入', rested: (days, of) => `已扣除许可停用的 ${days} 天（本期共 ${of} 天）`,
  },
};

/** A line in words, for people: what was counted, at which price, and what it comes to. */
export function explainLine(line: QuoteLine, currency: Currency, language: QuoteLanguage): string {
  const words = WORDS[language];
  const [comma, colon, stop] = language === 'zh' ? ['，', '：', '；'] : [', ', ': ', '; '];
  const total = amount(currency, line.minor) + (line.times > 1n ? `${comma}${words.periods(line.times)}` : '');
  if (line.kind === 'COMMITMENT') return `${words.commitment}${line.rested ? `${comma}${words.rested(line.rested.days, line.rested.of)}` : ''}${colon}${total}`;
  if (line.kind !== 'USAGE') return `${line.label}${colon}${total}`;
  const exact = sumParts(line.parts);
  const steps = line.parts.map((p) => explainPart(p, words, language)).join(stop);
  return `${line.label}${colon}${words.upTo(line)}${comma}${steps}${stop}${total}${exact === scaledMinor(line.minor, currency) ? '' : ` (${words.rounded})`}`;
}

function explainPart({ kind, from, to, quantity, unitPrice, scaled }: QuotePart, words: Words, language: QuoteLanguage): string {
  const span = language === 'zh' ? `第 ${number(from)} 至 ${number(to)}` : `${number(from)} to ${number(to)}`;
  switch (kind) {
    case 'FREE': return `${span} ${words.free}`;
    case 'FLAT_FEE': return `${words.fee} ${scaledDecimal(scaled)}`;
    case 'UNITS': return `${span} × ${unitPrice} = ${scaledDecimal(scaled)}`;
    case 'PACKAGES': return `${span} = ${number(quantity)} ${words.packages} × ${unitPrice} = ${scaledDecimal(scaled)}`;
    default: return kind satisfies never;
  }
}
