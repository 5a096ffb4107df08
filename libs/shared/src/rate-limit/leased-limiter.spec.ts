import fc from 'fast-check';
import { addressKey, isAddressBlock } from './address.js';
import { LeasedLimiter, type LeaseStore, type LimitPolicy } from './leased-limiter.js';

/** What the statement does, in memory and with a clock of its own. */
class Store {
  statements = 0;
  broken = false;
  private readonly windows = new Map<string, { taken: number; endsAt: number }>();
  constructor(private readonly clock: { now: number }) {}
  readonly lease: LeaseStore = async (policy, key, ask) => {
    this.statements++;
    await Promise.resolve();
    if (this.broken) throw new Error('does not answer');
    let window = this.windows.get(key);
    if (!window || window.endsAt <= this.clock.now) this.windows.set(key, (window = { taken: 0, endsAt: this.clock.now + policy.seconds * 1000 }));
    const granted = Math.min(ask, Math.max(0, policy.points - window.taken));
    window.taken += granted;
    return { granted, left: policy.points - window.taken, msLeft: Math.floor(window.endsAt - this.clock.now) };
  };
}

const policyOf = (points: number): LimitPolicy => ({ bucket: 'test', points, seconds: 60 });
const replicas = (count: number, policy: LimitPolicy) => {
  const clock = { now: 1_000 };
  const store = new Store(clock);
  return { clock, store, limiters: Array.from({ length: count }, () => new LeasedLimiter(policy, store.lease, () => clock.now)) };
};

describe('leases', () => {
  it('never let more than the limit pass over all replicas, and lose no more than one lease a replica', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 4 }), fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 30 }), fc.boolean()), { maxLength: 120 }),
      async (points, count, asks) => {
        const { limiters } = replicas(count, policyOf(points));
        let passed = 0;
        let refused = 0;
        const running: Promise<void>[] = [];
        const once = async (limiter: LeasedLimiter, cost: number): Promise<void> => {
          const { allowed, remaining } = await limiter.take('k', cost);
          expect(remaining).toBeGreaterThanOrEqual(0);
          if (allowed) passed += cost;
          else refused++;
        };
        for (const [replica, cost, wait] of asks) {
          running.push(once(limiters[replica % count]!, cost));
          if (wait) await Promise.all(running);
        }
        await Promise.all(running);
        expect(passed).toBeLessThanOrEqual(points);
        const dearest = Math.max(0, ...asks.map(([, cost]) => cost));
        const total = asks.reduce((sum, [, cost]) => sum + cost, 0);
        if (total <= points - count * Math.max(points / 50, dearest)) expect(refused).toBe(0);
      },
    ));
  });

  it('let exactly the limit pass where one replica serves alone, however many ask at once', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 400 }), async (points, asked) => {
      const { limiters: [limiter] } = replicas(1, policyOf(points));
      const answers = await Promise.all(Array.from({ length: asked }, () => limiter!.take('k')));
      expect(answers.filter((a) => a.allowed)).toHaveLength(Math.min(points, asked));
    }));
  });

  it('cost a statement in many requests, and none once a caller is refused', async () => {
    const { limiters: [limiter], store } = replicas(1, policyOf(6_000));
    for (let n = 0; n < 1_200; n++) await limiter!.take('k');
    expect(store.statements).toBe(10);
    const small = replicas(1, policyOf(10));
    for (let n = 0; n < 1_000; n++) await small.limiters[0]!.take('k');
    expect(small.store.statements).toBe(11);
  });

  it('begin anew when the window ends, and not before', async () => {
    const { clock, limiters: [limiter] } = replicas(1, policyOf(3));
    for (let n = 0; n < 3; n++) await limiter!.take('k');
    clock.now += 59_999;
    expect(await limiter!.take('k')).toEqual({ allowed: false, remaining: 0, secondsLeft: 1 });
    clock.now += 1;
    expect(await limiter!.take('k')).toEqual({ allowed: true, remaining: 2, secondsLeft: 60 });
  });

  it('refuse what costs more than the whole limit, without spending it', async () => {
    const { limiters: [limiter] } = replicas(1, policyOf(10));
    expect(await limiter!.take('k', 11)).toMatchObject({ allowed: false });
    expect(await limiter!.take('k', 10)).toMatchObject({ allowed: true });
  });

  it('keep callers apart', async () => {
    const { limiters: [limiter] } = replicas(1, policyOf(1));
    await limiter!.take('stranger');
    expect([(await limiter!.take('stranger')).allowed, (await limiter!.take('member')).allowed]).toEqual([false, true]);
  });

  it('are counted by each process for itself while the store does not answer, and by the store once it does', async () => {
    const { clock, store, limiters: [a, b] } = replicas(2, policyOf(5));
    store.broken = true;
    const passed = async (limiter: LeasedLimiter): Promise<number> => (await Promise.all(Array.from({ length: 9 }, () => limiter.take('k')))).filter((s) => s.allowed).length;
    expect([await passed(a!), await passed(b!)]).toEqual([5, 5]);
    const { statements } = store;
    await passed(a!);
    expect(store.statements).toBe(statements);
    store.broken = false;
    clock.now += 1_001;
    expect([await passed(a!), await passed(b!)]).toEqual([5, 0]);
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'], ['::ffff:192.0.2.7', '192.0.2.7'], ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'], ['2001:DB8:1:2:ffff::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'], ['::1', '0:0:0:0::/64'], ['nonsense', 'unreadable'], ['', 'unreadable'],
  ])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key));
  it('never throws, and puts both ends of a /64 together', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(typeof addressKey(text)).toBe('string')));
    fc.assert(fc.property(fc.ipV6(), fc.ipV4(), (six, four) => expect([addressKey(addressKey(six).replace('/64', '1')) === addressKey(six) || addressKey(six).includes('.'), addressKey(`::ffff:${four}`)]).toEqual([true, addressKey(four)])));
  });
  it.each([['10.0.0.0/8', true], ['2001:db8::/32', true], ['192.0.2.1', true], ['10.0.0.0/40', false], ['loopback', false], ['', false]])('%s as a block of proxies: %s', (text, good) => expect(isAddressBlock(text)).toBe(good));
});
