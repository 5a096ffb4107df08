import { Injectable } from '@nestjs/common';
import type { AgreementConcluded } from '#contracts';
import { money, systemCaller, type Tx } from '#shared';
import { OpenBilledTrade } from './open-billed-trade.js';

type Concluded = NonNullable<(typeof AgreementConcluded)['payload']>;

/**
 * Answers a concluded agreement with its purchase trade. Where no rule decides the tax, the trade is recorded and cancelled with
 * the reason: nobody pays on a guess, the licence is over, and the message is done.
 */
@Injectable()
export class OpenPurchase {
  constructor(private readonly trades: OpenBilledTrade) {}

  async execute(tx: Tx, event: Concluded, requestId: string): Promise<void> {
    const caller = systemCaller('billing', requestId);
    const { agreementId, licenceId, vendorId, buyerId } = event;
    const input = { kind: 'PURCHASE' as const, reference: `purchase:${agreementId}`, agreementId, licenceId, vendorId, buyerId, net: money(event.oneOffPriceMinor, event.currency) };
    const opened = await this.trades.execute(tx, caller, input);
    if ('undetermined' in opened) await this.trades.refuse(tx, caller, input, opened.undetermined);
  }
}
