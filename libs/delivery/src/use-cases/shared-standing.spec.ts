import type { Delivery } from '../domain/delivery.js';
import type { DeliveryStanding } from './delivery-standing.js';
import { SharedStanding } from './shared-standing.js';

const delivery = { id: 'd', decidedBasis: 'today' } as Delivery;
const proof = { address: '203.0.113.7', certificate: null };

describe('a question that responses share', () => {
  const begun: ((answer: Delivery) => void)[] = [];
  const failing: ((error: Error) => void)[] = [];
  const standing = { check: () => new Promise((resolve, reject) => (begun.push(resolve as never), failing.push(reject))) } as unknown as DeliveryStanding;
  const shared = new SharedStanding(standing);
  const ask = () => shared.check(delivery, delivery, 'r', proof);
  const until = async (count: number): Promise<void> => {
    while (begun.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is asked anew for whoever comes while it runs, once for all of them', async () => {
    const first = ask();
    const later = [ask(), ask(), ask()];
    expect(begun).toHaveLength(1);
    begun[0]!({ ...delivery, decidedBasis: 'old' });
    expect(await first).toMatchObject({ decidedBasis: 'old' });
    await until(2);
    begun[1]!({ ...delivery, decidedBasis: 'new' });
    expect(await Promise.all(later)).toEqual([1, 2, 3].map(() => expect.objectContaining({ decidedBasis: 'new' }) as unknown));
    expect(begun).toHaveLength(2);
  });

  it('is forgotten with its answer, and with its failure', async () => {
    const failed = ask();
    failing[2]!(new Error('no database'));
    await expect(failed).rejects.toThrow('no database');
    const next = ask();
    await until(4);
    begun[3]!(delivery);
    expect(await next).toBe(delivery);
    expect(begun).toHaveLength(4);
  });
});
