import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { ReceiptAnswer, ReceiptAnswerState } from '../domain/receipts/receipt-answer.js';

type Row = ReceiptAnswer & Record<string, unknown>;

const COLUMNS = `receipt_id as "receiptId", licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", state, ground, reason, reply, verdict, answered_by as "answeredBy", answered_at as "answeredAt",
  next_at as "nextAt", closed_at as "closedAt", jws`;
const OF = { name: 'delivery.receipt-answers', text: `select ${COLUMNS} from delivery.receipt_answer where receipt_id = any($1::uuid[])` };
const CONTESTS = {
  name: 'delivery.receipt-contests',
  text: `select ${COLUMNS} from delivery.receipt_answer where state <> 'ACKNOWLEDGED' and ($1::uuid is null or vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or licence_id = $2) and ($3::text is null or state = $3)
           and ($4::uuid is null or receipt_id < $4) order by receipt_id desc limit $5`,
};

@Injectable()
export class ReceiptAnswerRepository {
  constructor(private readonly database: Database) {}

  /** False: the receipt has an answer already. */
  async insert(tx: Tx, a: ReceiptAnswer): Promise<boolean> {
    const rows = (await tx.query(
      `insert into delivery.receipt_answer (receipt_id, licence_id, vendor_id, buyer_id, state, ground, reason, answered_by, answered_at, next_at, closed_at, jws)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning 1`,
      [a.receiptId, a.licenceId, a.vendorId, a.buyerId, a.state, a.ground, a.reason, a.answeredBy, a.answeredAt, a.nextAt, a.closedAt, a.jws],
    )) as unknown[];
    return rows.length > 0;
  }
  async lock(tx: Tx, receiptId: string): Promise<ReceiptAnswer | null> {
    const [row] = (await tx.query(`select ${COLUMNS} from delivery.receipt_answer where receipt_id = $1 for update`, [receiptId])) as Row[];
    return row ?? null;
  }
  async move(tx: Tx, a: ReceiptAnswer): Promise<void> {
    await tx.query('update delivery.receipt_answer set state = $2, reply = $3, verdict = $4, next_at = $5, closed_at = $6 where receipt_id = $1', [a.receiptId, a.state, a.reply, a.verdict, a.nextAt, a.closedAt]);
  }
  /** Those whose time has come, held; what another process holds is passed by. */
  async due(tx: Tx, now: Date, limit: number): Promise<ReceiptAnswer[]> {
    return (await tx.query(`select ${COLUMNS} from delivery.receipt_answer where next_at <= $1 order by next_at limit $2 for update skip locked`, [now, limit])) as Row[];
  }

  async ofReceipts(receiptIds: readonly string[]): Promise<Map<string, ReceiptAnswer>> {
    const rows = await this.database.query<Row>(OF, [receiptIds]);
    return new Map(rows.map((row) => [row.receiptId, row]));
  }
  /** What was contested: by or against an organisation, or (null) by anybody; newest receipts first. */
  async contests(reader: string | null, licenceId: string | null, state: ReceiptAnswerState | null, request: PageRequest): Promise<Page<ReceiptAnswer>> {
    const rows = await this.database.query<Row>(CONTESTS, [reader, licenceId, state, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (a) => [a.receiptId]);
  }
}
