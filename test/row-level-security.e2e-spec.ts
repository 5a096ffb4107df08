import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { asSystem, Database, type Reach, UnitOfWork, withScope } from '#shared';
import { startExchange, type TestExchange } from './support/exchange.js';
import { playTrade } from './support/trade.js';
import { hire, type Market, openMarket } from './support/market.js';

/** Tables without a row that belongs to somebody. */
const OPEN_TABLES = new Set(['shared.rate_limit']);
/** Rows that anybody may read: the names and numbers of public registers, public keys, the law, what is listed, prices of open offers, how far the sums of usage reach. */
const PUBLIC = new Set(['identity.recognised_issuer', 'identity.credential_issuer', 'identity.organisation', 'identity.registry_number', 'shared.signing_key', 'metering.usage_rollup', 'compliance.law_document', 'compliance.law_set', 'compliance.guideline', 'compliance.epoch', 'catalog.product', 'catalog.dataset', 'catalog.dataset_profile', 'catalog.revision', 'catalog.asset', 'catalog.search_word', 'catalog.level_order', 'catalog.gate_rulebook', 'catalog.statistics_month', 'catalog.exchange_statistic', 'contracts.offer', 'delivery.home_region', 'settlement.account_kind', 'settlement.journal_kind', 'settlement.ledger_clock']);

const TABLES = `select n.nspname || '.' || c.relname as name, c.relrowsecurity as guarded from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any(array['shared', 'audit', 'identity', 'compliance', 'catalog', 'contracts', 'metering', 'delivery', 'settlement', 'billing', 'einvoice'])`;

describe('row-level security', () => {
  let exchange: TestExchange;
  let market: Market;
  let client: pg.Client;
  let tables: string[];
  let vendorId: string;
  let buyerId: string;
  let strangerId: string;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
    client = new pg.Client({ connectionString: exchange.databaseUrl, options: '-c role=entrepot_app' });
    await client.connect();
    const idOf = async (actor: { ask<T>(q: string): Promise<T> }): Promise<string> => (await actor.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    [vendorId, buyerId] = [await idOf(market.vendor), await idOf(market.buyer)];
    const stranger = await exchange.client('stranger');
    await stranger.mutate('registerOrganisation', 'Organisation', 'id', { legalName: 'Stranger', jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '87654321' }] });
    strangerId = await idOf(stranger);
    tables = ((await exchange.owner.query(TABLES)) as { name: string; guarded: boolean }[]).map((t) => t.name);
  });
  afterAll(async () => {
    await client.end();
    await exchange.close();
  });

  /** A wrong query, as whoever: no condition at all. */
  const count = async (reach: Reach | '', tenant: string, table: string): Promise<number> => {
    await client.query(`select set_config('entrepot.reach', $1, false), set_config('entrepot.tenant', $2, false), set_config('entrepot.subject', '', false)`, [reach, tenant]);
    const { rows: [row] } = await client.query<{ n: string }>(`select count(*) as n from ${table}`);
    return Number(row!.n);
  };
  const all = async (table: string): Promise<number> => Number(((await exchange.owner.query(`select count(*) as n from ${table}`)) as [{ n: string }])[0].n);

  it('guards every table of every room', async () => {
    const unguarded = async (): Promise<string[]> => ((await exchange.owner.query(TABLES)) as { name: string; guarded: boolean }[]).filter((t) => !t.guarded && !OPEN_TABLES.has(t.name)).map((t) => t.name);
    expect(await unguarded()).toEqual([]);
    await exchange.owner.query('create table catalog.planted (id int primary key)');
    expect(await unguarded()).toEqual(['catalog.planted']);
    await exchange.owner.query('drop table catalog.planted');
  });

  it('shows nobody and a stranger nothing of what is private, whatever the query', async () => {
    for (const table of tables.filter((t) => !PUBLIC.has(t) && !OPEN_TABLES.has(t))) {
      expect([table, await count('', '', table)]).toEqual([table, 0]);
      expect([table, await count('none', '', table)]).toEqual([table, 0]);
      expect([table, await count('none', vendorId, table)]).toEqual([table, 0]);
    }
    const own = new Set(['identity.member', 'audit.entry', 'shared.idempotency_key']);
    for (const table of tables.filter((t) => !PUBLIC.has(t) && !OPEN_TABLES.has(t) && !own.has(t))) expect([table, await count('tenant', strangerId, table)]).toEqual([table, 0]);
  });

  it('shows each side its own rows and no others', async () => {
    for (const [table, columns] of Object.entries({
      'contracts.agreement': ['vendor_id', 'buyer_id'], 'contracts.licence': ['vendor_id', 'buyer_id'], 'settlement.trade': ['vendor_id', 'buyer_id'], 'billing.invoice': ['issuer_id', 'customer_id'], 'delivery.receipt': ['vendor_id', 'buyer_id'],
      'metering.usage_event': ['vendor_id', 'buyer_id'], 'billing.payment': ['buyer_id'], 'settlement.payout': ['vendor_id'], 'settlement.account': ['owner_id'], 'identity.member': ['organisation_id'], 'audit.entry': ['tenant_id'], 'compliance.decision': ['exporter_id', 'recipient_id'],
    })) {
      for (const tenant of [vendorId, buyerId]) {
        const [{ n }] = (await exchange.owner.query(`select count(*) as n from ${table} where ${columns.map((c) => `${c} = $1`).join(' or ')}`, [tenant])) as [{ n: string }];
        expect([table, await count('tenant', tenant, table)]).toEqual([table, Number(n)]);
      }
      expect(await all(table)).toBeGreaterThan(0);
    }
    for (const table of ['billing.payment', 'settlement.payout', 'identity.member', 'audit.entry', 'settlement.posting']) expect([table, await count('tenant', buyerId, table) + await count('tenant', vendorId, table)]).not.toEqual([table, 2 * (await all(table))]);
  });

  it('shows an auditor everything and lets him write nothing, nobody and a tenant write nothing of others', async () => {
    for (const table of tables) expect([table, await count('auditor', '', table)]).toEqual([table, await all(table)]);
    for (const [reach, tenant] of [['auditor', ''], ['none', ''], ['', ''], ['tenant', strangerId]] as const) {
      await client.query(`select set_config('entrepot.reach', $1, false), set_config('entrepot.tenant', $2, false)`, [reach, tenant]);
      for (const table of ['contracts.licence', 'settlement.trade', 'catalog.product', 'identity.organisation', 'identity.api_key', 'billing.payment']) {
        const where = table === 'identity.organisation' ? `where id <> '${strangerId}'` : '';
        expect([reach, table, (await client.query(`update ${table} set id = id ${where}`)).rowCount]).toEqual([reach, table, 0]);
        expect([reach, table, (await client.query(`delete from ${table} ${where}`)).rowCount]).toEqual([reach, table, 0]);
      }
      await expect(client.query(`insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at) values (gen_random_uuid(), $1, 'x', 'y', 'z', '{ORG_ADMIN}', 'ACTIVE', now())`, [vendorId])).rejects.toThrow('row-level security');
      await expect(client.query(`insert into settlement.account (id, owner_id, kind, currency) values (gen_random_uuid(), $1, 'PAYABLE', 'CNY')`, [vendorId])).rejects.toThrow('row-level security');
    }
  });

  it('gives the application no way around: no partition directly, no truncation, no policy, no owner', async () => {
    await count('system', '', 'audit.entry');
    const [{ part }] = (await exchange.owner.query(`select inhrelid::regclass::text as part from pg_inherits where inhparent = 'audit.entry'::regclass limit 1`)) as [{ part: string }];
    await expect(client.query(`select * from ${part}`)).rejects.toThrow('permission denied');
    // A view reads as its owner: one that could be written would be a way past every policy.
    const writable = await exchange.owner.query(`select c.oid::regclass::text as view from pg_class c where c.relkind in ('v', 'm') and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
      and (has_table_privilege('entrepot_app', c.oid, 'insert') or has_table_privilege('entrepot_app', c.oid, 'update') or has_table_privilege('entrepot_app', c.oid, 'delete'))`);
    expect(writable).toEqual([]);
    await expect(client.query(`update catalog.listed_product set vendor_name = 'stolen'`)).rejects.toThrow('permission denied');
    await expect(client.query('truncate contracts.licence')).rejects.toThrow('permission denied');
    await expect(client.query('alter table contracts.licence disable row level security')).rejects.toThrow('must be owner');
    await expect(client.query('drop policy reads on contracts.licence')).rejects.toThrow('must be owner');
    await expect(client.query('alter table audit.entry disable trigger all')).rejects.toThrow('must be owner');
  });

  it('is what the application itself works under, in reads and transactions, with scopes side by side on the same connections', async () => {
    const database = exchange.app.get(Database);
    const uow = exchange.app.get(UnitOfWork);
    const wrong = { name: 'test.wrong', text: 'select count(*)::int as n from settlement.trade' };
    const as = (reach: Reach, tenantId: string | null): Promise<number[]> => withScope({ reach, tenantId, subject: 'test' }, async () => {
      const [row] = await database.query<{ n: number }>(wrong);
      const inside = await uow.run(async (tx) => ((await tx.query(wrong.text)) as [{ n: number }])[0].n);
      return [row!.n, inside];
    });
    const trades = await all('settlement.trade');
    const asked = Array.from({ length: 40 }, (_, i) => [() => as('tenant', strangerId), () => as('tenant', buyerId), () => as('none', null), () => as('auditor', null)][i % 4]!);
    const answers = await Promise.all(asked.map((ask) => ask()));
    for (const [i, answer] of answers.entries()) expect([i % 4, answer]).toEqual([i % 4, i % 2 === 0 ? [0, 0] : [trades, trades]]);
    // Outside of any request, and not declared to be the exchange itself: nobody.
    expect(await database.query(wrong)).toEqual([{ n: 0 }]);
    expect(await asSystem(() => database.query(wrong))).toEqual([{ n: trades }]);
    expect(((await exchange.app.get(Database).dataSource.query('select current_user as me')) as [{ me: string }])[0].me).toBe('entrepot_app');
  });

  it('is crossed by these acts alone', async () => {
    const found: string[] = [];
    for (const file of (await readdir('libs', { recursive: true })).filter((f) => f.endsWith('.ts') && !f.endsWith('spec.ts') && !f.startsWith('shared/'))) {
      if (/runAcross|asSystem/.test(await readFile(path.join('libs', file), 'utf8'))) found.push(file);
    }
    // Each of these reads or writes rows of both sides by its nature. Whoever adds one says here that he means it.
    expect(found.sort()).toEqual([
      'billing/src/stripe/stripe-webhook.controller.ts',
      'billing/src/use-cases/call-off-purchase.ts',
      'billing/src/use-cases/close-usage-period.ts',
      'billing/src/use-cases/corrections/answer-correction.ts', 'billing/src/use-cases/corrections/correct-usage.ts',
      'billing/src/use-cases/drive-payment.ts',
      'billing/src/use-cases/statements/state-usage.ts',
      'catalog/src/catalog.module.ts', 'catalog/src/use-cases/data-requests/answer-data-request.ts', 'catalog/src/use-cases/data-requests/close-data-request.ts', 'catalog/src/use-cases/data-requests/decide-answer.ts', 'catalog/src/use-cases/gate/verify-certificate.ts', 'catalog/src/use-cases/market/count-interest.ts', 'catalog/src/use-cases/product-at-counter.ts',
      'compliance/src/compliance.module.ts',
      'compliance/src/use-cases/complete-facts.ts',
      'compliance/src/use-cases/declarations/declare-end-use.ts',
      'contracts/src/use-cases/agreements/answer-termination.ts',
      'contracts/src/use-cases/agreements/terminate-agreement.ts',
      'contracts/src/use-cases/deletions/answer-deletion.ts',
      'contracts/src/use-cases/deletions/certify-deletion.ts',
      'contracts/src/use-cases/negotiations/begin-negotiation.ts',
      'contracts/src/use-cases/negotiations/negotiate.ts',
      'contracts/src/use-cases/offers/change-price.ts',
      'contracts/src/use-cases/offers/sign-offer.ts',
      'contracts/src/use-cases/place-order.ts',
      'contracts/src/use-cases/preview-order.ts',
      'contracts/src/use-cases/sign-order.ts',
      'contracts/src/use-cases/subscriptions/cancel-renewal.ts',
      'contracts/src/use-cases/suspend-licence.ts',
      'contracts/src/use-cases/terms/reshare-data.ts',
      'delivery/src/api/download.controller.ts',
      'delivery/src/use-cases/download-ground.ts',
      'delivery/src/use-cases/licence-standing.ts',
      'delivery/src/use-cases/parts/licensed-files.ts', 'delivery/src/use-cases/receipts/answer-contest.ts', 'delivery/src/use-cases/receipts/answer-receipt.ts', 'delivery/src/use-cases/regions/regions-in-use.ts',
      'delivery/src/use-cases/request-download.ts',
      'identity/src/api/oauth.controller.ts',
      'identity/src/api/oid4vp.controller.ts',
      'identity/src/api/sign-in.controller.ts',
      'identity/src/identity.module.ts',
      'identity/src/use-cases/accept-credential.ts',
      'identity/src/use-cases/answer-invitation.ts',
      'identity/src/use-cases/break-glass.ts',
      'identity/src/use-cases/depart-member.ts',
      'identity/src/use-cases/note-key-use.ts',
      'identity/src/use-cases/register-organisation.ts',
      'settlement/src/use-cases/disputes/answer-dispute.ts', 'settlement/src/use-cases/disputes/open-dispute.ts', 'settlement/src/use-cases/reversals/refund-trade.ts',
    ]);
  });
});
