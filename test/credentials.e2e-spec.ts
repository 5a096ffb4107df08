import { jest } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { RotateSecrets } from '#shared';
import { type GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { CredentialIssuerServer, keyOfIssuer, publicPart, recode } from './support/credential-issuer.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, hire, listedProduct, type Market, offerOf, openMarket, orderOf } from './support/market.js';
import { Wallet } from './support/wallet.js';
const PUBLIC_URL = 'https://exchange.test';
const [IDENTITY_VCT, MANDATE_VCT] = ['urn:example:company:1', 'urn:example:mandate:1'];
const BUYER = { uen: '196800306E', legal_name: 'Straits Analytics' };
const MANDATE = { uen: '196800306E', currency: 'SGD', limit: '250000.00', mode: 'ALONE' };

describe('verifiable credentials', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let issuer: CredentialIssuerServer;
  let issuerId: string;
  let wallet: Wallet;
  let offerId: string;
  let buyerId: string;
  const newWallet = (alg?: string): Promise<Wallet> => Wallet.make(PUBLIC_URL, exchange.url, () => clock.now(), alg);
  const proposal = (over: object = {}): Record<string, unknown> => ({
    iss: issuer.iss, jurisdiction: 'SG', trustFramework: 'Example registry framework', keySource: 'METADATA', algorithms: ['ES256'], assuranceLevel: 4, validFrom: new Date(clock.now().getTime() - 60_000).toISOString(),
    types: [
      { vct: IDENTITY_VCT, purpose: 'ORGANISATION_IDENTITY', scheme: 'UEN', numberPath: ['uen'], legalNamePath: ['legal_name'] },
      { vct: MANDATE_VCT, purpose: 'SIGNATORY_MANDATE', scheme: 'UEN', numberPath: ['uen'], currencyPath: ['currency'], amountPath: ['limit'], modePath: ['mode'] },
    ], ...over,
  });
  const recognise = async (over: object = {}): Promise<string> => {
    const { id } = await done(market.officer, 'proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal(over));
    await done(market.admin, 'approveCredentialIssuer', 'CredentialIssuer', 'id', { id });
    return id;
  };
  interface Asked { id: string; requestUri: string }
  const ask = (client: GraphClient, purpose = 'ORGANISATION_IDENTITY'): Promise<Asked> => done<Asked>(client, 'requestPresentation', 'PresentationRequest', 'id requestUri expiresAt', { purpose });
  interface Seen { state: string; failure: string | null; credential: { id: string; state: string; vct: string } | null }
  const seen = async (client: GraphClient, id: string): Promise<Seen> =>
    (await client.ask<{ presentation: Seen }>('query($id: ID!) { presentation(id: $id) { state failure credential { id state vct } } }', { id })).presentation;
  const failure = async (client: GraphClient, id: string): Promise<string> => {
    const { state, failure: code } = await seen(client, id);
    return state === 'REFUSED' ? code! : state;
  };
  const order = (client = market.buyer): Promise<{ __typename: string; code?: string }> => client.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId));
  const organisation = async (): Promise<{ state: string; assuranceLevel: number; registryNumbers: { proven: boolean }[] }> =>
    (await market.buyer.ask<{ me: { organisation: never } }>('{ me { organisation { state assuranceLevel registryNumbers { proven } } } }')).me.organisation;
  /** Presents the buyer's identity; answers where it stands in the status list. */
  const proveBuyer = async (): Promise<number> => {
    const { compact, index } = await issuer.issue(wallet.key, IDENTITY_VCT, BUYER);
    const { id, requestUri } = await ask(market.buyer);
    await wallet.show(requestUri, compact, Object.keys(BUYER));
    expect(await failure(market.buyer, id)).toBe('ACCEPTED');
    return index;
  };
  const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await exchange.owner.query(sql, values)) as T[];

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { PUBLIC_URL } });
    market = await openMarket(exchange);
    const file = csvFile(2_000);
    const { productId } = await listedProduct(exchange, market, [file]);
    offerId = (await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId))).id;
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    issuer = await CredentialIssuerServer.start();
    wallet = await newWallet();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await exchange.close();
    await issuer.stop();
  });
  beforeEach(() => {
    clock.advance((Date.now() - clock.now().getTime()) / 1_000);
    issuer.statusAnswer = 'good';
    issuer.metadataDown = false;
  });

  it('recognises an issuer when two officers say so', async () => {
    expect(await market.buyer.mutate('requestPresentation', 'PresentationRequest', 'id', { purpose: 'ORGANISATION_IDENTITY' })).toMatchObject({ __typename: 'StateConflict', code: 'identity.no_credential_issuer' });
    expect((await market.buyer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal())).__typename).toBe('NotPermitted');
    expect(await market.officer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal({ keySource: 'JWKS', jwks: JSON.stringify({ keys: [issuer.key.jwk] }) }))).toMatchObject({ code: 'identity.credential_issuer_keys' });
    expect(await market.officer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal({ types: [{ vct: 'x', purpose: 'SIGNATORY_MANDATE', scheme: 'UEN', numberPath: ['uen'] }] }))).toMatchObject({ code: 'identity.credential_issuer_mapping' });
    expect(await market.officer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal({ assuranceLevel: 2 }))).toMatchObject({ code: 'identity.proof_too_weak' });
    expect((await market.officer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal({ algorithms: [] }))).__typename).toBe('InvalidInput');
    for (const algorithms of [['HS256'], ['none']]) await expect(market.officer.mutate('proposeCredentialIssuer', 'CredentialIssuer', 'id', proposal({ algorithms }))).rejects.toThrow('CredentialAlgorithm');
    const { id, state } = await done<{ id: string; state: string }>(market.officer, 'proposeCredentialIssuer', 'CredentialIssuer', 'id state', proposal());
    expect(state).toBe('PROPOSED');
    expect(await market.officer.mutate('approveCredentialIssuer', 'CredentialIssuer', 'id', { id })).toMatchObject({ code: 'identity.second_officer_needed' });
    expect((await market.vendor.mutate('approveCredentialIssuer', 'CredentialIssuer', 'id', { id })).__typename).toBe('NotPermitted');
    const list = (client: GraphClient): Promise<{ credentialIssuers: { nodes: { id: string; state: string }[] } }> => client.ask('{ credentialIssuers { nodes { id state types { vct } } } }');
    expect((await list(market.buyer)).credentialIssuers.nodes).toEqual([]);
    const both = await Promise.all([1, 2].map(() => market.admin.mutate('approveCredentialIssuer', 'CredentialIssuer', 'id', { id })));
    expect(both.map((b) => b.__typename).sort()).toEqual(['CredentialIssuer', 'StateConflict']);
    expect((await list(market.buyer)).credentialIssuers.nodes).toMatchObject([{ id, state: 'ACTIVE' }]);
    issuerId = await recognise();
    expect((await list(market.buyer)).credentialIssuers.nodes).toMatchObject([{ id: issuerId, state: 'ACTIVE' }]);
  });

  it('asks a wallet in the open: who asks is signed, only the claims needed are asked for, the answer is encrypted', async () => {
    const { id, requestUri } = await ask(market.buyer);
    const request = await wallet.resolve(requestUri);
    expect(request.client).toMatchObject({ prefix: 'decentralized_identifier', effective: 'decentralized_identifier:did:web:exchange.test' });
    expect(request.authorizationRequestPayload).toMatchObject({ response_mode: 'direct_post.jwt', response_uri: `${PUBLIC_URL}/v1/oid4vp/responses/${id}`, aud: 'https://self-issued.me/v2' });
    expect(request.dcql!.query).toEqual({ credentials: [{ id: 'c0', format: 'dc+sd-jwt', meta: { vct_values: [IDENTITY_VCT] }, claims: [{ path: ['uen'] }, { path: ['legal_name'] }] }], credential_sets: [{ options: [['c0']] }] });
    expect(Buffer.from(request.authorizationRequestPayload.nonce, 'base64url')).toHaveLength(32);
    const post = (body: string): Promise<Response> => fetch(`${exchange.url}/v1/oid4vp/requests/${id}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
    const object = await (await post('wallet_nonce=n-123')).text();
    expect(decodeProtectedHeader(object)).toMatchObject({ typ: 'oauth-authz-req+jwt', alg: 'EdDSA' });
    expect(JSON.parse(Buffer.from(object.split('.')[1]!, 'base64url').toString())).toMatchObject({ wallet_nonce: 'n-123', client_id: 'decentralized_identifier:did:web:exchange.test' });
    expect((await post(`wallet_nonce=${'n'.repeat(600)}`)).status).toBe(400);
    expect((await fetch(`${exchange.url}/v1/oid4vp/requests/0191d5a0-0000-7000-8000-000000000000`)).status).toBe(404);
    expect((await fetch(`${exchange.url}/v1/oid4vp/requests/garbage`)).status).toBe(404);
    const [row] = await rows<{ response_key: string; request: object }>('select response_key, request from identity.presentation where id = $1', [id]);
    expect(JSON.stringify(row!.request)).not.toContain('"d":');
    expect(decodeProtectedHeader(row!.response_key)).toMatchObject({ use: 'oid4vp-response-key' });
    await wallet.post(request, new URLSearchParams({ error: 'access_denied', state: request.authorizationRequestPayload.state! }).toString());
    expect(await failure(market.buyer, id)).toBe('WALLET_DECLINED');
    expect((await rows<{ response_key: null }>('select response_key from identity.presentation where id = $1', [id]))[0]!.response_key).toBeNull();
  });

  it('verifies an organisation by its credential, and a revoked credential stops the next order', async () => {
    expect(await organisation()).toMatchObject({ assuranceLevel: 3 });
    const index = await proveBuyer();
    expect(await organisation()).toMatchObject({ state: 'VERIFIED', assuranceLevel: 4, registryNumbers: [{ proven: true }] });
    const [entry] = await rows<{ reason: string; details: Record<string, unknown> }>(`select reason, details from audit.entry where act = 'organisation.verify' and object_id = $1 order by recorded_at desc limit 1`, [buyerId]);
    expect(entry).toMatchObject({ reason: `credential ${IDENTITY_VCT} of ${issuer.iss}`, details: { assuranceLevel: 4, issuer: issuer.iss, vct: IDENTITY_VCT } });
    expect((await rows<{ claims: object }>('select claims from identity.credential where organisation_id = $1', [buyerId]))[0]!.claims).toEqual({ purpose: 'ORGANISATION_IDENTITY', scheme: 'UEN', number: '196800306E', legalName: 'Straits Analytics' });
    const calls = issuer.statusCalls;
    expect((await order()).__typename).toBe('Agreement');
    expect(issuer.statusCalls).toBe(calls);
    issuer.statuses.set(index, 1);
    expect((await order()).__typename).toBe('Agreement');
    clock.advance(61);
    const once = { 'idempotency-key': 'revoked-order' };
    expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId), once)).toMatchObject({ __typename: 'StateConflict', code: 'identity.credential_revoked' });
    expect(issuer.statusCalls).toBe(calls + 1);
    expect(await organisation()).toMatchObject({ state: 'PENDING_VERIFICATION' });
    expect((await order()).__typename).toBe('NotPermitted');
    const acts = await rows<{ act: string; subject: string }>(`select act, subject from audit.entry where act in ('credential.revoke', 'organisation.lapse') order by recorded_at, id`);
    expect(acts).toEqual([{ act: 'credential.revoke', subject: 'system:credential-status' }, { act: 'organisation.lapse', subject: 'system:credential-status' }]);
    const next = await proveBuyer();
    expect((await order()).__typename).toBe('Agreement');
    // Many orders find it out at once, and it happens once.
    issuer.statuses.set(next, 1);
    clock.advance(61);
    for (const { __typename } of await Promise.all(Array.from({ length: 5 }, () => order()))) expect(['StateConflict', 'NotPermitted']).toContain(__typename);
    expect(await rows(`select 1 from audit.entry where act in ('credential.revoke', 'organisation.lapse')`)).toHaveLength(4);
    await proveBuyer();
  });

  it('proves a mandate to the last cent, and an order of this signatory stops with it, though not of others', async () => {
    const signer = await hire(exchange, market.buyer, 'signatory', 'BUYER');
    const { id, requestUri } = await ask(signer, 'SIGNATORY_MANDATE');
    const phone = await newWallet('EdDSA');
    const { compact, index } = await issuer.issue(phone.key, MANDATE_VCT, MANDATE);
    await phone.show(requestUri, compact, Object.keys(MANDATE));
    expect(await seen(signer, id)).toMatchObject({ state: 'ACCEPTED', credential: { state: 'VALID', vct: MANDATE_VCT } });
    expect(await seen(market.buyer, id)).toBeNull();
    const announced = (topic: string): Promise<{ payload: Record<string, unknown> }[]> => rows('select payload from shared.outbox where topic = $1', [topic]);
    expect(await announced('identity.mandate-presented.v1')).toMatchObject([{ payload: { organisationId: buyerId, currency: 'SGD', amountMinor: { $bigint: '25000000' }, mode: 'ALONE' } }]);
    expect((await order(signer)).__typename).toBe('Agreement');
    // The same phone for another member of the organisation.
    const other = await ask(market.buyer, 'SIGNATORY_MANDATE');
    await phone.show(other.requestUri, (await issuer.issue(phone.key, MANDATE_VCT, MANDATE)).compact, Object.keys(MANDATE));
    expect(await failure(market.buyer, other.id)).toBe('HOLDER_OF_ANOTHER');
    issuer.statuses.set(index, 2);
    clock.advance(61);
    expect(await order(signer)).toMatchObject({ code: 'identity.credential_suspended' });
    expect((await order()).__typename).toBe('Agreement');
    issuer.statuses.delete(index);
    clock.advance(61);
    expect((await order(signer)).__typename).toBe('Agreement');
    issuer.statuses.set(index, 1);
    clock.advance(61);
    expect(await order(signer)).toMatchObject({ code: 'identity.credential_revoked' });
    expect(await announced('identity.mandate-withdrawn.v1')).toMatchObject([{ payload: { organisationId: buyerId } }]);
    expect(await organisation()).toMatchObject({ state: 'VERIFIED' });
    expect((await order()).__typename).toBe('Agreement');
  });

  it('goes on for a while when a status list cannot be had, then stops', async () => {
    await proveBuyer();
    for (const bad of ['down', (good: object) => keyOfIssuer('issuer-1').then((key) => issuer.sign('statuslist+jwt', good, key)), (good: object) => issuer.sign('jwt', good), (good: object) => issuer.sign('statuslist+jwt', { ...good, sub: 'https://elsewhere.example/1' }),
      (good: object) => issuer.sign('statuslist+jwt', { ...good, iss: 'https://elsewhere.example' }), (good: object) => issuer.sign('statuslist+jwt', { ...good, exp: 1 }), () => 'rubbish'] as const) {
      issuer.statusAnswer = bad;
      clock.advance(61);
      expect((await order()).__typename).toBe('Agreement');
    }
    clock.advance(15 * 60);
    expect(await order()).toMatchObject({ __typename: 'StateConflict', code: 'identity.credential_status_unknown' });
    expect(await organisation()).toMatchObject({ state: 'VERIFIED' });
    issuer.statusAnswer = 'good';
    expect((await order()).__typename).toBe('Agreement');
    issuer.listSize = 0;
    clock.advance(16 * 60);
    expect(await order()).toMatchObject({ code: 'identity.credential_status_unknown' });
    issuer.listSize = 1_000;
  });

  const identityOf = (over: object = {}, claims: Record<string, unknown> = BUYER, header: object = {}): Promise<string> =>
    issuer.issue(wallet.key, IDENTITY_VCT, claims, over as Record<string, unknown>, header as Record<string, unknown>).then((c) => c.compact);
  const attempt = async (credential: string, change: (presentation: string) => string = (p) => p, faults: object = {}, claims = Object.keys(BUYER)): Promise<string> => {
    const { id, requestUri } = await ask(market.buyer);
    const request = await wallet.resolve(requestUri);
    const response = await wallet.post(request, await wallet.answer(request, change(await wallet.present(request, credential, claims, faults))));
    expect([response.status, await response.json()]).toEqual([200, {}]);
    return failure(market.buyer, id);
  };

  it('refuses what the issuer did not sign, or not for this, or not now', async () => {
    const stranger = await CredentialIssuerServer.start();
    const now = Math.floor(Date.now() / 1_000);
    expect(await attempt((await stranger.issue(wallet.key, IDENTITY_VCT, BUYER)).compact)).toBe('ISSUER_UNTRUSTED');
    expect(await attempt((await stranger.issue(wallet.key, IDENTITY_VCT, BUYER, { iss: issuer.iss }, { kid: 'issuer-1' })).compact)).toBe('SIGNATURE');
    await stranger.stop();
    expect(await attempt((await issuer.issue(wallet.key, 'urn:example:club:1', BUYER)).compact)).toBe('TYPE_NOT_ACCEPTED');
    expect(await attempt((await issuer.issue(wallet.key, MANDATE_VCT, MANDATE)).compact, undefined, {}, Object.keys(MANDATE))).toBe('TYPE_NOT_ACCEPTED');
    expect(await attempt(await identityOf({ exp: now - 1 }))).toBe('EXPIRED');
    expect(await attempt(await identityOf({ exp: undefined }))).toBe('EXPIRED');
    expect(await attempt(await identityOf({ exp: 'tomorrow' }))).toBe('EXPIRED');
    expect(await attempt(await identityOf({ nbf: now + 3_600 }))).toBe('NOT_YET_VALID');
    expect(await attempt(await identityOf({}, { ...BUYER, uen: '197401143C' }))).toBe('OTHER_ORGANISATION');
    expect(await attempt(await identityOf(), undefined, {}, ['uen'])).toBe('CLAIMS');
    expect(await attempt(await identityOf({ cnf: undefined }))).toBe('HOLDER_PROOF');
    expect(await attempt(await identityOf({ status: undefined }))).toBe('STATUS_MISSING');
    expect(await attempt(await identityOf({ status: { other: 1 } }))).toBe('STATUS_MISSING');
    expect(await attempt(await identityOf({ status: { status_list: { idx: 5_000, uri: issuer.statusUri } } }))).toBe('STATUS_UNAVAILABLE');
    expect(await attempt(await identityOf({ status: { status_list: { idx: 1, uri: 'http://169.254.169.254/latest' } } }))).toBe('STATUS_UNAVAILABLE');
    issuer.statusAnswer = (good) => keyOfIssuer('issuer-1').then((key) => issuer.sign('statuslist+jwt', good, key));
    expect(await attempt(await identityOf())).toBe('STATUS_UNAVAILABLE');
    issuer.statusAnswer = 'good';
    issuer.statuses.set(900, 1).set(901, 2).set(902, 3);
    for (const [idx, code] of [[900, 'REVOKED'], [901, 'SUSPENDED'], [902, 'REVOKED']] as const) expect(await attempt(await identityOf({ status: { status_list: { idx, uri: issuer.statusUri } } }))).toBe(code);
  });

  it('refuses what was changed on the way, and every algorithm but those agreed', async () => {
    const credential = await identityOf();
    expect(await attempt(credential, (p) => p.replace(/~[\w-]+~/, `~${Buffer.from(JSON.stringify(['salt', 'uen', '197401143C'])).toString('base64url')}~`))).toBe('DISCLOSURE');
    expect(await attempt(credential, (p) => { const parts = p.split('~'); return [...parts.slice(0, -1), parts[1]!, parts.at(-1)!].join('~'); })).toBe('DISCLOSURE');
    expect(await attempt(credential, (p) => p.split('~').filter((_, i) => i !== 1).join('~'))).toBe('HOLDER_PROOF');
    expect(await attempt(credential, (p) => recode(p, (_, payload) => (payload['exp'] = 4_000_000_000)))).toBe('SIGNATURE');
    expect(await attempt(credential, (p) => recode(p, (header) => (header['alg'] = 'none')))).toBe('ALGORITHM');
    const secrets = [JSON.stringify(publicPart(issuer.key.jwk)), issuer.key.jwk.x!];
    for (const secret of secrets) expect(await attempt(credential, (p) => recode(p, (header) => (header['alg'] = 'HS256'), (data) => createHmac('sha256', secret).update(data).digest('base64url')))).toBe('ALGORITHM');
    expect(await attempt(credential, (p) => recode(p, (header) => (header['typ'] = 'jwt')))).toBe('MALFORMED');
    for (const kid of ["../../etc/passwd", "' or 1=1 --", '\u0000', 'x'.repeat(5_000)]) expect(await attempt(credential, (p) => recode(p, (header) => (header['kid'] = kid)))).toBe('SIGNATURE');
    for (const text of ['', '~', 'a.b.c~', '{}', 'x'.repeat(30_000), `${credential}${'AAAA~'.repeat(200)}`]) expect(await attempt(credential, () => text)).toBe('MALFORMED');
  });

  it('wants the holder himself, for this request and now', async () => {
    const credential = await identityOf();
    const now = Math.floor(Date.now() / 1_000);
    expect(await attempt(credential, undefined, { none: true })).toBe('HOLDER_PROOF_MISSING');
    expect(await attempt(credential, undefined, { nonce: 'another-nonce' })).toBe('HOLDER_NONCE');
    expect(await attempt(credential, undefined, { aud: 'decentralized_identifier:did:web:elsewhere.example' })).toBe('HOLDER_AUDIENCE');
    expect(await attempt(credential, undefined, { iat: now - 301 })).toBe('HOLDER_TIME');
    expect(await attempt(credential, undefined, { iat: now + 3_600 })).toBe('HOLDER_TIME');
    expect(await attempt(credential, undefined, { key: (await keyOfIssuer('thief')).jwk })).toBe('HOLDER_PROOF');
    // Somebody else's organisation with the same wallet.
    const vendor = await ask(market.vendor);
    await wallet.show(vendor.requestUri, credential, Object.keys(BUYER));
    expect(await failure(market.vendor, vendor.id)).toBe('OTHER_ORGANISATION');
    // A newcomer who claims the same number, with the buyer's own wallet and with another.
    const twin = await exchange.client('twin');
    await done(twin, 'registerOrganisation', 'Organisation', 'id', { kind: 'TRADER', legalName: 'Straits Twin', jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: BUYER.uen }] });
    await proveBuyer();
    const stolen = await ask(twin);
    await wallet.show(stolen.requestUri, credential, Object.keys(BUYER));
    expect(await failure(twin, stolen.id)).toBe('HOLDER_OF_ANOTHER');
    const phone = await newWallet();
    const again = await ask(twin);
    // Under another name than the register's, and then under the very name of the organisation that has proven the number.
    await phone.show(again.requestUri, (await issuer.issue(phone.key, IDENTITY_VCT, BUYER)).compact, Object.keys(BUYER));
    expect(await failure(twin, again.id)).toBe('NAME_DIFFERS');
    await rows(`update identity.organisation set legal_name = 'STRAITS  ANALYTICS' where legal_name = 'Straits Twin'`);
    const third = await ask(twin);
    await phone.show(third.requestUri, (await issuer.issue(phone.key, IDENTITY_VCT, BUYER)).compact, Object.keys(BUYER));
    expect(await failure(twin, third.id)).toBe('NUMBER_TAKEN');
    expect((await rows<{ n: number }>('select count(*)::int as n from identity.credential c join identity.member m on m.id = c.member_id where m.subject = $1', ['twin']))[0]!.n).toBe(0);
  });

  it('lets one of two prove a number at the same moment', async () => {
    const uen = '197401143C';
    const sides = await Promise.all(['left', 'right'].map(async (name) => {
      const client = await exchange.client(`${name}-admin`);
      await done(client, 'registerOrganisation', 'Organisation', 'id', { kind: 'TRADER', legalName: name, jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: uen }] });
      const phone = await newWallet();
      const { compact } = await issuer.issue(phone.key, IDENTITY_VCT, { uen, legal_name: name });
      const { id, requestUri } = await ask(client);
      const request = await phone.resolve(requestUri);
      return { client, id, send: phone.post.bind(phone, request, await phone.answer(request, await phone.present(request, compact, ['uen', 'legal_name']))) };
    }));
    const answers = await Promise.all(sides.map(({ send }) => send()));
    expect(answers.map((a) => a.status)).toEqual([200, 200]);
    expect((await Promise.all(sides.map(({ client, id }) => failure(client, id)))).sort()).toEqual(['ACCEPTED', 'NUMBER_TAKEN']);
  });

  it('verifies nobody whom staff stopped, and nobody who has left', async () => {
    const credential = await identityOf();
    const { id, requestUri } = await ask(market.buyer);
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'false evidence' });
    await wallet.show(requestUri, credential, Object.keys(BUYER));
    expect(await organisation()).toMatchObject({ state: 'SUSPENDED' });
    expect(await failure(market.buyer, id)).toBe('ORGANISATION_STATE');
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'cleared' });
    const leaver = await hire(exchange, market.buyer, 'leaver', 'BUYER');
    const { me } = await leaver.ask<{ me: { subject: string } }>('{ me { subject } }');
    const asked = await ask(leaver, 'SIGNATORY_MANDATE');
    await done(market.buyer, 'removeMember', 'DepartedMember', 'id', { memberId: me.subject.replace('member:', '') });
    const phone = await newWallet();
    await phone.show(asked.requestUri, (await issuer.issue(phone.key, MANDATE_VCT, MANDATE)).compact, Object.keys(MANDATE));
    expect(await rows('select state, failure from identity.presentation where id = $1', [asked.id])).toEqual([{ state: 'REFUSED', failure: 'MEMBER_LEFT' }]);
    await done(market.officer, 'verifyOrganisation', 'Organisation', 'id', { organisationId: buyerId, assuranceLevel: 4, schemes: ['UEN'], evidence: 'extract of the register' });
  });

  it('hears one answer to each request, its own, in time', async () => {
    const credential = await identityOf();
    const first = await ask(market.buyer);
    const request = await wallet.resolve(first.requestUri);
    const form = await wallet.answer(request, await wallet.present(request, credential, Object.keys(BUYER)));
    const second = await ask(market.buyer);
    const other = await wallet.resolve(second.requestUri);
    // The answer to one request, sent to another: it does not open there, and uses nothing up.
    expect((await wallet.post(other, form)).status).toBe(200);
    expect(await failure(market.buyer, second.id)).toBe('WAITING');
    // The presentation for one request in the answer to another.
    await wallet.post(other, await wallet.answer(other, await wallet.present(request, credential, Object.keys(BUYER))));
    expect(await failure(market.buyer, second.id)).toBe('HOLDER_NONCE');
    expect((await exchange.app.get(RotateSecrets).execute()).resealed['identity.presentation.response_key']).toBeGreaterThan(0);
    const [before] = await rows<{ n: number }>('select count(*)::int as n from identity.credential');
    await Promise.all([1, 2, 3, 4].map(() => wallet.post(request, form)));
    await wallet.post(request, form);
    expect(await failure(market.buyer, first.id)).toBe('ACCEPTED');
    expect((await rows<{ n: number }>('select count(*)::int as n from identity.credential'))[0]!.n).toBe(before!.n + 1);
    await expect(wallet.resolve(first.requestUri)).rejects.toThrow();
    const late = await ask(market.buyer);
    const lateRequest = await wallet.resolve(late.requestUri);
    const lateForm = await wallet.answer(lateRequest, await wallet.present(lateRequest, credential, Object.keys(BUYER)));
    clock.advance(601);
    expect((await wallet.post(lateRequest, lateForm)).status).toBe(200);
    await exchange.drain();
    expect(await failure(market.buyer, late.id)).toBe('EXPIRED');
  });

  it('takes any body whatever in its stride', async () => {
    const { id, requestUri } = await ask(market.buyer);
    const request = await wallet.resolve(requestUri);
    const send = (body: string, type = 'application/x-www-form-urlencoded', to = id): Promise<Response> => fetch(`${exchange.url}/v1/oid4vp/responses/${to}`, { method: 'POST', headers: { 'content-type': type }, body });
    for (const body of ['', 'response=', 'response=a.b.c', 'response=a.b.c.d.e', 'response[]=1&response[]=2', 'vp_token=%7B%7D', '%%%', `state=${request.authorizationRequestPayload.state!}`, 'error=x&state=y']) {
      expect([body, (await send(body)).status]).toEqual([body, 200]);
    }
    expect((await send('response=x', undefined, 'garbage')).status).toBe(200);
    expect((await send('response=x', undefined, '0191d5a0-0000-7000-8000-000000000000')).status).toBe(200);
    for (const body of ['__proto__=1', 'response=%00']) expect((await send(body)).status).toBe(400);
    expect((await send('{}', 'application/json')).status).toBe(415);
    expect((await send(`response=${'x'.repeat(70_000)}`)).status).toBe(413);
    expect((await send(`response=${'x'.repeat(600_000)}`)).status).toBe(413);
    expect(await failure(market.buyer, id)).toBe('WAITING');
    for (const presentation of [{}, 'x~y~z', { a: { b: 1 } }]) {
      const again = await ask(market.buyer);
      const fresh = await wallet.resolve(again.requestUri);
      await wallet.post(fresh, await wallet.answer(fresh, presentation));
      expect(await failure(market.buyer, again.id)).toBe('MALFORMED');
    }
    expect((await (await exchange.client('newcomer')).mutate('requestPresentation', 'PresentationRequest', 'id', { purpose: 'SIGNATORY_MANDATE' })).__typename).toBe('NotPermitted');
    expect((await market.officer.mutate('requestPresentation', 'PresentationRequest', 'id', { purpose: 'ORGANISATION_IDENTITY' })).__typename).toBe('NotPermitted');
  });

  it('looks every credential up by itself, one call a list, and takes back what a withdrawn issuer proved', async () => {
    const index = await proveBuyer();
    const live = (await rows<{ n: number }>(`select count(*)::int as n from identity.credential where state in ('VALID', 'SUSPENDED')`))[0]!.n;
    expect(live).toBeGreaterThan(2);
    clock.advance(301);
    const calls = issuer.statusCalls;
    issuer.statuses.set(index, 1);
    await exchange.drain();
    expect(issuer.statusCalls - calls).toBe(1);
    expect(await organisation()).toMatchObject({ state: 'PENDING_VERIFICATION' });
    await proveBuyer();
    await done(market.officer, 'withdrawCredentialIssuer', 'CredentialIssuer', 'id', { id: issuerId, reason: 'its registrar was dissolved' });
    expect(await order()).toMatchObject({ code: 'identity.credential_issuer_gone' });
    await exchange.drain();
    expect(await organisation()).toMatchObject({ state: 'PENDING_VERIFICATION' });
    expect((await rows<{ n: number }>(`select count(*)::int as n from identity.credential where state in ('VALID', 'SUSPENDED')`))[0]!.n).toBe(0);
    expect(await market.buyer.mutate('requestPresentation', 'PresentationRequest', 'id', { purpose: 'ORGANISATION_IDENTITY' })).toMatchObject({ code: 'identity.no_credential_issuer' });
  });

  it('stops an order when a credential is over', async () => {
    issuerId = await recognise({ statusRequired: false });
    const compact = await identityOf({ exp: Math.floor(Date.now() / 1_000) + 120, status: undefined });
    expect(await attempt(compact)).toBe('ACCEPTED');
    expect((await order()).__typename).toBe('Agreement');
    clock.advance(121);
    expect([await order(), await organisation()]).toMatchObject([{ code: 'identity.credential_expired' }, { state: 'PENDING_VERIFICATION' }]);
  });
});
