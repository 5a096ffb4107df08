import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Notice, NoticeFilter } from '../domain/notice.js';

const PAGE = {
  name: 'identity.notices',
  text: `select id, organisation_id as "organisationId", object_type as "objectType", object_id as "objectId", kind, text, details, reasons, decision_id as "decisionId", created_at as "createdAt"
         from identity.notice where organisation_id = $1 and ($2::uuid is null or id < $2) and ($4::text[] is null or kind = any($4)) and ($5::uuid is null or object_id = $5) order by id desc limit $3`,
};

@Injectable()
export class NoticeRepository {
  constructor(private readonly database: Database) {}

  /** `endpointId`: the one endpoint that is told, whatever it wants; null: all that want it. */
  async insert(tx: Tx, notices: readonly Notice[], endpointId: string | null = null): Promise<void> {
    if (notices.length === 0) return;
    // What is told goes to the organisation's webhook endpoints in the same breath; one that is disabled can have it replayed.
    await tx.query(
      `with told as (
         insert into identity.notice (id, organisation_id, object_type, object_id, kind, text, details, reasons, decision_id, created_at)
         select n.id, n."organisationId", n."objectType", n."objectId", n.kind, n.text, n.details, n.reasons, n."decisionId", n."createdAt"
         from jsonb_to_recordset($1::jsonb) as n (id uuid, "organisationId" uuid, "objectType" text, "objectId" uuid, kind text, text text, details jsonb, reasons jsonb, "decisionId" uuid, "createdAt" timestamptz)
         returning id, organisation_id, kind, created_at)
       insert into identity.webhook_message (endpoint_id, notice_id, organisation_id, kind, created_at, state, next_attempt_at, failure, finished_at)
       select e.id, t.id, t.organisation_id, t.kind, t.created_at, w.state, case when w.state = 'WAITING' then t.created_at end, case when w.state = 'FAILED' then 'ENDPOINT_DISABLED' end, case when w.state = 'FAILED' then t.created_at end
       from told t join identity.webhook_endpoint e on e.organisation_id = t.organisation_id
         cross join lateral (select case when e.state = 'ENABLED' then 'WAITING' else 'FAILED' end as state) w
       where e.state <> 'DELETED' and case when $2::uuid is null then e.kinds = '{}' or t.kind = any(e.kinds) else e.id = $2 end`, [JSON.stringify(notices), endpointId],
    );
  }

  async page(organisationId: string, { kinds, objectId }: NoticeFilter, request: PageRequest): Promise<Page<Notice>> {
    return toPage(await this.database.query<Notice & Record<string, unknown>>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, kinds, objectId]), request, (n) => [n.id]);
  }
}
