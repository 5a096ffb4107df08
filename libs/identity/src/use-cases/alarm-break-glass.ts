import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Subscriptions } from '#shared';
import { BreakGlassUsed } from '../identity.events.js';

/** Says ALARM in the log of the worker, at least once, whatever process took the request: an operator's alerting watches for it. */
@Injectable()
export class AlarmBreakGlass implements OnModuleInit {
  private readonly log = new Logger('break-glass');

  constructor(private readonly subscriptions: Subscriptions) {}

  onModuleInit(): void {
    this.subscriptions.on(BreakGlassUsed, 'identity.alarm', async (_tx, { payload, requestId }) => {
      this.log.error({ message: `ALARM break-glass: member ${payload.memberId} took ${payload.role} until ${payload.validUntil}`, requestId, ...payload });
    });
  }
}
