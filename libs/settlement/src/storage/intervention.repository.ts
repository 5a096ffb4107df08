import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Intervention, InterventionKind } from '../domain/disputes/intervention.js';

const COLUMNS = 'id, trade_id as "tradeId", kind, state, reason, begun_by as "begunBy", begun_at as "begunAt", ended_by as "endedBy", end_reason as "endReason", ended_at as "endedAt"';
const PAGE = {
  name: 'settlement.interventions-page', plannedEachTime: true as const,
  text: `select ${COLUMNS} from settlement.intervention where ($1::uuid is null or id < $1) and ($3::uuid is null or trade_id = $3) and (not $4::boolean or ended_at is null) order by id desc limit $2`,
};
const TRADE_OF = { name: 'settlement.intervention-trade', text: 'select trade_id from settlement.intervention where id = $1' };

@Injectable()
export class InterventionRepository {
  constructor(private readonly database: Database) {}

  /** False where the trade has one of its kind that has not ended. */
  async insert(tx: Tx, i: Intervention): Promise<boolean> {
    const rows = (await tx.query('insert into settlement.intervention (id, trade_id, kind, state, reason, begun_by, begun_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1', [i.id, i.tradeId, i.kind, i.state, i.reason, i.begunBy, i.begunAt])) as unknown[];
    return rows.length === 1;
  }
  async lock(tx: Tx, id: string): Promise<Intervention | null> {
    return ((await tx.query(`select ${COLUMNS} from settlement.intervention where id = $1 for no key update`, [id])) as Intervention[])[0] ?? null;
  }
  /** The one of this kind that has not ended. */
  async openOf(tx: Tx, tradeId: string, kind: InterventionKind): Promise<Intervention | null> {
    return ((await tx.query(`select ${COLUMNS} from settlement.intervention where trade_id = $1 and kind = $2 and ended_at is null for no key update`, [tradeId, kind])) as Intervention[])[0] ?? null;
  }
  async end(tx: Tx, { id, state, endedBy, endReason, endedAt }: Intervention): Promise<void> {
    await tx.query('update settlement.intervention set state = $2, ended_by = $3, end_reason = $4, ended_at = $5 where id = $1', [id, state, endedBy, endReason, endedAt]);
  }

  async tradeOf(id: string): Promise<string | null> {
    return (await this.database.query<{ trade_id: string }>(TRADE_OF, [id]))[0]?.trade_id ?? null;
  }
  /** Newest first. */
  async page(tradeId: string | null, onlyOpen: boolean, request: PageRequest): Promise<Page<Intervention>> {
    return toPage(await this.database.query<Intervention & Record<string, unknown>>(PAGE, [request.after?.[0] ?? null, request.first + 1, tradeId, onlyOpen]), request, (i) => [i.id]);
  }
}
