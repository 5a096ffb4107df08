import { type Classification, Compliance, type DeclaredEndUse, type EndUse } from '#compliance';
import { type Actor, Identity } from '#identity';
import { accepted, asSystem, newId, type Result, systemCaller, trustCallsOutsideRequests, type Tx, UnitOfWork, withScope } from '#shared';
import { TestClock } from '../../../../../test/support/clock.js';
import type { GraphClient } from '../../../../../test/support/client.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { done, hire, join } from '../../../../../test/support/market.js';
import { trade } from '../../../../../test/support/transfers.js';

trustCallsOutsideRequests();
const DAY = 86_400;

describe('declarations, restricted parties and findings', () => {
  const clock = new TestClock(new Date('2026-11-23T10:00:00Z'));
  let exchange: TestExchange;
  let compliance: Compliance;
  let uow: UnitOfWork;
  let buyerId: string;
  let vendorId: string;
  let buyer: Actor;
  let officers: [GraphClient, GraphClient];

  /** Tokens live twelve hours, and the clock goes on. */
  const signIn = async (): Promise<void> => void (officers = [await exchange.client('officer'), await exchange.client('officer-two')]);
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    compliance = exchange.app.get(Compliance);
    uow = exchange.app.get(UnitOfWork);
    const admin = await exchange.client('staff-admin');
    officers = [await hire(exchange, admin, 'officer', 'COMPLIANCE_OFFICER'), await hire(exchange, admin, 'officer-two', 'COMPLIANCE_OFFICER')];
    buyerId = await join(officers[0], await exchange.client('buyer'), 'Straits Analytics Pte. Ltd.', { jurisdiction: 'SG' }, 'UEN', '196800306E');
    vendorId = await join(officers[0], await exchange.client('vendor'), '上海临港数据有限公司', { jurisdiction: 'CN', subdivision: 'CN-SH' }, 'USCC', '91350100M000100Y43');
    buyer = { subject: 'member:test', tenantId: buyerId, requestId: 'test', kind: 'member', memberId: newId(), organisationKind: 'TRADER', organisationState: 'VERIFIED', roles: ['BUYER'], scopes: [], identity: null, assurance: 3 };
    await exchange.drain();
  });
  afterAll(() => exchange.close());

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => asSystem(() => uow.run(work));
  const endUse = (over: Partial<DeclaredEndUse> = {}): DeclaredEndUse =>
    ({ objectId: newId(), purpose: 'RESEARCH', destination: 'SG', endUsers: [{ name: 'Harbour Labs', country: 'SG', organisationId: null }], onward: { planned: false, countries: [] }, statements: ['no_military_end_use'], ...over });
  const record = (input: DeclaredEndUse): Promise<Result<EndUse>> => inTx((tx) => compliance.declarations.record(tx, buyer, input));
  const standing = (organisationId: string, objectId: string | null) => inTx((tx) => compliance.findings.standing(tx, organisationId, objectId));
  const check = async (organisationId: string) => inTx(async (tx) => compliance.restricted.check(tx, (await exchange.app.get(Identity).byId(organisationId))!));
  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const findings = (kind: string, organisationId: string) => rows<{ id: string; state: string; object_id: string | null }>('select id, state, object_id from compliance.finding where kind = $1 and organisation_id = $2 order by id', [kind, organisationId]);
  const judge = (officer: 0 | 1, verb: 'confirm' | 'dismiss' | 'clear', findingId: string) => officers[officer].mutate(`${verb}Finding`, 'ComplianceFinding', 'state', { findingId, reason: 'looked at it' });

  it('a declaration is kept with its hash, once for an order, and is never changed', async () => {
    const input = endUse();
    const made = accepted(await record(input));
    expect(await inTx((tx) => compliance.declarations.of(tx, input.objectId))).toEqual(made);
    expect((await asSystem(() => compliance.declarations.byObjects([input.objectId, newId()]))).size).toBe(1);
    expect(made.validUntil).toEqual(new Date('2027-11-23T10:00:00Z'));
    expect(await record(input)).toMatchObject({ code: 'compliance.end_use_declared_already' });
    for (const change of [`facts = '{}'`, `valid_until = '2030-01-01Z'`]) await expect(exchange.owner.query(`update compliance.end_use_declaration set ${change} where id = $1`, [made.id])).rejects.toThrow(/never changed/);
    await expect(exchange.owner.query('delete from compliance.end_use_declaration where id = $1', [made.id])).rejects.toThrow(/refused/);
  });

  it('of two declarations of one order at once one is kept', async () => {
    const input = endUse();
    const answers = await Promise.all([record(input), record(input), record(input)]);
    expect(answers.filter((a) => !('refused' in a))).toHaveLength(1);
  });

  it('contradictions and unknown members are typed refusals, and nothing is kept', async () => {
    for (const [over, code] of [
      [{ onward: { planned: false, countries: ['JP'] } }, 'compliance.end_use_contradiction'], [{ destination: 'ZZ' }, 'compliance.end_use'], [{ endUsers: [{ name: 'Nobody', country: 'SG', organisationId: newId() }] }, 'compliance.organisation_unknown'],
    ] as const) {
      const input = endUse(over);
      expect(await record(input)).toMatchObject({ kind: 'InvalidInput', code });
      expect(await rows('select 1 from compliance.end_use_declaration where object_id = $1', [input.objectId])).toEqual([]);
    }
  });

  it('a declaration that runs out is found once, bites when it is confirmed, and is cured by a renewal', async () => {
    const input = endUse();
    accepted(await record(input));
    clock.advance(366 * DAY);
    await exchange.drain();
    await exchange.drain();
    const [found, ...more] = (await findings('STALE_DECLARATION', buyerId)).filter((f) => f.object_id === input.objectId);
    expect([found!.state, more]).toEqual(['OPEN', []]);
    expect((await standing(buyerId, input.objectId)).blocking).toBe(false);
    await signIn();
    expect(await judge(0, 'confirm', found!.id)).toMatchObject({ state: 'CONFIRMED' });
    expect(await standing(buyerId, input.objectId)).toEqual({ blocking: true, kinds: ['STALE_DECLARATION'] });
    expect((await standing(buyerId, newId())).blocking).toBe(false);
    const client = await exchange.client('buyer');
    // The verification of the organisation has run out too; that is another matter.
    await exchange.owner.query(`update identity.organisation set state = 'VERIFIED', assurance_level = 3, verification_due_at = $1`, [new Date(clock.now().getTime() + 400 * DAY * 1000)]);
    const { objectId, ...said } = input;
    expect(await client.mutate('renewEndUse', 'EndUse', 'objectId supersededBy', { objectId, endUse: said })).toMatchObject({ objectId, supersededBy: null });
    expect(await standing(buyerId, objectId)).toEqual({ blocking: false, kinds: [] });
    expect((await findings('STALE_DECLARATION', buyerId)).find((f) => f.id === found!.id)!.state).toBe('CLEARED');
    await exchange.drain();
    expect((await findings('STALE_DECLARATION', buyerId)).filter((f) => f.object_id === objectId)).toHaveLength(1);
    expect(await rows('select superseded_by is null as live from compliance.end_use_declaration where object_id = $1 order by id', [objectId])).toEqual([{ live: false }, { live: true }]);
  });

  it('an order that is over needs no renewal', async () => {
    const input = endUse();
    accepted(await record(input));
    for (let twice = 0; twice < 2; twice++) await inTx((tx) => compliance.declarations.end(tx, systemCaller('test'), input.objectId));
    clock.advance(366 * DAY);
    await exchange.drain();
    expect((await findings('STALE_DECLARATION', buyerId)).filter((f) => f.object_id === input.objectId)).toEqual([]);
  });

  it('owners that were not declared are found once for organisations with a declaration, and cured by declaring them', async () => {
    const open = (await findings('STALE_OWNERSHIP', buyerId)).filter((f) => f.state === 'OPEN');
    expect(open).toHaveLength(1);
    expect(await findings('STALE_OWNERSHIP', vendorId)).toEqual([]);
    await exchange.owner.query(`update identity.organisation set state = 'VERIFIED', assurance_level = 3, verification_due_at = $1`, [new Date(clock.now().getTime() + 800 * DAY * 1000)]);
    const holdings = [{ holder: 'PERSON', name: 'Tan Mei', nationality: 'SG', residence: 'SG', shareBasisPoints: 10_000, interest: 'EQUITY', directness: 'DIRECT' }];
    await done(await exchange.client('buyer'), 'declareOwnership', 'Ownership', 'id', { asOf: clock.now().toISOString(), holdings });
    await exchange.drain();
    expect((await findings('STALE_OWNERSHIP', buyerId)).map((f) => f.state)).toEqual(['CLEARED']);
    clock.advance(366 * DAY);
    await exchange.drain();
    await exchange.drain();
    expect((await findings('STALE_OWNERSHIP', buyerId)).map((f) => f.state)).toEqual(['CLEARED', 'OPEN']);
  });

  it('a sure match is listed at once after four eyes, and no longer after four eyes', async () => {
    await exchange.owner.query(`update identity.organisation set state = 'VERIFIED', assurance_level = 3, verification_due_at = $1`, [new Date(clock.now().getTime() + 800 * DAY * 1000)]);
    await signIn();
    const [one, two] = officers;
    const party = { list: 'pipl_42', name: 'Quite Another Name', registryNumber: { scheme: 'UEN', value: '1968 0030 6e' }, effectiveFrom: '2026-01-01', source: 'CAC announcement' };
    const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', party);
    expect(await check(buyerId)).toEqual({ listed: false, lists: [], possible: false });
    expect(await one.mutate('confirmRestrictedParty', 'RestrictedParty', 'id', { partyId })).toMatchObject({ __typename: 'StateConflict', code: 'compliance.second_officer_needed' });
    expect(await two.mutate('confirmRestrictedParty', 'RestrictedParty', 'state', { partyId })).toMatchObject({ state: 'LISTED' });
    expect(await check(buyerId)).toEqual({ listed: true, lists: ['pipl_42'], possible: false });
    expect(await two.mutate('removeRestrictedParty', 'RestrictedParty', 'state', { partyId, reason: 'taken off' })).toMatchObject({ state: 'REMOVAL_PROPOSED' });
    expect((await check(buyerId)).listed).toBe(true);
    expect(await two.mutate('confirmRestrictedParty', 'RestrictedParty', 'id', { partyId })).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await one.mutate('confirmRestrictedParty', 'RestrictedParty', 'state', { partyId })).toMatchObject({ state: 'REMOVED' });
    expect((await check(buyerId)).listed).toBe(false);
    await expect(exchange.owner.query(`update compliance.restricted_party set name = 'x' where id = $1`, [partyId])).rejects.toThrow(/never changed/);
  });

  it('a name alone is found without an order, counts until it is dismissed, and not again', async () => {
    const [one, two] = officers;
    const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Lingang Data', aliases: ['上海临港数据股份有限公司'], effectiveFrom: '2026-01-01', source: 'CAC announcement' });
    await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    await exchange.drain();
    const [found] = await findings('POSSIBLE_RESTRICTED_PARTY', vendorId);
    expect(found).toMatchObject({ state: 'OPEN', object_id: partyId });
    const twice = await Promise.all([check(vendorId), check(vendorId)]);
    expect(twice).toEqual([{ listed: true, lists: ['pipl_42'], possible: true }, { listed: true, lists: ['pipl_42'], possible: true }]);
    expect(await judge(0, 'confirm', found!.id)).toMatchObject({ state: 'CONFIRMED' });
    expect(await check(vendorId)).toEqual({ listed: true, lists: ['pipl_42'], possible: false });
    expect(await standing(vendorId, newId())).toEqual({ blocking: true, kinds: ['POSSIBLE_RESTRICTED_PARTY'] });
    expect(await judge(0, 'clear', found!.id)).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await judge(1, 'clear', found!.id)).toMatchObject({ state: 'CLEARED' });
    expect((await check(vendorId)).listed).toBe(false);
    expect(await findings('POSSIBLE_RESTRICTED_PARTY', vendorId)).toHaveLength(1);
    await expect(exchange.owner.query(`update compliance.finding set state = 'OPEN' where id = $1`, [found!.id])).rejects.toThrow(/never changed/);
  });

  it('a removal cures what was possible, and two lookups at once open one finding', async () => {
    const [one, two] = officers;
    const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'unreliable', name: 'STRAITS ANALYTICS', effectiveFrom: '2026-01-01', source: 'gazette' });
    await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    expect((await Promise.all([check(buyerId), check(buyerId), check(buyerId)])).map((c) => c.possible)).toEqual([true, true, true]);
    expect(await findings('POSSIBLE_RESTRICTED_PARTY', buyerId)).toHaveLength(1);
    await done(one, 'removeRestrictedParty', 'RestrictedParty', 'id', { partyId, reason: 'a mistake' });
    await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    await exchange.drain();
    expect((await findings('POSSIBLE_RESTRICTED_PARTY', buyerId)).map((f) => f.state)).toEqual(['CLEARED']);
  });

  it('an end user whose name is on a list is found with the declaration, or when the list names him, and counts until it is dismissed', async () => {
    const [one, two] = officers;
    const put = async (name: string): Promise<void> => {
      const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name, effectiveFrom: '2026-01-01', source: 'CAC announcement' });
      await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
      await exchange.drain();
    };
    const before = endUse({ endUsers: [{ name: 'Shady Labs', country: 'SG', organisationId: null }] });
    accepted(await record(before));
    expect((await standing(buyerId, before.objectId)).blocking).toBe(false);
    await put('SHADY LABS LIMITED');
    const after = endUse({ endUsers: [{ name: 'Good Labs', country: 'SG', organisationId: null }, { name: 'Shady Labs Pte Ltd', country: 'SG', organisationId: null }] });
    accepted(await record(after));
    for (const { objectId, ...said } of [before, after]) {
      expect(await standing(buyerId, objectId)).toEqual({ blocking: true, kinds: ['POSSIBLE_RESTRICTED_PARTY'] });
      const [found, ...more] = (await findings('POSSIBLE_RESTRICTED_PARTY', buyerId)).filter((f) => f.object_id === objectId);
      expect([found!.state, more]).toEqual(['OPEN', []]);
      expect(await judge(0, 'dismiss', found!.id)).toMatchObject({ state: 'DISMISSED' });
      // The same end user again is not found again.
      await done(await exchange.client('buyer'), 'renewEndUse', 'EndUse', 'id', { objectId, endUse: said });
      expect((await standing(buyerId, objectId)).blocking).toBe(false);
    }
    expect((await standing(buyerId, null)).kinds).not.toContain('POSSIBLE_RESTRICTED_PARTY');

    const member = endUse({ endUsers: [{ name: 'our partner', country: 'SG', organisationId: vendorId }] });
    accepted(await record(member));
    const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Under its own name', organisationId: vendorId, effectiveFrom: '2026-01-01', source: 'CAC announcement' });
    await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    await exchange.drain();
    expect((await standing(buyerId, member.objectId)).blocking).toBe(true);
  });

  describe('decisions', () => {
    const decide = (orderId: string, over: Partial<Classification> = {}) =>
      inTx((tx) => compliance.decide(tx, systemCaller('test'), { objectId: orderId, stage: 'ORDER', facts: trade([over], { exporterId: vendorId, recipientId: buyerId, orderId }) }));
    const epoch = async (): Promise<string> => (await rows<{ value: string }>('select value::text from compliance.epoch'))[0]!.value;

    it('ask again whether a list that has come into force names an end user, and move the count of changes once', async () => {
      await signIn();
      const [one, two] = officers;
      const declared = endUse({ endUsers: [{ name: 'Tomorrow Labs', country: 'SG', organisationId: null }] });
      accepted(await record(declared));
      const effectiveFrom = new Date(clock.now().getTime() + 3 * DAY * 1000).toISOString().slice(0, 10);
      const { id: partyId } = await done(one, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Tomorrow Labs', effectiveFrom, source: 'CAC announcement' });
      await done(two, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
      await exchange.drain();
      expect(await decide(declared.objectId)).toMatchObject({ permitted: true });
      clock.advance(4 * DAY);
      expect(await decide(declared.objectId)).toMatchObject({ outcome: 'prohibited', considered: expect.arrayContaining(['exchange.finding']) as string[] });
      await exchange.drain();
      const before = await epoch();
      expect(await decide(declared.objectId)).toMatchObject({ outcome: 'prohibited' });
      clock.advance(7_200);
      await exchange.drain();
      expect(await epoch()).toBe(before);
    });

    it('take an approval for every place that the data goes to', async () => {
      const [onward, caseId] = [endUse({ endUsers: [], onward: { planned: true, countries: ['JP'] } }), newId()];
      accepted(await record(onward));
      await rows(`insert into compliance.counter_case (id, kind, state, applicant_id, subject_type, subject_id, mechanism, calendar, opened_at) values ($1, 'STANDARD_CONTRACT_FILING', 'REGISTERED', $2, 'organisation', 'x', 'standard_contract', 'cn', now())`, [caseId, vendorId]);
      const grant = (destinations: string[]) => rows(`insert into compliance.approval (id, type, holder_id, destinations, valid_from, state, case_id, reference, granted_by, granted_at) values ($1, 'standard_contract', $2, $3, '2020-01-01', 'ACTIVE', $4, 'SH-1', 'test', now())`, [newId(), vendorId, destinations, caseId]);
      await grant(['SG']);
      expect(await decide(onward.objectId, { persons: 200_000n })).toMatchObject({ permitted: false, needs: [['standard_contract', 'certification']] });
      const straight = endUse();
      accepted(await record(straight));
      expect(await decide(straight.objectId, { persons: 200_000n })).toMatchObject({ permitted: true, outcome: 'standard_contract' });
    });
  });

  it('whoever cannot see lists and findings gets no answer instead of a mild one', async () => {
    const asTenant = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => withScope({ reach: 'tenant', tenantId: vendorId, subject: 'test' }, () => uow.run(work));
    await expect(asTenant((tx) => compliance.restricted.check(tx, { id: buyerId, legalName: 'x', jurisdiction: 'SG', registryNumbers: [] }))).rejects.toThrow(/reach of the exchange/);
    await expect(asTenant((tx) => compliance.findings.standing(tx, buyerId, null))).rejects.toThrow(/reach of the exchange/);
    expect(await asTenant((tx) => tx.query('select 1 from compliance.restricted_party union all select 1 from compliance.finding where organisation_id <> $1', [vendorId]) as Promise<unknown[]>)).toEqual([]);
  });

  it('every act left its line in the audit log', async () => {
    const acts = (await rows<{ act: string }>('select distinct act from audit.entry order by 1')).map((r) => r.act);
    for (const act of ['end-use.declare', 'end-use.end', 'finding.raise', 'finding.confirm', 'finding.clear', 'finding.cure', 'restricted-party.propose', 'restricted-party.confirm', 'restricted-party.propose-removal']) expect(acts).toContain(act);
  });
});
