import { Injectable } from '@nestjs/common';
import { Database, newId, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { type CertificateEvent, type CertificateState, type HeldCertificate, KNOWN_STATES } from '../domain/certificates/certificate.js';
import { CertificateEventRow, CertificateRow } from './register.entities.js';

export type Certificate = Readonly<CertificateRow>;
export interface CertificateStep {
  readonly event: string;
  readonly state: CertificateState;
  readonly reason: string | null;
  /** RFC 3339. */
  readonly at: string;
}
/** With everything that became of it, oldest first. */
export interface CertificateRecord extends Certificate {
  readonly history: readonly CertificateStep[];
}

export interface CertificateFilter {
  readonly id?: string | null;
  readonly holderId?: string | null;
  readonly scheme?: string | null;
  readonly states: readonly CertificateState[];
}

const PAGE = {
  name: 'compliance.certificates',
  text: `select c.id, c.holder_id as "holderId", c.holder_name as "holderName", c.holder_country as "holderCountry", c.scheme, c.number, c.issuing_body as "issuingBody", c.granted_in as "grantedIn", c.scope,
           c.data_kinds as "dataKinds", c.valid_from::text as "validFrom", c.valid_until::text as "validUntil", c.document_sha256 as "documentSha256", c.register_url as "registerUrl", c.state,
           c.submitted_by as "submittedBy", c.submitted_at as "submittedAt", c.checked_by as "checkedBy", c.checked_at as "checkedAt", c.confirmed_by as "confirmedBy", c.changed_by as "changedBy", c.changed_at as "changedAt",
           (select coalesce(json_agg(json_build_object('event', e.event, 'state', e.state, 'reason', e.reason, 'at', e.at) order by e.id), '[]') from compliance.certificate_event e where e.certificate_id = c.id) as history
         from compliance.certificate c
         where c.state = any($1::text[]) and ($2::uuid is null or c.id = $2) and ($3::uuid is null or c.holder_id = $3) and ($4::text is null or c.scheme = $4) and ($5::uuid is null or c.id < $5)
         order by c.id desc limit $6`,
};
const ACTIVE = `select holder_id as "holderId", scheme, granted_in as "grantedIn", valid_from::text as "validFrom", valid_until::text as "validUntil" from compliance.certificate
  where holder_id = any($1::uuid[]) and state = 'ACTIVE' order by id`;
const ACTIVE_NAMED = { name: 'compliance.certificates-active', text: ACTIVE };
const OPEN_OF = `select count(*)::int as n from compliance.certificate where holder_id = $1 and state in ('SUBMITTED', 'CHECKED')`;
const LAPSED = { name: 'compliance.certificates-lapsed', text: `select id from compliance.certificate where state in ('ACTIVE', 'SUSPENDED') and valid_until < $1::date order by valid_until limit $2` };
const HOLD_NUMBER = 'select pg_advisory_xact_lock(hashtextextended($1, 7301140))';
const COUNTS = `select 1 from compliance.certificate where scheme = $1 and lower(number) = lower($2) and lower(issuing_body) = lower($3) and valid_from = $4::date and state in ('CHECKED', 'ACTIVE', 'SUSPENDED') and id <> $5`;

type ActiveRow = HeldCertificate & { readonly holderId: string };

@Injectable()
export class CertificateRepository {
  constructor(private readonly database: Database) {}

  /** False when its holder has handed in the same paper and it still waits. */
  async insert(tx: Tx, certificate: Certificate): Promise<boolean> {
    const { raw } = (await tx.createQueryBuilder().insert().into(CertificateRow).values(certificate).orIgnore().returning('id').execute()) as { raw: unknown[] };
    return raw.length === 1;
  }
  lock(tx: Tx, id: string): Promise<Certificate | null> {
    return tx.findOne(CertificateRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  async move(tx: Tx, id: string, change: Partial<Pick<CertificateRow, 'state' | 'checkedBy' | 'checkedAt' | 'confirmedBy' | 'registerUrl' | 'changedBy' | 'changedAt'>>): Promise<void> {
    await tx.update(CertificateRow, { id }, change);
  }
  async note(tx: Tx, certificateId: string, event: CertificateEvent | 'submit', state: CertificateState, reason: string | null, at: Date): Promise<void> {
    await tx.insert(CertificateEventRow, { id: newId(), certificateId, event, state, reason, at });
  }
  /** Whether the paper counts for somebody already; held, so that two who check it at once do it one after the other. */
  async countsElsewhere(tx: Tx, { id, scheme, number, issuingBody, validFrom }: Certificate): Promise<boolean> {
    await tx.query(HOLD_NUMBER, [`${scheme} ${number.toLowerCase()} ${issuingBody.toLowerCase()}`]);
    return ((await tx.query(COUNTS, [scheme, number, issuingBody, validFrom, id])) as unknown[]).length > 0;
  }
  async openOf(tx: Tx, holderId: string): Promise<number> {
    return ((await tx.query(OPEN_OF, [holderId])) as [{ n: number }])[0].n;
  }
  /** What is in force, by holder; in the caller's transaction where there is one. */
  async active(tx: Tx | undefined, holderIds: readonly string[]): Promise<Map<string, HeldCertificate[]>> {
    const rows = tx ? ((await tx.query(ACTIVE, [holderIds])) as ActiveRow[]) : await this.database.query<ActiveRow & Record<string, unknown>>(ACTIVE_NAMED, [holderIds]);
    const found = new Map<string, HeldCertificate[]>();
    for (const { holderId, scheme, grantedIn, validFrom, validUntil } of rows) found.set(holderId, [...(found.get(holderId) ?? []), { scheme, grantedIn, validFrom, validUntil }]);
    return found;
  }
  async lapsed(day: string, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [day, limit])).map((r) => r.id);
  }

  async page(filter: CertificateFilter, request: PageRequest): Promise<Page<CertificateRecord>> {
    const rows = await this.database.query<CertificateRecord & Record<string, unknown>>(PAGE, [filter.states, filter.id ?? null, filter.holderId ?? null, filter.scheme ?? null, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows, request, (c) => [c.id]);
  }
  async byId(id: string): Promise<CertificateRecord | null> {
    return (await this.page({ id, states: ANY_STATE }, { first: 1, after: null })).items[0] ?? null;
  }
}

const ANY_STATE: readonly CertificateState[] = ['SUBMITTED', 'CHECKED', 'REFUSED', ...KNOWN_STATES];
