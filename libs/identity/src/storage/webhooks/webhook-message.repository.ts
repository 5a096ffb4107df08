import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { WebhookAttempt, WebhookFailure, WebhookMessage, WebhookMessageState } from '../../domain/webhooks/webhook-message.js';

export interface MessageFilter {
  readonly states: readonly WebhookMessageState[] | null;
  readonly kinds: readonly string[] | null;
}
export interface AttemptFilter {
  readonly noticeId: string | null;
  /** Only those that failed, or only those that did not. */
  readonly failed: boolean | null;
}

const COLUMNS = `m.endpoint_id as "endpointId", m.notice_id as "noticeId", m.kind, m.state, m.attempts, m.next_attempt_at as "nextAttemptAt", m.last_status as "lastStatus", m.failure, m.created_at as "createdAt", m.finished_at as "finishedAt"`;
const PAGE = {
  name: 'identity.webhook-messages',
  text: `select ${COLUMNS} from identity.webhook_message m where m.endpoint_id = $1 and ($2::uuid is null or m.notice_id < $2) and ($4::text[] is null or m.state = any($4)) and ($5::text[] is null or m.kind = any($5)) order by m.notice_id desc limit $3`,
};
const ATTEMPTS = {
  name: 'identity.webhook-attempts',
  text: `select a.id, a.endpoint_id as "endpointId", a.notice_id as "noticeId", a.at, a.duration_ms as "durationMs", a.status, a.failure, a.next_attempt_at as "nextAttemptAt"
         from identity.webhook_attempt a where a.endpoint_id = $1 and ($2::uuid is null or a.id < $2) and ($4::uuid is null or a.notice_id = $4) and ($5::boolean is null or (a.failure is not null) = $5) order by a.id desc limit $3`,
};

/** Messages as their organisation sees them, and what it does to them. */
@Injectable()
export class WebhookMessageRepository {
  constructor(private readonly database: Database) {}

  async page(endpointId: string, { states, kinds }: MessageFilter, request: PageRequest): Promise<Page<WebhookMessage>> {
    return toPage(await this.database.query<WebhookMessage & Record<string, unknown>>(PAGE, [endpointId, request.after?.[0] ?? null, request.first + 1, states, kinds]), request, (m) => [m.noticeId]);
  }

  async attempts(endpointId: string, { noticeId, failed }: AttemptFilter, request: PageRequest): Promise<Page<WebhookAttempt>> {
    return toPage(await this.database.query<WebhookAttempt & Record<string, unknown>>(ATTEMPTS, [endpointId, request.after?.[0] ?? null, request.first + 1, noticeId, failed]), request, (a) => [a.id]);
  }

  async lock(tx: Tx, endpointId: string, noticeId: string): Promise<WebhookMessage | null> {
    return ((await tx.query(`select ${COLUMNS} from identity.webhook_message m where m.endpoint_id = $1 and m.notice_id = $2 for no key update`, [endpointId, noticeId])) as WebhookMessage[])[0] ?? null;
  }

  /** From the beginning again; what is under way then counts for nothing. */
  async replay(tx: Tx, endpointId: string, noticeId: string, at: Date): Promise<void> {
    await tx.query(`update identity.webhook_message set state = 'WAITING', attempts = 0, next_attempt_at = $3, claim = null, finished_at = null where endpoint_id = $1 and notice_id = $2`, [endpointId, noticeId, at]);
  }

  /** The oldest of those that failed of what was told since then; answers how many. */
  async replayFailed(tx: Tx, endpointId: string, since: Date, at: Date, limit: number): Promise<number> {
    const [row] = (await tx.query(
      `with chosen as (select notice_id from identity.webhook_message where endpoint_id = $1 and state = 'FAILED' and created_at >= $2 order by created_at limit $4),
         moved as (update identity.webhook_message m set state = 'WAITING', attempts = 0, next_attempt_at = $3, claim = null, finished_at = null from chosen c where m.endpoint_id = $1 and m.notice_id = c.notice_id returning 1)
       select count(*)::int as n from moved`, [endpointId, since, at, limit],
    )) as [{ n: number }];
    return row.n;
  }

  /** What waits for an endpoint that is not called any more. */
  async failWaiting(tx: Tx, endpointId: string, failure: WebhookFailure, at: Date): Promise<void> {
    await tx.query(`update identity.webhook_message set state = 'FAILED', failure = $2, next_attempt_at = null, claim = null, finished_at = $3 where endpoint_id = $1 and state = 'WAITING'`, [endpointId, failure, at]);
  }

  /** Forgets what is older, with its attempts; answers how many. */
  async forget(tx: Tx, before: Date, limit: number): Promise<number> {
    const [row] = (await tx.query(
      `with old as (select endpoint_id, notice_id from identity.webhook_message where created_at < $1 order by created_at limit $2 for update skip locked),
         gone as (delete from identity.webhook_message m using old where m.endpoint_id = old.endpoint_id and m.notice_id = old.notice_id returning 1)
       select count(*)::int as n from gone`, [before, limit],
    )) as [{ n: number }];
    return row.n;
  }
}
