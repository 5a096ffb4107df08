import { Subscriptions, trustCallsOutsideRequests } from '#shared';
import { GraphClient } from '../../../../test/support/client.js';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { done, hire, join } from '../../../../test/support/market.js';
import { ApiKeyExpiring } from '../identity.events.js';
import { IdentityWork } from '../identity.work.js';
import { Authenticator } from '../oidc/authenticator.js';
import { AnnounceExpiringKeys } from './announce-expiring-keys.js';
import { NoteKeyUse } from './note-key-use.js';

const DAY = 86_400;
const KEY = 'id name scopes allowList expiresAt successorId lastUsedAt lastUsedAddress revokedAt';
interface Key { id: string; secret: string | null; name: string; scopes: string[]; allowList: string[]; expiresAt: string; successorId: string | null; lastUsedAt: string | null; lastUsedAddress: string | null }

trustCallsOutsideRequests();

describe('API keys', () => {
  const clock = new TestClock(new Date('2026-11-22T00:00:00Z'));
  let exchange: TestExchange;
  let owner: GraphClient;
  let other: GraphClient;
  const announced: string[] = [];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    exchange.app.get(Subscriptions).on(ApiKeyExpiring, 'test.heard', async (_tx, { payload }) => void announced.push(payload.keyId));
    const officer = await hire(exchange, await exchange.client('staff-admin'), 'officer', 'COMPLIANCE_OFFICER');
    [owner, other] = (await Promise.all(['owner', 'other'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient];
    await join(officer, owner, 'Owner', { jurisdiction: 'HK' }, 'HK_BRN', '12345678');
    await join(officer, other, 'Other', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
  });
  afterAll(() => exchange.close());

  const at = (seconds: number): string => new Date(clock.now().getTime() + seconds * 1_000).toISOString();
  const create = (over: object = {}, headers: Record<string, string> = {}, client = owner) => client.mutate<Key>('createApiKey', 'CreatedApiKey', `${KEY} secret`, { name: 'loader', scopes: ['DELIVERY_DOWNLOAD'], expiresAt: at(30 * DAY), ...over }, headers);
  const rotate = (id: string, over: object = {}, headers: Record<string, string> = {}, client = owner) => client.mutate<Key>('rotateApiKey', 'CreatedApiKey', `${KEY} secret`, { id, ...over }, headers);
  const listed = async (id: string, client?: GraphClient): Promise<Key> => (await (client ?? (await exchange.client('owner'))).ask<{ apiKeys: { nodes: Key[] } }>(`{ apiKeys(first: 100) { nodes { ${KEY} } } }`)).apiKeys.nodes.find((k) => k.id === id)!;
  const refreshed = async (): Promise<void> => void (owner = await exchange.client('owner'));
  const isGood = async (secret: string | null): Promise<boolean> => (await new GraphClient(exchange.url, secret!).raw('{ me { subject } }')).errors === undefined;
  const from = async (secret: string | null, address: string): Promise<unknown> => exchange.app.get(Authenticator).authenticate({ requestId: 'test-request', authorization: `Bearer ${secret}`, idempotencyKey: undefined, address, method: 'POST', url: '/graphql', dpop: undefined }).then((a) => a.actor?.subject ?? a);

  describe('allow-lists', () => {
    it('let a key be used from its addresses only, and refuse elsewhere as a wrong key is refused', async () => {
      const key = await create({ allowList: ['192.0.2.77/24', '2001:db8::1', '192.0.2.0/24'] });
      expect(key.allowList).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
      const wrong = await from(`${key.secret!.slice(0, -1)}~`, '192.0.2.1');
      expect(wrong).toEqual({ actor: null, rejected: true });
      for (const address of ['192.0.2.1', '::ffff:192.0.2.200', '2001:db8::1']) expect(await from(key.secret, address)).toBe(`key:${key.id}`);
      for (const address of ['192.0.3.1', '::ffff:192.0.3.1', '2001:db8::2', '127.0.0.1', '', 'rubbish']) expect(await from(key.secret, address)).toEqual(wrong);
      const [refused, unknown] = await Promise.all([key.secret!, `ek_${exchangeId}.${'x'.repeat(43)}`].map(async (s) => (await new GraphClient(exchange.url, s).raw('{ me { subject } }')).errors?.map(({ message, path, extensions }) => ({ message, path, extensions }))));
      expect(refused).toEqual(unknown);
      expect(refused?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(await isGood((await create({ allowList: ['127.0.0.0/8'] })).secret)).toBe(true);
      expect(await isGood((await create({ allowList: [] })).secret)).toBe(true);
    });
    const exchangeId = '0191d5a0-0000-7000-8000-000000000000';

    it.each([[['localhost']], [['10.0.0.0/33']], [['010.0.0.1']], [['10.0.0.1', 'x.y']]])('%j is refused', async (allowList) => {
      expect(await create({ allowList })).toMatchObject({ __typename: 'InvalidInput', code: 'identity.allow_list', fields: [{ path: `allowList.${allowList.length - 1}` }] });
    });
    it('have at most twenty entries', async () => {
      const entries = Array.from({ length: 21 }, (_, i) => `192.0.2.${i}`);
      expect((await create({ allowList: entries })).__typename).toBe('InvalidInput');
      expect((await create({ allowList: entries.slice(1) })).allowList).toHaveLength(20);
    });
  });

  it('a wrong id costs a comparison too, and both look the same', async () => {
    const { secret } = await create();
    const [id] = secret!.slice(3).split('.');
    const answers = await Promise.all([`ek_${id}.${'x'.repeat(43)}`, `ek_0191d5a0-0000-7000-8000-000000000000.${'x'.repeat(43)}`, 'ek_rubbish.secret', `ek_${id}.`].map((s) => from(s, '127.0.0.1')));
    for (const answer of answers) expect(answer).toEqual({ actor: null, rejected: true });
  });

  describe('rotation', () => {
    it('makes a successor of the same kind, both are good for the overlap, then only it', async () => {
      await refreshed();
      const old = await create({ allowList: ['127.0.0.1'], scopes: ['DELIVERY_DOWNLOAD', 'CONTRACTS_READ'] });
      clock.advance(60);
      const next = await rotate(old.id);
      expect(next).toMatchObject({ __typename: 'CreatedApiKey', name: old.name, scopes: old.scopes, allowList: old.allowList, expiresAt: at(30 * DAY), successorId: null });
      expect(await listed(old.id)).toMatchObject({ successorId: next.id, expiresAt: at(DAY) });
      expect([await isGood(old.secret), await isGood(next.secret)]).toEqual([true, true]);
      expect(await rotate(old.id)).toMatchObject({ __typename: 'StateConflict', code: 'identity.key_rotated' });
      clock.advance(DAY - 1);
      expect(await isGood(old.secret)).toBe(true);
      clock.advance(1);
      expect([await isGood(old.secret), await isGood(next.secret)]).toEqual([false, true]);
      await refreshed();
      expect(await rotate(old.id)).toMatchObject({ __typename: 'StateConflict', code: 'identity.key_ended', current: 'EXPIRED' });
    });

    it('never lengthens the old life, may end it at once, and refuses odd overlaps', async () => {
      await refreshed();
      const short = await create({ expiresAt: at(3_600) });
      await rotate(short.id, { overlapHours: 168 });
      expect((await listed(short.id)).expiresAt).toBe(short.expiresAt);
      const leaked = await create();
      for (const overlapHours of [-1, 169]) expect((await rotate(leaked.id, { overlapHours })).__typename).toBe('InvalidInput');
      await rotate(leaked.id, { overlapHours: 0 });
      expect(await isGood(leaked.secret)).toBe(false);
    });

    it('is the owner\'s, of a living key, once, and answers a repetition without the secret', async () => {
      await refreshed();
      other = await exchange.client('other');
      const key = await create();
      expect(await rotate(key.id, {}, {}, other)).toMatchObject({ __typename: 'NotFound' });
      const [a, b] = await Promise.all([rotate(key.id, {}, { 'idempotency-key': 'rotate-1' }), rotate(key.id, {}, { 'idempotency-key': 'rotate-1' })]);
      expect([a, b].map((k) => k.__typename)).toEqual(['CreatedApiKey', 'CreatedApiKey']);
      expect([a.secret, b.secret].filter((s) => s !== null)).toHaveLength(1);
      expect(a.id).toBe(b.id);
      const third = await create();
      const twice = await Promise.all([rotate(third.id), rotate(third.id)]);
      expect(twice.map((k) => k.code ?? k.__typename).sort()).toEqual(['CreatedApiKey', 'identity.key_rotated']);
      const gone = await create();
      await done(owner, 'revokeApiKey', 'ApiKey', 'id', { id: gone.id });
      expect(await rotate(gone.id)).toMatchObject({ code: 'identity.key_ended', current: 'REVOKED' });
    });
  });

  it('a repeated creation answers what was stored, also when its end has passed meanwhile', async () => {
    await refreshed();
    const input = { expiresAt: at(3_600) };
    const first = await create(input, { 'idempotency-key': 'create-1' });
    clock.advance(3_601);
    expect(await create(input, { 'idempotency-key': 'create-1' })).toEqual({ ...first, secret: null });
    expect(await create(input)).toMatchObject({ __typename: 'InvalidInput', code: 'identity.expiry_out_of_range' });
    expect(await create({ expiresAt: at(367 * DAY) })).toMatchObject({ code: 'identity.expiry_out_of_range' });
  });

  it('the last use is written behind the requests, to the minute, and never goes back', async () => {
    await refreshed();
    const key = await create();
    const writes = async (): Promise<unknown> => (await exchange.owner.query('select xmin::text from identity.api_key where id = $1', [key.id]) as { xmin: string }[])[0]!.xmin;
    const before = await writes();
    const usedAt = at(0);
    await Promise.all([1, 2, 3].map(() => isGood(key.secret)));
    expect([await writes(), (await listed(key.id)).lastUsedAt]).toEqual([before, null]);
    await exchange.drain();
    expect(await listed(key.id)).toMatchObject({ lastUsedAt: usedAt, lastUsedAddress: '127.0.0.1' });
    const once = await writes();
    clock.advance(30);
    await isGood(key.secret);
    await exchange.drain();
    expect(await writes()).toBe(once);
    clock.advance(31);
    await from(key.secret, '192.0.2.9');
    await Promise.all([1, 2].map(() => exchange.app.get(NoteKeyUse).flush()));
    expect(await listed(key.id)).toMatchObject({ lastUsedAt: at(0), lastUsedAddress: '192.0.2.9' });
    await from(`${key.secret!.slice(0, -1)}~`, '192.0.2.10');
    await exchange.drain();
    expect((await listed(key.id)).lastUsedAddress).toBe('192.0.2.9');
    clock.advance(61);
    await from(key.secret, '192.0.2.11');
    await exchange.app.get(IdentityWork).beforeApplicationShutdown();
    expect((await listed(key.id)).lastUsedAddress).toBe('192.0.2.11');
  });

  it('the end of a key is announced two weeks before, once, and not where something has taken its place', async () => {
    await refreshed();
    const [ending, rotated, revoked, far] = [await create({ expiresAt: at(15 * DAY) }), await create({ expiresAt: at(15 * DAY) }), await create({ expiresAt: at(15 * DAY) }), await create({ expiresAt: at(100 * DAY) })];
    await rotate(rotated.id, { overlapHours: 168 });
    await done(owner, 'revokeApiKey', 'ApiKey', 'id', { id: revoked.id });
    const of = () => announced.filter((id) => [ending, rotated, revoked, far].some((k) => k.id === id));
    await exchange.drain();
    expect(of()).toEqual([]);
    clock.advance(DAY);
    await Promise.all([1, 2].map(() => exchange.app.get(AnnounceExpiringKeys).execute()));
    await exchange.drain();
    await exchange.drain();
    expect(of()).toEqual([ending.id]);
  });
});
