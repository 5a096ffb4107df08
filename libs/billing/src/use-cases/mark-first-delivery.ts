import { Injectable } from '@nestjs/common';
import { accepted, systemCaller, type Tx } from '#shared';
import { Settlement } from '#settlement';

/** The first use under an agreement is the delivery of its purchase. */
@Injectable()
export class MarkFirstDelivery {
  constructor(private readonly settlement: Settlement) {}

  async execute(tx: Tx, agreementId: string, requestId: string): Promise<void> {
    const purchase = (await this.settlement.tradesOfAgreement(agreementId)).find((t) => t.kind === 'PURCHASE');
    if (!purchase) throw new Error(`agreement ${agreementId} was used before its purchase was recorded`);
    if (!purchase.deliveredAt) accepted(await this.settlement.markDelivered(tx, systemCaller('billing', requestId), purchase.id));
  }
}
