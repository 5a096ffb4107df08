import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, prepared, toPage, type Tx } from '#shared';
import type { Receipt } from '../domain/delivery.js';

type Raw = Omit<Receipt, 'bytes' | 'ranges'> & { bytes: string };

const COLUMNS = `id, licence_id as "licenceId", delivery_id as "deliveryId", agreement_id as "agreementId", agreement_hash as "agreementHash", decision_id as "decisionId", vendor_id as "vendorId",
  buyer_id as "buyerId", asset_id as "assetId", bytes, sha256, started_at as "startedAt", completed_at as "completedAt", jws, part_digest as "partDigest"`;
const PAGE = {
  name: 'delivery.receipts',
  text: `select ${COLUMNS} from delivery.receipt where licence_id = $1 and ($2::timestamptz is null or (completed_at, id) < ($2::timestamptz, $3::uuid)) order by completed_at desc, id desc limit $4`,
};
const BY_IDS = { name: 'delivery.receipts-by-ids', text: `select ${COLUMNS} from delivery.receipt where id = any($1::uuid[])` };

const INSERT = {
  name: 'delivery.receipt-insert',
  text: `insert into delivery.receipt (licence_id, completed_at, id, delivery_id, agreement_id, agreement_hash, decision_id, vendor_id, buyer_id, asset_id, bytes, sha256, started_at, jws, part_digest)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

@Injectable()
export class ReceiptRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, r: Receipt): Promise<void> {
    await prepared(tx, INSERT, [r.licenceId, r.completedAt, r.id, r.deliveryId, r.agreementId, r.agreementHash, r.decisionId, r.vendorId, r.buyerId, r.assetId, r.bytes, r.sha256, r.startedAt, r.jws, r.partDigest]);
  }

  async ofLicence(licenceId: string, request: PageRequest): Promise<Page<Receipt>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<Raw & Record<string, unknown>>(PAGE, [licenceId, at, id, request.first + 1]);
    return toPage(rows.map(toReceipt), request, (r) => [r.completedAt.toISOString(), r.id]);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Receipt>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, toReceipt(r)]));
  }

}

/** A receipt is of a whole file, so its bytes are one range from first to last. */
const toReceipt = ({ bytes, ...row }: Raw): Receipt => ({ ...row, bytes: BigInt(bytes), ranges: [{ from: 0n, to: BigInt(bytes) - 1n }] });
