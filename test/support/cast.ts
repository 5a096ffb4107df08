import type { Act, Role } from '#identity';
import { newId } from '#shared';
import type { TestClock } from './clock.js';
import { GraphClient } from './client.js';
import type { TestExchange } from './exchange.js';
import { csvFile, done, type Draft, draftProduct, enlist, hire, join, type Market, offerOf, openMarket, orderOf, planOf } from './market.js';
import type { Subject } from './permission-walk.js';
import type { Ids } from './samples.js';
import { playTrade, type PlayedTrade } from './trade.js';

const TRADER_ROLES: readonly Role[] = ['ORG_ADMIN', 'VENDOR_MANAGER', 'BUYER', 'FINANCE'];
const HALF_A_DAY = 13 * 3_600;

/** Everybody who may call an exchange, and what they call about: a trade that was played, a draft, and an object of each other kind. */
export interface Cast {
  readonly subjects: readonly Subject[];
  readonly market: Market;
  readonly trade: PlayedTrade;
  readonly draft: Draft;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly ids: Ids;
}

const member = (name: string, client: GraphClient, organisationId: string | null, roles: readonly Role[], standing: Subject['standing'] = 'VERIFIED'): Subject =>
  ({ name, client, kind: organisationId === null ? 'newcomer' : 'member', organisationId, standing: organisationId === null ? null : standing, roles, scopes: [] });
const outsider = (name: string, kind: Subject['kind'], url: string, credential?: string): Subject =>
  ({ name, client: new GraphClient(url, credential), kind, organisationId: null, standing: null, roles: [], scopes: [] });

async function keyOf(admin: GraphClient, scopes: readonly Act[], expiresAt: Date): Promise<{ id: string; secret: string }> {
  return done(admin, 'createApiKey', 'CreatedApiKey', 'id secret', { name: scopes[0], scopes: scopes.map((s) => s.replaceAll(/[:-]/g, '_').toUpperCase()), expiresAt: expiresAt.toISOString() });
}

/** One member for each role of a trader, besides whoever registered it. */
async function staffed(exchange: TestExchange, who: string, admin: string, organisationId: string): Promise<Subject[]> {
  const client = await exchange.client(admin);
  const others = await Promise.all(TRADER_ROLES.slice(1).map(async (role) => member(`${who} ${role}`, await hire(exchange, client, `${who}-${role}`, role), organisationId, [role])));
  return [member(`${who} ORG_ADMIN`, client, organisationId, ['ORG_ADMIN']), ...others];
}

const withKeys = (exchange: TestExchange, who: string, admin: GraphClient, organisationId: string, scopes: readonly Act[], ends: Date): Promise<Subject[]> =>
  Promise.all(scopes.map(async (scope): Promise<Subject> => {
    const { secret } = await keyOf(admin, [scope], ends);
    return { name: `${who}'s key for ${scope}`, client: new GraphClient(exchange.url, secret), kind: 'key', organisationId, standing: 'VERIFIED', roles: [], scopes: [scope] };
  }));

export async function gather(exchange: TestExchange, clock: TestClock, scopes: readonly Act[]): Promise<Cast> {
  const { url } = exchange;
  const expiredToken = (await exchange.client('staff-admin')).credential!;
  let market = await openMarket(exchange);
  await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
  await hire(exchange, market.admin, 'auditor', 'AUDITOR');
  const trade = await playTrade(exchange, market, await exchange.client('settler'));
  await done(market.vendor, 'refundTrade', 'Trade', 'id', { tradeId: trade.purchaseId, amountMinor: '10', reason: 'a row was missing' });
  await exchange.drain();
  const expiring = await keyOf(market.vendor, scopes, new Date(clock.now().getTime() + 3_600_000));
  // Tokens live twelve hours: from here on everybody signs in anew.
  clock.advance(HALF_A_DAY);
  const sign = (...names: string[]): Promise<GraphClient[]> => Promise.all(names.map((n) => exchange.client(n)));
  const [admin, officer, reviewer, settler, auditor] = (await sign('staff-admin', 'officer', 'reviewer', 'settler', 'auditor')) as [GraphClient, GraphClient, GraphClient, GraphClient, GraphClient];
  const [vendor, buyer, assessor, stranger] = (await sign('vendor', 'buyer', 'assessor', 'stranger')) as [GraphClient, GraphClient, GraphClient, GraphClient];
  const [pending, suspended, left] = (await sign('pending', 'suspended', 'left')) as [GraphClient, GraphClient, GraphClient];
  market = { ...market, admin, officer, reviewer, vendor, buyer };
  const { vendorId, assessorId } = market;
  const [exchangeId, buyerId] = await Promise.all([admin, buyer].map(async (c) => (await c.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id)) as [string, string];
  const strangerId = await join(officer, stranger, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
  const suspendedId = await join(officer, suspended, 'Stopped Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654322');
  await done(officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: suspendedId, reason: 'for the test' });
  const { id: pendingId } = await done(pending, 'registerOrganisation', 'Organisation', 'id', { legalName: 'Not Proven Yet', jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '87654323' }] });
  await enlist(buyer, left, 'Left', 'BUYER');
  await done(left, 'leaveOrganisation', 'DepartedMember', 'id', {});
  const ends = new Date(clock.now().getTime() + 30 * 86_400_000);
  const revoked = await keyOf(vendor, scopes, ends);
  await done(vendor, 'revokeApiKey', 'ApiKey', 'id', { id: revoked.id });
  const subjects: Subject[] = [
    outsider('nobody', 'nobody', url), outsider('a forged token', 'rejected', url, 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzdGFmZi1hZG1pbiIsImV4cCI6OTk5OTk5OTk5OX0.AAAA'),
    outsider('an expired token', 'rejected', url, expiredToken), outsider('an expired key', 'rejected', url, expiring.secret), outsider('a revoked key', 'rejected', url, revoked.secret),
    member('a newcomer', await exchange.client('newcomer'), null, []), member('a member who left', left, null, []),
    member('the administrator of an unverified organisation', pending, pendingId, ['ORG_ADMIN'], 'PENDING_VERIFICATION'), member('the administrator of a suspended organisation', suspended, suspendedId, ['ORG_ADMIN'], 'SUSPENDED'),
    member('an assessor', assessor, assessorId, ['ORG_ADMIN']),
    ...([['STAFF_ADMIN', admin], ['COMPLIANCE_OFFICER', officer], ['LISTING_REVIEWER', reviewer], ['SETTLEMENT_OFFICER', settler], ['AUDITOR', auditor]] as const).map(([role, client]) => member(role, client, exchangeId, [role])),
    ...(await staffed(exchange, 'vendor', 'vendor', vendorId)), ...(await staffed(exchange, 'buyer', 'buyer', buyerId)), ...(await staffed(exchange, 'stranger', 'stranger', strangerId)),
    ...(await withKeys(exchange, 'vendor', vendor, vendorId, scopes, ends)), ...(await withKeys(exchange, 'stranger', stranger, strangerId, scopes, ends)),
  ];
  const draft = await draftProduct(market, [csvFile(500)]);
  return { subjects, market, trade, draft, vendorId, buyerId, ids: { ...idsOf(trade), draftId: draft.productId, ...(await objects(exchange, clock, market, trade)), vendorId, buyerId } };
}

const idsOf = (trade: PlayedTrade): Ids => Object.fromEntries(Object.entries(trade).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** Objects of every kind that a trade leaves none of: the vendor's and the buyer's own. */
async function objects(exchange: TestExchange, clock: TestClock, { vendor, buyer, vendorId }: Market, trade: PlayedTrade): Promise<Ids> {
  const holding = { holder: 'PERSON', name: 'Wang Fang', nationality: 'CN', residence: 'CN', shareBasisPoints: 10_000, interest: 'EQUITY', directness: 'DIRECT' };
  const { id: ownershipId } = await done(vendor, 'declareOwnership', 'Ownership', 'id', { asOf: clock.now().toISOString(), holdings: [holding] });
  await done(vendor, 'declareTax', 'TaxDeclaration', 'scheme', { scheme: 'CN_EXPORT', status: 'EXEMPT', evidence: 'filing 7' });
  await done(vendor, 'setBillingProfile', 'BillingProfile', 'street', { street: '888 Huanhu Xi Er Lu', city: 'Shanghai' });
  const closed = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(trade.productId));
  await done(vendor, 'withdrawOffer', 'Offer', 'id', { offerId: closed.id });
  const { id: keyId } = await keyOf(buyer, ['delivery:download'], new Date(clock.now().getTime() + 86_400_000));
  const { id: invitationId } = await done(buyer, 'inviteMember', 'CreatedInvitation', 'id', { displayName: 'Second clerk', roles: ['FINANCE'], expiresInHours: 1 });
  const signer = await exchange.client('buyer-BUYER');
  const { members } = await buyer.ask<{ members: { nodes: { id: string; subject: string }[] } }>('{ members(first: 50) { nodes { id subject } } }');
  const memberId = members.nodes.find((m) => m.subject === 'buyer-BUYER')!.id;
  const { id: mandateId } = await done(buyer, 'grantMandate', 'Mandate', 'id', { memberId, currency: 'SGD', mode: 'JOINT', evidence: 'resolution 1' });
  const { pendingOrder } = await done<{ pendingOrder: { id: string } }>(signer, 'placeOrder', 'AwaitingSignature', 'pendingOrder { id }', orderOf(trade.offerId));
  const { id: certificateId } = await done(vendor, 'submitCertificate', 'RegisteredCertificate', 'id', { scheme: 'ISO27001', number: 'IS 7', issuingBody: 'BSI', grantedIn: 'GB', scope: 'everything', firstDay: '2026-01-01', registerUrl: 'https://register.example/7' });
  const objectId = newId();
  await exchange.owner.query(
    `insert into compliance.end_use_declaration (id, organisation_id, object_id, facts, facts_hash, declared_by, declared_at, valid_until)
     select gen_random_uuid(), organisation_id, $1, '{"purpose": "RESEARCH", "destination": "SG", "endUsers": [], "onward": {"planned": false, "countries": []}, "statements": []}', repeat('a', 64), 'test', $2::timestamptz, $2::timestamptz + interval '1 year'
     from identity.member where subject = 'buyer'`, [objectId, clock.now()]);
  const presentationId = newId();
  await exchange.owner.query(
    `insert into identity.presentation (id, organisation_id, member_id, purpose, state, nonce, request, created_at, expires_at, finished_at)
     select $1, organisation_id, id, 'ORGANISATION_IDENTITY', 'EXPIRED', repeat('n', 43), '{}', $2::timestamptz, $2::timestamptz + interval '10 minutes', $2 from identity.member where subject = 'vendor'`, [presentationId, clock.now()]);
  const { id: caseId } = await done(vendor, 'openCase', 'Case', 'id', { kind: 'CERTIFICATION', subjectType: 'organisation', subjectId: vendorId });
  const approvalId = newId();
  await exchange.owner.query(
    `insert into compliance.approval (id, type, holder_id, valid_from, state, case_id, reference, granted_by, granted_at) values ($1, 'standard_contract', $2, '2026-01-01', 'ACTIVE', $3, 'SH-1', 'test', $4)`, [approvalId, vendorId, caseId, clock.now()]);
  const { id: terminationId } = await done(buyer, 'terminateAgreement', 'Termination', 'id', { agreementId: trade.agreementId, reasonCode: 'MUTUAL_CONSENT', statement: 'no need of it any more' });
  const correctionId = newId();
  await exchange.owner.query(
    `insert into billing.usage_correction (id, licence_id, agreement_id, vendor_id, buyer_id, source, event_id, meter, before, quantity, reason, side, proposed_by, charged, state, proposed_at)
     select $1, id, agreement_id, vendor_id, buyer_id, 'urn:test', 'walked', 'calls', 2, 1, 'for the walk', 'VENDOR', 'test', true, 'PROPOSED', $3::timestamptz from contracts.licence where id = $2`, [correctionId, trade.licenceId, clock.now()]);
  await exchange.owner.query(
    `insert into delivery.receipt_answer (receipt_id, licence_id, vendor_id, buyer_id, state, ground, reason, answered_by, answered_at)
     select $1, id, vendor_id, buyer_id, 'ESCALATED', 'OTHER', 'for the walk', 'test', $3::timestamptz from contracts.licence where id = $2`, [trade.receiptId, trade.licenceId, clock.now()]);
  const deletionId = newId();
  await exchange.owner.query(
    `insert into contracts.deletion (id, licence_id, agreement_id, product_id, vendor_id, buyer_id, clause, state, requested_at, due_at, next_at)
     select $1, id, agreement_id, product_id, vendor_id, buyer_id, 'deletion', 'REQUESTED', $3::timestamptz, $3::timestamptz + interval '30 days', $3::timestamptz + interval '23 days' from contracts.licence where id = $2`, [deletionId, trade.licenceId, clock.now()]);
  const proposal = { plan: planOf(), purposes: ['RESEARCH'], destinations: ['SG'] };
  const { id: negotiationId } = await done(buyer, 'beginNegotiation', 'Negotiation', 'id', { productId: trade.productId, proposal });
  const { id: savedSearchId } = await done(buyer, 'saveSearch', 'SavedSearch', 'id', { name: 'Ports', search: { text: 'ports' } });
  const { id: dataRequestId } = await done(buyer, 'postDataRequest', 'DataRequest', 'id', { title: 'Tyre wear', description: 'Per axle', expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString(), anonymous: true });
  const { id: answerId } = await done(vendor, 'answerDataRequest', 'DataRequestAnswer', 'id', { dataRequestId, message: 'We can collect it' });
  const { id: endpointId } = await done(buyer, 'registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id', { url: 'https://hooks.example/entrepot', description: 'For the walk' });
  const [account] = await exchange.owner.query<{ id: string }[]>(`select id from settlement.account where owner_id = $1 and kind = 'PAYABLE'`, [vendorId]);
  await done(buyer, 'disableWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId });
  const messageId = newId();
  await exchange.owner.query(
    `with told as (insert into identity.notice (id, organisation_id, object_type, object_id, kind, text, reasons, created_at) select $1, organisation_id, 'WEBHOOK_ENDPOINT', id, 'WEBHOOK_DISABLED', 'for the walk', '[]', $3::timestamptz from identity.webhook_endpoint where id = $2 returning *)
     insert into identity.webhook_message (endpoint_id, notice_id, organisation_id, kind, state, failure, created_at, finished_at) select $2, id, organisation_id, kind, 'FAILED', 'STATUS', $3, $3 from told`, [messageId, endpointId, clock.now()]);
  await exchange.owner.query(
    `insert into catalog.data_service (id, product_id, vendor_id, endpoint_url, operations, test_path, rate_calls, rate_seconds, at_once, first_byte_ms, total_ms, request_bytes, answer_bytes, described_at)
     select gen_random_uuid(), id, vendor_id, 'https://api.example/', '[{"method": "GET", "path": "/v1/quotes", "cost": 1, "charged": "COMPLETE"}]', '/health', 10, 1, 10, 1000, 1000, 1000, 1000, $2 from catalog.product where id = $1`, [trade.productId, clock.now()]);
  const { id: destinationId } = await done(buyer, 'registerPushDestination', 'PushDestination', 'id', { licenceId: trade.licenceId, endpoint: 'https://storage.example', region: 'eu-central-1', bucket: 'walk', accessKeyId: 'walk', secretAccessKey: 'walk' });
  const pushId = newId();
  await exchange.owner.query(
    `insert into delivery.push_job (id, destination_id, licence_id, product_id, vendor_id, buyer_id, revision_id, asset_id, state, created_at, finished_at)
     select $1, id, licence_id, product_id, vendor_id, buyer_id, $3, $4, 'GIVEN_UP', $5, $5 from delivery.push_destination where id = $2`, [pushId, destinationId, trade.revisionId, trade.assetId, clock.now()]);
  const disputeId = newId();
  await exchange.owner.query(
    `with opened as (insert into settlement.dispute (id, trade_id, vendor_id, buyer_id, ground, currency, claim_minor, state, answer_until, awarded_minor, opened_at, ended_at)
       select $1, id, vendor_id, buyer_id, 'OTHER', currency, 1, 'DISMISSED', $3::timestamptz, 0, $3, $3 from settlement.trade where id = $2 returning id, vendor_id, buyer_id)
     insert into settlement.dispute_entry (id, dispute_id, vendor_id, buyer_id, side, act, text, evidence, said_by, said_at) select $1, id, vendor_id, buyer_id, 'BUYER', 'OPEN', 'for the walk', '[]', 'walk', $3 from opened`, [disputeId, trade.purchaseId, clock.now()]);
  await exchange.owner.query(
    `insert into billing.chargeback (id, provider, provider_reference, payment_id, trade_id, buyer_id, vendor_id, currency, amount_minor, reason, state, opened_at, ended_at)
     select gen_random_uuid(), p.provider, 'dp_walk', p.id, t.id, t.buyer_id, t.vendor_id, p.currency, 1, 'general', 'WON', $2::timestamptz, $2 from billing.payment p join settlement.trade t on t.payment_id = p.id where t.id = $1`, [trade.purchaseId, clock.now()]);
  // Of the day on which the market opened.
  const [{ id: screeningId }] = (await exchange.owner.query('select id from compliance.screening order by id limit 1')) as [{ id: string }];
  const [{ id: deliveryId }] = (await exchange.owner.query('select id from delivery.delivery where licence_id = $1 limit 1', [trade.licenceId])) as [{ id: string }];
  const { id: accessPointId } = await done(buyer, 'addAccessPoint', 'AccessPoint', 'id', { network: '203.0.113.0/24', country: 'SG', label: 'Office' });
  return {
    accountId: account!.id, disputeId, destinationId, pushId, correctionId, deletionId, deliveryId, accessPointId, dataRequestId, answerId, endpointId, messageId,
    screeningId, caseId, approvalId, subjectId: vendorId, ownershipId, closedOfferId: closed.id, keyId, invitationId, memberId, mandateId, pendingOrderId: pendingOrder.id, presentationId, certificateId, objectId, terminationId, negotiationId, savedSearchId,
  };
}
