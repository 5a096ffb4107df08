import { Injectable } from '@nestjs/common';
import { Contracts, quote } from '#contracts';
import { accepted, systemCaller, type Tx } from '#shared';
import { Settlement } from '#settlement';

/** The first use under an agreement is the delivery of its purchase. */
@Injectable()
export class MarkFirstDelivery {
  constructor(private readonly settlement: Settlement, private readonly contracts: Contracts) {}

  async execute(tx: Tx, agreementId: string, requestId: string): Promise<void> {
    const purchase = (await this.settlement.tradesOfAgreement(agreementId)).find((t) => t.kind === 'PURCHASE');
    if (!purchase) {
      // A licence that began without money has no purchase to deliver.
      if (quote((await this.contracts.agreementById(agreementId))!.plan).dueAtStartMinor === 0n) return;
      throw new Error(`agreement ${agreementId} was used before its purchase was recorded`);
    }
    if (!purchase.deliveredAt) accepted(await this.settlement.markDelivered(tx, systemCaller('billing', requestId), purchase.id));
  }
}
