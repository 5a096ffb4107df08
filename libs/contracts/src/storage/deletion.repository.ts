import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Side } from '../domain/agreements/termination.js';
import type { DeletionState, DeletionStep } from '../domain/deletions/deletion.js';

/** What a licensee has to delete after his licence. */
export interface Deletion {
  readonly id: string;
  readonly licenceId: string;
  readonly agreementId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** Of the terms. */
  readonly clause: string;
  readonly state: DeletionState;
  readonly requestedAt: Date;
  readonly dueAt: Date;
  readonly nextAt: Date | null;
  readonly closedAt: Date | null;
}
/** One line of its history. */
export interface DeletionHistory {
  readonly id: string;
  readonly deletionId: string;
  readonly event: DeletionStep;
  readonly state: DeletionState;
  readonly side: Side;
  readonly text: string | null;
  readonly certificateId: string | null;
  readonly at: Date;
}
export interface DeletionFilter {
  readonly state: DeletionState | null;
  readonly licenceId: string | null;
  /** Only where the reader is this side. */
  readonly side: 'VENDOR' | 'BUYER' | null;
}

const DELETION = `id, licence_id as "licenceId", agreement_id as "agreementId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", clause, state, requested_at as "requestedAt", due_at as "dueAt", next_at as "nextAt", closed_at as "closedAt"`;
const BY_ID = { name: 'contracts.deletion', text: `select ${DELETION} from contracts.deletion where id = $1` };
const PAGE = {
  name: 'contracts.deletions',
  text: `select ${DELETION} from contracts.deletion
         where ($1::uuid is null or (vendor_id = $1 and $6::text is distinct from 'BUYER') or (buyer_id = $1 and $6::text is distinct from 'VENDOR')) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) and ($5::uuid is null or licence_id = $5)
         order by id desc limit $3`,
};
const HISTORY = {
  name: 'contracts.deletion-history',
  text: `select e.* from unnest($1::uuid[]) as d (id) cross join lateral (
           select id, deletion_id as "deletionId", event, state, side, text, certificate_id as "certificateId", at from contracts.deletion_event where deletion_id = d.id order by id desc limit $2) e`,
};

@Injectable()
export class DeletionRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: Deletion): Promise<void> {
    await tx.query(
      'insert into contracts.deletion (id, licence_id, agreement_id, product_id, vendor_id, buyer_id, clause, state, requested_at, due_at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [d.id, d.licenceId, d.agreementId, d.productId, d.vendorId, d.buyerId, d.clause, d.state, d.requestedAt, d.dueAt, d.nextAt],
    );
  }
  async note(tx: Tx, { vendorId, buyerId }: Deletion, h: DeletionHistory): Promise<void> {
    await tx.query(
      'insert into contracts.deletion_event (id, deletion_id, vendor_id, buyer_id, event, state, side, text, certificate_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [h.id, h.deletionId, vendorId, buyerId, h.event, h.state, h.side, h.text, h.certificateId, h.at],
    );
  }
  async lock(tx: Tx, id: string): Promise<Deletion | null> {
    return ((await tx.query(`select ${DELETION} from contracts.deletion where id = $1 for no key update`, [id])) as Deletion[])[0] ?? null;
  }
  async move(tx: Tx, { id, state, dueAt, nextAt, closedAt }: Deletion): Promise<void> {
    await tx.query('update contracts.deletion set state = $2, due_at = $3, next_at = $4, closed_at = $5 where id = $1', [id, state, dueAt, nextAt, closedAt]);
  }
  /** Those whose next day has come, held; what another process holds is left out. */
  async due(tx: Tx, now: Date, limit: number): Promise<Deletion[]> {
    return (await tx.query(`select ${DELETION} from contracts.deletion where next_at <= $1 order by next_at limit $2 for no key update skip locked`, [now, limit])) as Deletion[];
  }
  /** The deletion of a licence that is still waited for, held. */
  async openOf(tx: Tx, licenceId: string): Promise<Deletion | null> {
    return ((await tx.query(`select ${DELETION} from contracts.deletion where licence_id = $1 and state in ('REQUESTED', 'OVERDUE') for no key update`, [licenceId])) as Deletion[])[0] ?? null;
  }
  /** The oldest deletion that this buyer owes this vendor and is late with. */
  async overdueBetween(tx: Tx, vendorId: string, buyerId: string): Promise<Pick<Deletion, 'id' | 'licenceId' | 'dueAt'> | null> {
    const rows = await tx.query(`select id, licence_id as "licenceId", due_at as "dueAt" from contracts.deletion where buyer_id = $1 and vendor_id = $2 and state = 'OVERDUE' order by due_at limit 1`, [buyerId, vendorId]);
    return (rows as Pick<Deletion, 'id' | 'licenceId' | 'dueAt'>[])[0] ?? null;
  }

  async byId(id: string): Promise<Deletion | null> {
    return ((await this.database.query(BY_ID, [id])) as unknown as Deletion[])[0] ?? null;
  }
  /** `organisationId` null: everybody's. */
  async page(organisationId: string | null, { state, licenceId, side }: DeletionFilter, request: PageRequest): Promise<Page<Deletion>> {
    return toPage((await this.database.query(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, state, licenceId, side])) as unknown as Deletion[], request, (d) => [d.id]);
  }
  /** The newest lines of each, newest first. */
  async history(ids: readonly string[], limit: number): Promise<Map<string, DeletionHistory[]>> {
    return Map.groupBy((await this.database.query(HISTORY, [ids, limit])) as unknown as DeletionHistory[], (h) => h.deletionId);
  }
}
