import { Injectable } from '@nestjs/common';
import { type AgreementConcluded, Contracts } from '#contracts';
import { accepted, money, systemCaller, type Tx } from '#shared';
import { Settlement } from '#settlement';
import { OpenBilledTrade } from './open-billed-trade.js';

type Concluded = NonNullable<(typeof AgreementConcluded)['payload']>;

/** Of a trade that costs nothing: there is no provider to ask. */
const NO_PROVIDER = 'none';

/**
 * Answers a concluded agreement with its purchase trade. What costs nothing is funded at once and its licence activated; where no
 * rule decides the tax, the trade is recorded and cancelled with the reason, so that nobody pays on a guess and the message is done.
 */
@Injectable()
export class OpenPurchase {
  constructor(private readonly trades: OpenBilledTrade, private readonly settlement: Settlement, private readonly contracts: Contracts) {}

  async execute(tx: Tx, event: Concluded, requestId: string): Promise<void> {
    const caller = systemCaller('billing', requestId);
    const { agreementId, licenceId, vendorId, buyerId } = event;
    const input = { kind: 'PURCHASE' as const, reference: `purchase:${agreementId}`, agreementId, licenceId, vendorId, buyerId, net: money(event.oneOffPriceMinor, event.currency) };
    const opened = await this.trades.execute(tx, caller, input);
    if ('undetermined' in opened) return this.trades.refuse(tx, caller, input, opened.undetermined);
    const { trade } = opened;
    if (trade.gross.minor > 0n || trade.state !== 'AWAITING_PAYMENT') return;
    accepted(await this.settlement.fund(tx, caller, trade.id, { provider: NO_PROVIDER, paymentId: trade.id, amount: trade.gross }));
    accepted(await this.contracts.activateLicence(tx, caller, agreementId));
  }
}
