import { Injectable } from '@nestjs/common';
import { Database, gather, isId, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { IsNull, MoreThan } from 'typeorm';
import type { Act } from '../domain/permissions.js';
import { ApiKeyRow } from './identity.entities.js';
import type { Standing } from './member.repository.js';

/** A machine's credential. The secret itself is shown once and kept as a hash. */
export type ApiKey = Omit<Readonly<ApiKeyRow>, 'secretHash' | 'expiryAnnouncedAt'>;

export interface KeyStanding extends Omit<Standing, 'roles' | 'elevated'> {
  secret_hash: string; scopes: Act[]; allow_list: string[];
}
export interface KeyUse {
  readonly id: string;
  readonly at: Date;
  readonly address: string;
}

const KEY_STANDINGS = {
  name: 'identity.key-standings',
  text: `select w.n::int, k.id, k.organisation_id, k.secret_hash, k.scopes, k.allow_list, o.kind as organisation_kind, identity.standing(o.kind, o.state, o.verification_due_at, $2) as organisation_state
         from unnest($1::uuid[]) with ordinality as w (id, n) cross join lateral (select * from identity.api_key where id = w.id and revoked_at is null and expires_at > $2 limit 1) k
         join identity.organisation o on o.id = k.organisation_id`,
};
const KEYS = {
  name: 'identity.keys',
  text: `select id, organisation_id as "organisationId", created_by as "createdBy", name, scopes, expires_at as "expiresAt", revoked_at as "revokedAt", created_at as "createdAt",
           allow_list as "allowList", successor_id as "successorId", last_used_at as "lastUsedAt", last_used_address as "lastUsedAddress"
         from identity.api_key where organisation_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
};
/** A key that was rotated is meant to end: nobody is told. */
const EXPIRING = {
  name: 'identity.keys-expiring',
  text: `select id from identity.api_key where revoked_at is null and successor_id is null and expiry_announced_at is null and expires_at > $1 and expires_at <= $2 order by expires_at limit $3`,
};
const MAKER = { name: 'identity.key-maker', text: 'select created_by as maker from identity.api_key where id = $1' };

@Injectable()
export class KeyRepository {
  private readonly standings = gather<{ readonly id: string; readonly now: Date }, KeyStanding>(async (asked) => {
    const now = new Date(Math.max(...asked.map((a) => a.now.getTime())));
    const rows = await this.database.query<KeyStanding & { n: number }>(KEY_STANDINGS, [asked.map((a) => a.id), now]);
    return new Map(rows.map(({ n, ...standing }) => [n - 1, standing]));
  });

  constructor(private readonly database: Database) {}

  async standing(id: string, now: Date): Promise<KeyStanding | null> {
    return isId(id) ? this.standings({ id, now }) : null;
  }

  async insert(tx: Tx, key: ApiKey & { readonly secretHash: string }): Promise<void> {
    await tx.insert(ApiKeyRow, { ...key, scopes: [...key.scopes], allowList: [...key.allowList], expiryAnnouncedAt: null });
  }

  lock(tx: Tx, id: string): Promise<ApiKeyRow | null> {
    return tx.findOne(ApiKeyRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** Keys that this member made and that are good now; an organisation has few, and what is not named is not revoked either. */
  async lockMadeBy(tx: Tx, memberId: string, now: Date): Promise<ApiKey[]> {
    const rows = await tx.find(ApiKeyRow, { where: { createdBy: memberId, revokedAt: IsNull(), expiresAt: MoreThan(now) }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    return rows.map((row) => {
      const { secretHash: _, expiryAnnouncedAt: __, ...key } = row;
      return key;
    });
  }

  async update(tx: Tx, id: string, change: Partial<Pick<ApiKeyRow, 'revokedAt' | 'expiresAt' | 'successorId' | 'expiryAnnouncedAt'>>): Promise<void> {
    await tx.update(ApiKeyRow, { id }, change);
  }

  /** Who made this key: whose authority it signs with. */
  async makerOf(id: string): Promise<string | null> {
    return (await this.database.query<{ maker: string }>(MAKER, [id]))[0]?.maker ?? null;
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<ApiKey>> {
    const rows = (await this.database.query(KEYS, [organisationId, request.after?.[0] ?? null, request.first + 1])) as ApiKey[];
    return toPage(rows, request, (k) => [k.id]);
  }

  async expiring(from: Date, to: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(EXPIRING, [from, to, limit])).map((r) => r.id);
  }

  /** Writes down when each key was last used; in the order of their ids, so that two processes do not wait for each other. */
  async used(tx: Tx, uses: readonly KeyUse[]): Promise<void> {
    const sorted = [...uses].sort((a, b) => (a.id < b.id ? -1 : 1));
    await tx.query(
      `with used as (select * from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as u (id, at, address)),
         held as (select k.id from identity.api_key k join used on used.id = k.id order by k.id for no key update of k)
       update identity.api_key k set last_used_at = used.at, last_used_address = used.address from used join held on held.id = used.id
       where k.id = used.id and (k.last_used_at is null or k.last_used_at < used.at)`,
      [sorted.map((u) => u.id), sorted.map((u) => u.at), sorted.map((u) => u.address)],
    );
  }
}
