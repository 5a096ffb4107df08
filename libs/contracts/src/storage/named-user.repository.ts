import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { UserKind } from '../domain/users/named-users.js';

/** A member or a key of a buyer that is, or was, named for a licence. */
export interface NamedUser {
  readonly id: string;
  readonly licenceId: string;
  readonly buyerId: string;
  readonly kind: UserKind;
  readonly userId: string;
  readonly namedAt: Date;
  readonly releasedAt: Date | null;
}

const USER = `id, licence_id as "licenceId", buyer_id as "buyerId", kind, user_id as "userId", named_at as "namedAt", released_at as "releasedAt"`;
const PAGE = {
  name: 'contracts.named-users',
  text: `select ${USER} from contracts.named_user where licence_id = $1 and ($2::uuid is null or id < $2) and ($4::boolean is null or (released_at is null) = $4) order by id desc limit $3`,
};

@Injectable()
export class NamedUserRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, u: NamedUser): Promise<void> {
    await tx.query('insert into contracts.named_user (id, licence_id, buyer_id, kind, user_id, named_at) values ($1, $2, $3, $4, $5, $6)', [u.id, u.licenceId, u.buyerId, u.kind, u.userId, u.namedAt]);
  }
  async release(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query('update contracts.named_user set released_at = $2 where id = $1', [id, at]);
  }
  /** Those who are named now. */
  async now(tx: Tx, licenceId: string): Promise<NamedUser[]> {
    return (await tx.query(`select ${USER} from contracts.named_user where licence_id = $1 and released_at is null order by id`, [licenceId])) as NamedUser[];
  }

  /** `current`: only those who are named now, or only those who were; null: all. */
  async page(licenceId: string, current: boolean | null, request: PageRequest): Promise<Page<NamedUser>> {
    return toPage((await this.database.query(PAGE, [licenceId, request.after?.[0] ?? null, request.first + 1, current])) as unknown as NamedUser[], request, (u) => [u.id]);
  }
}
