import { Injectable } from '@nestjs/common';
import { type AgreementConcluded, Contracts, quote } from '#contracts';
import { money, systemCaller, type Tx } from '#shared';
import { OpenBilledTrade } from './open-billed-trade.js';
import { BeginLicence } from './periods/begin-licence.js';

type Concluded = NonNullable<(typeof AgreementConcluded)['payload']>;

/**
 * Answers a concluded agreement with its purchase trade: what its plan asks for before the licence begins. Where that is nothing, the licence
 * begins at once. Where no rule decides the tax, the trade is recorded and cancelled with the reason: nobody pays on a guess, now or for
 * what will be used, the licence is over, and the message is done.
 */
@Injectable()
export class OpenPurchase {
  constructor(private readonly trades: OpenBilledTrade, private readonly contracts: Contracts, private readonly licences: BeginLicence) {}

  async execute(tx: Tx, { agreementId, licenceId, vendorId, buyerId }: Concluded, requestId: string): Promise<void> {
    const caller = systemCaller('billing', requestId);
    const agreement = await this.contracts.agreementById(agreementId);
    if (!agreement) throw new Error(`agreement ${agreementId} is gone`);
    const { plan } = agreement;
    const net = money(quote(plan).dueAtStartMinor, plan.currency);
    const input = { kind: 'PURCHASE' as const, reference: `purchase:${agreementId}`, agreementId, licenceId, vendorId, buyerId, net };
    if (net.minor > 0n) {
      const opened = await this.trades.execute(tx, caller, input);
      if ('undetermined' in opened) await this.trades.refuse(tx, caller, input, opened.undetermined);
      return;
    }
    const undetermined = plan.components.length ? await this.trades.undetermined(vendorId, buyerId) : null;
    if (undetermined) await this.trades.refuse(tx, caller, input, undetermined);
    else await this.licences.begin(tx, caller, agreementId, null);
  }
}
