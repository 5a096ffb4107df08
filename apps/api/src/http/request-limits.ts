import { Injectable } from '@nestjs/common';
import { addressKey, Config, type LeasedLimiter, LIMITS, limitField, type LimitStanding, policyField, RateLimits } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';

const POLICY = 'ratelimit-policy';
const LIMIT = 'ratelimit';

/** How often a caller may ask, and how dear his queries may be, over all processes of the exchange. Every answer of a limited route says how he stands. */
@Injectable()
export class RequestLimits {
  private readonly callers: LeasedLimiter;
  private readonly strangers: LeasedLimiter;
  private readonly links: LeasedLimiter;
  private readonly costs: LeasedLimiter;

  constructor(limits: RateLimits, config: Config) {
    const limiter = (bucket: string, points: number): LeasedLimiter => limits.limiter({ bucket, points, seconds: LIMITS.rateLimitWindowSeconds });
    this.callers = limiter('requests', config.RATE_LIMIT_PER_MINUTE);
    this.strangers = limiter('anonymous', config.ANONYMOUS_LIMIT_PER_MINUTE);
    this.links = limiter('links', config.RATE_LIMIT_PER_MINUTE);
    this.costs = limiter('query-cost', config.queryCostPerMinute);
  }

  /** Counts the request; answers the seconds to wait where it is one too many. */
  async request(request: FastifyRequest, reply: FastifyReply): Promise<number | null> {
    const { actor = null, rejected = false } = request.authentication ?? {};
    if (actor) return this.count(this.callers, actor.subject, 1, reply);
    // A wrong credential counts on every route: where nothing else is counted one could guess without end.
    if (rejected) return this.count(this.strangers, addressKey(request.ip), LIMITS.wrongCredentialPoints, reply);
    switch (request.routeOptions.config?.policy?.limit) {
      case 'none': return null;
      // A link's token is its credential; behind one address there may be many buyers.
      case 'token': return this.count(this.links, addressKey(request.ip), 1, reply);
      default: return this.count(this.strangers, addressKey(request.ip), 1, reply);
    }
  }

  /** Counts the cost of a caller's query before it runs. Strangers run none. */
  async query(reply: FastifyReply, cost: number): Promise<void> {
    const actor = reply.request.authentication?.actor;
    if (!actor) return;
    const standing = await this.costs.take(actor.subject, cost);
    // Two lines of one list field are one list.
    void reply.header(POLICY, `${String(reply.getHeader(POLICY))}, ${policyField('cost', this.costs.policy)}`).header(LIMIT, `${String(reply.getHeader(LIMIT))}, ${limitField('cost', standing)}`);
    if (standing.allowed) return;
    void reply.header('retry-after', standing.secondsLeft);
    throw new GraphQLError(`your queries of this minute cost too much: try again in ${standing.secondsLeft} s`, { extensions: { code: 'TOO_MANY_REQUESTS', cost, retryAfterSeconds: standing.secondsLeft } });
  }

  private async count(limiter: LeasedLimiter, key: string, points: number, reply: FastifyReply): Promise<number | null> {
    const standing: LimitStanding = await limiter.take(key, points);
    void reply.header(POLICY, policyField('default', limiter.policy)).header(LIMIT, limitField('default', standing));
    return standing.allowed ? null : standing.secondsLeft;
  }
}
