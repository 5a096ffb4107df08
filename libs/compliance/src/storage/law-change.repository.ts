import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { LawAct } from '../domain/law/change.js';
import type { LawChangeState } from '../domain/law/change-state.js';

/** A change of the law in force, as one member of staff proposed and perhaps another decided. */
export interface LawChange {
  readonly id: string;
  readonly documentHash: string;
  readonly act: LawAct;
  readonly state: LawChangeState;
  readonly reason: string;
  /** Members of the staff. */
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
}

const COLUMNS = `id, document_hash as "documentHash", act, state, reason, proposed_by as "proposedBy", proposed_at as "proposedAt", decided_by as "decidedBy", decided_at as "decidedAt", decision_reason as "decisionReason"`;
const PAGE = { name: 'compliance.law-changes', text: `select ${COLUMNS} from compliance.law_activation where ($1::text is null or state = $1) and ($2::uuid is null or id < $2) order by id desc limit $3` };

@Injectable()
export class LawChangeRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, c: LawChange): Promise<void> {
    await tx.query('insert into compliance.law_activation (id, document_hash, act, state, reason, proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, $7)', [c.id, c.documentHash, c.act, c.state, c.reason, c.proposedBy, c.proposedAt]);
  }
  /** Whether a change of this document waits for its decision. */
  async isOpen(tx: Tx, documentHash: string): Promise<boolean> {
    return ((await tx.query(`select 1 from compliance.law_activation where document_hash = $1 and state = 'PROPOSED'`, [documentHash])) as unknown[]).length > 0;
  }
  /** A change that waits for its decision. */
  async open(tx: Tx, id: string): Promise<LawChange | null> {
    return ((await tx.query(`select ${COLUMNS} from compliance.law_activation where id = $1 and state = 'PROPOSED'`, [id])) as LawChange[])[0] ?? null;
  }
  /** Reads a change and holds it. */
  async lock(tx: Tx, id: string): Promise<LawChange | null> {
    return ((await tx.query(`select ${COLUMNS} from compliance.law_activation where id = $1 for no key update`, [id])) as LawChange[])[0] ?? null;
  }
  async decide(tx: Tx, c: LawChange): Promise<void> {
    await tx.query('update compliance.law_activation set state = $2, decided_by = $3, decided_at = $4, decision_reason = $5 where id = $1', [c.id, c.state, c.decidedBy, c.decidedAt, c.decisionReason]);
  }
  /** Newest first, those of one state or all. */
  async page(state: LawChangeState | null, request: PageRequest): Promise<Page<LawChange>> {
    const rows = await this.database.query<LawChange & Record<string, unknown>>(PAGE, [state, request.after?.[0] ?? null, request.first + 1]);
    return toPage<LawChange>(rows, request, (c) => [c.id]);
  }
}
