import { correctionProblem, correctionStates, mayAnswer, needsApproval } from './usage-correction.js';

describe('corrections of use', () => {
  const given = { source: 'https://api.example', meter: 'calls' as const, before: 10n, quantity: 7n };

  it.each([[{}, null], [{ quantity: 0n }, null], [{ quantity: 12n }, null], [{ quantity: 10n }, 'quantity'], [{ quantity: 10n ** 15n + 1n }, 'quantity'], [{ source: 'urn:entrepot:correction' }, 'source'], [{ meter: 'downloads' as const, quantity: 11n }, 'quantity'], [{ meter: 'downloads' as const, quantity: 9n }, null]])('%s: %s', (over, path) => {
    expect(correctionProblem({ ...given, ...over })?.fields[0]?.path ?? null).toBe(path);
  });

  it('wait for the other side where the use is charged, or where the buyer says that it was less', () => {
    expect([needsApproval({ side: 'VENDOR', charged: false }), needsApproval({ side: 'VENDOR', charged: true }), needsApproval({ side: 'BUYER', charged: false })]).toEqual([false, true, true]);
    expect([mayAnswer('BUYER', 'VENDOR', 'approve'), mayAnswer('VENDOR', 'VENDOR', 'approve'), mayAnswer('VENDOR', 'VENDOR', 'withdraw'), mayAnswer('BUYER', 'VENDOR', 'withdraw')]).toEqual([true, false, true, false]);
  });

  it('are decided once', () => {
    for (const state of ['APPLIED', 'REJECTED', 'WITHDRAWN'] as const) for (const event of ['apply', 'approve', 'reject', 'withdraw'] as const) expect(correctionStates.next(state, event)).toBeUndefined();
  });
});
