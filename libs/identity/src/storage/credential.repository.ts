import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CredentialClaims, CredentialPurpose } from '../domain/credential.js';
import type { CredentialState } from '../domain/credential-states.js';

/** What an accepted presentation proved, and how it stands. */
export interface Credential {
  readonly id: string;
  readonly organisationId: string;
  /** Who presented it; the signatory, for a mandate. */
  readonly memberId: string;
  readonly purpose: CredentialPurpose;
  readonly issuerId: string;
  readonly iss: string;
  readonly vct: string;
  readonly claims: CredentialClaims;
  readonly holderThumbprint: string;
  readonly presentationHash: string;
  readonly statusUri: string | null;
  readonly statusIndex: number | null;
  readonly state: CredentialState;
  readonly validUntil: Date;
  readonly acceptedAt: Date;
  /** When its status was last known to be good. */
  readonly checkedAt: Date;
}
type Row = Credential & Record<string, unknown>;

const COLUMNS = `c.id, c.organisation_id as "organisationId", c.member_id as "memberId", c.purpose, c.issuer_id as "issuerId", c.iss, c.vct, c.claims, c.holder_thumbprint as "holderThumbprint",
  c.presentation_hash as "presentationHash", c.status_uri as "statusUri", c.status_index as "statusIndex", c.state, c.valid_until as "validUntil", c.accepted_at as "acceptedAt", c.checked_at as "checkedAt"`;
/** The organisation's verification rests on the credential that it was verified with, if one; the member's authority on those of his mandates in force, and on the newest that he presented unless he holds a granted one. */
const RELIED_ON = {
  name: 'identity.credentials-relied-on',
  text: `select ${COLUMNS} from identity.credential c join identity.organisation o on o.id = c.organisation_id
         where c.organisation_id = $1 and c.purpose = 'ORGANISATION_IDENTITY' and c.accepted_at = o.verified_at
         union all
         select ${COLUMNS} from identity.credential c join identity.mandate m on m.credential_id = c.id where m.member_id = $2 and m.state = 'ACTIVE' and c.organisation_id = $1
         union
         (select ${COLUMNS} from identity.credential c where c.member_id = $2 and c.organisation_id = $1 and c.purpose = 'SIGNATORY_MANDATE'
            and not exists (select 1 from identity.mandate m where m.member_id = $2 and m.state = 'ACTIVE' and m.credential_id is null) order by c.id desc limit 1)`,
};
const OF_ORGANISATION = { name: 'identity.credentials-of', text: `select ${COLUMNS} from identity.credential c where c.organisation_id = $1 and ($2::uuid is null or c.id < $2) order by c.id desc limit $3` };
const BY_IDS = { name: 'identity.credentials-by-ids', text: `select ${COLUMNS} from identity.credential c where c.id = any($1::uuid[])` };
const LIVE = `c.state in ('VALID', 'SUSPENDED')`;
const EXPIRED = { name: 'identity.credentials-expired', text: `select ${COLUMNS} from identity.credential c where ${LIVE} and c.valid_until <= $1 order by c.valid_until limit 500` };
const ORPHANED = {
  name: 'identity.credentials-orphaned',
  text: `select ${COLUMNS} from identity.credential c where ${LIVE} and not exists (select 1 from identity.credential_issuer i
         where i.iss = c.iss and i.state = 'ACTIVE' and i.valid_from <= $1 and (i.valid_to is null or i.valid_to > $1) and i.types @> jsonb_build_array(jsonb_build_object('vct', c.vct, 'purpose', c.purpose))) limit 500`,
};
const DUE = {
  name: 'identity.credentials-due',
  text: `select ${COLUMNS} from identity.credential c where ${LIVE} and c.status_uri is not null and c.checked_at <= $1 and ($2::text is null or (c.iss, c.status_uri, c.id) > ($2, $3, $4::uuid))
         order by c.iss, c.status_uri, c.id limit $5`,
};

@Injectable()
export class CredentialRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, c: Credential): Promise<void> {
    await tx.query(
      `insert into identity.credential (id, organisation_id, member_id, purpose, issuer_id, iss, vct, claims, holder_thumbprint, presentation_hash, status_uri, status_index, state, valid_until, accepted_at, checked_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [c.id, c.organisationId, c.memberId, c.purpose, c.issuerId, c.iss, c.vct, JSON.stringify(c.claims), c.holderThumbprint, c.presentationHash, c.statusUri, c.statusIndex, c.state, c.validUntil, c.acceptedAt, c.checkedAt],
    );
  }

  /** Binds the holder's key at its first use; false when it is bound to somebody else. */
  async bindHolder(tx: Tx, holder: { readonly thumbprint: string; readonly purpose: CredentialPurpose; readonly organisationId: string; readonly memberId: string | null; readonly at: Date }): Promise<boolean> {
    await tx.query(
      `insert into identity.credential_holder (thumbprint, purpose, organisation_id, member_id, bound_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [holder.thumbprint, holder.purpose, holder.organisationId, holder.memberId, holder.at],
    );
    const mine = (await tx.query(
      `select 1 from identity.credential_holder where thumbprint = $1 and purpose = $2 and organisation_id = $3 and member_id is not distinct from $4::uuid`, [holder.thumbprint, holder.purpose, holder.organisationId, holder.memberId],
    )) as unknown[];
    return mine.length === 1;
  }

  async lock(tx: Tx, id: string): Promise<Credential | null> {
    return ((await tx.query(`select ${COLUMNS} from identity.credential c where c.id = $1 for no key update`, [id])) as Credential[])[0] ?? null;
  }

  async setState(tx: Tx, id: string, state: CredentialState, checkedAt: Date): Promise<void> {
    await tx.query('update identity.credential set state = $2, checked_at = greatest(checked_at, $3) where id = $1', [id, state, checkedAt]);
  }

  /** Their status was found to be what it was. */
  async confirm(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
    await tx.query('update identity.credential set checked_at = greatest(checked_at, $2) where id in (select id from identity.credential where id = any($1::uuid[]) order by id for no key update)', [ids, at]);
  }

  reliedOn(organisationId: string, memberId: string | null): Promise<Credential[]> {
    return this.database.query<Row>(RELIED_ON, [organisationId, memberId]);
  }
  async byIds(ids: readonly string[]): Promise<Map<string, Credential>> {
    return new Map((await this.database.query<Row>(BY_IDS, [ids])).map((c) => [c.id, c]));
  }
  async page(organisationId: string, request: PageRequest): Promise<Page<Credential>> {
    return toPage(await this.database.query<Row>(OF_ORGANISATION, [organisationId, request.after?.[0] ?? null, request.first + 1]), request, (c) => [c.id]);
  }
  expired(now: Date): Promise<Credential[]> {
    return this.database.query<Row>(EXPIRED, [now]);
  }
  /** Those whose issuer is recognised no longer, or not for this. */
  orphaned(now: Date): Promise<Credential[]> {
    return this.database.query<Row>(ORPHANED, [now]);
  }
  /** Those whose status was last looked at before this, list by list. */
  due(before: Date, after: Credential | null, limit: number): Promise<Credential[]> {
    return this.database.query<Row>(DUE, [before, after?.iss ?? null, after?.statusUri ?? null, after?.id ?? null, limit]);
  }
}
