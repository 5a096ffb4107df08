import fc from 'fast-check';
import { REVISION_STATES, revisionStates, standingRevisions } from './revision.js';

const revision = fc.record({ state: fc.constantFrom(...REVISION_STATES), testPassed: fc.constantFrom(true, false, null) });

describe('revisions', () => {
  it('are closed once and called back once', () => {
    expect([revisionStates.next('DRAFT', 'finalise'), revisionStates.next('FINALISED', 'revoke')]).toEqual(['FINALISED', 'REVOKED']);
    expect([revisionStates.next('DRAFT', 'revoke'), revisionStates.next('FINALISED', 'finalise'), revisionStates.next('REVOKED', 'revoke'), revisionStates.next('REVOKED', 'finalise')]).toEqual([undefined, undefined, undefined, undefined]);
  });
  it('stand for their dataset unless called back, or failed with another in their place', () => {
    fc.assert(fc.property(fc.array(revision), (all) => {
      const standing = standingRevisions(all);
      const last = all.findLast((r) => r.state === 'FINALISED');
      expect(standing.at(-1)).toBe(last);
      for (const r of all) expect(standing.includes(r)).toBe(r.state === 'FINALISED' && (r.testPassed !== false || r === last));
    }));
  });
});
