import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { SteadyClient } from './steady-client.js';
import { type Lease, LeasedLimiter, type LimitPolicy } from '../rate-limit/leased-limiter.js';

/**
 * One statement that begins a window or takes from the one under way, by the database's clock. Rows of two processes that ask at once
 * wait for each other, so the sum is right.
 */
const LEASE = {
  name: 'shared.lease-points',
  text: `insert into shared.rate_limit as held (bucket, key, granted, taken, ends_at)
    values ($1, $2, least($3::int, $4::int), least($3::int, $4::int), statement_timestamp() + make_interval(secs => $5::int))
    on conflict (bucket, key) do update set
      granted = case when held.ends_at <= statement_timestamp() then excluded.granted else least($3::int, greatest($4::int - held.taken, 0)) end,
      taken = case when held.ends_at <= statement_timestamp() then excluded.taken else held.taken + least($3::int, greatest($4::int - held.taken, 0)) end,
      ends_at = case when held.ends_at <= statement_timestamp() then excluded.ends_at else held.ends_at end
    returning granted, greatest($4::int - taken, 0) as "left", floor(extract(epoch from ends_at - statement_timestamp()) * 1000)::int as "msLeft"`,
};
const SWEEP = {
  name: 'shared.sweep-rate-limits',
  text: `delete from shared.rate_limit where (bucket, key) in (select bucket, key from shared.rate_limit where ends_at < statement_timestamp() - interval '1 minute' limit $1 for update skip locked)`,
};
const SWEPT_AT_ONCE = 10_000;
/** A limiter that makes callers wait is worse than one that counts by itself for a moment. */
const PATIENCE_MS = 1_000;

/** Makes limiters that hold over every process on this database. They have two connections of their own, so that neither slow requests nor a flood of refused ones holds them up. */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(dataSource: DataSource) {
    const { url } = dataSource.options as { url: string };
    this.pool = new Pool({ connectionString: url, max: 2, application_name: 'entrepot-limits', connectionTimeoutMillis: PATIENCE_MS, statement_timeout: PATIENCE_MS, query_timeout: PATIENCE_MS, idleTimeoutMillis: 600_000, Client: SteadyClient });
    this.pool.on('error', () => undefined);
  }

  limiter(policy: LimitPolicy): LeasedLimiter {
    return new LeasedLimiter(policy, (_, key, ask) => this.lease(policy, key, ask));
  }

  /** Deletes windows that are over; in batches, so that no sweep holds many rows for long. */
  async sweep(): Promise<void> {
    for (let swept = SWEPT_AT_ONCE; swept === SWEPT_AT_ONCE; ) swept = (await this.pool.query({ ...SWEEP, values: [SWEPT_AT_ONCE] })).rowCount ?? 0;
  }

  /** The key is stored as its digest: of one length, whoever the caller is. */
  private async lease(policy: LimitPolicy, key: string, ask: number): Promise<Lease> {
    const digest = createHash('sha256').update(key).digest();
    const { rows: [row] } = await this.pool.query<Lease>({ ...LEASE, values: [policy.bucket, digest, ask, policy.points, policy.seconds] });
    return row!;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
