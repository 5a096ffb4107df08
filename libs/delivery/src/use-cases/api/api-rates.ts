import { Injectable } from '@nestjs/common';
import type { DataService } from '#catalog';
import { type LeasedLimiter, type LimitStanding, RateLimits } from '#shared';

/** How often a licence may call, over all processes of the exchange. Services with the same rate share a limiter; each licence has a window of its own. */
@Injectable()
export class ApiRates {
  private readonly limiters = new Map<string, LeasedLimiter>();

  constructor(private readonly limits: RateLimits) {}

  take(licenceId: string, { rateCalls, rateSeconds }: Pick<DataService, 'rateCalls' | 'rateSeconds'>): Promise<LimitStanding> {
    const bucket = `api:${rateCalls}/${rateSeconds}`;
    let limiter = this.limiters.get(bucket);
    if (!limiter) this.limiters.set(bucket, (limiter = this.limits.limiter({ bucket, points: rateCalls, seconds: rateSeconds })));
    return limiter.take(licenceId);
  }
}
