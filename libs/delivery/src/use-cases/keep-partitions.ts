import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#shared';
import { ReceiptRepository } from '../storage/receipt.repository.js';

/** Makes the months ahead of the receipts. */
@Injectable()
export class KeepPartitions {
  constructor(private readonly receipts: ReceiptRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  execute(): Promise<void> {
    return this.uow.run((tx) => this.receipts.ensurePartitions(tx, this.clock.now()));
  }
}
