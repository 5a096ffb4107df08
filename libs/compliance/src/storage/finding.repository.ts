import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { In, Like } from 'typeorm';
import type { FindingKind, FindingState } from '../domain/findings/finding.js';
import { FindingRow } from './register.entities.js';

export type Finding = Readonly<FindingRow>;
export interface FindingFilter {
  readonly organisationId: string | null;
  readonly state: FindingState | null;
  readonly kind: FindingKind | null;
}

export interface Unsettled {
  readonly kind: FindingKind;
  readonly organisationId?: string;
  readonly objectId?: string;
  /** How the cause begins. */
  readonly cause?: string;
}

const PAGE = {
  name: 'compliance.findings',
  text: `select id, kind, severity, organisation_id as "organisationId", object_type as "objectType", object_id as "objectId", cause, details, internal_note as "internalNote", raised_by as "raisedBy", raised_at as "raisedAt",
           state, decided_by as "decidedBy", decided_at as "decidedAt", cleared_by as "clearedBy", cleared_at as "clearedAt", reason
         from compliance.finding where ($1::uuid is null or organisation_id = $1) and ($2::text is null or state = $2) and ($3::text is null or kind = $3) and ($4::uuid is null or id < $4) order by id desc limit $5`,
};
const COUNTING = `select distinct kind from compliance.finding where organisation_id = $1 and (state = 'CONFIRMED' or (state = 'OPEN' and kind = 'POSSIBLE_RESTRICTED_PARTY')) and (object_type is distinct from 'order' or object_id = $2)`;

@Injectable()
export class FindingRepository {
  constructor(private readonly database: Database) {}

  /** False when the exchange found the same before. */
  async insert(tx: Tx, finding: Finding): Promise<boolean> {
    const { raw } = (await tx.createQueryBuilder().insert().into(FindingRow).values(finding).orIgnore().returning('id').execute()) as { raw: unknown[] };
    return raw.length === 1;
  }
  lock(tx: Tx, id: string): Promise<Finding | null> {
    return tx.findOne(FindingRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  ofCause(tx: Tx, cause: string): Promise<Finding | null> {
    return tx.findOne(FindingRow, { where: { cause } });
  }
  /** What is not settled of a kind, held; of one organisation, about one object or of causes that begin so, where they are given. */
  unsettled(tx: Tx, { kind, organisationId, objectId, cause }: Unsettled): Promise<Finding[]> {
    return tx.find(FindingRow, {
      where: { kind, state: In(['OPEN', 'CONFIRMED']), ...(organisationId ? { organisationId } : {}), ...(objectId ? { objectId } : {}), ...(cause ? { cause: Like(`${cause}%`) } : {}) }, order: { id: 'ASC' }, take: 1_000, lock: { mode: 'for_no_key_update' },
    });
  }
  async move(tx: Tx, id: string, change: Partial<Pick<FindingRow, 'state' | 'decidedBy' | 'decidedAt' | 'clearedBy' | 'clearedAt' | 'reason'>>): Promise<void> {
    await tx.update(FindingRow, { id }, change);
  }
  /** Kinds of what counts against an organisation as a whole, and against this order of it: what is confirmed, and a possible restricted party until it is dismissed. */
  async counting(tx: Tx, organisationId: string, orderId: string | null): Promise<FindingKind[]> {
    return ((await tx.query(COUNTING, [organisationId, orderId])) as { kind: FindingKind }[]).map((r) => r.kind);
  }
  async page(filter: FindingFilter, request: PageRequest): Promise<Page<Finding>> {
    const rows = await this.database.query<Finding & Record<string, unknown>>(PAGE, [filter.organisationId, filter.state, filter.kind, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (f) => [f.id]);
  }
}
