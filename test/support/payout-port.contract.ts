import { money } from '#shared';
import type { PayoutOrder, PayoutPort } from '#settlement';

/** What every way of paying out must do. An adapter's spec calls it with the adapter and an amount that its provider refuses. */
export function payoutPortContract(name: string, make: () => Promise<PayoutPort>, refusedMinor: bigint): void {
  const order = (key: string, minor = 12_345n): PayoutOrder => ({ idempotencyKey: key, payoutId: key, vendorId: '0190d1a0-0000-7000-8000-000000000001', amount: money(minor, 'CNY') });

  describe(`payout port: ${name}`, () => {
    it('pays once: the same key answers the same reference', async () => {
      const port = await make();
      const first = await port.send(order('a'));
      expect(first.state).toBe('CONFIRMED');
      expect(await port.send(order('a'))).toEqual(first);
    });
    it('tells orders apart by their key', async () => {
      const port = await make();
      const [a, b] = [await port.send(order('a')), await port.send(order('b'))];
      expect(a.state === 'CONFIRMED' && b.state === 'CONFIRMED' && a.reference !== b.reference).toBe(true);
    });
    it('says why it refuses', async () => {
      const port = await make();
      expect(await port.send(order('c', refusedMinor))).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(/\S/) as string });
    });
    it('names its provider', async () => {
      expect((await make()).provider).toMatch(/^[a-z-]{1,40}$/);
    });
  });
}
