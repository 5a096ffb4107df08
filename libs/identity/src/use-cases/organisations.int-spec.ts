import { Subscriptions, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import type { GraphClient } from '../../../../test/support/client.js';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { done, hire } from '../../../../test/support/market.js';
import { Identity } from '../identity.facade.js';
import { OrganisationChanged, VerificationDue } from '../identity.events.js';
import { KeepVerification } from './keep-verification.js';
import { LapseVerification } from './lapse-verification.js';

const DAY = 86_400;
const ORGANISATION = 'id state assuranceLevel verifiedAt verificationDueAt registryNumbers { scheme value checksum proven }';
interface Shown { id: string; state: string; assuranceLevel: number; verificationDueAt: string | null; registryNumbers: { scheme: string; checksum: string; proven: boolean }[] }

trustCallsOutsideRequests();

describe('organisations', () => {
  const clock = new TestClock(new Date('2026-11-22T00:00:00Z'));
  let exchange: TestExchange;
  let officer: GraphClient;
  let admin: GraphClient;
  const heard: { topic: string; state?: string; organisationId: string }[] = [];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    for (const type of [OrganisationChanged, VerificationDue]) exchange.app.get(Subscriptions).on<{ organisationId: string; state?: string }>(type, 'test.heard', async (_tx, { topic, payload }) => void heard.push({ topic, organisationId: payload.organisationId, ...(payload.state ? { state: payload.state } : {}) }));
    admin = await exchange.client('staff-admin');
    officer = await hire(exchange, admin, 'officer', 'COMPLIANCE_OFFICER');
  });
  afterAll(() => exchange.close());
  /** Tokens live twelve hours. */
  const signInAgain = async (): Promise<void> => void (officer = await exchange.client('officer'));
  const at = (days = 0): string => new Date(clock.now().getTime() + days * DAY * 1_000).toISOString();

  let people = 0;
  const newcomer = (): Promise<GraphClient> => exchange.client(`person-${++people}`);
  const register = async (jurisdiction: string, ...numbers: [string, string][]): Promise<{ client: GraphClient; answer: Shown & { __typename: string; code?: string } }> => {
    const client = await newcomer();
    return { client, answer: await client.mutate<Shown>('registerOrganisation', 'Organisation', ORGANISATION, { legalName: `Company ${people}`, jurisdiction, registryNumbers: numbers.map(([scheme, value]) => ({ scheme, value })) }) };
  };
  const verify = (organisationId: string, schemes: string[], over: object = {}) => officer.mutate<Shown>('verifyOrganisation', 'Organisation', ORGANISATION, { organisationId, assuranceLevel: 2, schemes, evidence: 'extract of the register', ...over });
  const proof = (scheme: string, days = -1) => ({ scheme, register: 'SAMR', reference: 'E-1', extractedAt: at(days) });
  const codes = async (answers: Promise<{ __typename: string; code?: string }>[]): Promise<(string | undefined)[]> => (await Promise.all(answers)).map((a) => a.code ?? a.__typename);

  it.each([
    ['DE', [['EU_VAT', 'de 136.695.976']], 'Organisation'], ['DE', [['LEI', '506700GE1G29325QX363']], 'Organisation'], ['GR', [['EU_VAT', 'GR094259216']], 'Organisation'],
    ['FR', [['EU_VAT', 'DE136695976']], 'identity.registry_number_missing'], ['CN', [['LEI', '506700GE1G29325QX363']], 'identity.registry_number_missing'], ['DE', [['EU_VAT', '136695976']], 'identity.registry_number_form'],
    ['DE', [['EU_VAT', 'DE136695976'], ['EU_VAT', 'XI980780684']], 'identity.registry_number_form'], ['NO', [['EU_VAT', 'SE123456789701']], 'identity.registry_number_missing'],
  ] as [string, [string, string][], string][])('in %s with %j: %s', async (jurisdiction, numbers, expected) => {
    const { answer } = await register(jurisdiction, ...numbers);
    expect(answer.code ?? answer.__typename).toBe(expected);
    if (expected === 'Organisation') expect(answer).toMatchObject({ state: 'PENDING_VERIFICATION', assuranceLevel: 1, verificationDueAt: null });
  });

  it('a number whose check digits fail demands the fresh proof of its register, each time', async () => {
    const { answer: { id, registryNumbers } } = await register('CN', ['USCC', '91350100M0001TGQXM'], ['LEI', '506700GE1G29325QX363']);
    expect(registryNumbers).toMatchObject([{ scheme: 'USCC', checksum: 'FAILED', proven: false }, { scheme: 'LEI', checksum: 'PASSED' }]);
    expect(await codes([
      verify(id, ['USCC']), verify(id, ['USCC'], { proofs: [] }), verify(id, ['USCC'], { proofs: [proof('LEI')] }), verify(id, ['USCC'], { proofs: [proof('USCC', 1)] }), verify(id, ['USCC'], { proofs: [proof('USCC', -91)] }),
      verify(id, ['USCC'], { proofs: [proof('USCC'), proof('UEN')] }), verify(id, ['USCC'], { proofs: [proof('USCC'), proof('USCC')] }), verify(id, ['LEI'], { proofs: [proof('USCC')] }), verify(id, ['USCC'], { assuranceLevel: 1, proofs: [proof('USCC')] }),
    ])).toEqual([
      ...Array<string>(3).fill('identity.registry_proof_needed'), 'identity.registry_proof_date', 'identity.registry_proof_date', 'identity.registry_number_missing', 'identity.registry_proof_twice', 'identity.registry_number_missing', 'identity.proof_too_weak',
    ]);
    expect(await exchange.owner.query('select 1 from identity.registry_proof where organisation_id = $1', [id])).toEqual([]);
    expect(await verify(id, ['USCC'], { proofs: [proof('USCC'), proof('LEI')] })).toMatchObject({ state: 'VERIFIED', assuranceLevel: 2, registryNumbers: [{ proven: true }, { proven: true }] });
    expect(await exchange.owner.query('select scheme, value, register, reference from identity.registry_proof where organisation_id = $1 order by scheme', [id])).toEqual([
      { scheme: 'LEI', value: '506700GE1G29325QX363', register: 'SAMR', reference: 'E-1' }, { scheme: 'USCC', value: '91350100M0001TGQXM', register: 'SAMR', reference: 'E-1' },
    ]);
    expect((await verify(id, ['USCC'])).code).toBe('identity.registry_proof_needed');
  });

  it('a number that was taken for right under an older rule is looked at again', async () => {
    const { answer: { id } } = await register('CN', ['USCC', '91310115MA1H10001Q']);
    await exchange.owner.query(`update identity.registry_number set checksum = 'PASSED' where organisation_id = $1`, [id]);
    expect((await verify(id, ['USCC'])).code).toBe('identity.registry_proof_needed');
    expect(await verify(id, ['USCC'], { proofs: [proof('USCC')] })).toMatchObject({ registryNumbers: [{ checksum: 'FAILED', proven: true }] });
  });

  it('one whose proof is gone while it is suspended comes back unverified, and lapses', async () => {
    const client = await exchange.client('gone-while-suspended');
    const { id } = await done(client, 'registerOrganisation', 'Organisation', 'id', { legalName: 'Gone Meanwhile', jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: '53333333A' }] });
    const staff = await exchange.client('officer');
    await done(staff, 'verifyOrganisation', 'Organisation', 'id', { organisationId: id, assuranceLevel: 3, schemes: ['UEN'], evidence: 'extract', proofs: [{ scheme: 'UEN', register: 'ACRA', reference: 'r1', extractedAt: clock.now().toISOString() }] });
    await done(staff, 'suspendOrganisation', 'Organisation', 'id', { organisationId: id, reason: 'for the test' });
    const identity = exchange.app.get(Identity);
    await exchange.app.get(UnitOfWork).run(async (tx) => exchange.app.get(LapseVerification).execute(tx, systemCaller('test'), (await identity.byId(id))!, 'the credential was revoked'));
    expect((await identity.byId(id))?.state).toBe('SUSPENDED');
    await done(staff, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: id, reason: 'cleared' });
    expect((await identity.byId(id))?.state).toBe('PENDING_VERIFICATION');
    await exchange.app.get(KeepVerification).execute();
    expect(await exchange.owner.query('select state, assurance_level from identity.organisation where id = $1', [id])).toEqual([{ state: 'PENDING_VERIFICATION', assurance_level: 1 }]);
  });

  it('a verification is announced once as running out, lapses at its instant before any sweep, and is renewed', async () => {
    const { client, answer: { id } } = await register('SG', ['UEN', '197401143C']);
    await exchange.drain();
    const me = '{ me { acts organisation { state assuranceLevel } } }';
    const mine = heard.length;
    expect(await verify(id, ['UEN'])).toMatchObject({ state: 'VERIFIED', verificationDueAt: at(365) });
    const told = () => heard.slice(mine).filter((h) => h.organisationId === id).map((h) => h.state ?? h.topic);
    clock.advance(334 * DAY);
    await exchange.drain();
    clock.advance(2 * DAY);
    await Promise.all([exchange.app.get(KeepVerification).execute(), exchange.app.get(KeepVerification).execute()]);
    await exchange.drain();
    await exchange.drain();
    expect(told()).toEqual(['VERIFIED', 'identity.verification-due.v1']);

    const person = `person-${people}`;
    clock.advance(29 * DAY - 1);
    const still = await exchange.client(person);
    expect(await still.ask(me)).toMatchObject({ me: { organisation: { state: 'VERIFIED', assuranceLevel: 2 } } });
    const key = await done<{ secret: string }>(still, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'k', scopes: ['CATALOG_MANAGE'], expiresAt: at(2) });
    const machine = new (client.constructor as typeof GraphClient)(exchange.url, key.secret);
    expect(await machine.ask('{ me { acts } }')).toEqual({ me: { acts: ['CATALOG_MANAGE'] } });
    clock.advance(1);
    expect(await still.ask(me)).toEqual({ me: { acts: ['IDENTITY_PRESENT_ORGANISATION'], organisation: { state: 'PENDING_VERIFICATION', assuranceLevel: 1 } } });
    expect(await machine.ask('{ me { acts } }')).toEqual({ me: { acts: [] } });
    expect((await exchange.app.get(Identity).byId(id))?.state).toBe('PENDING_VERIFICATION');
    expect(await exchange.owner.query('select state from identity.organisation where id = $1', [id])).toEqual([{ state: 'VERIFIED' }]);
    await signInAgain();
    const states = await officer.ask<{ organisations: { nodes: { id: string }[] } }>('{ organisations(first: 100, state: PENDING_VERIFICATION) { nodes { id } } }');
    expect(states.organisations.nodes.map((n) => n.id)).toContain(id);

    await Promise.all([exchange.app.get(KeepVerification).execute(), exchange.app.get(KeepVerification).execute()]);
    await exchange.drain();
    expect(told()).toEqual(['VERIFIED', 'identity.verification-due.v1', 'PENDING_VERIFICATION']);
    expect(await exchange.owner.query('select state, assurance_level from identity.organisation where id = $1', [id])).toEqual([{ state: 'PENDING_VERIFICATION', assurance_level: 1 }]);
    expect(await exchange.owner.query(`select act, subject from audit.entry where object_id = $1 and act = 'organisation.lapse'`, [id])).toEqual([{ act: 'organisation.lapse', subject: 'system:verification' }]);

    expect(await verify(id, ['UEN'], { assuranceLevel: 3 })).toMatchObject({ state: 'VERIFIED', assuranceLevel: 3, verificationDueAt: at(730) });
    await exchange.drain();
    expect((await still.ask<{ me: { acts: string[] } }>(me)).me.acts).toContain('CATALOG_MANAGE');
    expect(told().at(-1)).toBe('VERIFIED');
  });

  it('the exchange itself is never overdue', async () => {
    clock.advance(4_000 * DAY);
    await exchange.drain();
    expect(await (await exchange.client('staff-admin')).ask('{ me { organisation { state assuranceLevel verificationDueAt } } }')).toEqual({ me: { organisation: { state: 'VERIFIED', assuranceLevel: 4, verificationDueAt: null } } });
  });

  describe('ownership', () => {
    let owner: GraphClient;
    let organisationId: string;
    beforeAll(async () => {
      await signInAgain();
      const { client, answer } = await register('HK', ['HK_BRN', '12345678']);
      [owner, organisationId] = [client, answer.id];
      expect((await declare({})).__typename).toBe('NotPermitted');
      expect((await verify(organisationId, ['HK_BRN'])).__typename).toBe('Organisation');
    });
    const HOLDING = { holder: 'ENTITY', name: 'Ｐarent Ltd ', jurisdiction: 'SG', shareBasisPoints: 7_000, interest: 'EQUITY', directness: 'DIRECT' };
    const SHOWN = 'id state validFrom validTo provenAt holdings { holder name jurisdiction nationality residence shareBasisPoints interest directness through control }';
    const declare = (over: object, client = owner, headers: Record<string, string> = {}) => client.mutate<{ id: string; state: string; validFrom: string; holdings: object[] }>('declareOwnership', 'Ownership', SHOWN, { asOf: at(), holdings: [HOLDING], ...over }, headers);
    const read = async (client: GraphClient, asOf?: string) => (await client.ask<{ ownership: { id: string; validTo: string | null; holdings: { name: string }[] } | null }>(`query($id: ID!, $asOf: DateTime) { ownership(organisationId: $id, asOf: $asOf) { ${SHOWN} } }`, { id: organisationId, asOf })).ownership;
    const facts = () => exchange.app.get(Identity).controlFacts(organisationId);

    it('says nothing where nothing was declared', async () => {
      expect(await facts()).toEqual({ holdings: [], foreignShareBasisPoints: {}, undeclaredBasisPoints: 10_000, controllers: [], declaredAt: null, proven: false });
      expect(await read(owner)).toBeNull();
    });

    it('is declared, replaced as of a date with its history, proven by staff, and read by few', async () => {
      const first = await declare({ asOf: at(-10) });
      expect(first).toMatchObject({ __typename: 'Ownership', state: 'DECLARED', holdings: [{ name: 'Ｐarent Ltd', jurisdiction: 'SG', nationality: null, through: null, control: null }] });
      expect(await codes([declare({ asOf: at(1) }), declare({ asOf: at(-11) }), declare({ holdings: [{ ...HOLDING, shareBasisPoints: 6_000 }, { ...HOLDING, shareBasisPoints: 4_001 }] }), declare({ holdings: [{ ...HOLDING, jurisdiction: 'ZZ' }] }), declare({}, officer)]))
        .toEqual(['identity.ownership_date', 'identity.ownership_date', 'identity.ownership', 'identity.ownership', 'not_permitted']);
      const holdings = [HOLDING, { holder: 'PERSON', name: 'A. Chen', nationality: 'CN', residence: 'CN', shareBasisPoints: 6_000, interest: 'EQUITY', directness: 'INDIRECT', through: 0, control: 'MAJORITY' }];
      const second = await declare({ asOf: at(-5), holdings });
      expect([(await read(owner))?.id, (await read(officer))?.id, (await read(owner, at(-6)))?.id, await read(owner, at(-11))]).toEqual([second.id, second.id, first.id, null]);
      expect((await read(owner, at(-6)))?.validTo).toBe(at(-5));
      expect(await read(await newcomer())).toBeNull();
      expect(await facts()).toMatchObject({ foreignShareBasisPoints: { CN: 6_000, SG: 7_000 }, undeclaredBasisPoints: 3_000, controllers: [{ name: 'A. Chen', control: 'MAJORITY' }], declaredAt: clock.now(), proven: false });

      const prove = (declarationId: string, client = officer) => client.mutate<{ state: string }>('proveOwnership', 'Ownership', 'state provenAt', { declarationId, evidence: 'registers of SG and HK' });
      expect(await codes([prove(second.id, owner), prove(first.id), prove(organisationId)])).toEqual(['not_permitted', 'identity.ownership_replaced', 'not_found']);
      expect(new Set(await codes([prove(second.id), prove(second.id)]))).toEqual(new Set(['Ownership', 'ownership.not_possible']));
      expect((await facts()).proven).toBe(true);
      await declare({ asOf: at(-5), holdings: [HOLDING] });
      expect(await facts()).toMatchObject({ foreignShareBasisPoints: { SG: 7_000 }, proven: false });
    });

    it('is one at a time, also when declared at once, and once per key', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map((n) => declare({ holdings: [{ ...HOLDING, shareBasisPoints: n }] })));
      expect(answers.map((a) => a.__typename)).toEqual(Array(4).fill('Ownership'));
      expect(await exchange.owner.query('select count(*)::int as n from identity.ownership_declaration where organisation_id = $1 and valid_to is null', [organisationId])).toEqual([{ n: 1 }]);
      const asOf = at();
      const [a, b] = await Promise.all([1, 2].map(() => declare({ asOf }, owner, { 'idempotency-key': 'declare-once' })));
      expect([a!.__typename, b]).toEqual(['Ownership', a]);
    });

    it('is not shown to another organisation', async () => {
      const { client, answer } = await register('HK', ['HK_BRN', '87654321']);
      await verify(answer.id, ['HK_BRN']);
      expect(await read(client)).toBeNull();
    });
  });
});
