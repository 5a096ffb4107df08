import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { IsNull } from 'typeorm';
import { EndUseRow } from './register.entities.js';

/** A buyer's declaration. */
export type EndUse = Readonly<EndUseRow>;

const COLUMNS = `id, organisation_id as "organisationId", object_id as "objectId", facts, facts_hash as "factsHash", normal_users as "normalUsers", declared_by as "declaredBy", declared_at as "declaredAt", valid_until as "validUntil",
  superseded_by as "supersededBy", ended_at as "endedAt"`;
const IN_FORCE = { name: 'compliance.end-uses', text: `select ${COLUMNS} from compliance.end_use_declaration where object_id = any($1::uuid[]) and superseded_by is null` };
const HISTORY = {
  name: 'compliance.end-use-history',
  text: `select ${COLUMNS} from compliance.end_use_declaration where object_id = $1 and ($2::uuid is null or organisation_id = $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
};
const RUN_OUT = {
  name: 'compliance.end-uses-run-out',
  text: `select d.object_id as id from compliance.end_use_declaration d where d.superseded_by is null and d.ended_at is null and d.valid_until <= $1
           and not exists (select 1 from compliance.finding f where f.cause = 'stale-declaration:' || d.id) order by d.valid_until limit $2`,
};
const NAMING = `select ${COLUMNS} from compliance.end_use_declaration where superseded_by is null and ended_at is null 
  and (normal_users && $1::text[] or facts->'endUsers' @> jsonb_build_array(jsonb_build_object('organisationId', $2::text))) order by id`;
const DECLARERS = { name: 'compliance.end-use-declarers', text: `select distinct organisation_id as id from compliance.end_use_declaration where superseded_by is null and ended_at is null and ($1::uuid is null or organisation_id > $1) order by 1 limit $2` };

@Injectable()
export class EndUseRepository {
  constructor(private readonly database: Database) {}

  /** False when there is one in force for its object. */
  async insert(tx: Tx, declaration: EndUse): Promise<boolean> {
    const { raw } = (await tx.createQueryBuilder().insert().into(EndUseRow).values(declaration as never).orIgnore().returning('id').execute()) as { raw: unknown[] };
    return raw.length === 1;
  }
  lock(tx: Tx, objectId: string): Promise<EndUse | null> {
    return tx.findOne(EndUseRow, { where: { objectId, supersededBy: IsNull() }, lock: { mode: 'for_no_key_update' } });
  }
  inForce(tx: Tx, objectId: string): Promise<EndUse | null> {
    return tx.findOne(EndUseRow, { where: { objectId, supersededBy: IsNull() } });
  }
  async supersede(tx: Tx, id: string, by: string): Promise<void> {
    await tx.update(EndUseRow, { id }, { supersededBy: by });
  }
  async end(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.update(EndUseRow, { id }, { endedAt: at });
  }

  async byObjects(objectIds: readonly string[]): Promise<Map<string, EndUse>> {
    const rows = await this.database.query<EndUse & Record<string, unknown>>(IN_FORCE, [objectIds]);
    return new Map(rows.map((r) => [r.objectId, r]));
  }
  async history(objectId: string, organisationId: string | null, request: PageRequest): Promise<Page<EndUse>> {
    const rows = await this.database.query<EndUse & Record<string, unknown>>(HISTORY, [objectId, organisationId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (d) => [d.id]);
  }
  /** Declarations that still matter and name an end user so, or this member as one. */
  naming(tx: Tx, normalNames: readonly string[], organisationId: string | null): Promise<EndUse[]> {
    return tx.query(NAMING, [normalNames, organisationId ?? 'none']) as Promise<EndUse[]>;
  }
  /** Objects whose declaration has run out and was not found yet. */
  async runOut(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(RUN_OUT, [now, limit])).map((r) => r.id);
  }
  /** Organisations with a declaration that still matters, in the order of their ids. */
  async declarers(after: string | null, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(DECLARERS, [after, limit])).map((r) => r.id);
  }
}
