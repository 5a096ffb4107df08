import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CallOutcome, CallReceipt, EndedCall } from '../../domain/api/api-call.js';

type Raw = Omit<EndedCall, 'calls' | 'bytes'> & { calls: string; bytes: string };
type RawReceipt = Omit<CallReceipt, 'calls' | 'bytes'> & { calls: string; bytes: string };
/** How the calls of a product ended, of one outcome. */
export interface OutcomeCount {
  readonly outcome: CallOutcome;
  readonly calls: number;
  readonly medianMs: number;
  readonly slowMs: number;
}

const PAGE = {
  name: 'delivery.api-calls',
  text: `select id, licence_id as "licenceId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", operation, outcome, status, calls, bytes, started_at as "startedAt", ended_at as "endedAt", duration_ms as "durationMs"
         from delivery.api_call where licence_id = $1 and ($2::timestamptz is null or (ended_at, id) < ($2::timestamptz, $3::uuid)) order by ended_at desc, id desc limit $4`,
};
const RECEIPT = `id, licence_id as "licenceId", agreement_id as "agreementId", decision_id as "decisionId", vendor_id as "vendorId", buyer_id as "buyerId", calls, bytes, digest, completed_at as "completedAt", jws`;
const RECEIPTS = {
  name: 'delivery.call-receipts',
  text: `select ${RECEIPT} from delivery.call_receipt where licence_id = $1 and ($2::timestamptz is null or (completed_at, id) < ($2::timestamptz, $3::uuid)) order by completed_at desc, id desc limit $4`,
};
const RECEIPTS_BY_IDS = {
  name: 'delivery.call-receipts-by-ids',
  text: `select ${RECEIPT} from delivery.call_receipt where id = any($1::uuid[])`,
};
const HEALTH = {
  name: 'delivery.api-health',
  text: `select outcome, count(*)::int as calls, percentile_disc(0.5) within group (order by duration_ms)::int as "medianMs", percentile_disc(0.95) within group (order by duration_ms)::int as "slowMs"
         from delivery.api_call where product_id = $1 and ended_at >= $2 group by outcome order by outcome`,
};

/** Calls that ended, and the receipts over those that were charged. */
@Injectable()
export class ApiCallRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, calls: readonly EndedCall[]): Promise<void> {
    const column = <K extends keyof EndedCall>(name: K) => calls.map((c) => c[name]);
    await tx.query(
      `insert into delivery.api_call (id, licence_id, product_id, vendor_id, buyer_id, operation, outcome, status, calls, bytes, started_at, ended_at, duration_ms)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int[], $9::bigint[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::int[])`,
      [column('id'), column('licenceId'), column('productId'), column('vendorId'), column('buyerId'), column('operation'), column('outcome'), column('status'), column('calls').map(String), column('bytes').map(String), column('startedAt'), column('endedAt'), column('durationMs')],
    );
  }
  async insertReceipt(tx: Tx, r: CallReceipt): Promise<void> {
    await tx.query('insert into delivery.call_receipt (id, licence_id, agreement_id, decision_id, vendor_id, buyer_id, calls, bytes, digest, completed_at, jws) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [r.id, r.licenceId, r.agreementId, r.decisionId, r.vendorId, r.buyerId, r.calls, r.bytes, r.digest, r.completedAt, r.jws]);
  }

  async ofLicence(licenceId: string, request: PageRequest): Promise<Page<EndedCall>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<Raw & Record<string, unknown>>(PAGE, [licenceId, at, id, request.first + 1]);
    return toPage(rows.map((row): EndedCall => ({ ...row, ...counted(row) })), request, (c) => [c.endedAt.toISOString(), c.id]);
  }
  async receipts(licenceId: string, request: PageRequest): Promise<Page<CallReceipt>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<RawReceipt & Record<string, unknown>>(RECEIPTS, [licenceId, at, id, request.first + 1]);
    return toPage(rows.map((row): CallReceipt => ({ ...row, ...counted(row) })), request, (r) => [r.completedAt.toISOString(), r.id]);
  }
  async receiptsByIds(ids: readonly string[]): Promise<CallReceipt[]> {
    const rows = await this.database.query<RawReceipt & Record<string, unknown>>(RECEIPTS_BY_IDS, [ids]);
    return rows.map((row): CallReceipt => ({ ...row, ...counted(row) }));
  }
  health(productId: string, since: Date): Promise<OutcomeCount[]> {
    return this.database.query<OutcomeCount & Record<string, unknown>>(HEALTH, [productId, since]);
  }
}

const counted = ({ calls, bytes }: { readonly calls: string; readonly bytes: string }): { calls: bigint; bytes: bigint } => ({ calls: BigInt(calls), bytes: BigInt(bytes) });
