import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CheckState } from '../domain/detection/check-states.js';
import type { ExplainedDeviation } from '../domain/detection/declared.js';

export interface ClassificationCheck {
  readonly id: string;
  readonly datasetId: string;
  readonly productId: string;
  readonly vendorId: string;
  /** Of tags, reasons, report and deviations: another word is another check. */
  readonly declaredHash: string;
  readonly deviations: readonly ExplainedDeviation[];
  readonly state: CheckState;
  readonly reviewedBy: string | null;
  readonly reason: string | null;
  readonly reviewedAt: Date | null;
  readonly createdAt: Date;
}

const COLUMNS = `id, dataset_id as "datasetId", product_id as "productId", vendor_id as "vendorId", declared_hash as "declaredHash", deviations, state, reviewed_by as "reviewedBy", reason, reviewed_at as "reviewedAt", created_at as "createdAt"`;
const BY_ID = `select ${COLUMNS} from compliance.classification_check where id = $1 for no key update`;
const NEWEST = `select ${COLUMNS} from compliance.classification_check where dataset_id = $1 order by id desc limit 1 for no key update`;
const PAGE = { name: 'compliance.classification-checks', text: `select ${COLUMNS} from compliance.classification_check where ($1::text is null or state = $1) and ($2::uuid is null or dataset_id = $2) and ($3::uuid is null or vendor_id = $3) and ($4::uuid is null or id > $4) order by id limit $5` };

@Injectable()
export class ClassificationCheckRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, c: ClassificationCheck): Promise<void> {
    await tx.query(
      `insert into compliance.classification_check (id, dataset_id, product_id, vendor_id, declared_hash, deviations, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [c.id, c.datasetId, c.productId, c.vendorId, c.declaredHash, JSON.stringify(c.deviations), c.state, c.createdAt],
    );
  }

  /** Reads a check and holds it. */
  async lock(tx: Tx, id: string): Promise<ClassificationCheck | null> {
    return ((await tx.query(BY_ID, [id])) as ClassificationCheck[])[0] ?? null;
  }

  /** The newest of a dataset, held. */
  async newest(tx: Tx, datasetId: string): Promise<ClassificationCheck | null> {
    return ((await tx.query(NEWEST, [datasetId])) as ClassificationCheck[])[0] ?? null;
  }

  async decide(tx: Tx, { id, state, reviewedBy, reason, reviewedAt }: Pick<ClassificationCheck, 'id' | 'state' | 'reviewedBy' | 'reason' | 'reviewedAt'>): Promise<void> {
    await tx.query('update compliance.classification_check set state = $2, reviewed_by = $3, reason = $4, reviewed_at = $5 where id = $1', [id, state, reviewedBy, reason, reviewedAt]);
  }

  /** Oldest first. */
  async page(filter: { readonly state: CheckState | null; readonly datasetId: string | null; readonly vendorId: string | null }, request: PageRequest): Promise<Page<ClassificationCheck>> {
    const rows = await this.database.query<ClassificationCheck & Record<string, unknown>>(PAGE, [filter.state, filter.datasetId, filter.vendorId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (c) => [c.id]);
  }
}
