import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Tx } from '#shared';
import type { AccessPoint } from '../domain/channels/channel.js';

const COLUMNS = `id, organisation_id as "organisationId", kind, value, country, label, subject, valid_until as "validUntil", added_by as "addedBy", added_at as "addedAt"`;
const ACTIVE = { name: 'delivery.access-points', text: `select ${COLUMNS} from delivery.access_point where organisation_id = $1 and removed_at is null order by id` };

@Injectable()
export class AccessPointRepository {
  constructor(private readonly database: Database) {}

  /** Those that count, the oldest first; an organisation has few. */
  of(organisationId: string): Promise<AccessPoint[]> {
    return this.database.query<AccessPoint & Record<string, unknown>>(ACTIVE, [organisationId]);
  }

  /** The same within an act; whoever adds or removes at once waits. */
  async lock(tx: Tx, organisationId: string): Promise<AccessPoint[]> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.accessPoints, organisationId]);
    return (await tx.query(ACTIVE.text, [organisationId])) as AccessPoint[];
  }

  async insert(tx: Tx, p: AccessPoint): Promise<void> {
    await tx.query('insert into delivery.access_point (id, organisation_id, kind, value, country, label, subject, valid_until, added_by, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [p.id, p.organisationId, p.kind, p.value, p.country, p.label, p.subject, p.validUntil, p.addedBy, p.addedAt]);
  }

  async remove(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.query('update delivery.access_point set removed_at = $2 where id = $1', [id, now]);
  }
}
