import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

export const SUPERSESSION_KINDS = ['RENEWAL', 'REPLACEMENT'] as const;
/** RENEWAL: from the end of the older agreement on. REPLACEMENT: from the moment on at which the newer one begins, and the older one ends. */
export type SupersessionKind = (typeof SUPERSESSION_KINDS)[number];

export interface Supersession {
  /** The newer one. */
  readonly agreementId: string;
  readonly supersededId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly kind: SupersessionKind;
  readonly agreedAt: Date;
  /** From when the newer one holds; null: not yet, or never. */
  readonly effectiveAt: Date | null;
}

const SUPERSESSION = `agreement_id as "agreementId", superseded_id as "supersededId", vendor_id as "vendorId", buyer_id as "buyerId", kind, agreed_at as "agreedAt", effective_at as "effectiveAt"`;
const OF_NEWER = { name: 'contracts.supersessions', text: `select ${SUPERSESSION} from contracts.supersession where agreement_id = any($1::uuid[])` };
/** The newest: of several all but the last came to nothing. */
const OF_OLDER = { name: 'contracts.superseded', text: `select distinct on (superseded_id) ${SUPERSESSION} from contracts.supersession where superseded_id = any($1::uuid[]) order by superseded_id, agreement_id desc` };

@Injectable()
export class SupersessionRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, s: Supersession): Promise<void> {
    await tx.query('insert into contracts.supersession (agreement_id, superseded_id, vendor_id, buyer_id, kind, agreed_at) values ($1, $2, $3, $4, $5, $6)', [s.agreementId, s.supersededId, s.vendorId, s.buyerId, s.kind, s.agreedAt]);
  }
  async takeEffect(tx: Tx, agreementId: string, at: Date): Promise<void> {
    await tx.query('update contracts.supersession set effective_at = $2 where agreement_id = $1', [agreementId, at]);
  }
  async of(tx: Tx, agreementId: string): Promise<Supersession | null> {
    return ((await tx.query(`select ${SUPERSESSION} from contracts.supersession where agreement_id = $1`, [agreementId])) as Supersession[])[0] ?? null;
  }
  /** When another one took its place while it ran; null: none did. */
  async replacedAt(tx: Tx, supersededId: string): Promise<Date | null> {
    const rows = await tx.query(`select min(effective_at) as at from contracts.supersession where superseded_id = $1 and kind = 'REPLACEMENT'`, [supersededId]);
    return (rows as [{ at: Date | null }])[0].at;
  }
  /** What takes its place and has not come to nothing. */
  async successorOf(tx: Tx, supersededId: string): Promise<{ readonly agreementId: string; readonly licenceId: string; readonly state: string } | null> {
    const rows = await tx.query(
      `select s.agreement_id as "agreementId", l.id as "licenceId", l.state from contracts.supersession s join contracts.licence l on l.agreement_id = s.agreement_id
       where s.superseded_id = $1 and l.state in ('PENDING', 'ACTIVE', 'SUSPENDED') order by s.agreement_id desc limit 1`, [supersededId]);
    return (rows as { agreementId: string; licenceId: string; state: string }[])[0] ?? null;
  }
  /** What was had under the one is had under the other: its end asks for all of it. */
  async carryDelivered(tx: Tx, licenceId: string, firstDeliveredAt: Date): Promise<void> {
    await tx.query('update contracts.licence set first_delivered_at = least(first_delivered_at, $2) where id = $1', [licenceId, firstDeliveredAt]);
  }

  async ofNewer(ids: readonly string[]): Promise<Map<string, Supersession>> {
    return new Map(((await this.database.query(OF_NEWER, [ids])) as unknown as Supersession[]).map((s) => [s.agreementId, s]));
  }
  async ofOlder(ids: readonly string[]): Promise<Map<string, Supersession>> {
    return new Map(((await this.database.query(OF_OLDER, [ids])) as unknown as Supersession[]).map((s) => [s.supersededId, s]));
  }
}
