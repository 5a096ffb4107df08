import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { canonicalHash, verifySigned } from '#shared';
import { TestClock } from './support/clock.js';
import { GraphClient } from './support/client.js';
import { secondOfficer } from './support/counter.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, hire, join, type Market, marketOfOne, offerOf, orderOf } from './support/market.js';
import { Contracts } from '#contracts';
import { asSystem, systemCaller, UnitOfWork } from '#shared';

const DAY = 86_400;
const POLICY = {
  '@context': 'http://www.w3.org/ns/odrl.jsonld', '@type': 'Set',
  permission: [
    { uid: 'research', action: 'use', constraint: [{ leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: [{ '@id': 'https://w3id.org/dpv#ResearchAndDevelopment' }] }, { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['SG', 'CN'] }, { leftOperand: 'fileFormat', operator: 'eq', rightOperand: 'text/csv' }] },
    { uid: 'share-in-cn', action: 'distribute', constraint: { leftOperand: 'spatial', operator: 'eq', rightOperand: 'CN' }, duty: [{ action: 'inform' }, { action: 'nextPolicy' }] },
  ],
  prohibition: ['grantUse', 'derive', 'commercialize'].map((action) => ({ uid: `no-${action}`, action })), obligation: [{ uid: 'name-it', action: 'attribute', text: '来源：临港' }],
};

describe('licence terms', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetId: string;
  let vendorId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ({ market, productId, assetId } = await marketOfOne(exchange));
    vendorId = market.vendorId;
  });
  afterAll(() => exchange.close());

  const offer = (terms: object | null, over: object = {}) => market.vendor.mutate<{ id: string; code?: string; path?: string; message?: string; fields?: { path: string; message: string }[] }>('createOffer', 'Offer', 'id', offerOf(productId, { terms, ...over }));
  const problemOf = async (answer: Promise<object>) => { const { fields, code } = (await answer) as { fields?: { path: string }[]; code?: string }; return [code, fields?.[0]?.path]; };
  const licenceOf = async (terms: object | null) => {
    const { id } = await offer(terms);
    const { id: agreementId } = await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(id));
    const licence = await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Contracts).activateLicence(tx, systemCaller('test'), agreementId)));
    if ('refused' in licence) throw new Error(licence.message);
    return { agreementId, licenceId: licence.id, validUntil: licence.validUntil! };
  };
  const check = (licenceId: string, input: object, language = 'EN') => market.buyer.ask<{ checkUse: { permitted: boolean; reason: string; clause: { uid: string } | null; duties: { uid: string }[] } }>(
    'query($input: CheckUseInput!, $language: TermsLanguage!) { checkUse(input: $input, language: $language) { permitted reason clause { uid } duties { uid } } }', { input: { licenceId, ...input }, language }).then((r) => r.checkUse);
  const download = (licenceId: string) => market.buyer.mutate<{ url?: string; code?: string; message?: string; current?: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });

  it('are shown as ODRL and in plain words, in English and Chinese', async () => {
    const { id } = await offer({ template: null, policy: JSON.stringify(POLICY), buyerNoticeDays: 30 });
    const { offer: shown } = await market.buyer.ask<{ offer: { terms: { policy: string; buyerNoticeDays: number; en: { uid: string; text: string }[]; zh: { text: string }[] } } }>(
      'query($id: ID!) { offer(id: $id) { terms { policy buyerNoticeDays en: clauses { uid text } zh: clauses(language: ZH) { text } } } }', { id });
    expect(JSON.parse(shown.terms.policy)).toMatchObject({ '@type': 'Set', conflict: 'prohibit', permission: [{ uid: 'research', action: 'use' }, { uid: 'share-in-cn' }] });
    expect([shown.terms.buyerNoticeDays, shown.terms.en.map((c) => c.uid)]).toEqual([30, ['research', 'share-in-cn', 'no-grantUse', 'no-derive', 'no-commercialize', 'name-it']]);
    expect([shown.terms.en.at(-1)!.text, shown.terms.zh.at(-1)!.text]).toEqual(['The licensee must name the source: "来源：临港".', '被许可方必须注明来源：“来源：临港”。']);
  });

  it.each<[string, object, string]>([
    ['words that mean something else', { policy: '{"permission":[{"action":"sell"}]}' }, 'terms.policy.permission.0.action'],
    ['a policy that does not permit what is offered', { policy: JSON.stringify({ ...POLICY, permission: [{ action: 'use', constraint: { leftOperand: 'spatial', operator: 'eq', rightOperand: 'US' } }, POLICY.permission[1]] }) }, 'terms.policy'],
    ['what is no JSON', { policy: '{' }, 'terms.policy'], ['a stranger who is none', { alsoFor: ['00000000-0000-4000-8000-000000000000'], deletionWithin: 'P1M2D' }, 'terms.obligation.0.constraint.0.rightOperand'],
  ])('are refused for %s', async (_, terms, path) => expect(await problemOf(offer(terms))).toEqual(['contracts.terms', path]));

  it('refuse an order by the clause that decides', async () => {
    const { id } = await offer({});
    const order = (over: object) => market.buyer.mutate<{ code: string; fields: { path: string; message: string }[] }>('placeOrder', 'Agreement', 'id', { ...orderOf(id), ...over });
    const endUse = { purpose: 'RESEARCH', destination: 'SG', endUsers: [], onward: { planned: false, countries: [] }, statements: [] };
    const onward = await order({ endUse: { ...endUse, onward: { planned: true, countries: ['MY'] } } });
    expect([onward.code, onward.fields]).toEqual(['contracts.terms_refused', [{ path: 'endUse.onward', message: 'clause no-distribute: The licensee must not pass the data on to others.' }]]);
    const others = await order({ endUse: { ...endUse, endUsers: [{ name: 'Subsidiary', country: 'SG' }] } });
    expect([others.code, others.fields[0]]).toMatchObject(['contracts.terms_refused', { path: 'endUse.endUsers', message: expect.stringContaining('(not fulfilled: by or to the licensee)') }]);
    expect((await order({ purpose: 'MARKETING' })).code).toBe('contracts.terms_refused');
  });

  it('bind the delivery: how often, in what format, until when', async () => {
    const twice = await licenceOf({ maxDownloads: 2 });
    const answers = await Promise.all([download(twice.licenceId), download(twice.licenceId), download(twice.licenceId)]);
    expect(answers.filter((a) => a.url)).toHaveLength(2);
    expect(answers.find((a) => !a.url)).toMatchObject({ code: 'contracts.terms_refused', current: 'use', message: expect.stringContaining('(not fulfilled: at most 2 times)') });
    const json = await licenceOf({ template: null, policy: JSON.stringify({ ...POLICY, permission: [{ uid: 'json-only', action: 'use', constraint: [{ leftOperand: 'fileFormat', operator: 'eq', rightOperand: 'application/json' }] }, POLICY.permission[1]] }) });
    expect(await download(json.licenceId)).toMatchObject({ code: 'contracts.terms_refused', current: 'json-only' });
    const until = new Date(clock.now().getTime() + 10 * DAY * 1_000);
    const ending = await licenceOf({ until: until.toISOString() });
    expect(ending.validUntil).toEqual(until);
  });

  it('say of any use which clause decides, and let data be passed on where they permit it', async () => {
    const { licenceId } = await licenceOf({ template: null, policy: JSON.stringify(POLICY) });
    expect(await check(licenceId, { action: 'derive' })).toEqual({ permitted: false, clause: { uid: 'no-derive' }, reason: 'clause no-derive: The licensee must not derive new data from it.', duties: [] });
    expect(await check(licenceId, { action: 'use', places: ['US'] }, 'ZH')).toMatchObject({ permitted: false, clause: { uid: 'research' }, reason: expect.stringContaining('未满足：在中国、新加坡境内') });
    expect(await check(licenceId, { action: 'distribute', places: ['CN'], recipientId: vendorId })).toMatchObject({ permitted: true, clause: { uid: 'share-in-cn' }, duties: [{}, {}, { uid: 'name-it' }] });
    const partner = await exchange.client('partner');
    const partnerId = await join(market.officer, partner, 'Partner Labs', { jurisdiction: 'HK' }, 'HK_BRN', '87654329');
    const reshare = (over: object) => market.buyer.mutate<{ code?: string; clause?: string; duties?: string[]; fields?: { message: string }[] }>('reshareData', 'Reshare', 'clause duties', { licenceId, action: 'distribute', recipientId: partnerId, places: ['CN'], purpose: 'RESEARCH', ...over });
    expect(await reshare({ places: ['SG'] })).toMatchObject({ code: 'contracts.terms_refused', fields: [{ message: expect.any(String) }] });
    expect(await reshare({ action: 'grantUse' })).toMatchObject({ code: 'contracts.terms_refused' });
    expect(await reshare({})).toMatchObject({ clause: 'share-in-cn', duties: ['inform', 'nextPolicy', 'attribute'] });
    const told = async (client: GraphClient) => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [RESHARED]) { nodes { kind } } }', { id: licenceId })).notices.nodes;
    expect([await told(market.vendor), await told(partner)]).toEqual([[{ kind: 'RESHARED' }], [{ kind: 'RESHARED' }]]);
    const reshares = (client: GraphClient) => client.ask<{ reshares: { nodes: { recipientId: string }[] } | null }>('query($id: ID!) { reshares(licenceId: $id) { nodes { recipientId } } }', { id: licenceId });
    expect([await reshares(market.vendor), await reshares(partner)]).toEqual([{ reshares: { nodes: [{ recipientId: partnerId }] } }, { reshares: null }]);
  });

  it('let nothing be passed on that the law would not let the vendor hand to the recipient', async () => {
    const { licenceId } = await licenceOf({ template: null, policy: JSON.stringify({ ...POLICY, permission: [POLICY.permission[0], { uid: 'share-abroad', action: 'distribute', constraint: { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['SG', 'HK'] } }] }) });
    const evil = await exchange.client('evil');
    const evilId = await join(market.officer, evil, 'Evil Data Ltd', { jurisdiction: 'HK' }, 'HK_BRN', '87654337');
    const reshare = (headers: Record<string, string> = {}) => market.buyer.mutate<{ code?: string; clause?: string; fields?: { path: string; message: string }[] }>('reshareData', 'Reshare', 'clause', { licenceId, action: 'distribute', recipientId: evilId, places: ['SG', 'HK'], purpose: 'RESEARCH' }, headers);
    expect(await reshare()).toMatchObject({ __typename: 'Reshare', clause: 'share-abroad' });
    // What the law said is on record for each place, and comes out the same again; asked twice with one key it was decided once.
    const auditor = await hire(exchange, market.admin, 'auditor', 'AUDITOR');
    const decisions = async (client: GraphClient) => (await client.ask<{ reshares: { nodes: { id: string; decisions: { id: string; objectId: string; stage: string; permitted: boolean; reasons: { citation: string }[] }[] }[] } }>(
      'query($id: ID!) { reshares(licenceId: $id) { nodes { id decisions { id objectId stage permitted reasons { citation } } } } }', { id: licenceId })).reshares.nodes;
    const [{ id: reshareId, decisions: made }] = (await decisions(auditor)) as [Awaited<ReturnType<typeof decisions>>[0]];
    expect(made.length).toBe(2);
    for (const decision of made) {
      expect(decision).toMatchObject({ objectId: reshareId, stage: 'RESHARE', permitted: true, reasons: expect.arrayContaining([{ citation: expect.stringContaining('CAC Order 16') }]) });
      expect(await auditor.ask('query($id: ID!) { replayDecision(id: $id) { same differences } auditEntries(objectId: $id) { nodes { act } } }', { id: decision.id })).toEqual({ replayDecision: { same: true, differences: [] }, auditEntries: { nodes: [{ act: 'compliance.decide' }] } });
    }
    expect([(await decisions(market.vendor))[0]!.decisions.length, (await decisions(market.buyer))[0]!.decisions]).toEqual([2, []]);
    expect(await exchange.owner.query(`select d.prior_decision_id = a.decision_id as prior, d.recipient_id, d.facts::jsonb ->> 'destination' as place from compliance.decision d, contracts.agreement a, contracts.licence l where d.stage = 'RESHARE' and d.object_id::text = $1 and l.id = $2 and a.id = l.agreement_id order by place`, [reshareId, licenceId]))
      .toEqual(['HK', 'SG'].map((place) => ({ prior: true, recipient_id: evilId, place })));
    const recorded = async () => ((await exchange.owner.query(`select count(*)::int as n from compliance.decision where stage = 'RESHARE'`)) as [{ n: number }])[0].n;
    const [before, key] = [await recorded(), { 'idempotency-key': 'reshare-once' }];
    const [once, again] = [await reshare(key), await reshare(key)];
    expect([again, await recorded()]).toEqual([once, before + 2]);
    const { id: partyId } = await done(market.officer, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Evil Data Ltd', organisationId: evilId, effectiveFrom: '2020-01-01', source: 'announcement 9' });
    await done(await secondOfficer(exchange, market), 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    expect(await reshare()).toMatchObject({ __typename: 'InvalidInput', code: 'contracts.transfer_refused', fields: [{ path: 'places.0', message: expect.stringMatching(/to SG is not permitted: the law prohibits it .*PIPL/) }] });
    expect(await exchange.owner.query('select recipient_id from contracts.reshare where licence_id = $1', [licenceId])).toEqual([{ recipient_id: evilId }, { recipient_id: evilId }]);
    // As with an order that is refused, what is rolled back left no record.
    expect(await recorded()).toBe(before + 2);
  });

  it('stand in the agreement, signed for both sides and countersigned; a registered key signs it too', async () => {
    const { agreementId } = await licenceOf({ attribution: 'Source: Lingang' });
    const QUERY = 'query($id: ID!) { agreement(id: $id) { hash document signatures { side kind displayName keyId jws } } }';
    const seen = async () => (await market.vendor.ask<{ agreement: { hash: string; document: string; signatures: { side: string; kind: string; displayName: string | null; keyId: string | null; jws: string | null }[] } }>(QUERY, { id: agreementId })).agreement;
    const { hash, document, signatures } = await seen();
    expect(canonicalHash(JSON.parse(document))).toBe(hash);
    expect(JSON.parse(document).terms.policy.obligation).toEqual([{ uid: 'attribution', action: 'attribute', text: 'Source: Lingang' }]);
    expect(signatures.map((s) => [s.side, s.kind, s.displayName !== null])).toEqual([['VENDOR', 'AUTHORITY', true], ['BUYER', 'AUTHORITY', true], ['EXCHANGE', 'COUNTERSIGNATURE', false]]);
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as never;
    expect(await verifySigned(keys, 'entrepot-agreement+jws', signatures[2]!.jws!)).toMatchObject({ agreementId, hash });

    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const { id: keyId, secret } = await done<{ id: string; secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'signing', scopes: ['CONTRACTS_SEAL'], expiresAt: new Date(clock.now().getTime() + 10 * DAY * 1_000).toISOString() });
    await done(market.buyer, 'registerKeyJwks', 'ApiKey', 'id', { id: keyId, jwks: JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }) });
    const sign = (payload: object) => new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'entrepot-agreement-signature+jws' }).sign(pair.privateKey);
    const machine = new GraphClient(exchange.url, secret);
    const put = async (client: GraphClient, payload: object) => client.mutate<{ code?: string; side?: string }>('signAgreement', 'AgreementSignature', 'side kind', { agreementId, jws: await sign(payload) });
    expect(await put(machine, { agreementId, hash: 'a'.repeat(64) })).toMatchObject({ code: 'contracts.signature' });
    expect(await put(market.vendor, { agreementId, hash })).toMatchObject({ code: 'contracts.signature' });
    expect(await put(machine, { agreementId, hash })).toMatchObject({ side: 'BUYER', kind: 'KEY' });
    expect(await put(machine, { agreementId, hash })).toMatchObject({ code: 'contracts.signature' });
    expect((await seen()).signatures.at(-1)).toMatchObject({ side: 'BUYER', kind: 'KEY', keyId });
    await expect(exchange.owner.query('update contracts.agreement_signature set side = $1', ['VENDOR'])).rejects.toThrow();
  });

  it('let a side leave after its notice where they grant that', async () => {
    const { agreementId, licenceId } = await licenceOf({ buyerNoticeDays: 30 });
    const propose = (client: GraphClient) => client.mutate<{ state?: string; code?: string; effectiveAt?: string }>('terminateAgreement', 'Termination', 'state effectiveAt', { agreementId, reasonCode: 'CONVENIENCE', statement: 'we move on' });
    expect(await propose(market.vendor)).toMatchObject({ code: 'contracts.termination_ground' });
    expect(await propose(market.buyer)).toMatchObject({ state: 'PROPOSED', effectiveAt: new Date(clock.now().getTime() + 30 * DAY * 1_000).toISOString() });
    clock.advance(30 * DAY);
    await exchange.drain();
    const buyer = await exchange.client('buyer');
    expect(await buyer.ask('query($id: ID!) { licence(id: $id) { state } }', { id: licenceId })).toEqual({ licence: { state: 'TERMINATED' } });
  });
});
