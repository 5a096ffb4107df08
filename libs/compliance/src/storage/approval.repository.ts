import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { Approval, ApprovalState } from '../domain/approvals/approval.js';
import type { Day } from '../domain/calendar/days.js';
import { SCOPE_COLUMNS, type ScopeRecord, scopeValues, toScope } from './case-columns.js';

type Row = Omit<Approval, 'persons' | 'sensitivePersons'> & ScopeRecord;
export interface ApprovalFilter {
  readonly holderId: string | null;
  readonly recipientId: string | null;
  readonly type: string | null;
  readonly state: ApprovalState | null;
  /** It names this product, or none. */
  readonly productId: string | null;
  /** Its last day is before this one. */
  readonly endsBefore: Day | null;
}

const COLUMNS = `id, type, holder_id as "holderId", ${SCOPE_COLUMNS}, valid_from::text as "validFrom", valid_until::text as "validUntil", state, case_id as "caseId", reference, document_sha256 as "documentSha256",
  granted_by as "grantedBy", granted_at as "grantedAt", renewal_noted_at as "renewalNotedAt", ended_at as "endedAt", end_reason as "endReason"`;
const HELD_BY = `select ${COLUMNS} from compliance.approval where holder_id = $1 and state = 'ACTIVE' order by id`;
const BY_IDS = { name: 'compliance.approvals-by-ids', text: `select ${COLUMNS} from compliance.approval where id = any($1::uuid[])` };
const OF_CASES = { name: 'compliance.approvals-of-cases', text: `select case_id as "caseId", id from compliance.approval where case_id = any($1::uuid[])` };
/** What is asked for decides which index serves: planned for the values each time. */
const PAGE = {
  name: 'compliance.approvals-page', plannedEachTime: true as const,
  text: `select ${COLUMNS} from compliance.approval where ($1::uuid is null or holder_id = $1 or recipient_id = $1) and ($2::uuid is null or holder_id = $2) and ($3::uuid is null or recipient_id = $3) and ($4::text is null or type = $4)
         and ($5::text is null or state = $5) and ($6::uuid is null or product_ids is null or $6 = any(product_ids)) and ($7::text is null or valid_until::text < $7) and ($8::uuid is null or id < $8) order by id desc limit $9`,
};
const LAPSED = { name: 'compliance.approvals-lapsed', text: `select id from compliance.approval where state = 'ACTIVE' and valid_until < $1::date order by valid_until limit $2` };
const TO_RENEW = {
  name: 'compliance.approvals-to-renew',
  text: `select ${COLUMNS} from compliance.approval where state = 'ACTIVE' and renewal_noted_at is null and type = any($1::text[]) and valid_until between $2::date and $3::date order by valid_until, id limit $4`,
};

@Injectable()
export class ApprovalRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, a: Approval): Promise<void> {
    await tx.query(
      `insert into compliance.approval (id, type, holder_id, purposes, destinations, product_ids, persons, sensitive_persons, recipient_id, valid_from, valid_until, state, case_id, reference, document_sha256, granted_by, granted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [a.id, a.type, a.holderId, ...scopeValues(a), a.validFrom, a.validUntil, a.state, a.caseId, a.reference, a.documentSha256, a.grantedBy, a.grantedAt],
    );
  }

  /** What an exporter holds that is in force by its state; whether the day lies in it, `covers` says. */
  async heldBy(tx: Tx, holderId: string): Promise<Approval[]> {
    return ((await tx.query(HELD_BY, [holderId])) as Row[]).map(toApproval);
  }
  /** The same, held until the transaction ends: none of them is revoked, or used by another, in the meantime. */
  async lockHeldBy(tx: Tx, holderId: string): Promise<Approval[]> {
    return ((await tx.query(`${HELD_BY} for no key update`, [holderId])) as Row[]).map(toApproval);
  }
  async lock(tx: Tx, id: string): Promise<Approval | null> {
    const rows = (await tx.query(`select ${COLUMNS} from compliance.approval where id = $1 for no key update`, [id])) as Row[];
    return rows[0] ? toApproval(rows[0]) : null;
  }
  async end(tx: Tx, { id, state, endedAt, endReason }: Approval): Promise<void> {
    await tx.query('update compliance.approval set state = $2, ended_at = $3, end_reason = $4 where id = $1', [id, state, endedAt, endReason]);
  }
  async noteRenewal(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query('update compliance.approval set renewal_noted_at = $2 where id = $1', [id, at]);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Approval>> {
    return new Map((await this.rows(BY_IDS, [ids])).map((a) => [a.id, a]));
  }
  /** The approval that each of these cases led to. */
  async idsOfCases(caseIds: readonly string[]): Promise<Map<string, string>> {
    return new Map((await this.database.query<{ caseId: string; id: string }>(OF_CASES, [caseIds])).map((r) => [r.caseId, r.id]));
  }
  /** Newest first; of one organisation, as holder or recipient, or all where `partyId` is null. */
  async page(partyId: string | null, { holderId, recipientId, type, state, productId, endsBefore }: ApprovalFilter, request: PageRequest): Promise<Page<Approval>> {
    const rows = await this.rows(PAGE, [partyId, holderId, recipientId, type, state, productId, endsBefore, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (a) => [a.id]);
  }
  async lapsed(today: Day, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [today, limit])).map((r) => r.id);
  }
  /** Of types that know a renewal, those that end between these days and whose renewal nobody was told of. */
  toRenew(types: readonly string[], from: Day, to: Day, limit: number): Promise<Approval[]> {
    return this.rows(TO_RENEW, [types, from, to, limit]);
  }

  private async rows(statement: Statement, values: readonly unknown[]): Promise<Approval[]> {
    return (await this.database.query<Row & Record<string, unknown>>(statement, values)).map(toApproval);
  }
}

const toApproval = (r: Row): Approval => ({ ...r, ...toScope(r) });
