import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { InvitationState } from '../domain/membership-state.js';
import { InvitationRow } from './membership.entities.js';

/** The token itself is shown once and kept as a hash. */
export type Invitation = Omit<Readonly<InvitationRow>, 'tokenHash'>;

const OPEN = {
  name: 'identity.open-invitations',
  text: `select id, organisation_id as "organisationId", display_name as "displayName", roles, issuer, subject, state, invited_by as "invitedBy", member_id as "memberId",
           expires_at as "expiresAt", closed_at as "closedAt", created_at as "createdAt"
         from identity.invitation where organisation_id = $1 and state = 'OPEN' and expires_at > $2 and ($3::uuid is null or id > $3) order by id limit $4`,
};

@Injectable()
export class InvitationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, invitation: Invitation, tokenHash: string): Promise<void> {
    await tx.insert(InvitationRow, { ...invitation, roles: [...invitation.roles], tokenHash });
  }

  /** Reads the invitation of a token and holds it: of two who come at once, the second finds it closed. */
  lockByToken(tx: Tx, tokenHash: string): Promise<Invitation | null> {
    return tx.findOne(InvitationRow, { where: { tokenHash }, lock: { mode: 'for_no_key_update' } }).then(withoutHash);
  }
  lock(tx: Tx, id: string): Promise<Invitation | null> {
    return tx.findOne(InvitationRow, { where: { id }, lock: { mode: 'for_no_key_update' } }).then(withoutHash);
  }

  async close(tx: Tx, id: string, state: InvitationState, closedAt: Date, memberId: string | null = null): Promise<void> {
    await tx.update(InvitationRow, { id }, { state, closedAt, memberId });
  }

  async countOpen(tx: Tx, organisationId: string, now: Date): Promise<number> {
    const [row] = (await tx.query(`select count(*)::int as n from identity.invitation where organisation_id = $1 and state = 'OPEN' and expires_at > $2`, [organisationId, now])) as { n: number }[];
    return row!.n;
  }

  /** Whether the organisation trades now, and whoever invited is still its administrator. */
  async inviterStands(tx: Tx, invitation: Invitation, now: Date): Promise<boolean> {
    const rows = (await tx.query(
      `select 1 from identity.member m join identity.organisation o on o.id = m.organisation_id
       where m.id = $1 and o.id = $2 and m.state = 'ACTIVE' and identity.standing(o.kind, o.state, o.verification_due_at, $3) = 'VERIFIED' and m.roles && '{ORG_ADMIN,STAFF_ADMIN}'::text[] for share`, [invitation.invitedBy, invitation.organisationId, now],
    )) as unknown[];
    return rows.length === 1;
  }

  async open(organisationId: string, now: Date, request: PageRequest): Promise<Page<Invitation>> {
    const rows = await this.database.query<Invitation & Record<string, unknown>>(OPEN, [organisationId, now, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows as Invitation[], request, (i) => [i.id]);
  }
}

const withoutHash = (row: InvitationRow | null): Invitation | null => {
  if (!row) return null;
  const { tokenHash: _, ...invitation } = row;
  return invitation;
};
