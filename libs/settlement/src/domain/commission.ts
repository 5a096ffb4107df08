import { allocate, basisPoints, type Money } from '#shared';

const WHOLE = 10_000;

/** The exchange's share of a net amount, and the tax that is inside of it. Rounded half up once; the two parts add up to the whole. */
export function commissionOf(net: Money, points: number, taxPoints: number): { commission: Money; tax: Money } {
  const commission = basisPoints(net, points);
  const [, tax] = allocate(commission, [BigInt(WHOLE), BigInt(taxPoints)]);
  return { commission, tax: tax! };
}
