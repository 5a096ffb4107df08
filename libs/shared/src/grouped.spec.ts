import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { Grouped, type Grouping } from './grouped.js';

/** Work that ends when it is told to. */
function held(grouping: Grouping<number>) {
  const turns: { items: readonly number[]; end: (error?: Error) => void }[] = [];
  const grouped = new Grouped<number, string>((items) => new Promise((resolve, reject) => {
    turns.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((i) => `${i}!`))) });
  }), grouping);
  return { grouped, turns, items: () => turns.map((t) => t.items) };
}
const turn = (): Promise<void> => pause(5);

describe('a group that shares its turns', () => {
  it('takes what comes together as one, and what comes meanwhile as the next', async () => {
    const { grouped, turns, items } = held({ most: 100 });
    const first = Promise.all([grouped.add(1), grouped.add(2), grouped.add(0)]);
    await turn();
    const second = Promise.all([grouped.add(3), grouped.add(4)]);
    await turn();
    expect(items()).toEqual([[1, 2, 0]]);
    turns[0]!.end();
    expect(await first).toEqual(['1!', '2!', '0!']);
    await turn();
    expect(items()).toEqual([[1, 2, 0], [3, 4]]);
    turns[1]!.end();
    expect(await second).toEqual(['3!', '4!']);
    expect(grouped.weight).toBe(0);
  });

  it('begins a turn beside another once it carries as much, never more than it may, and no third', async () => {
    const { grouped, turns, items } = held({ most: 10, weigh: (n) => n });
    const all = [grouped.add(6)];
    await turn();
    all.push(grouped.add(4));
    await turn();
    expect(items()).toEqual([[6]]);
    all.push(grouped.add(3), grouped.add(5), grouped.add(11), grouped.add(1));
    await turn();
    expect(items()).toEqual([[6], [4, 3]]);
    expect(grouped.weight).toBe(30);
    for (const at of [0, 1, 2, 3, 4]) {
      await turn();
      turns[at]?.end();
    }
    expect(await Promise.all(all)).toEqual(['6!', '4!', '3!', '5!', '11!', '1!']);
    expect(items()).toEqual([[6], [4, 3], [5], [11], [1]]);
  });

  it('waits a moment after a turn for those who come then, where that is asked for', async () => {
    const gatherMs = 1_000;
    const { grouped, turns, items } = held({ most: 100, atOnce: 1, gatherMs });
    const all = [grouped.add(1)];
    await turn();
    all.push(grouped.add(2));
    turns[0]!.end();
    await turn();
    all.push(grouped.add(3));
    await turn();
    expect(items()).toEqual([[1]]);
    await pause(gatherMs);
    await turn();
    expect(items()).toEqual([[1], [2, 3]]);
    turns[1]!.end();
    expect(await Promise.all(all)).toEqual(['1!', '2!', '3!']);
    const soon = grouped.add(4);
    await turn();
    expect(items()).toHaveLength(3);
    turns[2]!.end();
    await soon;
  });

  it('tries each alone where a turn fails, or fails them together where that is asked for', async () => {
    const tried: (readonly number[])[] = [];
    const work = async (items: readonly number[]): Promise<number[]> => {
      tried.push(items);
      if (items.includes(2)) throw new Error('two');
      return [...items];
    };
    const alone = new Grouped(work, { most: 10 });
    expect(await Promise.allSettled([1, 2, 3].map((n) => alone.add(n)))).toEqual([{ status: 'fulfilled', value: 1 }, { status: 'rejected', reason: new Error('two') }, { status: 'fulfilled', value: 3 }]);
    expect(tried).toEqual([[1, 2, 3], [1], [2], [3]]);
    const together = new Grouped(work, { most: 10, failTogether: true });
    expect((await Promise.allSettled([1, 2, 3].map((n) => together.add(n)))).map((r) => r.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await together.add(1)).toBe(1);
  });
});

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
    }, { most, atOnce, ...(keyOf ? { keyOf } : {}) });
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
  });

  it('begins a turn of others beside one of a key, which gathers what comes of it meanwhile', async () => {
    const grouping: Grouping<number> = { most: 100, keyOf: (n) => (n < 10 ? 'small' : 'large') };
    const { grouped, turns, items } = held(grouping);
    const all = [grouped.add(1)];
    await turn();
    all.push(grouped.add(2), grouped.add(10), grouped.add(3));
    await turn();
    expect(items()).toEqual([[1], [10]]);
    turns[1]!.end();
    await turn();
    expect(items()).toEqual([[1], [10]]);
    turns[0]!.end();
    await turn();
    expect(items()).toEqual([[1], [10], [2, 3]]);
    turns[2]!.end();
    expect(await Promise.all(all)).toEqual(['1!', '2!', '10!', '3!']);
  });
});
