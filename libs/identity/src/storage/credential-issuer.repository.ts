import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CredentialPurpose } from '../domain/credential.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import type { IssuerState } from '../domain/credential-states.js';

type Row = CredentialIssuer & Record<string, unknown>;

const COLUMNS = `i.id, i.iss, i.jurisdiction, i.trust_framework as "trustFramework", i.types, i.key_source as "keySource", i.jwks, i.root_certificate as "rootCertificate", i.algorithms,
  i.assurance_level as "assuranceLevel", i.status_required as "statusRequired", i.valid_from as "validFrom", i.valid_to as "validTo", i.state,
  i.proposed_by as "proposedBy", i.proposed_at as "proposedAt", i.approved_by as "approvedBy", i.approved_at as "approvedAt"`;
const NOW = `i.state = 'ACTIVE' and i.valid_from <= $1 and (i.valid_to is null or i.valid_to > $1)`;
const TRUSTED = { name: 'identity.credential-issuers-trusted', text: `select ${COLUMNS} from identity.credential_issuer i where ${NOW} and i.iss = any($2::text[])` };
const FOR_PURPOSE = { name: 'identity.credential-issuers-for-purpose', text: `select ${COLUMNS} from identity.credential_issuer i where ${NOW} and i.types @> jsonb_build_array(jsonb_build_object('purpose', $2::text)) order by i.id limit 50` };
const PAGE = { name: 'identity.credential-issuers-page', text: `select ${COLUMNS} from identity.credential_issuer i where ($1::text[] is null or i.state = any($1)) and ($2::uuid is null or i.id < $2) order by i.id desc limit $3` };

@Injectable()
export class CredentialIssuerRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, issuer: CredentialIssuer): Promise<void> {
    await tx.query(
      `insert into identity.credential_issuer (id, iss, jurisdiction, trust_framework, types, key_source, jwks, root_certificate, algorithms, assurance_level, status_required, valid_from, valid_to, state, proposed_by, proposed_at)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [issuer.id, issuer.iss, issuer.jurisdiction, issuer.trustFramework, JSON.stringify(issuer.types), issuer.keySource, issuer.jwks && JSON.stringify(issuer.jwks), issuer.rootCertificate, issuer.algorithms,
        issuer.assuranceLevel, issuer.statusRequired, issuer.validFrom, issuer.validTo, issuer.state, issuer.proposedBy, issuer.proposedAt],
    );
  }

  /** This version of an issuer and the one in force under the same name, held until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<{ readonly issuer: CredentialIssuer; readonly inForce: CredentialIssuer | null } | null> {
    const rows = (await tx.query(
      `select ${COLUMNS} from identity.credential_issuer i where i.id = $1 or (i.state = 'ACTIVE' and i.iss = (select iss from identity.credential_issuer where id = $1)) order by i.id for update`, [id],
    )) as CredentialIssuer[];
    const issuer = rows.find((r) => r.id === id);
    return issuer ? { issuer, inForce: rows.find((r) => r.id !== id && r.state === 'ACTIVE') ?? null } : null;
  }

  async setState(tx: Tx, id: string, state: IssuerState): Promise<void> {
    await tx.query('update identity.credential_issuer set state = $2 where id = $1', [id, state]);
  }

  async approve(tx: Tx, id: string, by: string, at: Date): Promise<void> {
    await tx.query(`update identity.credential_issuer set state = 'ACTIVE', approved_by = $2, approved_at = $3 where id = $1`, [id, by, at]);
  }

  /** Whether an issuer is trusted at this moment, which the transaction holds still. */
  async shareTrusted(tx: Tx, iss: string, now: Date): Promise<CredentialIssuer | null> {
    const rows = (await tx.query(`select ${COLUMNS} from identity.credential_issuer i where ${NOW} and i.iss = $2 for share`, [now, iss])) as CredentialIssuer[];
    return rows[0] ?? null;
  }

  async trusted(isses: readonly string[], now: Date): Promise<Map<string, CredentialIssuer>> {
    return new Map((await this.database.query<Row>(TRUSTED, [now, isses])).map((i) => [i.iss, i]));
  }

  forPurpose(purpose: CredentialPurpose, now: Date): Promise<CredentialIssuer[]> {
    return this.database.query<Row>(FOR_PURPOSE, [now, purpose]);
  }

  async page(states: readonly IssuerState[] | null, request: PageRequest): Promise<Page<CredentialIssuer>> {
    return toPage(await this.database.query<Row>(PAGE, [states, request.after?.[0] ?? null, request.first + 1]), request, (i) => [i.id]);
  }
}
