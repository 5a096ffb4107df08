import { Injectable } from '@nestjs/common';
import { Metering } from '#metering';
import { type Caller, newId, Signer, type Tx } from '#shared';
import { type Delivery, dimensionsOf, type Receipt, RECEIPT_TYPE, receiptPayload } from '../domain/delivery.js';
import { ReceiptRepository } from '../storage/receipt.repository.js';

/** Names the deliveries of this room among all that is metered. */
const SOURCE = 'urn:entrepot:delivery';

/** Writes the signed receipt of a complete delivery and counts it, in the transaction that completes it. */
@Injectable()
export class ChargeDelivery {
  constructor(private readonly receipts: ReceiptRepository, private readonly metering: Metering, private readonly signer: Signer) {}

  async execute(tx: Tx, caller: Caller, delivery: Delivery, completedAt: Date): Promise<Receipt> {
    const { id: deliveryId, licenceId, agreementId, agreementHash, decisionId, vendorId, buyerId, assetId, sha256, partDigest } = delivery;
    const bytes = BigInt(delivery.byteLength);
    const unsigned = {
      id: newId(), licenceId, deliveryId, agreementId, agreementHash, decisionId, vendorId, buyerId, assetId, bytes, sha256, partDigest,
      ranges: [{ from: 0n, to: bytes - 1n }], startedAt: delivery.startedAt!, completedAt,
    };
    const receipt = { ...unsigned, jws: await this.signer.sign(RECEIPT_TYPE, receiptPayload(unsigned)) };
    await this.receipts.insert(tx, receipt);
    const use = { source: SOURCE, licenceId, agreementId, vendorId, buyerId, occurredAt: completedAt, subjectId: assetId, receiptId: receipt.id, dimensions: dimensionsOf(delivery), reportedBy: null };
    await this.metering.record(tx, caller, [
      { ...use, meter: 'downloads', quantity: 1n, eventId: deliveryId },
      { ...use, meter: 'bytes', quantity: bytes, eventId: `${deliveryId}:bytes` },
    ]);
    return receipt;
  }
}
