import { Injectable } from '@nestjs/common';
import { ApiCallRepository } from '../../storage/api/api-call.repository.js';
import { ReceiptAnswerRepository } from '../../storage/receipt-answer.repository.js';
import { ReceiptRepository } from '../../storage/receipt.repository.js';

/** What a buyer gives his word on: the receipt of a delivery, or one over calls of an API. */
export interface Answerable {
  readonly id: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** Of the file that was delivered; of calls, over their ids. */
  readonly sha256: string;
  readonly completedAt: Date;
  readonly jws: string;
}

/** Receipts and what was said to them. */
@Injectable()
export class ReceiptBook {
  constructor(private readonly receipts: ReceiptRepository, private readonly calls: ApiCallRepository, readonly answers: ReceiptAnswerRepository) {}

  async find(ids: readonly string[]): Promise<Map<string, Answerable>> {
    const [delivered, called] = await Promise.all([this.receipts.byIds(ids), this.calls.receiptsByIds(ids)]);
    return new Map<string, Answerable>([...delivered, ...called.map((r): [string, Answerable] => [r.id, { ...r, sha256: r.digest }])]);
  }
}
