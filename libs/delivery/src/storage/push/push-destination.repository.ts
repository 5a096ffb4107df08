import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type SealedColumn, toPage, type Tx } from '#shared';
import type { DestinationState } from '../../domain/push/push.js';

export interface PushDestination {
  readonly id: string;
  readonly licenceId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly endpoint: string | null;
  readonly awsRegion: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly pathStyle: boolean;
  readonly accessKeyId: string;
  /** Who acts for the licensee: `member:` or `key:` with the id. */
  readonly registeredBy: string;
  readonly state: DestinationState;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly checkedAt: Date | null;
}

const COLUMNS = `id, licence_id as "licenceId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", endpoint, aws_region as "awsRegion", bucket, prefix, path_style as "pathStyle", access_key_id as "accessKeyId",
  registered_by as "registeredBy", state, problem, created_at as "createdAt", checked_at as "checkedAt"`;
const PAGE = { name: 'delivery.push-destinations', text: `select ${COLUMNS} from delivery.push_destination where licence_id = $1 and state <> 'REMOVED' and ($2::uuid is null or id < $2) order by id desc limit $3` };
const SECRETS = { name: 'delivery.push-secrets', text: 'select id as key, secret as sealed from delivery.push_destination where secret is not null and ($1::uuid is null or id > $1) order by id limit $2' };

@Injectable()
export class PushDestinationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: PushDestination, secret: string): Promise<void> {
    await tx.query(
      `insert into delivery.push_destination (id, licence_id, product_id, vendor_id, buyer_id, endpoint, aws_region, bucket, prefix, path_style, access_key_id, secret, registered_by, state, created_at, held_until)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`,
      [d.id, d.licenceId, d.productId, d.vendorId, d.buyerId, d.endpoint, d.awsRegion, d.bucket, d.prefix, d.pathStyle, d.accessKeyId, secret, d.registeredBy, d.state, d.createdAt],
    );
  }

  /** Those of a licence that are not removed, held until the transaction ends. */
  async lockOfLicence(tx: Tx, licenceId: string): Promise<PushDestination[]> {
    return (await tx.query(`select ${COLUMNS} from delivery.push_destination where licence_id = $1 and state <> 'REMOVED' for no key update`, [licenceId])) as PushDestination[];
  }
  async lock(tx: Tx, id: string): Promise<PushDestination | null> {
    return ((await tx.query(`select ${COLUMNS} from delivery.push_destination where id = $1 for no key update`, [id])) as PushDestination[])[0] ?? null;
  }
  /** With the sealed secret: for whoever calls the bucket. */
  async open(tx: Tx, id: string): Promise<(PushDestination & { readonly secret: string | null }) | null> {
    return ((await tx.query(`select ${COLUMNS}, secret from delivery.push_destination where id = $1`, [id])) as (PushDestination & { secret: string | null })[])[0] ?? null;
  }

  async move(tx: Tx, id: string, state: DestinationState, problem: string | null, at: Date): Promise<void> {
    await tx.query(
      `update delivery.push_destination set state = $2, problem = $3, held_until = case when $2 = 'PENDING' then $4::timestamptz else held_until end, checked_at = case when $2 in ('ACTIVE', 'FAILED') then $4::timestamptz else checked_at end,
         secret = case when $2 = 'REMOVED' then null else secret end where id = $1`, [id, state, problem, at]);
  }
  /** Other credentials, and who goes on with them. */
  async rekey(tx: Tx, id: string, accessKeyId: string, secret: string, registeredBy: string): Promise<void> {
    await tx.query('update delivery.push_destination set access_key_id = $2, secret = $3, registered_by = $4 where id = $1', [id, accessKeyId, secret, registeredBy]);
  }
  async register(tx: Tx, id: string, registeredBy: string): Promise<void> {
    await tx.query('update delivery.push_destination set registered_by = $2 where id = $1', [id, registeredBy]);
  }

  /** Takes one that is to be checked and that nobody holds. */
  async takePending(tx: Tx, now: Date, heldUntil: Date): Promise<string | null> {
    const [[row]] = (await tx.query(
      `update delivery.push_destination set held_until = $2 where id in (select id from delivery.push_destination where state = 'PENDING' and held_until <= $1 order by held_until limit 1 for update skip locked) returning id`, [now, heldUntil],
    )) as [{ id: string }[], number];
    return row?.id ?? null;
  }

  /** Where the revisions of a product go. */
  async ofProduct(tx: Tx, productId: string): Promise<PushDestination[]> {
    return (await tx.query(`select ${COLUMNS} from delivery.push_destination where product_id = $1 and state <> 'REMOVED' order by id`, [productId])) as PushDestination[];
  }

  async page(licenceId: string, request: PageRequest): Promise<Page<PushDestination>> {
    return toPage((await this.database.query(PAGE, [licenceId, request.after?.[0] ?? null, request.first + 1])) as unknown as PushDestination[], request, (d) => [d.id]);
  }

  sealedColumn(purpose: string): SealedColumn {
    return {
      name: 'delivery.push_destination.secret', purpose, after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SECRETS, [key, limit]),
      replace: async (tx, key, old, sealed) => void (await tx.query('update delivery.push_destination set secret = $3 where id = $1 and secret = $2', [key, old, sealed])),
    };
  }
}
