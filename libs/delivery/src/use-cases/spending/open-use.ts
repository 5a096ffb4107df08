import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import type { Tx } from '#shared';
import { OpenCallRepository } from '../../storage/api/open-call.repository.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';

/** What is granted under a licence and not used yet: open tokens, and calls under way. */
@Injectable()
export class OpenUse {
  constructor(private readonly deliveries: DeliveryRepository, private readonly calls: OpenCallRepository) {}

  async under(tx: Tx, licenceId: string, now: Date): Promise<Map<Meter, bigint>> {
    const { downloads, bytes } = await this.deliveries.openUnder(tx, licenceId, now);
    const open = await this.calls.under(tx, licenceId, now);
    return new Map([['downloads', downloads], ['bytes', bytes + open.bytes], ['calls', open.calls]]);
  }
}
