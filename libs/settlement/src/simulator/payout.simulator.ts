import { Injectable } from '@nestjs/common';
import { sha256Hex } from '#shared';
import { type PayoutAnswer, type PayoutOrder, PayoutPort } from '../domain/payout-port.js';

/** Amounts that end in these minor units are refused, so that the failing path can be walked. */
const REFUSED_ENDING = 99_999n;
const ENDING = 100_000n;

/** Moves no money. The answer follows from the order alone, so a repeated call in any process answers the same. */
@Injectable()
export class PayoutSimulator extends PayoutPort {
  readonly provider = 'simulator';

  async send(order: PayoutOrder): Promise<PayoutAnswer> {
    if (order.amount.minor % ENDING === REFUSED_ENDING) return { state: 'FAILED', reason: 'the simulator refuses amounts that end in 99999 minor units' };
    return { state: 'CONFIRMED', reference: `sim_po_${sha256Hex(order.idempotencyKey).slice(0, 24)}` };
  }
}
