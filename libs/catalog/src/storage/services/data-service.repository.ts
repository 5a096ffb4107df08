import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { DataService } from '../../domain/services/data-service.js';

const COLUMNS = `id, product_id as "productId", vendor_id as "vendorId", endpoint_url as "endpointUrl", endpoint_description as "endpointDescription", operations, test_path as "testPath", rate_calls as "rateCalls", rate_seconds as "rateSeconds",
  at_once as "atOnce", first_byte_ms as "firstByteMs", total_ms as "totalMs", request_bytes as "requestBytes", answer_bytes as "answerBytes", described_at as "describedAt"`;
const OF_PRODUCT = { name: 'catalog.data-service', text: `select ${COLUMNS} from catalog.data_service where product_id = $1` };

@Injectable()
export class DataServiceRepository {
  constructor(private readonly database: Database) {}

  /** In the place of what was described before. */
  async put(tx: Tx, s: DataService): Promise<void> {
    await tx.query(
      `insert into catalog.data_service (id, product_id, vendor_id, endpoint_url, endpoint_description, operations, test_path, rate_calls, rate_seconds, at_once, first_byte_ms, total_ms, request_bytes, answer_bytes, described_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (product_id) do update set endpoint_url = excluded.endpoint_url, endpoint_description = excluded.endpoint_description, operations = excluded.operations, test_path = excluded.test_path, rate_calls = excluded.rate_calls,
         rate_seconds = excluded.rate_seconds, at_once = excluded.at_once, first_byte_ms = excluded.first_byte_ms, total_ms = excluded.total_ms, request_bytes = excluded.request_bytes, answer_bytes = excluded.answer_bytes, described_at = excluded.described_at`,
      [s.id, s.productId, s.vendorId, s.endpointUrl, s.endpointDescription, JSON.stringify(s.operations), s.testPath, s.rateCalls, s.rateSeconds, s.atOnce, s.firstByteMs, s.totalMs, s.requestBytes, s.answerBytes, s.describedAt],
    );
  }
  async remove(tx: Tx, productId: string): Promise<void> {
    await tx.query('delete from catalog.data_service where product_id = $1', [productId]);
  }
  async inside(tx: Tx, productId: string): Promise<DataService | null> {
    return ((await tx.query(`select ${COLUMNS} from catalog.data_service where product_id = $1`, [productId])) as DataService[])[0] ?? null;
  }
  async ofProduct(productId: string): Promise<DataService | null> {
    return (await this.database.query<DataService & Record<string, unknown>>(OF_PRODUCT, [productId]))[0] ?? null;
  }
}
