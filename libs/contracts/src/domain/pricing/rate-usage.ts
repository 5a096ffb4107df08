import { type Currency, scaledDecimal, scaledMinor, scaledPrice } from '#shared';
import type { PriceTier, UsageComponent } from './price-plan.js';

/** One step of a reckoning: units `from` to `to` of a period at a price. */
export interface QuotePart {
  readonly kind: 'FREE' | 'UNITS' | 'PACKAGES' | 'FLAT_FEE';
  /** First and last unit of the period that it is about, counted from 1. */
  readonly from: bigint;
  readonly to: bigint;
  /** Units, packages, or 1 for a fee. */
  readonly quantity: bigint;
  /** Major units. */
  readonly unitPrice: string;
  /** Exact, in 10^-12 of the major unit. */
  readonly scaled: bigint;
}

interface Tier extends PriceTier {
  readonly before: bigint;
  readonly last: bigint | null;
}

/** Tiers with where each begins: behind the last unit of the one before. */
export const tiersOf = (tiers: readonly PriceTier[]): Tier[] => tiers.map((t, i) => ({ ...t, before: i === 0 ? 0n : BigInt(tiers[i - 1]!.upTo!), last: t.upTo === null ? null : BigInt(t.upTo) }));

/** What so many units of one period come to, step by step and exactly. */
export function rateUsage(component: UsageComponent, quantity: bigint, currency: Currency): QuotePart[] {
  const free = BigInt(component.freeQuota);
  const parts: QuotePart[] = [];
  if (free > 0n && quantity > 0n) {
    const taken = quantity < free ? quantity : free;
    parts.push({ kind: 'FREE', from: 1n, to: taken, quantity: taken, unitPrice: '0', scaled: 0n });
  }
  const charged = quantity - free;
  if (charged > 0n) for (const part of charge(component, charged, currency)) parts.push({ ...part, from: part.from + free, to: part.to + free });
  return parts;
}

function charge(component: UsageComponent, charged: bigint, currency: Currency): QuotePart[] {
  const reached = tiersOf(component.tiers).filter((t) => t.before < charged);
  const tiers = component.model === 'VOLUME' ? reached.slice(-1).map((t) => ({ ...t, before: 0n })) : reached;
  return tiers.flatMap((tier) => {
    const to = tier.last === null || charged < tier.last ? charged : tier.last;
    return [...units(component, tier, to), ...fee(tier, to, currency)];
  });
}

function units(component: UsageComponent, { before, unitPrice }: Tier, to: bigint): QuotePart[] {
  const size = component.model === 'PACKAGE' ? BigInt(component.packageSize!) : 1n;
  // A tier of packages ends with a whole one, so only the last package of all is begun.
  const quantity = (to - before + size - 1n) / size;
  return [{ kind: component.model === 'PACKAGE' ? 'PACKAGES' : 'UNITS', from: before + 1n, to, quantity, unitPrice, scaled: scaledPrice(unitPrice) * quantity }];
}

function fee({ before, flatFeeMinor }: Tier, to: bigint, currency: Currency): QuotePart[] {
  const minor = BigInt(flatFeeMinor);
  if (minor === 0n) return [];
  const scaled = scaledMinor(minor, currency);
  return [{ kind: 'FLAT_FEE', from: before + 1n, to, quantity: 1n, unitPrice: scaledDecimal(scaled), scaled }];
}

export const sumParts = (parts: readonly QuotePart[]): bigint => parts.reduce((sum, p) => sum + p.scaled, 0n);
