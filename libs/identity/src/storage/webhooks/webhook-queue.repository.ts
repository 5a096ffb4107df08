import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { Notice } from '../../domain/notice.js';
import type { Outcome } from '../../domain/webhooks/webhook-message.js';

/** A message that this process alone sends for now. */
export interface Claimed {
  readonly endpointId: string;
  readonly organisationId: string;
  readonly claim: string;
  readonly attempts: number;
  readonly url: string;
  /** Sealed. */
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: Date | null;
  readonly notice: Notice;
}

export interface ClaimRequest {
  readonly now: Date;
  /** From then on another process may try. */
  readonly until: Date;
  readonly claim: string;
  /** Endpoints that this process is busy with. */
  readonly busy: readonly string[];
  readonly endpoints: number;
  readonly perEndpoint: number;
}

interface ClaimedRow extends Omit<Claimed, 'notice'>, Omit<Notice, 'details' | 'reasons'> {
  readonly details: Record<string, unknown>;
}

/** What is due: rows are claimed, never held while somebody else's address is called. */
@Injectable()
export class WebhookQueueRepository {
  /**
   * A few messages of a few endpoints, those first that were called longest ago, so that a slow one with much to get keeps nobody waiting. Of
   * organisations alone that may read their notices now.
   */
  async claim(tx: Tx, { now, until, claim, busy, endpoints, perEndpoint }: ClaimRequest): Promise<Claimed[]> {
    const rows = (await tx.query(
      `with chosen as (
         select e.id from identity.webhook_endpoint e join identity.organisation o on o.id = e.organisation_id
         where e.state = 'ENABLED' and e.id <> all($4::uuid[]) and identity.standing(o.kind, o.state, o.verification_due_at, $1) = 'VERIFIED'
           and exists (select 1 from identity.webhook_message m where m.endpoint_id = e.id and m.state = 'WAITING' and m.next_attempt_at <= $1)
         order by e.last_attempt_at nulls first, e.id limit $5),
       due as (
         select d.endpoint_id, d.notice_id from chosen cross join lateral (
           select m.endpoint_id, m.notice_id from identity.webhook_message m where m.endpoint_id = chosen.id and m.state = 'WAITING' and m.next_attempt_at <= $1
           order by m.next_attempt_at, m.notice_id limit $6 for update skip locked) d),
       claimed as (
         update identity.webhook_message m set claim = $3, next_attempt_at = $2 from due where m.endpoint_id = due.endpoint_id and m.notice_id = due.notice_id returning m.endpoint_id, m.notice_id, m.attempts)
       select c.endpoint_id as "endpointId", c.attempts, e.url, e.secret, e.previous_secret as "previousSecret", e.previous_until as "previousUntil",
         n.id, n.organisation_id as "organisationId", n.object_type as "objectType", n.object_id as "objectId", n.kind, n.text, n.details, n.decision_id as "decisionId", n.created_at as "createdAt"
       from claimed c join identity.webhook_endpoint e on e.id = c.endpoint_id join identity.notice n on n.id = c.notice_id order by n.id`,
      [now, until, claim, busy, endpoints, perEndpoint],
    )) as ClaimedRow[];
    return rows.map(({ endpointId, attempts, url, secret, previousSecret, previousUntil, ...notice }) => ({
      endpointId, organisationId: notice.organisationId, claim, attempts, url, secret, previousSecret, previousUntil, notice: { ...notice, reasons: [] },
    }));
  }

  /** Writes down what came of it; false when the message is another's by now, or was replayed or given up meanwhile. */
  async record(tx: Tx, c: Claimed, attempt: Outcome & { readonly id: string; readonly at: Date; readonly durationMs: number; readonly nextAttemptAt: Date | null }): Promise<boolean> {
    const { id, at, durationMs, status, failure, nextAttemptAt } = attempt;
    const rows = (await tx.query(
      `with moved as (
         update identity.webhook_message set attempts = attempts + 1, claim = null, last_status = $5, failure = $6, next_attempt_at = $7::timestamptz,
           state = case when $6::text is null then 'DELIVERED' when $7::timestamptz is null then 'FAILED' else 'WAITING' end, finished_at = case when $7::timestamptz is null then $8::timestamptz end
         where endpoint_id = $1 and notice_id = $2 and claim = $3 returning endpoint_id, notice_id, organisation_id),
       logged as (
         insert into identity.webhook_attempt (id, endpoint_id, notice_id, organisation_id, at, duration_ms, status, failure, next_attempt_at)
         select $4, endpoint_id, notice_id, organisation_id, $8, $9, $5, $6, $7 from moved)
       select 1 from moved`,
      [c.endpointId, c.notice.id, c.claim, id, status, failure, nextAttemptAt, at, durationMs],
    )) as unknown[];
    return rows.length > 0;
  }
}
