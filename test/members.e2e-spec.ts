import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { newId, newSecret } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, enlist, hire, join } from './support/market.js';

const NO_INVITATION = { __typename: 'NotFound', code: 'not_found', message: 'no such invitation, or it is not yours' };
const DAY = 86_400;

describe('members, roles and mandates', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let staff: GraphClient;
  let officer: GraphClient;
  let boss: GraphClient;
  let bossId: string;
  let other: GraphClient;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    [staff, boss, other] = await Promise.all(['staff-admin', 'boss', 'other'].map((s) => exchange.client(s))) as [GraphClient, GraphClient, GraphClient];
    officer = await hire(exchange, staff, 'officer', 'COMPLIANCE_OFFICER');
    await join(officer, boss, 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '196800306E');
    await join(officer, other, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    bossId = await idOf(boss);
  });
  afterAll(() => exchange.close());

  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;
  const idOf = async (client: GraphClient): Promise<string> => (await client.ask<{ me: { subject: string } }>('{ me { subject } }')).me.subject.replace('member:', '');
  const rolesOf = async (client: GraphClient): Promise<unknown> => (await client.ask<{ me: { roles: string[] } }>('{ me { roles } }')).me.roles;
  const acts = async (objectId: string): Promise<string[]> => (await rows<{ act: string }>('select act from audit.entry where object_id = $1 order by recorded_at, id', [objectId])).map((r) => r.act);
  const invite = (over: object = {}, by = boss) => done<{ id: string; token: string }>(by, 'inviteMember', 'CreatedInvitation', 'id token', { displayName: 'Somebody', roles: ['FINANCE'], expiresInHours: 1, ...over });
  const accept = (client: GraphClient, token: string, headers: Record<string, string> = {}) => client.mutate<{ id?: string }>('acceptInvitation', 'Member', 'id', { token }, headers);
  const open = async (client = boss): Promise<string[]> => (await client.ask<{ invitations: { nodes: { id: string }[] } }>('{ invitations { nodes { id } } }')).invitations.nodes.map((i) => i.id);
  /** The development issuer's name for itself. */
  const issuer = async (): Promise<string> => (await rows<{ issuer: string }>('select issuer from identity.member limit 1'))[0]!.issuer;

  describe('an invitation', () => {
    it('makes a member of whoever consents, once', async () => {
      const { id, token } = await invite({ displayName: 'Cafe\u0301 clerk', roles: ['FINANCE', 'BUYER', 'FINANCE'] });
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(await open()).toContain(id);
      const clerk = await exchange.client('first-clerk');
      expect(await clerk.ask('{ me { organisation { id } acts } }')).toEqual({ me: { organisation: null, acts: [] } });
      const { id: memberId } = await done(clerk, 'acceptInvitation', 'Member', 'id', { token });
      expect(await rows('select display_name, roles, state, subject from identity.member where id = $1', [memberId])).toEqual([{ display_name: 'Caf\u00e9 clerk', roles: ['FINANCE', 'BUYER'], state: 'ACTIVE', subject: 'first-clerk' }]);
      expect([await acts(id), await acts(memberId)]).toEqual([['invitation.create', 'invitation.accept'], ['member.join']]);
      expect(await open()).not.toContain(id);
      for (const client of [clerk, await exchange.client('late'), boss]) expect(await accept(client, token)).toEqual(NO_INVITATION);
      expect(JSON.stringify(await rows('select * from identity.invitation')) + JSON.stringify(await rows('select * from audit.entry'))).not.toContain(token);
    });

    it('shows its token once and joins once, however often it is asked', async () => {
      const headers = { 'idempotency-key': 'invite-once' };
      const input = { displayName: 'Once', roles: ['FINANCE'], expiresInHours: 1 };
      const first = await done<{ id: string; token: string }>(boss, 'inviteMember', 'CreatedInvitation', 'id token', input, headers);
      expect(await done(boss, 'inviteMember', 'CreatedInvitation', 'id token', input, headers)).toMatchObject({ id: first.id, token: null });
      const once = await exchange.client('once');
      const joined = await accept(once, first.token, headers);
      expect(joined).toMatchObject({ __typename: 'Member' });
      expect(await accept(once, first.token, headers)).toEqual(joined);
    });

    it('looks the same when it is used, over, revoked, declined, meant for somebody else or made up', async () => {
      const late = await exchange.client('looks');
      const bound = await invite({ subject: 'somebody-else' });
      const elsewhere = await invite({ issuer: 'https://elsewhere.example' });
      const revoked = await invite();
      await done(boss, 'revokeInvitation', 'Invitation', 'state', { invitationId: revoked.id });
      expect(await boss.mutate('revokeInvitation', 'Invitation', 'state', { invitationId: revoked.id })).toMatchObject({ __typename: 'StateConflict', current: 'REVOKED' });
      const declined = await invite();
      expect(await done(await exchange.client('proud'), 'declineInvitation', 'Invitation', 'state', { token: declined.token })).toMatchObject({ state: 'DECLINED' });
      const lapsed = await invite({ expiresInHours: 1 });
      clock.advance(3_600);
      for (const token of [bound.token, elsewhere.token, revoked.token, declined.token, lapsed.token, newSecret()]) {
        expect(await accept(late, token)).toEqual(NO_INVITATION);
        expect(await late.mutate('declineInvitation', 'Invitation', 'id', { token })).toEqual(NO_INVITATION);
      }
      expect(await open()).not.toContain(lapsed.id);
      expect(await rolesOf(late)).toEqual([]);
      const mine = await invite({ subject: 'somebody-else', issuer: await issuer() });
      expect(await accept(await exchange.client('somebody-else'), mine.token)).toMatchObject({ __typename: 'Member' });
    });

    it.each(['', 'x', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}!`, `${'x'.repeat(42)}\n`])('refuses %j as a token by its form', async (token) => {
      expect(await accept(await exchange.client('looks'), token)).toMatchObject({ __typename: 'InvalidInput' });
    });

    it('lets one of two in who accept at once, and one person into one organisation', async () => {
      const { token } = await invite();
      const [left, right] = [await exchange.client('left'), await exchange.client('right')];
      const answers = await Promise.all([left, right, left, right].map((c) => accept(c, token)));
      expect(answers.map((a) => a.__typename).sort()).toEqual(['Member', 'NotFound', 'NotFound', 'NotFound']);
      const [a, b] = [await invite(), await invite({}, other)];
      const torn = await exchange.client('torn');
      const both = await Promise.all([accept(torn, a.token), accept(torn, b.token)]);
      expect(both.map((x) => x.__typename).sort()).toEqual(['Member', 'StateConflict']);
      expect(both.find((x) => x.__typename === 'StateConflict')).toMatchObject({ code: 'identity.already_member' });
    });

    it('stands while its administrator and his organisation do', async () => {
      const deputy = await hire(exchange, boss, 'deputy', 'ORG_ADMIN');
      const [gone, stopped] = [await invite({}, deputy), await invite()];
      await done(deputy, 'leaveOrganisation', 'DepartedMember', 'id', {});
      const late = await exchange.client('looks');
      expect(await accept(late, gone.token)).toEqual(NO_INVITATION);
      const { organisation } = (await boss.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me;
      await done(officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: organisation.id, reason: 'a complaint' });
      expect(await accept(late, stopped.token)).toEqual(NO_INVITATION);
      await done(officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: organisation.id, reason: 'cleared' });
      expect(await accept(late, stopped.token)).toMatchObject({ __typename: 'Member' });
      await done(late, 'leaveOrganisation', 'DepartedMember', 'id', {});
    });

    it('is made and taken back by administrators alone, with roles of the house and within two weeks', async () => {
      const clerk = await exchange.client('first-clerk');
      const input = { displayName: 'X', roles: ['FINANCE'], expiresInHours: 1 };
      for (const client of [clerk, await exchange.client('looks'), officer]) expect((await client.mutate('inviteMember', 'CreatedInvitation', 'id', input)).__typename).toBe('NotPermitted');
      const refused = async (over: object, by = boss) => boss && by.mutate('inviteMember', 'CreatedInvitation', 'id', { ...input, ...over });
      expect(await refused({ roles: ['AUDITOR'] })).toMatchObject({ __typename: 'InvalidInput', code: 'identity.role_not_for_this_organisation' });
      expect(await refused({ roles: ['BUYER'] }, staff)).toMatchObject({ code: 'identity.role_not_for_this_organisation' });
      for (const over of [{ expiresInHours: 337 }, { expiresInHours: 0 }, { roles: [] }, { displayName: ' ' }, { subject: '' }]) expect((await refused(over)).__typename).toBe('InvalidInput');
      expect((await refused({ expiresInHours: 336 })).__typename).toBe('CreatedInvitation');
      const foreign = await invite({}, other);
      expect(await boss.mutate('revokeInvitation', 'Invitation', 'id', { invitationId: foreign.id })).toEqual(await boss.mutate('revokeInvitation', 'Invitation', 'id', { invitationId: newId() }));
      expect(await clerk.ask('{ invitations { nodes { id } } }')).toEqual({ invitations: null });
    });
  });

  describe('roles', () => {
    it('change at the next request, and the last administrator stays one', async () => {
      const clerk = await exchange.client('first-clerk');
      const memberId = await idOf(clerk);
      const change = (roles: string[], id = memberId, by = boss) => by.mutate('changeMemberRoles', 'Member', 'roles', { memberId: id, roles });
      expect(await change(['VENDOR_MANAGER'])).toMatchObject({ __typename: 'Member', roles: ['VENDOR_MANAGER'] });
      expect(await rolesOf(clerk)).toEqual(['VENDOR_MANAGER']);
      expect(await change(['ORG_ADMIN'], memberId, clerk)).toMatchObject({ __typename: 'NotPermitted' });
      expect(await change(['BUYER'], memberId, other)).toMatchObject({ __typename: 'NotFound' });
      expect(await change(['BUYER'], bossId)).toMatchObject({ __typename: 'StateConflict', code: 'identity.last_admin' });
      expect(await boss.mutate('leaveOrganisation', 'DepartedMember', 'id', {})).toMatchObject({ __typename: 'StateConflict', code: 'identity.last_admin' });
      expect(await change(['STAFF_ADMIN'])).toMatchObject({ code: 'identity.role_not_for_this_organisation' });
      expect((await acts(memberId)).at(-1)).toBe('member.change-roles');
      await change(['ORG_ADMIN']);
      const both = await Promise.all([boss, clerk].map((c) => c.mutate('leaveOrganisation', 'DepartedMember', 'id', {})));
      expect(both.map((a) => a.__typename).sort()).toEqual(['DepartedMember', 'StateConflict']);
      const stayed = both[0]!.__typename === 'StateConflict' ? boss : clerk;
      if (stayed !== boss) {
        await enlist(clerk, boss, 'Boss', 'ORG_ADMIN');
        bossId = await idOf(boss);
        await change(['FINANCE']);
      }
    });

    it('of the staff are separated at invitation and at change, and nobody gives himself one', async () => {
      for (const roles of [['LISTING_REVIEWER', 'COMPLIANCE_OFFICER'], ['SETTLEMENT_OFFICER', 'COMPLIANCE_OFFICER'], ['AUDITOR', 'LISTING_REVIEWER'], ['STAFF_ADMIN', 'SETTLEMENT_OFFICER'], ['STAFF_ADMIN', 'AUDITOR']]) {
        expect([roles, await staff.mutate('inviteMember', 'CreatedInvitation', 'id', { displayName: 'X', roles, expiresInHours: 1 })]).toMatchObject([roles, { __typename: 'InvalidInput', code: 'identity.roles_incompatible' }]);
      }
      const double = await hire(exchange, staff, 'double', 'LISTING_REVIEWER', 'SETTLEMENT_OFFICER');
      const memberId = await idOf(double);
      expect(await staff.mutate('changeMemberRoles', 'Member', 'id', { memberId, roles: ['LISTING_REVIEWER', 'AUDITOR'] })).toMatchObject({ code: 'identity.roles_incompatible' });
      for (const roles of [['STAFF_ADMIN'], ['AUDITOR'], ['COMPLIANCE_OFFICER']]) expect(await staff.mutate('changeMemberRoles', 'Member', 'id', { memberId: await idOf(staff), roles })).toMatchObject({ __typename: 'InvalidInput', code: 'identity.own_roles' });
      expect(await rolesOf(double)).toEqual(['LISTING_REVIEWER', 'SETTLEMENT_OFFICER']);
      // An invitation from before the rules, as an earlier version may have left it.
      const { id, token } = await invite({ roles: ['LISTING_REVIEWER'] }, staff);
      await rows(`update identity.invitation set roles = '{LISTING_REVIEWER,COMPLIANCE_OFFICER}' where id = $1`, [id]);
      expect(await accept(await exchange.client('too-much'), token)).toMatchObject({ __typename: 'StateConflict', code: 'identity.roles_incompatible' });
    });
  });

  describe('whoever leaves', () => {
    const key = async (admin: GraphClient) => {
      const { id, secret } = await done<{ id: string; secret: string }>(admin, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'k', scopes: ['CONTRACTS_READ'], expiresAt: new Date(clock.now().getTime() + DAY * 1_000).toISOString() });
      return { id, machine: new GraphClient(exchange.url, secret) };
    };
    const alive = async (machine: GraphClient): Promise<boolean> => !(await machine.raw('{ me { acts } }')).errors;

    it('leaves his keys to the organisation, or takes them along', async () => {
      const [first, second] = [await hire(exchange, boss, 'keeper', 'ORG_ADMIN'), await hire(exchange, boss, 'taker', 'ORG_ADMIN')];
      const [kept, taken, bosses] = [await key(first), await key(second), await key(boss)];
      expect(await done(boss, 'removeMember', 'DepartedMember', 'state keys { id revokedAt }', { memberId: await idOf(first) })).toMatchObject({ state: 'LEFT', keys: [{ id: kept.id, revokedAt: null }] });
      const headers = { 'idempotency-key': 'leave-once' };
      const left = await done(second, 'leaveOrganisation', 'DepartedMember', 'id state keys { id revokedAt }', { revokeKeys: true }, headers);
      expect(left).toMatchObject({ state: 'LEFT', keys: [{ id: taken.id, revokedAt: clock.now().toISOString() }] });
      expect(await done(second, 'leaveOrganisation', 'DepartedMember', 'id state keys { id revokedAt }', { revokeKeys: true }, headers)).toEqual(left);
      expect(await Promise.all([kept, taken, bosses].map((k) => alive(k.machine)))).toEqual([true, false, true]);
      expect(await acts(taken.id)).toEqual(['api-key.create', 'api-key.revoke']);
      expect(await second.mutate('leaveOrganisation', 'DepartedMember', 'id', {})).toMatchObject({ __typename: 'NotPermitted' });
      expect(await kept.machine.mutate('leaveOrganisation', 'DepartedMember', 'id', {})).toMatchObject({ __typename: 'NotPermitted' });
      expect(await rolesOf(first)).toEqual([]);
      await enlist(other, first, 'Keeper', 'FINANCE');
      expect(await rolesOf(first)).toEqual(['FINANCE']);
    });
  });

  describe('a mandate', () => {
    const grant = (memberId: string, over: object = {}, by = boss, headers: Record<string, string> = {}) =>
      by.mutate<{ id: string }>('grantMandate', 'Mandate', 'id memberId currency maxMinor mode validTo state grantedBy', { memberId, currency: 'SGD', maxMinor: '100000', mode: 'ALONE', evidence: 'board resolution 2026/7', ...over }, headers);

    it('is granted to oneself by the only administrator alone, and that is written down', async () => {
      const mine = await grant(bossId);
      expect(mine).toMatchObject({ __typename: 'Mandate', memberId: bossId, currency: 'SGD', maxMinor: '100000', mode: 'ALONE', validTo: null, state: 'ACTIVE', grantedBy: bossId });
      expect(await rows(`select reason, details ->> 'grantedToHimselfAsTheOnlyAdministrator' as himself from audit.entry where object_id = $1`, [mine.id])).toEqual([{ reason: 'board resolution 2026/7', himself: 'true' }]);
      const deputy = await hire(exchange, boss, 'second-boss', 'ORG_ADMIN');
      expect(await grant(bossId)).toMatchObject({ __typename: 'InvalidInput', code: 'identity.mandate_four_eyes' });
      const theirs = await grant(bossId, {}, deputy);
      expect(await rows(`select details ? 'grantedToHimselfAsTheOnlyAdministrator' as himself from audit.entry where object_id = $1`, [theirs.id])).toEqual([{ himself: false }]);
    });

    it('is revoked once, ends with its holder, and is seen by its organisation alone', async () => {
      const signer = await hire(exchange, boss, 'signer', 'FINANCE');
      const memberId = await idOf(signer);
      const [a, b] = [await grant(memberId, { maxMinor: null }), await grant(memberId, { mode: 'JOINT', currency: 'CNY' })];
      const revoke = (client: GraphClient, mandateId: string) => client.mutate('revokeMandate', 'Mandate', 'state revokedAt', { mandateId, reason: 'the board withdrew it' });
      expect(await revoke(other, a.id)).toEqual(await revoke(other, newId()));
      expect(await revoke(signer, a.id)).toMatchObject({ __typename: 'NotPermitted' });
      expect((await Promise.all([revoke(boss, a.id), revoke(boss, a.id)])).map((r) => r.__typename).sort()).toEqual(['Mandate', 'StateConflict']);
      const seen = async (client: GraphClient) => (await client.ask<{ mandates: { nodes: { id: string; state: string }[] } | null }>('{ mandates(first: 2) { nodes { id state } } }')).mandates?.nodes;
      expect(await seen(signer)).toEqual([{ id: b.id, state: 'ACTIVE' }, { id: a.id, state: 'REVOKED' }]);
      expect([await seen(other), await seen(officer)]).toEqual([[], undefined]);
      await done(signer, 'leaveOrganisation', 'DepartedMember', 'id', {});
      expect(await seen(boss)).toEqual([{ id: b.id, state: 'REVOKED' }, { id: a.id, state: 'REVOKED' }]);
      expect(await acts(b.id)).toEqual(['mandate.grant', 'mandate.revoke']);
      await expect(rows(`update identity.mandate set max_minor = null where id = $1`, [b.id])).rejects.toThrow(/never changed/);
      await expect(rows(`update identity.mandate set state = 'ACTIVE', revoked_at = null where id = $1`, [b.id])).rejects.toThrow(/never changed/);
      await expect(rows('delete from identity.mandate')).rejects.toThrow(/refused/);
    });

    it('takes nothing that is none', async () => {
      const memberId = await hire(exchange, boss, 'third', 'BUYER').then(idOf);
      const past = new Date(clock.now().getTime() - 1_000).toISOString();
      for (const over of [{ currency: 'XXX' }, { currency: 'sgd' }, { maxMinor: '0' }, { maxMinor: '-1' }, { maxMinor: '1.5' }, { maxMinor: '9'.repeat(18) }, { evidence: '   ' }, { validTo: past }, { validFrom: past, validTo: past }]) {
        expect([over, (await grant(memberId, over)).__typename]).toEqual([over, 'InvalidInput']);
      }
      expect(await grant(newId())).toMatchObject({ __typename: 'NotFound' });
      expect(await grant(await idOf(other))).toMatchObject({ __typename: 'NotFound' });
      for (const client of [await exchange.client('third'), officer, staff]) expect((await grant(memberId, {}, client)).__typename).toBe('NotPermitted');
      const headers = { 'idempotency-key': 'grant-once' };
      const answers = [await grant(memberId, { validTo: new Date(clock.now().getTime() + 60_000).toISOString() }, boss, headers)];
      clock.advance(61);
      answers.push(await grant(memberId, { validTo: new Date(clock.now().getTime() - 1_000).toISOString() }, boss, headers));
      expect(answers[0]).toMatchObject({ __typename: 'Mandate' });
      expect(answers[1]).toEqual(answers[0]);
    });
  });

  describe('break-glass', () => {
    const REASON = 'the compliance officer is out of reach and a party must be stopped';
    const smash = (client: GraphClient, over: object = {}, headers: Record<string, string> = {}) =>
      client.mutate<{ id: string; validUntil: string }>('breakGlass', 'BreakGlassEvent', 'id role state validUntil', { roles: ['COMPLIANCE_OFFICER'], reason: REASON, minutes: 30, ...over }, headers);
    const review = (client: GraphClient, elevationId: string) => client.mutate('reviewBreakGlass', 'BreakGlassEvent', 'state justified finding reviewedBy', { elevationId, justified: true, finding: 'as it was said' });
    let auditor: GraphClient;
    beforeAll(async () => {
      auditor = await hire(exchange, staff, 'auditor', 'AUDITOR');
    });

    it('gives one role for a while, says so in the log, and is closed by somebody else', async () => {
      const said = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      expect((await staff.ask<{ me: { acts: string[] } }>('{ me { acts } }')).me.acts).not.toContain('IDENTITY_SUSPEND');
      const used = await smash(staff);
      expect(used).toMatchObject({ __typename: 'BreakGlassEvent', role: 'COMPLIANCE_OFFICER', state: 'OPEN', validUntil: new Date(clock.now().getTime() + 1_800_000).toISOString() });
      expect(await staff.ask('{ me { roles breakGlass { id role } } }')).toEqual({ me: { roles: ['STAFF_ADMIN', 'COMPLIANCE_OFFICER'], breakGlass: [{ id: used.id, role: 'COMPLIANCE_OFFICER' }] } });
      expect((await staff.ask<{ me: { acts: string[] } }>('{ me { acts } }')).me.acts).toContain('IDENTITY_SUSPEND');
      await exchange.drain();
      expect(said.mock.calls.map(([line]) => line as object)).toEqual([expect.objectContaining({ message: expect.stringMatching(/^ALARM break-glass: member .* took COMPLIANCE_OFFICER until /), memberId: await idOf(staff), reason: REASON })]);
      said.mockRestore();
      expect(await smash(staff, { roles: ['SETTLEMENT_OFFICER'] })).toMatchObject({ __typename: 'StateConflict', code: 'identity.elevation_open' });
      clock.advance(1_800);
      expect(await rolesOf(staff)).toEqual(['STAFF_ADMIN']);
      expect(await review(staff, used.id)).toMatchObject({ __typename: 'StateConflict', code: 'identity.review_four_eyes' });
      expect((await auditor.ask<{ breakGlassEvents: { nodes: object[] } }>('{ breakGlassEvents(onlyOpen: true) { nodes { id reason } } }')).breakGlassEvents.nodes).toEqual([{ id: used.id, reason: REASON }]);
      expect(await review(auditor, used.id)).toMatchObject({ state: 'REVIEWED', justified: true, finding: 'as it was said', reviewedBy: await idOf(auditor) });
      expect(await review(auditor, used.id)).toMatchObject({ __typename: 'StateConflict', current: 'REVIEWED' });
      expect(await staff.ask('{ me { breakGlass { id } } }')).toEqual({ me: { breakGlass: [] } });
      expect(await acts(used.id)).toEqual(['break-glass.use', 'break-glass.review']);
    });

    it('ends with its review, and happens once of two at once', async () => {
      const answers = await Promise.all([smash(officer, { roles: ['SETTLEMENT_OFFICER'] }), smash(officer, { roles: ['LISTING_REVIEWER'] })]);
      expect(answers.map((a) => a.__typename).sort()).toEqual(['BreakGlassEvent', 'StateConflict']);
      expect(await rolesOf(officer)).toHaveLength(2);
      expect(await review(staff, answers.find((a) => a.__typename === 'BreakGlassEvent')!.id)).toMatchObject({ __typename: 'BreakGlassEvent' });
      expect(await rolesOf(officer)).toEqual(['COMPLIANCE_OFFICER']);
    });

    it('never gives more, is for staff that may, and waits for the review of the one before', async () => {
      for (const roles of [['AUDITOR'], ['STAFF_ADMIN'], ['ORG_ADMIN']]) await expect(smash(staff, { roles })).rejects.toThrow(/does not exist in \\"OperativeRole\\" enum/);
      for (const roles of [[], ['LISTING_REVIEWER', 'SETTLEMENT_OFFICER']]) expect([roles, (await smash(staff, { roles })).__typename]).toEqual([roles, 'InvalidInput']);
      for (const over of [{ reason: 'too short' }, { reason: `a${' '.repeat(30)}b` }, { minutes: 61 }, { minutes: 0 }]) expect([over, (await smash(staff, over)).__typename]).toEqual([over, 'InvalidInput']);
      for (const client of [boss, auditor, await exchange.client('looks'), await hire(exchange, staff, 'reviewer', 'LISTING_REVIEWER')]) expect((await smash(client)).__typename).toBe('NotPermitted');
      expect(await smash(officer)).toMatchObject({ __typename: 'StateConflict', code: 'identity.role_held_already' });
      expect(await boss.ask('{ breakGlassEvents { nodes { id } } }')).toEqual({ breakGlassEvents: null });
      for (const client of [boss, officer]) expect((await review(client, newId())).__typename).toBe('NotPermitted');
      expect(await review(auditor, newId())).toMatchObject({ __typename: 'NotFound' });
      const forgotten = await smash(staff, { minutes: 1 });
      clock.advance(7 * DAY);
      staff = await exchange.client('staff-admin');
      auditor = await exchange.client('auditor');
      const second = await smash(staff, { minutes: 1 });
      expect(second).toMatchObject({ __typename: 'BreakGlassEvent' });
      clock.advance(61);
      expect(await smash(staff)).toMatchObject({ __typename: 'StateConflict', code: 'identity.elevation_unreviewed' });
      await review(auditor, forgotten.id);
      expect(await smash(staff)).toMatchObject({ __typename: 'BreakGlassEvent' });
      // Two that nobody has looked at, however young, are enough.
      clock.advance(1_801);
      expect(await smash(staff)).toMatchObject({ __typename: 'StateConflict', code: 'identity.elevation_unreviewed', message: expect.stringContaining('2 of yours') as string });
    });
  });
});
