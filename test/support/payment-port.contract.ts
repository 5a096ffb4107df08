import type { PaymentOrder, PaymentPort } from '#billing';
import { money, newId } from '#shared';

/** A provider under test: the port, and what the payer does at the provider. */
export interface PaymentProvider {
  readonly port: PaymentPort;
  pay(reference: string): void;
  /** An amount that the provider declines, or whose payer is declined by `decline`. */
  readonly declinedMinor: bigint;
  decline(reference: string): void;
}

/** What every way of paying in must do. */
export function paymentPortContract(name: string, provider: () => PaymentProvider): void {
  const order = (minor = 12_345n, paymentId = newId()): PaymentOrder => ({ paymentId, tradeId: newId(), amount: money(minor, 'SGD') });
  const start = async (o: PaymentOrder): Promise<string> => {
    const answer = await provider().port.start(o);
    if (!answer.reference) throw new Error('no reference');
    return answer.reference;
  };

  describe(`payment port: ${name}`, () => {
    it('charges once: the same payment has one reference, also when it is started at once', async () => {
      const o = order();
      expect(new Set(await Promise.all([start(o), start(o), start(o)])).size).toBe(1);
    });
    it('tells payments apart', async () => {
      expect(await start(order())).not.toBe(await start(order()));
    });
    it('answers exactly what came in, once the payer has paid', async () => {
      const reference = await start(order(67_890n));
      provider().pay(reference);
      expect(await provider().port.status(reference)).toEqual({ state: 'SUCCEEDED', reference, amount: money(67_890n, 'SGD') });
    });
    it('a declined payment that is given up has failed for good', async () => {
      const reference = await start(order(provider().declinedMinor));
      provider().decline(reference);
      expect(await provider().port.abandon(reference)).toMatchObject({ state: 'FAILED', reference, reason: expect.stringMatching(/\S/) as string });
      expect(await provider().port.status(reference)).toMatchObject({ state: 'FAILED' });
    });
    it('money that is in is not given up', async () => {
      const reference = await start(order());
      provider().pay(reference);
      expect(await provider().port.abandon(reference)).toMatchObject({ state: 'SUCCEEDED', reference });
    });
    it('does not make up an answer for what it does not know', async () => {
      await expect(provider().port.status('nothing_of_ours')).rejects.toThrow();
    });
    const paid = async (minor = 12_345n): Promise<string> => {
      const reference = await start(order(minor));
      provider().pay(reference);
      return reference;
    };
    const refund = (paymentReference: string, minor: bigint, refundKey: string = newId()) => provider().port.refund({ refundKey, refundId: newId(), paymentReference, amount: money(minor, 'SGD') });
    it('refunds once: the same key has one reference, also at once', async () => {
      const [reference, key] = [await paid(), newId()];
      const answers = await Promise.all([refund(reference, 2_345n, key), refund(reference, 2_345n, key), refund(reference, 2_345n, key)]);
      expect(new Set(answers.map((a) => a.reference)).size).toBe(1);
      expect(['PROCESSING', 'SUCCEEDED']).toContain(answers[0].state);
      expect(await provider().port.refundStatus(answers[0].reference!)).toMatchObject({ reference: answers[0].reference });
    });
    it('tells refunds of one payment apart', async () => {
      const reference = await paid();
      expect((await refund(reference, 1n)).reference).not.toBe((await refund(reference, 1n)).reference);
    });
    it('never pays back more than came in, nor what did not', async () => {
      expect(await refund(await paid(500n), 501n)).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(/\S/) as string });
      await expect(provider().port.refundStatus('nothing_of_ours')).rejects.toThrow();
    });
    it('names its provider', () => expect(provider().port.provider).toMatch(/^[a-z-]{1,40}$/));
  });
}
