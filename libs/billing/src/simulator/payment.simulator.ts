import { Injectable } from '@nestjs/common';
import { money, sha256Hex } from '#shared';
import { type PaymentAnswer, type PaymentOrder, PaymentPort, type RefundAnswer, type RefundOrder } from '../domain/payment-port.js';

/** Amounts that end in these minor units are declined, so that the failing path can be walked. */
const DECLINED_ENDING = 99_999n;
const ENDING = 100_000n;
const REFUND_REFERENCE = /^sim_re_(\d{1,16})_[A-Z]{3}_[0-9a-f]{24}$/;
const REFERENCE = /^sim_pay_(\d{1,16})_([A-Z]{3})_[0-9a-f]{24}$/;

/** Moves no money. Its reference carries the whole answer, so any process answers the same at any time. */
@Injectable()
export class PaymentSimulator extends PaymentPort {
  readonly provider = 'simulator';

  async start(order: PaymentOrder): Promise<PaymentAnswer> {
    return answer(`sim_pay_${order.amount.minor}_${order.amount.currency}_${sha256Hex(order.paymentId).slice(0, 24)}`);
  }
  async status(reference: string): Promise<PaymentAnswer> {
    return answer(reference);
  }
  async abandon(reference: string): Promise<PaymentAnswer> {
    return answer(reference);
  }
  async refund(order: RefundOrder): Promise<RefundAnswer> {
    const payment = answer(order.paymentReference);
    if (payment.state !== 'SUCCEEDED' || payment.amount.currency !== order.amount.currency || payment.amount.minor < order.amount.minor) return { state: 'FAILED', reference: null, reason: 'there is not so much to be paid back' };
    return refundAnswer(`sim_re_${order.amount.minor}_${order.amount.currency}_${sha256Hex(order.refundKey).slice(0, 24)}`);
  }
  async refundStatus(reference: string): Promise<RefundAnswer> {
    return refundAnswer(reference);
  }
  /** Nobody charges back here. */
  async chargeback(): Promise<never> {
    throw new Error('the simulator knows no such chargeback');
  }
  /** It sends none. */
  newsOf(): null {
    return null;
  }
}

function answer(reference: string): PaymentAnswer {
  const [, minor, currency] = REFERENCE.exec(reference) ?? [];
  if (minor === undefined || currency === undefined) throw new Error('the simulator knows no such payment');
  const amount = money(BigInt(minor), currency);
  if (amount.minor % ENDING === DECLINED_ENDING) return { state: 'FAILED', reference, reason: 'the simulator declines amounts that end in 99999 minor units' };
  return { state: 'SUCCEEDED', reference, amount };
}

function refundAnswer(reference: string): RefundAnswer {
  const [, minor] = REFUND_REFERENCE.exec(reference) ?? [];
  if (minor === undefined) throw new Error('the simulator knows no such refund');
  if (BigInt(minor) % ENDING === DECLINED_ENDING) return { state: 'FAILED', reference, reason: 'the simulator pays no refund that ends in 99999 minor units' };
  return { state: 'SUCCEEDED', reference };
}
