import { Injectable } from '@nestjs/common';
import { Database, gather, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { OrganisationKind, OrganisationState } from '../domain/actor.js';
import type { Role } from '../domain/permissions.js';
import { MemberRow } from './identity.entities.js';

export type Member = Readonly<MemberRow>;

export interface Standing {
  id: string; organisation_id: string; organisation_kind: OrganisationKind; organisation_state: OrganisationState; roles: Role[];
  /** Taken behind broken glass and still in force. */
  elevated: Role[] | null;
}

interface Identified {
  readonly issuer: string;
  readonly subject: string;
  readonly now: Date;
}

/** Who they are that make requests now, and how their organisations stand at this moment. */
const STANDINGS = {
  name: 'identity.standings',
  text: `select w.n::int, m.id, m.organisation_id, m.roles, o.kind as organisation_kind, identity.standing(o.kind, o.state, o.verification_due_at, $3) as organisation_state,
           case when o.kind = 'EXCHANGE' then (select array_agg(e.role) from identity.elevation e where e.member_id = m.id and e.state = 'OPEN' and e.valid_until > $3) end as elevated
         from unnest($1::text[], $2::text[]) with ordinality as w (issuer, subject, n)
         cross join lateral (select * from identity.member where issuer = w.issuer and subject = w.subject and state = 'ACTIVE' limit 1) m join identity.organisation o on o.id = m.organisation_id`,
};
const COLUMNS = `id, organisation_id as "organisationId", issuer, subject, display_name as "displayName", roles, state, created_at as "createdAt"`;
const ACTIVE = { name: 'identity.active-member', text: `select ${COLUMNS} from identity.member where id = $1 and state = 'ACTIVE'` };
const BELONGED = { name: 'identity.ever-belonged', text: 'select 1 from identity.member where issuer = $1 and subject = $2 and organisation_id = $3 limit 1' };
const MEMBERS = { name: 'identity.members', text: `select ${COLUMNS} from identity.member where organisation_id = $1 and ($2::uuid is null or id > $2) order by id limit $3` };

@Injectable()
export class MemberRepository {
  private readonly standings = gather<Identified, Standing>(async (who) => {
    // The latest moment of those that were asked about: never one before it was asked.
    const now = new Date(Math.max(...who.map((w) => w.now.getTime())));
    const rows = await this.database.query<Standing & { n: number }>(STANDINGS, [who.map((w) => w.issuer), who.map((w) => w.subject), now]);
    return new Map(rows.map(({ n, ...standing }) => [n - 1, standing]));
  });

  constructor(private readonly database: Database) {}

  /** PostgreSQL keeps no NUL in a text: nobody has such a name. */
  async standing(issuer: string, subject: string, now: Date): Promise<Standing | null> {
    return `${issuer}${subject}`.includes('\0') ? null : this.standings({ issuer, subject, now });
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

  async everBelongedTo(issuer: string, subject: string, organisationId: string): Promise<boolean> {
    return (await this.database.query(BELONGED, [issuer, subject, organisationId])).length > 0;
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

  async active(id: string): Promise<Member | null> {
    return ((await this.database.query<Member & Record<string, unknown>>(ACTIVE, [id]))[0] as Member | undefined) ?? null;
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<Member>> {
    const rows = await this.database.query<Member & Record<string, unknown>>(MEMBERS, [organisationId, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows as Member[], request, (m) => [m.id]);
  }
}
