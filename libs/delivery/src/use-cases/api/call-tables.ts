import { Injectable } from '@nestjs/common';
import { ApiAccessRepository } from '../../storage/api/api-access.repository.js';
import { OpenCallRepository } from '../../storage/api/open-call.repository.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';

/** Groups what calls are let in and counted by. */
@Injectable()
export class CallTables {
  constructor(readonly open: OpenCallRepository, readonly deliveries: DeliveryRepository, readonly accesses: ApiAccessRepository) {}
}
