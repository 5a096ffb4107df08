import { readFileSync } from 'node:fs';
import { GraphQLSchemaHost, Query, Resolver } from '@nestjs/graphql';
import { getNamedType, type GraphQLField, type GraphQLInputObjectType, type GraphQLObjectType, type GraphQLSchema, isNonNullType } from 'graphql';
import { type Act, Authenticated, MEANING, PERMISSIONS, type Role } from '#identity';
import { canonicalHash, newId } from '#shared';
import { type Cast, gather } from './support/cast.js';
import type { GraphAnswer } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, offerOf, orderOf, putContent } from './support/market.js';
import { type Operation, operationsOf, operationsOfClass, routesOf, SERVERS_OWN, undeclared } from './support/operations.js';
import { carries, differences, elsewhere, inTurns, type Observation, type Outcome, related, type Sides, type Subject, TABLE } from './support/permission-walk.js';
import { type Ids, Samples } from './support/samples.js';

const KEY_SCOPES = (Object.keys(PERMISSIONS) as Act[]).filter((act) => PERMISSIONS[act].key);
const STAFF_ROLES: ReadonlySet<Role> = new Set(['STAFF_ADMIN', 'LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER', 'AUDITOR']);
/** What its callers would become somebody else by: asked for last. */
const CHANGES_ITS_CALLER = new Set(['breakGlass', 'leaveOrganisation']);

const isStaff = ({ roles }: Subject): boolean => roles.some((r) => STAFF_ROLES.has(r));
/** Of the keys of a third organisation those alone that could open it. */
const matters = ({ kind, name, scopes }: Subject, { asks }: Operation): boolean => kind !== 'key' || !name.startsWith('stranger') || (Array.isArray(asks) && asks.includes(scopes[0]));

/** One question to a query: its arguments, whose the object is, and what it asks for where that is less than all that the query may. */
interface Question {
  readonly over?: Ids;
  readonly sides?: Sides;
  readonly asks?: Operation['asks'];
  /** The one member whose it is. */
  readonly only?: string;
  readonly selection?: string;
}

/** A document of the law that comes along. */
const LAW_HASH = canonicalHash(JSON.parse(readFileSync('libs/compliance/law/lists/eea-2026-11-22.json', 'utf8')));
const TOKEN_ENDPOINT = '/oauth/token';

describe('who may do what', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let schema: GraphQLSchema;
  let operations: readonly Operation[];
  let cast: Cast;
  const seen: Observation[] = [];

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { RATE_LIMIT_PER_MINUTE: '1000000', QUERY_COST_PER_MINUTE: '1000000000', TRUSTED_PROXIES: '127.0.0.1' } });
    schema = exchange.app.get(GraphQLSchemaHost).schema;
    operations = [...operationsOf(exchange.app), ...SERVERS_OWN];
    cast = await gather(exchange, clock, KEY_SCOPES);
  });
  afterAll(() => exchange.close());

  const named = (kind: Operation['kind'], name: string): Operation => operations.find((o) => o.kind === kind && o.name === name)!;
  const fields = (type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] => Object.values(type!.getFields());
  const broken = (answer: GraphAnswer<unknown>): Outcome | undefined => {
    const code = answer.errors?.[0]?.extensions.code;
    return code === undefined ? undefined : code === 'UNAUTHENTICATED' ? code : `BROKEN ${code} ${answer.errors![0]!.message}`;
  };
  const ask = (subject: Subject, { query, variables }: { query: string; variables: object }, headers: Record<string, string> = {}) => subject.client.raw<Record<string, unknown>>(query, variables, { ...elsewhere(), ...headers });
  const record = async (observations: Promise<Observation[]>): Promise<string[]> => {
    const made = await observations;
    seen.push(...made);
    return differences(made);
  };

  /** Both walls, or the first alone: what the use cases decide must hold without the policies of the database, which would hide a hole in it. */
  const WALLS = [['both walls', true], ['the first wall alone', false]] as const;
  let guarded: string[] = [];
  let secondStands = true;
  const setSecondWall = async (up: boolean): Promise<void> => {
    if (up === secondStands) return;
    secondStands = up;
    if (guarded.length === 0) guarded = (await exchange.owner.query<{ name: string }[]>('select oid::regclass::text as name from pg_class where relrowsecurity')).map((t) => t.name);
    expect(guarded.length).toBeGreaterThan(30);
    await exchange.owner.query(guarded.map((name) => `alter table ${name} ${up ? 'enable' : 'disable'} row level security`).join('; '));
  };
  afterEach(() => setSecondWall(true));

  it('leaves out no operation of the schema and no route of the server', () => {
    expect(undeclared(operations)).toEqual([]);
    const declared = (kind: Operation['kind']): string[] => operations.filter((o) => o.kind === kind).map((o) => o.name).sort();
    expect(declared('query')).toEqual(fields(schema.getQueryType()).map((f) => f.name).sort());
    expect(declared('mutation')).toEqual(fields(schema.getMutationType()).map((f) => f.name).sort());
    expect(schema.getSubscriptionType()).toBeFalsy();
    expect(declared('http')).toEqual(routesOf(exchange.app));
    expect(Object.keys(MEANING)).toEqual(Object.keys(PERMISSIONS));
  });

  it('a handler that does not say what it asks for is found', () => {
    @Resolver()
    @Authenticated()
    class Planted {
      @Query(() => String)
      leak(): string {
        return '';
      }
    }
    expect(undeclared(operationsOfClass(Planted))).toEqual(['leak']);
  });

  /** Of what is not asked here, everybody asks for his own. */
  const questions = (): Record<string, readonly Question[]> => {
    const { ids, draft } = cast;
    const [owner, vendor, buyer] = [cast.vendorId, cast.vendorId, cast.buyerId];
    const both = { vendor, buyer };
    return {
      organisation: [{ over: { id: cast.buyerId } }], ownership: [{ over: { organisationId: owner }, sides: { owner } }],
      screening: [{ over: { id: ids['screeningId']! } }],
      presentation: [{ over: { id: ids['presentationId']! }, only: 'vendor ORG_ADMIN' }],
      product: [{ over: { id: ids['productId']! } }, { over: { id: draft.productId }, sides: { owner }, asks: ['catalog:manage', 'catalog:read-all'] }],
      offer: [{ over: { id: ids['offerId']! } }, { over: { id: ids['closedOfferId']! }, sides: { owner }, asks: ['contracts:offer', 'contracts:read', 'oversight:read'] }],
      agreement: [{ over: { id: ids['agreementId']! }, sides: both }], licence: [{ over: { id: ids['licenceId']! }, sides: both }],
      negotiation: [{ over: { id: ids['negotiationId']! }, sides: both }], reshares: [{ over: { licenceId: ids['licenceId']! }, sides: both }], checkUse: [{ over: { input: { licenceId: ids['licenceId']!, action: 'use' } } as never, sides: both }],
      deletion: [{ over: { id: ids['deletionId']! }, sides: both }],
      licenceSpending: [{ over: { licenceId: ids['licenceId']! }, sides: { buyer } }], licenceQuotas: [{ over: { licenceId: ids['licenceId']! }, sides: both }],
      namedUsers: [{ over: { licenceId: ids['licenceId']! }, sides: { buyer } }],
      receipts: [{ over: { licenceId: ids['licenceId']! }, sides: both }], pushes: [{ over: { licenceId: ids['licenceId']! }, sides: both }], pushDestinations: [{ over: { licenceId: ids['licenceId']! }, sides: { buyer } }], deliveries: [{ over: { licenceId: ids['licenceId']! }, sides: both }], receipt: [{ over: { id: ids['receiptId']! }, sides: both }],
      usageEvents: [{ over: { licenceId: ids['licenceId']! }, sides: both }], usageSummary: [{ over: { licenceId: ids['licenceId']! }, sides: both }], usageCorrections: [{ over: { licenceId: ids['licenceId']! }, sides: both }], usage: [{ over: { licenceId: ids['licenceId']!, from: '2020-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' } as never, sides: both }],
      dataService: [{ over: { productId: ids['productId']! } }, { over: { productId: draft.productId }, sides: { owner }, asks: [] }], apiHealth: [{ over: { productId: ids['productId']! }, sides: { owner } }], apiCalls: [{ over: { licenceId: ids['licenceId']! }, sides: both }], callReceipts: [{ over: { licenceId: ids['licenceId']! }, sides: both }],
      trade: ['purchaseId', 'usageId'].map((id) => ({ over: { id: ids[id]! }, sides: both })), trades: [{ sides: both }], ledgerBalances: [{ sides: both }], accountStatement: [{ over: { accountId: ids['accountId']! }, sides: { vendor } }],
      invoice: ['purchaseInvoiceId', 'usageInvoiceId'].map((id) => ({ over: { id: ids[id]! }, sides: both })), invoices: [{ sides: both }], payments: [{ sides: { buyer } }], refunds: [{ sides: both }],
      listingCertificate: [{ over: { number: '1' } }], announcements: [{ over: { productId: ids['productId']! } }, { over: { productId: draft.productId }, sides: { owner }, asks: ['catalog:manage', 'catalog:read-all'] }], productFunnel: [{ over: { productId: ids['productId']! }, sides: { owner } }], revisions: [{ over: { datasetId: ids['datasetId']! } }, { over: { datasetId: draft.datasetId }, sides: { owner }, asks: ['catalog:manage', 'catalog:read-all'] }],
      certificate: [{ over: { tradeId: ids['purchaseId']! }, sides: both }], taxDeclarations: [{ sides: { owner } }], billingProfile: [{ sides: { owner } }], invoiceTransmissions: [{ over: { invoiceId: ids['purchaseInvoiceId']! }, sides: both }], invoiceDocumentFormats: [{ over: { invoiceId: ids['purchaseInvoiceId']! }, sides: both }],
      case: [{ over: { id: ids['caseId']! }, sides: { owner } }], approval: [{ over: { id: ids['approvalId']! }, sides: { owner } }],
      registeredCertificates: [{}, { over: { id: ids['certificateId']! } }], endUses: [{ over: { objectId: ids['objectId']! } }],
      webhookMessages: [{ over: { endpointId: ids['endpointId']! }, sides: { owner: buyer } }], webhookAttempts: [{ over: { endpointId: ids['endpointId']! }, sides: { owner: buyer } }],
      savedSearchMatches: [{ over: { savedSearchId: ids['savedSearchId']! }, sides: { owner: buyer } }],
      dataRequest: [{ over: { id: ids['dataRequestId']! }, sides: { owner: buyer } }], dataRequestAnswers: [{ over: { dataRequestId: ids['dataRequestId']! }, sides: { owner: buyer } }],
      decision: [{ over: { id: ids['decisionId']! }, sides: both }], replayDecision: [{ over: { id: ids['decisionId']! } }], guideline: [{ over: { id: 'cn-contract' } }], lawDocument: [{ over: { hash: LAW_HASH } }], tradeLineage: [{ over: { tradeId: ids['purchaseId']! }, sides: both }],
      'Product.listing': [{ over: { id: ids['productId']! }, sides: { owner }, selection: '{ listing { certificateNumber } }' }],
      'Trade.payout': [{ over: { id: ids['purchaseId']! }, sides: { vendor }, selection: '{ payout { id } }' }], 'Dispute.entries': [{ over: { id: ids['disputeId']! }, sides: both, selection: '{ entries { id } }' }], dispute: [{ over: { id: ids['disputeId']! }, sides: both }], disputes: [{ sides: both }], clearingStatements: [{ sides: { vendor } }], payouts: [{ sides: { vendor } }], chargebacks: [{ sides: both }], 'Trade.reversals': [{ over: { id: ids['purchaseId']! }, sides: both, selection: '{ reversals { id } }' }], 'Trade.journals': [{ over: { id: ids['purchaseId']! }, selection: '{ journals { id } }' }],
    };
  };

  /** What a query let this caller see: nothing is null, and where there is no null an empty list. */
  const look = async ({ operation, over = {}, selection, subject, ...question }: Question & { readonly operation: Operation; readonly subject: Subject }): Promise<Observation & { readonly text: string }> => {
    const [type, name] = operation.kind === 'field' ? (operation.name.split('.') as [string, string]) : ['', operation.name];
    const field = schema.getQueryType()!.getFields()[type ? type.toLowerCase() : name]!;
    const answer = await ask(subject, new Samples(schema, cast.ids).call('query', field, over, selection));
    const root = answer.data?.[field.name] as Record<string, unknown> | null | undefined;
    const value = (type ? root?.[name] : root) as { nodes?: unknown[] } | unknown[] | null | undefined;
    const items = Array.isArray(value) ? value : value?.nodes;
    const hidden = value === null || value === undefined || (question.sides !== undefined && isNonNullType(field.type) && items?.length === 0);
    const { only, asks, sides } = question;
    const asked = only !== undefined && only !== subject.name ? [] : asks;
    return { operation, subject, outcome: broken(answer) ?? (hidden ? 'REFUSED' : 'LET_IN'), text: JSON.stringify(answer), ...(sides ? { sides } : {}), ...(asked ? { asks: asked } : {}) };
  };

  it.each(WALLS)('%s show by every query what the table lets each of them see, and nothing else', async (_, second) => {
    await setSecondWall(second);
    const all = questions();
    const asked = operations.filter((o) => o.kind === 'query' || o.kind === 'field').flatMap((operation) => (all[operation.name] ?? [{}]).map((question) => ({ operation, ...question })));
    expect(operations.filter((o) => o.kind === 'field' && !all[o.name]).map((o) => o.name)).toEqual([]);
    const found = await inTurns(asked.flatMap((a) => cast.subjects.filter((s) => matters(s, a.operation)).map((subject) => ({ ...a, subject }))), look);
    seen.push(...found);
    expect(differences(found)).toEqual([]);

    const { vendorId, buyerId, ids, market, draft } = cast;
    const listed = new Set([vendorId, buyerId, market.assessorId, ...['productId', 'offerId', 'datasetId', 'revisionId', 'assetId', 'dataRequestId'].map((id) => ids[id])]);
    const secret = [...Object.values(ids), draft.datasetId, draft.revisionId, ...draft.assetIds].filter((id) => !listed.has(id));
    const outside = found.filter(({ subject }) => subject.organisationId !== vendorId && subject.organisationId !== buyerId && !isStaff(subject));
    expect(outside.flatMap(({ operation, subject, text }) => secret.filter((id) => text.includes(id)).map((id) => `${operation.name} shows ${id} to ${subject.name}`))).toEqual([]);
    expect(found.some(({ subject, text }) => subject.name === 'buyer FINANCE' && text.includes(ids['purchaseInvoiceId']!))).toBe(true);
  });

  /** The mutations that are asked for an object of somebody, with the sides of what `ids` name. */
  const pointed = (): { field: GraphQLField<unknown, unknown>; act: Act; taken: string[]; sides: Sides }[] => {
    const [owner, vendor, buyer] = [cast.vendorId, cast.vendorId, cast.buyerId];
    const of: Record<string, Sides> = {
      ...Object.fromEntries(['productId', 'datasetId', 'revisionId', 'offerId'].map((id) => [id, { owner }])), ...Object.fromEntries(['tradeId', 'licenceId', 'agreementId', 'terminationId', 'negotiationId'].map((id) => [id, { vendor, buyer }])), assetId: { owner, vendor, buyer },
      deletionId: { vendor, buyer }, disputeId: { vendor, buyer }, deliveryId: { buyer }, pushId: { buyer }, destinationId: { buyer }, accessPointId: { owner: buyer }, correctionId: { vendor, buyer }, receiptId: { vendor, buyer },
      dataRequestId: { owner: buyer }, answerId: { owner: buyer }, invoiceId: { owner: vendor },
      ...Object.fromEntries(['id', 'memberId', 'invitationId', 'mandateId'].map((id) => [id, { owner: buyer }])), pendingOrderId: { buyer }, savedSearchId: { owner: buyer }, endpointId: { owner: buyer }, caseId: { owner: vendor }, subjectId: { owner: vendor }, objectId: { buyer },
    };
    return fields(schema.getMutationType()).flatMap((field) => {
      const act = (named('mutation', field.name).asks?.[0] ?? '') as Act;
      const input = Object.values((getNamedType(field.args[0]!.type) as GraphQLInputObjectType).getFields());
      const taken = input.filter((f) => getNamedType(f.type).name === 'ID' && isNonNullType(f.type)).map((f) => f.name);
      if (taken.length === 0 || !(act in MEANING) || ['ANY', 'NONE'].includes(MEANING[act][0]) || field.name === 'reviewBreakGlass') return [];
      const sides = of[taken[0]!];
      if (!sides) throw new Error(`${field.name}: whose is ${taken[0]}?`);
      return [{ field, act, taken, sides }];
    });
  };
  /** Everything of the database that an act of a stranger might have changed. */
  const footprint = async (): Promise<unknown> => {
    const tables = ['catalog.product', 'catalog.dataset', 'catalog.revision', 'catalog.asset', 'contracts.offer', 'contracts.agreement', 'contracts.licence', 'contracts.licence_hold', 'contracts.termination', 'contracts.negotiation', 'contracts.negotiation_message', 'catalog.saved_search', 'contracts.reshare', 'contracts.agreement_signature', 'contracts.pending_order', 'compliance.counter_case', 'compliance.case_event', 'compliance.approval', 'compliance.certificate', 'compliance.end_use_declaration', 'compliance.finding', 'settlement.trade', 'billing.payment', 'billing.usage_period', 'delivery.delivery', 'identity.member', 'identity.invitation', 'identity.mandate', 'audit.entry', 'shared.outbox', 'shared.idempotency_key'];
    tables.push('catalog.data_request', 'catalog.data_request_answer');
    tables.push('contracts.deletion', 'contracts.deletion_certificate', 'contracts.deletion_event');
    tables.push('identity.webhook_endpoint', 'identity.webhook_message');
    tables.push('contracts.supersession', 'contracts.named_user', 'contracts.spending_cap', 'contracts.spending_notice', 'contracts.offer_signing');
    tables.push('catalog.data_service', 'delivery.api_credential');
    tables.push('contracts.usage_quota', 'billing.usage_correction', 'billing.credit', 'metering.usage_event');
    return exchange.owner.query(tables.map((t) => `select '${t}' as t, md5(coalesce(string_agg(r::text, '|' order by r::text), '')) as h from ${t} r`).join(' union all '));
  };

  it.each(WALLS)('%s answer what is done to an object of others as if there were none, whoever carries the act', async (_, second) => {
    await setSecondWall(second);
    const { ids, draft, subjects, trade } = cast;
    const drafts = { productId: draft.productId, datasetId: draft.datasetId, revisionId: draft.revisionId, assetId: draft.assetIds[0]! };
    const mine = { ...ids, id: ids['keyId']!, tradeId: ids['purchaseId']!, invoiceId: ids['purchaseInvoiceId']! };
    const before = await footprint();
    const all = pointed();
    expect(all.length).toBeGreaterThan(20);
    const tries = all.flatMap((p) => subjects.filter((s) => carries(TABLE, s, p.act) && !related(TABLE, s, p.act, p.sides)).map((subject) => ({ ...p, subject })));
    for (const { field } of all) expect([field.name, tries.some((t) => t.field === field && t.subject.name.startsWith('stranger'))]).toEqual([field.name, true]);
    const wrong = await inTurns(tries, async ({ field, taken, subject }) => {
      const with_ = async (given: Ids, headers = {}): Promise<string> => JSON.stringify(await ask(subject, new Samples(schema, given, isStaff(subject) ? { roles: 'AUDITOR' } : {}).call('mutation', field), headers));
      const unknown = await with_(Object.fromEntries(taken.map((t) => [t, newId()])));
      const key = { 'idempotency-key': `probe-${field.name}-${newId()}` };
      const foreign = [await with_(mine), await with_({ ...mine, ...drafts }), await with_({ ...mine, tradeId: trade.usageId }), await with_(mine, key), await with_(mine, key)];
      return unknown.includes('"NotFound"') && foreign.every((f) => f === unknown) ? [] : [`${field.name} as ${subject.name}: ${foreign.find((f) => f !== unknown) ?? unknown}`];
    });
    expect(wrong.flat()).toEqual([]);
    expect(await footprint()).toEqual(before);
  });

  it('takes no bytes for an asset of another, stored or awaited', async () => {
    const before = await footprint();
    const strangers = cast.subjects.filter((s) => s.name.startsWith('stranger') && carries(TABLE, s, 'delivery:upload'));
    for (const { client } of strangers) {
      const answers = await Promise.all([newId(), cast.draft.assetIds[0]!, cast.trade.assetId].map(async (id) => {
        const response = await putContent(client, id, cast.trade.file.content);
        return [response.status, await response.json()];
      }));
      expect(answers[0]).toMatchObject([404, { code: 'not_found' }]);
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    }
    expect(strangers.length).toBeGreaterThan(2);
    expect(await footprint()).toEqual(before);
  });

  it("hides one's own licence behind a foreign asset and the other way round", async () => {
    const { client } = cast.subjects.find((s) => s.name === 'stranger BUYER')!;
    const { licence } = await done<{ licence: { id: string } }>(client, 'placeOrder', 'Agreement', 'licence { id }', orderOf(cast.trade.offerId));
    const want = (licenceId: string, assetId: string) => client.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
    const unknown = await want(newId(), newId());
    expect(unknown).toMatchObject({ __typename: 'NotFound' });
    expect(await want(licence.id, cast.draft.assetIds[0]!)).toEqual(unknown);
    expect(await want(cast.trade.licenceId, cast.trade.assetId)).toEqual(unknown);
    expect(await want(licence.id, cast.trade.assetId)).toMatchObject({ __typename: 'StateConflict', current: 'PENDING' });
  });

  it('shows an offer that nobody can take to its vendor and to staff alone', async () => {
    const { market, trade, vendorId, subjects } = cast;
    const { id: brief } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(trade.productId, { validUntil: new Date(clock.now().getTime() + 60_000).toISOString() }));
    const seers = async (id: string): Promise<string[]> => {
      const who = ['a newcomer', 'stranger ORG_ADMIN', 'buyer FINANCE', 'vendor FINANCE', "vendor's key for contracts:offer", "vendor's key for billing:pay", 'AUDITOR', 'LISTING_REVIEWER'];
      const seen_ = await Promise.all(who.map(async (name) => (await subjects.find((s) => s.name === name)!.client.ask<{ offer: object | null }>('query($id: ID!) { offer(id: $id) { id } }', { id })).offer));
      return who.filter((_, i) => seen_[i] !== null);
    };
    const everybody = await seers(brief);
    expect(everybody).toHaveLength(8);
    clock.advance(61);
    expect(await seers(brief)).toEqual(['vendor FINANCE', "vendor's key for contracts:offer", 'AUDITOR']);
    expect(await seers(trade.offerId)).toEqual(everybody);
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId: trade.productId, reason: 'for the test' });
    expect(await seers(trade.offerId)).toEqual(['vendor FINANCE', "vendor's key for contracts:offer", 'AUDITOR']);
    await done(market.officer, 'reinstateProduct', 'Product', 'id', { productId: trade.productId, reason: 'for the test' });
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: vendorId, reason: 'for the test' });
    expect(await seers(trade.offerId)).toEqual(['AUDITOR']);
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: vendorId, reason: 'for the test' });
    await exchange.drain();
    expect(await seers(trade.offerId)).toEqual(everybody);
  });

  const route = async ({ operation, subject }: Pick<Observation, 'operation' | 'subject'>): Promise<Observation> => {
    const [method, path] = operation.name.split(' ') as [string, string];
    const type = method === 'PUT' ? 'application/octet-stream' : path.startsWith('/v1/oid4vp') || path === TOKEN_ENDPOINT ? 'application/x-www-form-urlencoded' : 'application/json';
    const body = method === 'GET' ? {} : { body: path === '/graphql' ? '{"query":"{ __typename }"}' : type === 'application/json' ? '{}' : 'x' };
    const headers = subject.client.headers({ ...elsewhere(), ...(method === 'GET' ? {} : { 'content-type': type }) });
    const { status } = await fetch(exchange.url + path.replace(/:\w+/, newId()), { method, headers, ...body });
    const served = SERVERS_OWN.includes(operation) && status < 500 && status !== 429;
    return { operation, subject, outcome: served ? 'LET_IN' : status === 401 ? 'UNAUTHENTICATED' : status === 403 ? 'REFUSED' : status === 429 || status >= 500 ? `BROKEN ${status}` : 'LET_IN' };
  };

  it('opens every route to those alone whom the table names', async () => {
    const routes = operations.filter((o) => o.kind === 'http');
    const people = cast.subjects.filter((s) => !s.name.startsWith('stranger'));
    // A client proves to the token endpoint itself who it is (RFC 6749, 2.3): what comes as a bearer there is nobody's, and gets no token.
    for (const subject of people) expect([subject.name, (await fetch(exchange.url + TOKEN_ENDPOINT, { method: 'POST', headers: subject.client.headers({ ...elsewhere(), 'content-type': 'application/x-www-form-urlencoded' }), body: 'grant_type=client_credentials' })).status]).toEqual([subject.name, 401]);
    const found = await inTurns(routes.filter((o) => !o.name.endsWith(TOKEN_ENDPOINT)).flatMap((operation) => people.map((subject) => ({ operation, subject }))), route);
    // The server's own pages look at no credential; what is asked through them does.
    expect(await record(Promise.resolve(found.filter((o) => !SERVERS_OWN.includes(o.operation))))).toEqual([]);
    expect(found.filter((o) => SERVERS_OWN.includes(o.operation) && o.outcome !== 'LET_IN')).toEqual([]);
  });

  const doing = async ({ operation, subject, over, asks }: { operation: Operation; subject: Subject; over?: object; asks?: Operation['asks'] }): Promise<Observation> => {
    const field = schema.getMutationType()!.getFields()[operation.name]!;
    const { query, variables } = new Samples(schema).call('mutation', field);
    const answer = await ask(subject, { query, variables: { input: { ...(variables['input'] as object), ...over } } });
    const result = answer.data?.[operation.name] as { __typename: string; code?: string } | undefined;
    const outcome = broken(answer) ?? (result?.__typename !== 'NotPermitted' ? 'LET_IN' : result.code === 'not_permitted' ? 'REFUSED' : `BROKEN ${result.code}`);
    return { operation, subject, outcome, ...(asks ? { asks } : {}) };
  };
  /** Where the input decides which act it is. */
  const VARIANTS: Record<string, readonly { over: object; asks?: readonly Act[] }[]> = {
    requestPresentation: [{ over: { purpose: 'ORGANISATION_IDENTITY' }, asks: ['identity:present-organisation'] }, { over: { purpose: 'SIGNATORY_MANDATE' }, asks: ['identity:present-mandate'] }],
    // Not registered, so that a newcomer stays one.
    registerOrganisation: [{ over: { registryNumbers: [{ scheme: 'USCC', value: 'of no form' }] } }],
  };

  it('lets each mutation be done by those alone whom the table names', async () => {
    const people = cast.subjects.filter((s) => !s.name.startsWith('stranger') && !s.name.startsWith('buyer'));
    const all = operations.filter((o) => o.kind === 'mutation').flatMap((operation) => (VARIANTS[operation.name] ?? [{}]).map((variant) => ({ operation, ...variant })));
    for (const last of [false, true]) {
      const now = all.filter(({ operation }) => CHANGES_ITS_CALLER.has(operation.name) === last);
      expect(await record(inTurns(now.flatMap((o) => people.map((subject) => ({ ...o, subject }))), doing))).toEqual([]);
    }
  });

  it('a fault in the table would be found', () => {
    expect(seen.length).toBeGreaterThan(3_500);
    const { permissions, meaning } = TABLE;
    const more = differences(seen, { meaning, permissions: { ...permissions, 'contracts:order': { ...permissions['contracts:order'], roles: ['ORG_ADMIN', 'BUYER', 'FINANCE'] } } });
    const queried = ['vendor', 'buyer', 'stranger'].map((who) => `previewOrder as ${who} FINANCE: REFUSED, the table says LET_IN`);
    expect([...new Set(more)].sort()).toEqual([...queried, ...['beginNegotiation', 'cancelRenewal', 'placeOrder'].map((act) => `${act} as vendor FINANCE: REFUSED, the table says LET_IN`)].sort());
    const less = differences(seen, { meaning, permissions: { ...permissions, 'catalog:certify': { ...permissions['catalog:certify'], roles: [] } } });
    expect([...less].sort()).toEqual(['certifyProduct', 'renewListingCertificate', 'revokeListingCertificate', 'transferListingCertificate'].map((name) => `${name} as LISTING_REVIEWER: LET_IN, the table says REFUSED`));
    const early = differences(seen, { meaning, permissions: { ...permissions, 'billing:pay': { ...permissions['billing:pay'], verified: false } } });
    expect(early).toEqual(['payTrade as the administrator of an unverified organisation: REFUSED, the table says LET_IN']);
    const keyless = differences(seen, { meaning, permissions: { ...permissions, 'delivery:upload': { ...permissions['delivery:upload'], key: false } } });
    expect([...keyless].sort()).toEqual(['DELETE /v1/uploads/:id', 'GET /v1/uploads/:id', 'PATCH /v1/uploads/:id', 'POST /v1/uploads', 'PUT /v1/assets/:assetId/content', 'chooseHomeRegion'].map((act) => `${act} as vendor's key for delivery:upload: LET_IN, the table says REFUSED`));
    const wide = differences(seen, { permissions, meaning: { ...meaning, 'contracts:read': ['ANY', ''] } });
    expect(wide).toEqual(expect.arrayContaining(['agreement as stranger FINANCE: REFUSED, the table says LET_IN', "licence as stranger's key for contracts:read: REFUSED, the table says LET_IN"]) as unknown);
    const silent = differences(seen.map((o) => (o.operation.name === 'runClearing' ? { ...o, operation: { ...o.operation, asks: undefined } } : o)));
    expect(silent).toContain('runClearing as SETTLEMENT_OFFICER: LET_IN, the table says REFUSED');
  });
});
