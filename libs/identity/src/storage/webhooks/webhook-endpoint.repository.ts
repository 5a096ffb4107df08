import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, type SealedColumn, toPage, type Tx } from '#shared';
import type { DisabledBecause, WebhookEndpoint, WebhookEndpointState } from '../../domain/webhooks/webhook-endpoint.js';

export const WEBHOOK_SECRET_PURPOSE = 'webhook-secret';

const COLUMNS = `e.id, e.organisation_id as "organisationId", e.url, e.description, e.kinds, e.state, e.disabled_because as "disabledBecause", e.previous_until as "previousUntil",
  e.failing_since as "failingSince", e.last_success_at as "lastSuccessAt", e.created_at as "createdAt"`;
const PAGE = { name: 'identity.webhook-endpoints', text: `select ${COLUMNS} from identity.webhook_endpoint e where e.organisation_id = $1 and e.state <> 'DELETED' and ($2::uuid is null or e.id > $2) order by e.id limit $3` };
const IS_OF = { name: 'identity.webhook-endpoint-is-of', text: 'select 1 as found from identity.webhook_endpoint where id = $1 and organisation_id = $2' };
const SECRETS = { name: 'identity.webhook-secrets', text: 'select id as key, secret as sealed from identity.webhook_endpoint where secret is not null and ($1::uuid is null or id > $1) order by id limit $2' };
const PREVIOUS = { name: 'identity.webhook-previous-secrets', text: 'select id as key, previous_secret as sealed from identity.webhook_endpoint where previous_secret is not null and ($1::uuid is null or id > $1) order by id limit $2' };

@Injectable()
export class WebhookEndpointRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, e: WebhookEndpoint, secret: string): Promise<void> {
    await tx.query(
      'insert into identity.webhook_endpoint (id, organisation_id, url, description, kinds, state, secret, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [e.id, e.organisationId, e.url, e.description, e.kinds, e.state, secret, e.createdAt],
    );
  }

  /** How many the organisation has; nobody else counts or adds meanwhile. */
  async count(tx: Tx, organisationId: string): Promise<number> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.webhookEndpoints, organisationId]);
    const [row] = (await tx.query(`select count(*)::int as n from identity.webhook_endpoint where organisation_id = $1 and state <> 'DELETED'`, [organisationId])) as [{ n: number }];
    return row.n;
  }

  /** Before its messages, always in this order. */
  async lock(tx: Tx, id: string): Promise<WebhookEndpoint | null> {
    return ((await tx.query(`select ${COLUMNS} from identity.webhook_endpoint e where e.id = $1 for no key update`, [id])) as WebhookEndpoint[])[0] ?? null;
  }

  /** Whether it is this organisation's, deleted or not. */
  async isOf(id: string, organisationId: string): Promise<boolean> {
    return (await this.database.query(IS_OF, [id, organisationId])).length > 0;
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<WebhookEndpoint>> {
    return toPage(await this.database.query<WebhookEndpoint & Record<string, unknown>>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1]), request, (e) => [e.id]);
  }

  /** A failure of before is forgotten with the move; with a deletion its secrets are. */
  async setState(tx: Tx, id: string, state: WebhookEndpointState, because: DisabledBecause | null, at: Date): Promise<void> {
    await tx.query(
      `update identity.webhook_endpoint set state = $2, disabled_because = $3, failing_since = case when $2 = 'ENABLED' then null else failing_since end, deleted_at = case when $2 = 'DELETED' then $4::timestamptz end,
         secret = case when $2 <> 'DELETED' then secret end, previous_secret = case when $2 <> 'DELETED' then previous_secret end, previous_until = case when $2 <> 'DELETED' then previous_until end where id = $1`,
      [id, state, because, at],
    );
  }

  async rotate(tx: Tx, id: string, secret: string, previousUntil: Date | null): Promise<void> {
    await tx.query('update identity.webhook_endpoint set previous_secret = case when $3::timestamptz is not null then secret end, previous_until = $3, secret = $2 where id = $1', [id, secret, previousUntil]);
  }

  async succeeded(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query('update identity.webhook_endpoint set failing_since = null, last_success_at = $2, last_attempt_at = $2 where id = $1', [id, at]);
  }

  async failed(tx: Tx, id: string, since: Date, at: Date): Promise<void> {
    await tx.query('update identity.webhook_endpoint set failing_since = $2, last_attempt_at = $3 where id = $1', [id, since, at]);
  }

  /** Forgets secrets whose overlap is over, and endpoints whose messages are gone. */
  async tidy(tx: Tx, now: Date, deletedBefore: Date): Promise<void> {
    await tx.query('update identity.webhook_endpoint set previous_secret = null, previous_until = null where previous_until <= $1', [now]);
    await tx.query(`delete from identity.webhook_endpoint e where e.state = 'DELETED' and e.deleted_at < $1 and not exists (select 1 from identity.webhook_message m where m.endpoint_id = e.id)`, [deletedBefore]);
  }

  /** For the rotation of the envelope key. */
  sealedColumns(): SealedColumn[] {
    return [
      {
        name: 'identity.webhook_endpoint.secret', purpose: WEBHOOK_SECRET_PURPOSE,
        after: (key, limit) => this.database.query<{ key: string; sealed: string }>(SECRETS, [key, limit]),
        replace: async (tx, key, old, sealed) => void (await tx.query('update identity.webhook_endpoint set secret = $3 where id = $1 and secret = $2', [key, old, sealed])),
      },
      {
        name: 'identity.webhook_endpoint.previous_secret', purpose: WEBHOOK_SECRET_PURPOSE,
        after: (key, limit) => this.database.query<{ key: string; sealed: string }>(PREVIOUS, [key, limit]),
        replace: async (tx, key, old, sealed) => void (await tx.query('update identity.webhook_endpoint set previous_secret = $3 where id = $1 and previous_secret = $2', [key, old, sealed])),
      },
    ];
  }
}
