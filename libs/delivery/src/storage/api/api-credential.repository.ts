import { Injectable } from '@nestjs/common';
import { Database, type SealedColumn, type Tx } from '#shared';
import type { Placement } from '../../domain/api/api-call.js';

export const API_CREDENTIAL_PURPOSE = 'api-credential';

export interface SealedCredential {
  readonly productId: string;
  readonly vendorId: string;
  readonly placement: Placement;
  readonly name: string | null;
  readonly sealed: string;
  readonly setAt: Date;
}
const COLUMNS = 'product_id as "productId", vendor_id as "vendorId", placement, name, sealed, set_at as "setAt"';
const OF_PRODUCT = { name: 'delivery.api-credential', text: `select ${COLUMNS} from delivery.api_credential where product_id = $1` };
const SEALED = { name: 'delivery.api-credentials-sealed', text: 'select product_id as key, sealed from delivery.api_credential where $1::uuid is null or product_id > $1 order by product_id limit $2' };

@Injectable()
export class ApiCredentialRepository {
  constructor(private readonly database: Database) {}

  async put(tx: Tx, c: SealedCredential): Promise<void> {
    await tx.query(
      `insert into delivery.api_credential (product_id, vendor_id, placement, name, sealed, set_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (product_id) do update set placement = excluded.placement, name = excluded.name, sealed = excluded.sealed, set_at = excluded.set_at`,
      [c.productId, c.vendorId, c.placement, c.name, c.sealed, c.setAt],
    );
  }
  async ofProduct(productId: string): Promise<SealedCredential | null> {
    return (await this.database.query<SealedCredential & Record<string, unknown>>(OF_PRODUCT, [productId]))[0] ?? null;
  }

  sealedColumn(): SealedColumn {
    return {
      name: 'delivery.api_credential.sealed', purpose: API_CREDENTIAL_PURPOSE,
      after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SEALED, [key, limit]),
      replace: async (tx, key, old, sealed) => void (await tx.query('update delivery.api_credential set sealed = $3 where product_id = $1 and sealed = $2', [key, old, sealed])),
    };
  }
}
