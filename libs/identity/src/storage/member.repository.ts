import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { IsNull, MoreThan } from 'typeorm';
import type { OrganisationKind, OrganisationState } from '../domain/actor.js';
import type { Act, Role } from '../domain/permissions.js';
import { ApiKeyRow, MemberRow } from './identity.entities.js';

export type Member = Readonly<MemberRow>;
/** A machine's credential. The secret itself is shown once and kept as a hash. */
export type ApiKey = Omit<Readonly<ApiKeyRow>, 'secretHash'>;

export interface Standing {
  id: string; organisation_id: string; organisation_kind: OrganisationKind; organisation_state: OrganisationState; roles: Role[];
  /** Taken behind broken glass and still in force. */
  elevated: Role[] | null;
}
export interface KeyStanding extends Omit<Standing, 'roles' | 'elevated'> {
  secret_hash: string; scopes: Act[];
}

/** One statement per request: who this is and how his organisation stands at this moment. */
const STANDING = {
  name: 'identity.standing',
  text: `select m.id, m.organisation_id, m.roles, o.kind as organisation_kind, o.state as organisation_state,
           case when o.kind = 'EXCHANGE' then (select array_agg(e.role) from identity.elevation e where e.member_id = m.id and e.state = 'OPEN' and e.valid_until > $3) end as elevated
         from identity.member m join identity.organisation o on o.id = m.organisation_id where m.issuer = $1 and m.subject = $2 and m.state = 'ACTIVE'`,
};
const KEY_STANDING = {
  name: 'identity.key-standing',
  text: `select k.id, k.organisation_id, k.secret_hash, k.scopes, o.kind as organisation_kind, o.state as organisation_state
         from identity.api_key k join identity.organisation o on o.id = k.organisation_id where k.id = $1 and k.revoked_at is null and k.expires_at > $2`,
};
const MEMBERS = { name: 'identity.members', text: `select id, organisation_id as "organisationId", issuer, subject, display_name as "displayName", roles, state, created_at as "createdAt" from identity.member where organisation_id = $1 and ($2::uuid is null or id > $2) order by id limit $3` };
const KEYS = { name: 'identity.keys', text: `select id, organisation_id as "organisationId", created_by as "createdBy", name, scopes, expires_at as "expiresAt", revoked_at as "revokedAt", created_at as "createdAt" from identity.api_key where organisation_id = $1 and ($2::uuid is null or id > $2) order by id limit $3` };

@Injectable()
export class MemberRepository {
  constructor(private readonly database: Database) {}

  async standing(issuer: string, subject: string, now: Date): Promise<Standing | null> {
    const [row] = await this.database.query<Standing & Record<string, unknown>>(STANDING, [issuer, subject, now]);
    return row ?? null;
  }

  async keyStanding(id: string, now: Date): Promise<KeyStanding | null> {
    const [row] = await this.database.query<KeyStanding & Record<string, unknown>>(KEY_STANDING, [id, now]);
    return row ?? null;
  }

  /** Adds a member; false when this identity is an active member somewhere already. */
  async insert(tx: Tx, member: Member): Promise<boolean> {
    const rows = (await tx.query(
      `insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (issuer, subject) where state = 'ACTIVE' do nothing returning id`,
      [member.id, member.organisationId, member.issuer, member.subject, member.displayName, member.roles, member.state, member.createdAt],
    )) as unknown[];
    return rows.length === 1;
  }

  lockActive(tx: Tx, organisationId: string): Promise<Member[]> {
    return tx.find(MemberRow, { where: { organisationId, state: 'ACTIVE' }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
  }

  async leave(tx: Tx, id: string): Promise<void> {
    await tx.update(MemberRow, { id }, { state: 'LEFT' });
  }

  async setRoles(tx: Tx, id: string, roles: Role[]): Promise<void> {
    await tx.update(MemberRow, { id }, { roles });
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<Member>> {
    const rows = await this.database.query<Member & Record<string, unknown>>(MEMBERS, [organisationId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows as Member[], request, (m) => [m.id]);
  }

  async insertKey(tx: Tx, key: ApiKeyRow): Promise<void> {
    await tx.insert(ApiKeyRow, key);
  }

  lockKey(tx: Tx, id: string): Promise<ApiKeyRow | null> {
    return tx.findOne(ApiKeyRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** Keys that this member made and that are good now; an organisation has few, and what is not named is not revoked either. */
  async lockKeysMadeBy(tx: Tx, memberId: string, now: Date): Promise<ApiKey[]> {
    const rows = await tx.find(ApiKeyRow, { where: { createdBy: memberId, revokedAt: IsNull(), expiresAt: MoreThan(now) }, order: { id: 'ASC' }, lock: { mode: 'for_no_key_update' } });
    return rows.map((row) => {
      const { secretHash: _, ...key } = row;
      return key;
    });
  }

  async revokeKey(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.update(ApiKeyRow, { id }, { revokedAt: at });
  }

  async keys(organisationId: string, request: PageRequest): Promise<Page<ApiKey>> {
    const rows = await this.database.query<ApiKey & Record<string, unknown>>(KEYS, [organisationId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows as ApiKey[], request, (k) => [k.id]);
  }
}
