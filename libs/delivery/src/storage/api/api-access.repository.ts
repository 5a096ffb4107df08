import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** What the calls of a licence stand on. */
export interface ApiAccess {
  readonly licenceId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly decisionId: string;
  /** What the law was last asked about. */
  readonly decidedBasis: string;
  /** The decision that refused it on this basis. */
  readonly refusalDecisionId: string | null;
  readonly openedAt: Date;
  readonly startedAt: Date | null;
}
const COLUMNS = `licence_id as "licenceId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", decision_id as "decisionId", decided_basis as "decidedBasis", refusal_decision_id as "refusalDecisionId",
  opened_at as "openedAt", started_at as "startedAt"`;
const OF_LICENCE = { name: 'delivery.api-access', text: `select ${COLUMNS} from delivery.api_access where licence_id = $1` };

@Injectable()
export class ApiAccessRepository {
  constructor(private readonly database: Database) {}

  async ofLicence(licenceId: string): Promise<ApiAccess | null> {
    return (await this.database.query<ApiAccess & Record<string, unknown>>(OF_LICENCE, [licenceId]))[0] ?? null;
  }
  async lock(tx: Tx, licenceId: string): Promise<ApiAccess | null> {
    return ((await tx.query(`select ${COLUMNS} from delivery.api_access where licence_id = $1 for no key update`, [licenceId])) as ApiAccess[])[0] ?? null;
  }
  async insert(tx: Tx, a: ApiAccess): Promise<void> {
    await tx.query('insert into delivery.api_access (licence_id, product_id, vendor_id, buyer_id, decision_id, decided_basis, opened_at) values ($1, $2, $3, $4, $5, $6, $7)', [a.licenceId, a.productId, a.vendorId, a.buyerId, a.decisionId, a.decidedBasis, a.openedAt]);
  }
  async decided(tx: Tx, licenceId: string, basis: string, refusalDecisionId: string | null): Promise<void> {
    await tx.query('update delivery.api_access set decided_basis = $2, refusal_decision_id = $3 where licence_id = $1', [licenceId, basis, refusalDecisionId]);
  }
  async started(tx: Tx, licenceId: string, at: Date): Promise<void> {
    await tx.query('update delivery.api_access set started_at = $2 where licence_id = $1', [licenceId, at]);
  }
}
