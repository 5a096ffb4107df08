import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { AnswerState, NamedOrganisation } from '../../domain/data-requests/data-request.js';

export interface DataRequestAnswer {
  readonly id: string;
  readonly dataRequestId: string;
  readonly vendor: NamedOrganisation;
  readonly message: string;
  readonly productId: string | null;
  readonly state: AnswerState;
  readonly reason: string | null;
  /** Who asked, once it is accepted. */
  readonly asker: NamedOrganisation | null;
  readonly answeredAt: Date;
  readonly decidedAt: Date | null;
}

const COLUMNS = `id, data_request_id as "dataRequestId", vendor_id as "vendorId", vendor_name as "vendorName", vendor_jurisdiction as "vendorJurisdiction", message, product_id as "productId", state, reason,
  asker_id as "askerId", asker_name as "askerName", asker_jurisdiction as "askerJurisdiction", answered_at as "answeredAt", decided_at as "decidedAt"`;
const OF_REQUEST = { name: 'catalog.answers-of-request', text: `select ${COLUMNS} from catalog.data_request_answer where data_request_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3` };
const OF_VENDOR = { name: 'catalog.answers-of-vendor', text: `select ${COLUMNS} from catalog.data_request_answer where vendor_id = $1 and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) order by id desc limit $3` };

type Row = Omit<DataRequestAnswer, 'vendor' | 'asker'> & { vendorId: string; vendorName: string; vendorJurisdiction: string; askerId: string | null; askerName: string; askerJurisdiction: string } & Record<string, unknown>;

@Injectable()
export class AnswerRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, { id, dataRequestId, vendor, message, productId, state, answeredAt }: DataRequestAnswer): Promise<void> {
    await tx.query('insert into catalog.data_request_answer (id, data_request_id, vendor_id, vendor_name, vendor_jurisdiction, message, product_id, state, answered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [id, dataRequestId, vendor.id, vendor.legalName, vendor.jurisdiction, message, productId, state, answeredAt]);
  }
  /** How many a request has, and how many of them are of this vendor; whoever asks holds the request. */
  async count(tx: Tx, dataRequestId: string, vendorId: string): Promise<{ readonly all: number; readonly own: number }> {
    const [row] = (await tx.query('select count(*)::int as "all", count(*) filter (where vendor_id = $2)::int as own from catalog.data_request_answer where data_request_id = $1', [dataRequestId, vendorId])) as [{ all: number; own: number }];
    return row;
  }
  /** The request that it answers. */
  async requestOf(tx: Tx, id: string): Promise<string | null> {
    return ((await tx.query('select data_request_id as id from catalog.data_request_answer where id = $1', [id])) as { id: string }[])[0]?.id ?? null;
  }
  async lock(tx: Tx, id: string): Promise<DataRequestAnswer | null> {
    const [row] = (await tx.query(`select ${COLUMNS} from catalog.data_request_answer where id = $1 for no key update`, [id])) as Row[];
    return row ? toAnswer(row) : null;
  }
  async decide(tx: Tx, { id, state, reason, asker, decidedAt }: DataRequestAnswer): Promise<void> {
    await tx.query('update catalog.data_request_answer set state = $2, reason = $3, asker_id = $4, asker_name = $5, asker_jurisdiction = $6, decided_at = $7 where id = $1',
      [id, state, reason, asker?.id ?? null, asker?.legalName ?? null, asker?.jurisdiction ?? null, decidedAt]);
  }
  async isAnyAccepted(tx: Tx, dataRequestId: string): Promise<boolean> {
    return ((await tx.query(`select 1 from catalog.data_request_answer where data_request_id = $1 and state = 'ACCEPTED' limit 1`, [dataRequestId])) as unknown[]).length > 0;
  }
  /** Vendors whose answers nobody decided on. */
  async waiting(tx: Tx, dataRequestId: string): Promise<string[]> {
    return ((await tx.query(`select distinct vendor_id as id from catalog.data_request_answer where data_request_id = $1 and state = 'SENT'`, [dataRequestId])) as { id: string }[]).map((r) => r.id);
  }

  async ofRequest(dataRequestId: string, request: PageRequest): Promise<Page<DataRequestAnswer>> {
    return shown(await this.database.query<Row>(OF_REQUEST, [dataRequestId, request.after?.[0] ?? null, request.first + 1]), request);
  }
  async ofVendor(vendorId: string, state: AnswerState | null, request: PageRequest): Promise<Page<DataRequestAnswer>> {
    return shown(await this.database.query<Row>(OF_VENDOR, [vendorId, request.after?.[0] ?? null, request.first + 1, state]), request);
  }
}

const shown = (rows: readonly Row[], request: PageRequest): Page<DataRequestAnswer> => toPage(rows.map(toAnswer), request, (a) => [a.id]);
const toAnswer = ({ vendorId, vendorName, vendorJurisdiction, askerId, askerName, askerJurisdiction, ...row }: Row): DataRequestAnswer => ({
  ...row, vendor: { id: vendorId, legalName: vendorName, jurisdiction: vendorJurisdiction }, asker: askerId === null ? null : { id: askerId, legalName: askerName, jurisdiction: askerJurisdiction },
});
