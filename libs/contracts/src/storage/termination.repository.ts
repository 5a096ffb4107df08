import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { ReasonCode, Side, TerminationState } from '../domain/agreements/termination.js';

/** An agreement that is to be ended before its time, or was. */
export interface Termination {
  readonly id: string;
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly reasonCode: ReasonCode;
  readonly side: Side;
  readonly statement: string;
  readonly state: TerminationState;
  /** When it takes effect if nobody does anything; null: it waits for consent. */
  readonly effectiveAt: Date | null;
  readonly answer: string | null;
  readonly proposedAt: Date;
  readonly closedAt: Date | null;
}

const TERMINATION = `id, agreement_id as "agreementId", vendor_id as "vendorId", buyer_id as "buyerId", reason_code as "reasonCode", side, statement, state, effective_at as "effectiveAt", answer, proposed_at as "proposedAt", closed_at as "closedAt"`;
const PAGE = {
  name: 'contracts.terminations',
  text: `select ${TERMINATION} from contracts.termination where ($1::uuid is null or vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) and ($5::uuid is null or agreement_id = $5)
         order by id desc limit $3`,
};

@Injectable()
export class TerminationRepository {
  constructor(private readonly database: Database) {}

  /** False where the agreement has one that is open or in effect. */
  async insert(tx: Tx, t: Termination): Promise<boolean> {
    const rows = (await tx.query(
      `insert into contracts.termination (id, agreement_id, vendor_id, buyer_id, reason_code, side, statement, state, effective_at, proposed_at, closed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (agreement_id) where state in ('PROPOSED', 'CONTESTED', 'EFFECTIVE') do nothing returning id`,
      [t.id, t.agreementId, t.vendorId, t.buyerId, t.reasonCode, t.side, t.statement, t.state, t.effectiveAt, t.proposedAt, t.closedAt],
    )) as unknown[];
    return rows.length === 1;
  }
  async lock(tx: Tx, id: string): Promise<Termination | null> {
    const [row] = (await tx.query(`select ${TERMINATION} from contracts.termination where id = $1 for no key update`, [id])) as Termination[];
    return row ?? null;
  }
  async move(tx: Tx, id: string, change: Pick<Termination, 'state' | 'answer' | 'closedAt'>): Promise<void> {
    await tx.query('update contracts.termination set state = $2, answer = $3, closed_at = $4 where id = $1', [id, change.state, change.answer, change.closedAt]);
  }
  /** What is proposed for an agreement, held. */
  async lockProposed(tx: Tx, agreementId: string): Promise<Termination | null> {
    const [row] = (await tx.query(`select ${TERMINATION} from contracts.termination where agreement_id = $1 and state = 'PROPOSED' for no key update`, [agreementId])) as Termination[];
    return row ?? null;
  }
  /** Those whose day has come, held; what another process holds is left out. */
  async due(tx: Tx, now: Date, limit: number): Promise<Termination[]> {
    return (await tx.query(`select ${TERMINATION} from contracts.termination where state = 'PROPOSED' and effective_at <= $1 order by effective_at limit $2 for no key update skip locked`, [now, limit])) as Termination[];
  }
  /** `organisationId` null: everybody's. */
  async page(organisationId: string | null, filter: { readonly state: TerminationState | null; readonly agreementId: string | null }, request: PageRequest): Promise<Page<Termination>> {
    const rows = (await this.database.query(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, filter.state, filter.agreementId])) as unknown as Termination[];
    return toPage(rows, request, (t) => [t.id]);
  }
}
