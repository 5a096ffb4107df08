import { type Actor, authorise, permits } from './actor.js';
import { ACTS, actsAt, KEY_SCOPES, PERMISSIONS, type Role } from './permissions.js';

const actor = (over: Partial<Actor> = {}): Actor => ({
  kind: 'member', subject: 'member:1', tenantId: '1', memberId: '1', requestId: 'r', organisationKind: 'TRADER', organisationState: 'VERIFIED', roles: ['ORG_ADMIN'], scopes: [], identity: null, assurance: 3, ...over,
});

describe('the level that an act needs', () => {
  it.each(ACTS)('%s', (act) => {
    const { roles, assurance, key } = PERMISSIONS[act];
    for (const role of roles as readonly Role[]) {
      const of = (level: number): Actor => actor({ roles: [role], assurance: level });
      expect([permits(of(assurance), act), authorise(of(assurance), act)]).toEqual([true, undefined]);
      if (assurance > 1) expect(authorise(of(assurance - 1), act)).toMatchObject({ kind: 'NotPermitted', code: 'identity.assurance_too_low', message: expect.stringContaining(`level ${assurance}`) });
    }
    expect(authorise(actor({ roles: [], assurance: 4 }), act)).toMatchObject({ code: 'not_permitted' });
    if (key) expect(permits(actor({ kind: 'key', roles: [], scopes: [act], assurance: 2 }), act)).toBe(true);
  });

  it('is that of staff where the exchange itself acts', () => {
    expect([permits(actor({ assurance: 2 }), 'identity:manage-members'), permits(actor({ assurance: 2, organisationKind: 'EXCHANGE', roles: ['STAFF_ADMIN'] }), 'identity:manage-members')]).toEqual([true, false]);
  });

  it('grows with the acts: reading, trade, staff', () => {
    expect([actsAt(1), actsAt(2), actsAt(3)].map((acts) => [acts.includes('contracts:read'), acts.includes('contracts:order'), acts.includes('identity:suspend')])).toEqual([[true, false, false], [true, true, false], [true, true, true]]);
    expect(KEY_SCOPES.every((act) => PERMISSIONS[act].assurance <= 2)).toBe(true);
  });
});
