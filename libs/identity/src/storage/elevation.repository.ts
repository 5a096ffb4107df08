import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { ElevationRow } from './membership.entities.js';

export type Elevation = Readonly<ElevationRow>;

const COLUMNS = `id, organisation_id as "organisationId", member_id as "memberId", role, reason, valid_until as "validUntil", state, reviewed_by as "reviewedBy", reviewed_at as "reviewedAt",
  justified, finding, created_at as "createdAt"`;
const PAGE = {
  name: 'identity.elevations',
  text: `select ${COLUMNS} from identity.elevation where organisation_id = $1 and (not $2::boolean or state = 'OPEN') and ($3::uuid is null or id < $3) order by id desc limit $4`,
};
const OPEN_OF_MEMBER = { name: 'identity.elevations-of-member', text: `select ${COLUMNS} from identity.elevation where member_id = $1 and state = 'OPEN' order by valid_until desc limit 100` };

@Injectable()
export class ElevationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, elevation: Elevation): Promise<void> {
    await tx.insert(ElevationRow, elevation);
  }
  lock(tx: Tx, id: string): Promise<Elevation | null> {
    return tx.findOne(ElevationRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  async review(tx: Tx, { id, state, reviewedBy, reviewedAt, justified, finding }: Elevation): Promise<void> {
    await tx.update(ElevationRow, { id }, { state, reviewedBy, reviewedAt, justified, finding });
  }
  /** What nobody has looked at yet of this member, read in the transaction that holds him. */
  openOf(tx: Tx, memberId: string): Promise<Elevation[]> {
    return tx.find(ElevationRow, { where: { memberId, state: 'OPEN' }, order: { id: 'ASC' }, take: 100 });
  }

  async unreviewed(memberId: string): Promise<Elevation[]> {
    return (await this.database.query<Elevation & Record<string, unknown>>(OPEN_OF_MEMBER, [memberId])) as Elevation[];
  }
  async page(organisationId: string, onlyOpen: boolean, request: PageRequest): Promise<Page<Elevation>> {
    const rows = await this.database.query<Elevation & Record<string, unknown>>(PAGE, [organisationId, onlyOpen, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows as Elevation[], request, (e) => [e.id]);
  }
}
