import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Notice } from '../domain/screening/screening.js';

const PAGE = {
  name: 'compliance.notices',
  text: `select id, organisation_id as "organisationId", object_type as "objectType", object_id as "objectId", kind, text, reasons, decision_id as "decisionId", created_at as "createdAt"
         from compliance.notice where organisation_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
};

@Injectable()
export class NoticeRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, notices: readonly Notice[]): Promise<void> {
    if (notices.length === 0) return;
    await tx.query(
      `insert into compliance.notice (id, organisation_id, object_type, object_id, kind, text, reasons, decision_id, created_at)
       select n.id, n."organisationId", n."objectType", n."objectId", n.kind, n.text, n.reasons, n."decisionId", n."createdAt"
       from jsonb_to_recordset($1::jsonb) as n (id uuid, "organisationId" uuid, "objectType" text, "objectId" uuid, kind text, text text, reasons jsonb, "decisionId" uuid, "createdAt" timestamptz)`, [JSON.stringify(notices)],
    );
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<Notice>> {
    return toPage(await this.database.query<Notice & Record<string, unknown>>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1]), request, (n) => [n.id]);
  }
}
