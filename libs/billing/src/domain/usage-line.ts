import { explainLine, type PeriodSpan, type PricePlan } from '#contracts';
import { formatMoney, majorUnits, money } from '#shared';
import { continuedLine, type InvoiceLine } from './invoice.js';
import { COMMITMENT, type PeriodCharge } from './period-charge.js';

const MAX_DESCRIPTION = 2_000;
const day = (at: Date): string => at.toISOString().slice(0, 10);

/** The line of an invoice for a charge: how the period's amount comes about, and what of it was charged before. One price a unit stays what it is. */
export function usageLine(plan: PricePlan, { period, component, quantity, netMinor, line, before }: PeriodCharge, spans: readonly PeriodSpan[]): InvoiceLine {
  const net = money(netMinor, plan.currency);
  const span = plan.period === null ? '' : `, ${day(spans[period]!.from)} to ${day(spans[period]!.until)}`;
  const priced = component === COMMITMENT ? undefined : plan.components[component];
  if (netMinor > 0n && priced?.kind === 'USAGE' && priced.model === 'FLAT' && priced.freeQuota === '0' && priced.tiers[0]!.flatFeeMinor === '0') {
    const flat = continuedLine(`${priced.label}${span}`, before.quantity, quantity, priced.tiers[0]!.unitPrice, plan.currency);
    if (flat.net.minor === netMinor) return flat;
  }
  const charged = before.netMinor > 0n ? `; less ${formatMoney(money(before.netMinor, plan.currency))} charged before` : '';
  const text = `${line ? explainLine(line, net.currency, 'en') : 'Use'}${charged}${span}`;
  return { description: text.slice(0, MAX_DESCRIPTION), quantity: 1n, unitPrice: majorUnits(net), net };
}
