import { Compliance, type DeclaredEndUse, FindingChanged, RestrictedListChanged, CertificateChanged } from '#compliance';
import { type Actor } from '#identity';
import { accepted, asSystem, newId, type OutboxMessage, Subscriptions, UnitOfWork } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, hire, join } from './support/market.js';

const DAY = 86_400;
const paper = (over: object = {}): object => ({
  scheme: 'GLOBAL_CBPR', number: 'G-2026-7', issuingBody: 'TrustArc', grantedIn: 'SG', scope: 'Customer analytics', dataKinds: ['contact_data'], firstDay: '2026-06-01', lastDay: '2027-05-31', registerUrl: 'https://register.example/G-2026-7', ...over,
});
const LIST = '{ nodes { id state history { event state reason } } }';

describe('the registers of compliance', () => {
  const clock = new TestClock(new Date('2026-11-23T01:00:00Z'));
  const told: OutboxMessage<{ state: string }>[] = [];
  let exchange: TestExchange;
  let compliance: Compliance;
  let [officer, second, auditor, buyer, vendor, stranger] = [] as unknown as [GraphClient, GraphClient, GraphClient, GraphClient, GraphClient, GraphClient];
  let buyerId: string;

  const signIn = async (): Promise<void> => {
    [officer, second, auditor, buyer, vendor, stranger] = (await Promise.all(['officer', 'officer-two', 'auditor', 'buyer', 'vendor', 'stranger'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient, GraphClient, GraphClient];
  };
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    compliance = exchange.app.get(Compliance);
    for (const type of [CertificateChanged, FindingChanged, RestrictedListChanged]) exchange.app.get(Subscriptions).on<{ state: string }>(type as never, 'test.told', (_, message) => Promise.resolve(void told.push(message)));
    const admin = await exchange.client('staff-admin');
    officer = await hire(exchange, admin, 'officer', 'COMPLIANCE_OFFICER');
    await hire(exchange, admin, 'officer-two', 'COMPLIANCE_OFFICER');
    await hire(exchange, admin, 'auditor', 'AUDITOR');
    buyerId = await join(officer, await exchange.client('buyer'), 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '196800306E');
    await join(officer, await exchange.client('vendor'), 'Lingang Data Co', { jurisdiction: 'CN', subdivision: 'CN-SH' }, 'USCC', '91350100M000100Y43');
    await signIn();
  });
  afterAll(() => exchange.close());

  const register = async (client: GraphClient, id: string): Promise<{ id: string; state: string; history: { event: string; state: string; reason: string | null }[] }[] | null> =>
    (await client.ask<{ registeredCertificates: { nodes: never[] } | null }>(`query($id: ID!) { registeredCertificates(id: $id) ${LIST} }`, { id })).registeredCertificates?.nodes ?? null;
  const standing = async () => (await asSystem(() => compliance.certificates.standing(undefined, [buyerId]))).get(buyerId) ?? [];

  it('a certificate from its submission to its revocation', async () => {
    const { id: certificateId } = await done(buyer, 'submitCertificate', 'RegisteredCertificate', 'id', paper());
    expect(await register(vendor, certificateId)).toEqual([]);
    expect(await register(stranger, certificateId)).toBeNull();
    expect((await buyer.ask<{ myCertificates: { nodes: object[] } }>(`{ myCertificates ${LIST} }`)).myCertificates.nodes).toMatchObject([{ id: certificateId, state: 'SUBMITTED' }]);
    expect(await officer.mutate('confirmCertificate', 'RegisteredCertificate', 'id', { certificateId })).toMatchObject({ __typename: 'StateConflict', current: 'SUBMITTED' });
    await done(officer, 'verifyCertificate', 'RegisteredCertificate', 'id', { certificateId, note: 'found in the directory of the Forum' });
    expect(await officer.mutate('confirmCertificate', 'RegisteredCertificate', 'id', { certificateId })).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await standing()).toEqual([]);
    expect(await second.mutate('confirmCertificate', 'RegisteredCertificate', 'state', { certificateId })).toMatchObject({ state: 'ACTIVE' });
    expect(await standing()).toEqual([{ scheme: 'GLOBAL_CBPR', grantedIn: 'SG', validFrom: '2026-06-01', validUntil: '2027-05-31' }]);
    expect(await register(vendor, certificateId)).toMatchObject([{ state: 'ACTIVE' }]);

    await done(officer, 'suspendCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'complaint pending' });
    expect(await standing()).toEqual([]);
    expect(await officer.mutate('reinstateCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'settled' })).toMatchObject({ code: 'compliance.second_officer_needed' });
    await done(second, 'reinstateCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'settled' });
    expect(await standing()).toHaveLength(1);
    await done(second, 'revokeCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'withdrawn by its body' });
    expect(await standing()).toEqual([]);
    expect(await officer.mutate('reinstateCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'anew' })).toMatchObject({ __typename: 'StateConflict', current: 'REVOKED' });
    const [public_] = (await register(vendor, certificateId))!;
    expect(public_!.history.map((s) => s.event)).toEqual(['submit', 'check', 'confirm', 'suspend', 'reinstate', 'revoke']);
    expect(public_!.history.at(-1)).toEqual({ event: 'revoke', state: 'REVOKED', reason: 'withdrawn by its body' });
    await exchange.drain();
    expect(told.filter((m) => m.aggregateId === certificateId).map((m) => m.payload.state)).toEqual(['SUBMITTED', 'CHECKED', 'ACTIVE', 'SUSPENDED', 'ACTIVE', 'REVOKED']);
  });

  it('one paper counts for one holder, and ends by itself', async () => {
    const mine = paper({ number: 'G-8', lastDay: '2026-11-24' });
    const { id } = await done(buyer, 'submitCertificate', 'RegisteredCertificate', 'id', mine);
    expect(await buyer.mutate('submitCertificate', 'RegisteredCertificate', 'id', mine)).toMatchObject({ code: 'compliance.certificate_twice' });
    const { id: other } = await done(vendor, 'submitCertificate', 'RegisteredCertificate', 'id', { ...mine, number: 'g-8' });
    await done(officer, 'verifyCertificate', 'RegisteredCertificate', 'id', { certificateId: id, note: 'found' });
    expect(await officer.mutate('verifyCertificate', 'RegisteredCertificate', 'id', { certificateId: other, note: 'found' })).toMatchObject({ code: 'compliance.certificate_taken' });
    await done(officer, 'refuseCertificate', 'RegisteredCertificate', 'id', { certificateId: other, reason: "it is somebody else's" });
    await done(second, 'confirmCertificate', 'RegisteredCertificate', 'id', { certificateId: id });
    clock.advance(2 * DAY);
    await exchange.drain();
    // The 24th ends at 12:00 UTC of the 25th where it ends last.
    expect((await exchange.owner.query<{ state: string }[]>('select state from compliance.certificate where id = $1', [id]))).toEqual([{ state: 'ACTIVE' }]);
    clock.advance(DAY);
    await exchange.drain();
    expect((await exchange.owner.query<{ state: string }[]>('select state from compliance.certificate where id = $1', [id]))).toEqual([{ state: 'EXPIRED' }]);
    await expect(exchange.owner.query(`update compliance.certificate set state = 'ACTIVE' where id = $1`, [id])).rejects.toThrow(/stays ended/);
    await signIn();
  });

  it('officers enter bodies outside the exchange, members their own alone, and nothing malformed', async () => {
    await done(officer, 'submitCertificate', 'RegisteredCertificate', 'id', paper({ holderName: 'Acme Corp', holderCountry: 'US', scheme: 'DPF' }));
    for (const [client, over, code] of [
      [officer, {}, 'compliance.certificate_holder'], [officer, { holderName: 'Acme', holderCountry: 'ZZ' }, 'compliance.country_unknown'], [officer, { holderId: newId() }, 'compliance.organisation_unknown'], [buyer, { holderName: 'Acme' }, 'compliance.certificate_holder'],
      [buyer, { holderId: newId() }, 'compliance.certificate_holder'], [buyer, { grantedIn: 'ZZ' }, 'compliance.certificate'], [buyer, { lastDay: '2026-01-01' }, 'compliance.certificate'], [auditor, {}, 'not_permitted'],
    ] as const) expect(await client.mutate('submitCertificate', 'RegisteredCertificate', 'id', paper(over))).toMatchObject({ code });
    expect(await buyer.mutate('submitCertificate', 'RegisteredCertificate', 'id', paper({ registerUrl: 'http://register.example' }))).toMatchObject({ fields: [{ path: 'registerUrl' }] });
  });

  it('anybody may read which schemes are accepted where', async () => {
    const nobody = await exchange.client();
    const of = async (jurisdiction: string, asOf: string | null): Promise<string[]> =>
      (await nobody.ask<{ mutualRecognition: { scheme: string }[] }>('query($j: String!, $d: String) { mutualRecognition(jurisdiction: $j, asOf: $d) { scheme for grantedIn citation confidence } }', { j: jurisdiction, d: asOf })).mutualRecognition.map((r) => r.scheme);
    expect(await of('SG', '2026-03-01')).toEqual(['APEC_CBPR', 'APEC_PRP']);
    expect(await of('SG', null)).toEqual(['APEC_CBPR', 'APEC_PRP', 'GLOBAL_CBPR', 'GLOBAL_PRP']);
    expect([await of('ZZ', null), await of('SG', 'yesterday')]).toEqual([[], []]);
  });

  it('a false declaration is found, confirmed by another officer, and bites until it is cleared', async () => {
    const objectId = newId();
    const actor: Actor = { subject: 'member:test', tenantId: buyerId, requestId: 'test', kind: 'member', memberId: newId(), organisationKind: 'TRADER', organisationState: 'VERIFIED', roles: ['BUYER'], scopes: [], identity: null, assurance: 2 };
    const endUse: DeclaredEndUse = { objectId, purpose: 'RESEARCH', destination: 'SG', endUsers: [{ name: 'Harbour Labs', country: 'SG', organisationId: null }], onward: { planned: false, countries: [] }, statements: [] };
    const uow = exchange.app.get(UnitOfWork);
    accepted(await asSystem(() => uow.run((tx) => compliance.declarations.record(tx, actor, endUse))));
    const endUses = async (client: GraphClient) => (await client.ask<{ endUses: { nodes: object[] } | null }>('query($id: ID!) { endUses(objectId: $id) { nodes { destination endUsers { name } onward { planned } } } }', { id: objectId })).endUses?.nodes;
    expect([(await endUses(buyer))?.length, (await endUses(vendor))?.length, (await endUses(officer))?.length, (await endUses(auditor))?.length, await endUses(stranger)]).toEqual([1, 0, 1, 1, undefined]);

    const standsNow = () => asSystem(() => uow.run((tx) => compliance.findings.standing(tx, buyerId, objectId)));
    const found = { kind: 'FALSE_DECLARATION', severity: 'HIGH', organisationId: buyerId, orderId: objectId, details: 'The data was used in Vladivostok.', internalNote: 'a tip' };
    expect(await officer.mutate('raiseFinding', 'ComplianceFinding', 'id', { ...found, orderId: newId() })).toMatchObject({ code: 'compliance.finding_object' });
    const { id: findingId } = await done(officer, 'raiseFinding', 'ComplianceFinding', 'id', found);
    expect((await standsNow()).blocking).toBe(false);
    expect(await officer.mutate('confirmFinding', 'ComplianceFinding', 'id', { findingId, reason: 'it is so' })).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await auditor.mutate('confirmFinding', 'ComplianceFinding', 'id', { findingId, reason: 'it is so' })).toMatchObject({ __typename: 'NotPermitted' });
    await done(second, 'confirmFinding', 'ComplianceFinding', 'id', { findingId, reason: 'the end user says so' });
    expect(await standsNow()).toEqual({ blocking: true, kinds: ['FALSE_DECLARATION'] });
    const mine = await buyer.ask<{ myFindings: { nodes: object[] } }>('{ myFindings { nodes { id kind state details reason internalNote raisedBy decidedBy } } }');
    expect(mine.myFindings.nodes).toEqual([{ id: findingId, kind: 'FALSE_DECLARATION', state: 'CONFIRMED', details: 'The data was used in Vladivostok.', reason: 'the end user says so', internalNote: null, raisedBy: null, decidedBy: null }]);
    const queue = 'query($s: FindingState) { complianceFindings(state: $s) { nodes { id internalNote } } }';
    expect(await auditor.ask(queue, { s: 'CONFIRMED' })).toEqual({ complianceFindings: { nodes: [{ id: findingId, internalNote: 'a tip' }] } });
    expect([await vendor.ask(queue), await buyer.ask(queue)]).toEqual([{ complianceFindings: null }, { complianceFindings: null }]);

    // A new declaration does not make the false one true.
    const { objectId: _, ...said } = endUse;
    await done(buyer, 'renewEndUse', 'EndUse', 'id', { objectId, endUse: { ...said, onward: { planned: true, countries: ['RU'] } } });
    expect((await standsNow()).blocking).toBe(true);
    expect(await second.mutate('clearFinding', 'ComplianceFinding', 'id', { findingId, reason: 'deleted there' })).toMatchObject({ code: 'compliance.second_officer_needed' });
    await done(officer, 'clearFinding', 'ComplianceFinding', 'id', { findingId, reason: 'deleted there' });
    expect(await standsNow()).toEqual({ blocking: false, kinds: [] });
    await exchange.drain();
    expect(told.filter((m) => m.aggregateId === findingId).map((m) => m.payload.state)).toEqual(['OPEN', 'CONFIRMED', 'CLEARED']);
    expect(await vendor.mutate('renewEndUse', 'EndUse', 'id', { objectId, endUse: said })).toMatchObject({ __typename: 'NotFound' });
  });

  it('lists of restricted parties are for staff alone', async () => {
    const list = '{ restrictedParties { nodes { name state } } }';
    const { id: partyId } = await done(officer, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Evil Data Ltd', aliases: ['邪恶数据有限公司'], country: 'US', effectiveFrom: '2026-01-01', source: 'CAC announcement' });
    expect(await auditor.ask(list)).toEqual({ restrictedParties: { nodes: [{ name: 'Evil Data Ltd', state: 'PROPOSED' }] } });
    expect(await buyer.ask(list)).toEqual({ restrictedParties: null });
    expect(await second.mutate('rejectRestrictedParty', 'RestrictedParty', 'state', { partyId, reason: 'no such list' })).toMatchObject({ state: 'REJECTED' });
    for (const [over, code] of [[{ effectiveFrom: '2026-02-30' }, 'compliance.days'], [{ effectiveTo: '2026-01-01' }, 'compliance.days'], [{ country: 'ZZ' }, 'compliance.country_unknown'], [{ name: '...' }, 'compliance.restricted_name'], [{ organisationId: newId() }, 'compliance.organisation_unknown']] as const) {
      expect(await officer.mutate('proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'X Ltd', effectiveFrom: '2026-01-01', source: 'CAC', ...over })).toMatchObject({ code });
    }
  });
});
