import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';

/** What a licensee passed on, and under which clause. */
export interface Reshare {
  readonly id: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly action: 'distribute' | 'grantUse';
  readonly recipientId: string;
  readonly places: readonly string[];
  readonly purpose: string;
  readonly clause: string;
  readonly duties: readonly string[];
  /** What the law said, in the sequence of the places; none where it was passed on before this was kept. */
  readonly decisionIds: readonly string[];
  readonly declaredAt: Date;
}

const PAGE = {
  name: 'contracts.reshares',
  text: `select id, licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", action, recipient_id as "recipientId", places, purpose, clause, duties, decision_ids as "decisionIds", declared_at as "declaredAt"
         from contracts.reshare where licence_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
};

@Injectable()
export class ReshareRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, r: Reshare): Promise<void> {
    await tx.query(
      'insert into contracts.reshare (id, licence_id, vendor_id, buyer_id, action, recipient_id, places, purpose, clause, duties, declared_at, decision_ids) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      [r.id, r.licenceId, r.vendorId, r.buyerId, r.action, r.recipientId, r.places, r.purpose, r.clause, r.duties, r.declaredAt, r.decisionIds],
    );
  }
  /** Who was given data under a licence, or its use. */
  async recipientsOf(tx: Tx, licenceId: string): Promise<string[]> {
    return ((await tx.query('select distinct recipient_id as id from contracts.reshare where licence_id = $1 order by recipient_id', [licenceId])) as { id: string }[]).map((r) => r.id);
  }
  async page(licenceId: string, request: PageRequest): Promise<Page<Reshare>> {
    return toPage((await this.database.query(PAGE, [licenceId, request.after?.[0] ?? null, request.first + 1])) as unknown as Reshare[], request, (r) => [r.id]);
  }
}
