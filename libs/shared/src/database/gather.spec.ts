import { currentScope, type RequestScope, withScope } from '../request-scope.js';
import { gather } from './gather.js';

const scopeOf = (signal: AbortSignal): RequestScope => ({ reach: 'tenant', tenantId: 'one', subject: 'member:one', signal });

describe('look-ups that are made in one turn of the event loop', () => {
  it('are one statement of the exchange, which answers each with what is its own and ends with nobody', async () => {
    const seen: { keys: readonly string[]; scope: RequestScope }[] = [];
    const find = gather<string, string>(async (keys) => {
      seen.push({ keys, scope: currentScope() });
      return new Map(keys.flatMap((key, i) => (key === 'unknown' ? [] : [[i, `${key}!`] as const])));
    });
    const answers = await Promise.all(['a', 'unknown', 'b', 'a'].map((key) => withScope(scopeOf(AbortSignal.abort()), () => find(key))));
    expect(answers).toEqual(['a!', null, 'b!', 'a!']);
    expect(seen).toEqual([{ keys: ['a', 'unknown', 'b', 'a'], scope: { reach: 'system', tenantId: null, subject: 'system' } }]);
  });

  it('keep nothing: what is asked later is read later', async () => {
    let value = 1;
    const find = gather<string, number>(async (keys) => new Map(keys.map((_, i) => [i, value])));
    expect(await find('a')).toBe(1);
    value = 2;
    expect(await find('a')).toBe(2);
  });

  it('fail together, and the next ones are made anew', async () => {
    let broken = true;
    const find = gather<string, string>(async (keys) => {
      if (broken) throw new Error('the connection broke');
      return new Map(keys.map((key, i) => [i, key]));
    });
    expect(await Promise.allSettled([find('a'), find('b')])).toEqual([expect.objectContaining({ status: 'rejected' }), expect.objectContaining({ status: 'rejected' })]);
    broken = false;
    expect(await find('a')).toBe('a');
  });
});
