import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { Grouped } from './grouped.js';

describe('group commit', () => {
  /** What ran beside what: the turns as they were taken, and the most of one key at a time. */
  const watched = (keyOf: ((item: string) => string) | null, most = 100, atOnce = 2) => {
    const seen = { turns: [] as string[][], most: 0, beside: 0, ofOne: 0 };
    const running = new Map<string, number>();
    let turns = 0;
    const grouped = new Grouped<string, string>(async (items) => {
      const keys = new Set(items.map((i) => i[0]!));
      seen.turns.push([...items]);
      for (const key of keys) running.set(key, (running.get(key) ?? 0) + 1);
      seen.beside = Math.max(seen.beside, (turns += 1));
      seen.ofOne = Math.max(seen.ofOne, ...running.values());
      await pause(2);
      for (const key of keys) running.set(key, running.get(key)! - 1);
      turns -= 1;
      if (items.some((i) => i.endsWith('!'))) throw new Error('one of them fails');
      return items.map((i) => `${i} done`);
    }, most, atOnce, keyOf);
    return { grouped, seen };
  };

  it('answers each for itself, whoever fails beside it', async () => {
    const { grouped } = watched(null);
    const answers = await Promise.allSettled(['a1', 'a2!', 'a3'].map((i) => grouped.add(i)));
    expect(answers.map((a) => (a.status === 'fulfilled' ? a.value : 'failed'))).toEqual(['a1 done', 'failed', 'a3 done']);
  });

  it('never has two turns with one key, and keeps no other from its turn', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 5 }), async (asked, most) => {
      const { grouped, seen } = watched((i) => i[0]!, most);
      const items = asked.map(([key], n) => `${key}${n}`);
      const answers = await Promise.all(items.map(async (item, n) => {
        await pause(asked[n]![1]);
        return grouped.add(item);
      }));
      expect(answers).toEqual(items.map((i) => `${i} done`));
      expect([seen.ofOne, seen.turns.flat().toSorted(), seen.turns.every((t) => t.length <= most), seen.beside <= 2]).toEqual([1, items.toSorted(), true, true]);
    }), { numRuns: 30 });
    const { grouped, seen } = watched((i) => i[0]!);
    const first = grouped.add('a1');
    await pause(0);
    await Promise.all([first, grouped.add('a2'), grouped.add('b1'), grouped.add('a3')]);
    expect([seen.turns, seen.beside]).toEqual([[['a1'], ['b1'], ['a2', 'a3']], 2]);
  });
});
