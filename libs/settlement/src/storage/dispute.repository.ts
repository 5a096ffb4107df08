import { Injectable } from '@nestjs/common';
import { type Currency, Database, money, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Dispute, DisputeEntry, DisputeState } from '../domain/disputes/dispute.js';

type Stored = Omit<Dispute, 'claim' | 'awarded'> & Record<string, unknown> & { readonly currency: Currency; readonly claimMinor: string; readonly awardedMinor: string | null };

/** Each narrows down where it is not null. */
export interface DisputeFilter {
  readonly tradeId: string | null;
  readonly state: DisputeState | null;
}

const COLUMNS = `id, trade_id as "tradeId", vendor_id as "vendorId", buyer_id as "buyerId", ground, currency, claim_minor as "claimMinor", state, answer_until as "answerUntil", awarded_minor as "awardedMinor",
  opened_at as "openedAt", ended_at as "endedAt"`;
const BY_ID = { name: 'settlement.dispute-by-id', text: `select ${COLUMNS} from settlement.dispute where id = $1` };
const LAPSED = { name: 'settlement.disputes-lapsed', text: `select id from settlement.dispute where state = 'OPEN' and answer_until <= $1 order by answer_until limit $2` };
const PAGE = {
  name: 'settlement.disputes-page', plannedEachTime: true as const,
  text: `select ${COLUMNS} from settlement.dispute where ($1::uuid is null or vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or id < $2) and ($4::uuid is null or trade_id = $4) and ($5::text is null or state = $5)
         order by id desc limit $3`,
};
const ENTRIES = {
  name: 'settlement.dispute-entries',
  text: `select id, dispute_id as "disputeId", side, act, text, evidence, said_by as "saidBy", said_at as "saidAt" from settlement.dispute_entry where dispute_id = any($1::uuid[]) order by id`,
};

@Injectable()
export class DisputeRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: Dispute): Promise<boolean> {
    const rows = (await tx.query(
      `insert into settlement.dispute (id, trade_id, vendor_id, buyer_id, ground, currency, claim_minor, state, answer_until, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1`,
      [d.id, d.tradeId, d.vendorId, d.buyerId, d.ground, d.claim.currency, d.claim.minor, d.state, d.answerUntil, d.openedAt],
    )) as unknown[];
    return rows.length === 1;
  }
  async say(tx: Tx, { vendorId, buyerId }: Dispute, e: DisputeEntry): Promise<void> {
    await tx.query(
      'insert into settlement.dispute_entry (id, dispute_id, vendor_id, buyer_id, side, act, text, evidence, said_by, said_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [e.id, e.disputeId, vendorId, buyerId, e.side, e.act, e.text, JSON.stringify(e.evidence), e.saidBy, e.saidAt],
    );
  }
  async lock(tx: Tx, id: string): Promise<Dispute | null> {
    return ((await tx.query(`${BY_ID.text} for no key update`, [id])) as Stored[]).map(toDispute)[0] ?? null;
  }
  /** The dispute over a trade that has not ended. */
  async openOf(tx: Tx, tradeId: string): Promise<Dispute | null> {
    return ((await tx.query(`select ${COLUMNS} from settlement.dispute where trade_id = $1 and ended_at is null for no key update`, [tradeId])) as Stored[]).map(toDispute)[0] ?? null;
  }
  async save(tx: Tx, { id, state, answerUntil, awarded, endedAt }: Dispute): Promise<void> {
    await tx.query('update settlement.dispute set state = $2, answer_until = $3, awarded_minor = $4, ended_at = $5 where id = $1', [id, state, answerUntil, awarded?.minor ?? null, endedAt]);
  }

  async byId(id: string): Promise<Dispute | null> {
    return (await this.database.query<Stored>(BY_ID, [id])).map(toDispute)[0] ?? null;
  }
  async lapsed(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [now, limit])).map((r) => r.id);
  }
  /** Newest first; of one organisation, on either side, or of all where it is null. */
  async page(organisationId: string | null, { tradeId, state }: DisputeFilter, request: PageRequest): Promise<Page<Dispute>> {
    return toPage((await this.database.query<Stored>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, tradeId, state])).map(toDispute), request, (d) => [d.id]);
  }
  /** Of each dispute what was said, oldest first. */
  async entriesOf(ids: readonly string[]): Promise<Map<string, DisputeEntry[]>> {
    const found = new Map<string, DisputeEntry[]>(ids.map((id) => [id, []]));
    for (const entry of await this.database.query<DisputeEntry & Record<string, unknown>>(ENTRIES, [ids])) found.get(entry.disputeId)!.push(entry);
    return found;
  }
}

function toDispute({ currency, claimMinor, awardedMinor, ...row }: Stored): Dispute {
  return { ...row, claim: money(BigInt(claimMinor), currency), awarded: awardedMinor === null ? null : money(BigInt(awardedMinor), currency) };
}
