import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { type BillingProfile, PROFILE_FIELDS } from '../domain/billing-profile.js';

const COLUMNS = PROFILE_FIELDS.map((field) => field.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
const SELECTED = PROFILE_FIELDS.map((field, i) => `${COLUMNS[i]} as "${field}"`).join(', ');
const OF = { name: 'billing.profiles', text: `select organisation_id as "organisationId", ${SELECTED} from billing.profile where organisation_id = any($1::uuid[])` };
const PUT = `insert into billing.profile (organisation_id, changed_at, ${COLUMNS.join(', ')}) values ($1, $2, ${COLUMNS.map((_, i) => `$${i + 3}`).join(', ')})
  on conflict (organisation_id) do update set changed_at = $2, ${COLUMNS.map((c, i) => `${c} = $${i + 3}`).join(', ')}`;

@Injectable()
export class BillingProfileRepository {
  constructor(private readonly database: Database) {}

  async put(tx: Tx, organisationId: string, profile: BillingProfile, changedAt: Date): Promise<void> {
    await tx.query(PUT, [organisationId, changedAt, ...PROFILE_FIELDS.map((field) => profile[field])]);
  }
  async ofOrganisations(ids: readonly string[]): Promise<Map<string, BillingProfile>> {
    const rows = await this.database.query<BillingProfile & { organisationId: string } & Record<string, unknown>>(OF, [ids]);
    return new Map(rows.map(({ organisationId, ...profile }) => [organisationId, profile]));
  }
}
