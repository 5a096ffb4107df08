import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, done, type Market, marketOfOne } from './support/market.js';

const DAY = 86_400;
const SAID = 'as both of us know';

describe('an agreement that ends before its time', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ({ market, productId, assetId } = await marketOfOne(exchange));
  });
  afterAll(() => exchange.close());

  const concluded = () => activeLicence(exchange, market, productId);
  const propose = (client: GraphClient, agreementId: string, reasonCode: string) => client.mutate<{ id: string; state: string; code?: string; effectiveAt: string | null }>('terminateAgreement', 'Termination', 'id state effectiveAt', { agreementId, reasonCode, statement: SAID });
  const answer = (client: GraphClient, terminationId: string, given: string) => client.mutate<{ state: string; code?: string }>('answerTermination', 'Termination', 'state', { terminationId, answer: given, statement: SAID });
  const licence = async (id: string) => (await market.buyer.ask<{ licence: { state: string; stateReason: string | null } }>('query($id: ID!) { licence(id: $id) { state stateReason } }', { id })).licence;
  const told = async (client: GraphClient, agreementId: string) => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id) { nodes { kind } } }', { id: agreementId })).notices.nodes.map((n) => n.kind);

  it('by consent: the one proposes, the other consents, both are told, and nothing is delivered any more', async () => {
    const { agreementId, licenceId } = await concluded();
    const { id, state, effectiveAt } = await propose(market.buyer, agreementId, 'MUTUAL_CONSENT');
    expect([state, effectiveAt]).toEqual(['PROPOSED', null]);
    expect((await propose(market.vendor, agreementId, 'MUTUAL_CONSENT')).code).toBe('contracts.termination_open');
    expect((await answer(market.buyer, id, 'CONSENT')).code).toBe('contracts.termination_answer');
    expect((await answer(market.vendor, id, 'CONTEST')).code).toBe('contracts.termination_answer');
    expect(await answer(market.vendor, id, 'CONSENT')).toMatchObject({ state: 'EFFECTIVE' });
    expect(await licence(licenceId)).toEqual({ state: 'TERMINATED', stateReason: `MUTUAL_CONSENT: ${SAID}` });
    for (const side of [market.vendor, market.buyer]) expect(await told(side, agreementId)).toEqual(['TERMINATED', 'TERMINATION_MOVED']);
    expect(await market.buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId })).toMatchObject({ code: 'delivery.licence_not_active' });
    expect((await propose(market.buyer, agreementId, 'MUTUAL_CONSENT')).code).toBe('contracts.licence_over');
  });

  it('does not end where the other declines, or whoever proposed thinks better of it', async () => {
    const { agreementId, licenceId } = await concluded();
    const { id } = await propose(market.vendor, agreementId, 'MUTUAL_CONSENT');
    expect(await answer(market.buyer, id, 'DECLINE')).toMatchObject({ state: 'DISMISSED' });
    const second = await propose(market.vendor, agreementId, 'MATERIAL_BREACH');
    expect((await market.buyer.mutate('withdrawTermination', 'Termination', 'state', { terminationId: second.id, statement: SAID }))).toMatchObject({ code: 'contracts.termination_answer' });
    expect(await done<{ state: string }>(market.vendor, 'withdrawTermination', 'Termination', 'state', { terminationId: second.id, statement: SAID })).toMatchObject({ state: 'WITHDRAWN' });
    expect((await licence(licenceId)).state).toBe('ACTIVE');
  });

  it('for a breach: after fourteen days of silence by itself; where it is contested staff decides', async () => {
    const [silent, contested] = [await concluded(), await concluded()];
    await propose(market.vendor, silent.agreementId, 'MATERIAL_BREACH');
    const { id } = await propose(market.vendor, contested.agreementId, 'MATERIAL_BREACH');
    expect(await answer(market.buyer, id, 'CONTEST')).toMatchObject({ state: 'CONTESTED' });
    clock.advance(14 * DAY - 1);
    await exchange.drain();
    const states = async () => [(await licence(silent.licenceId)).state, (await licence(contested.licenceId)).state];
    market = { ...market, ...(await again()) };
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    clock.advance(1);
    await exchange.drain();
    expect(await states()).toEqual(['TERMINATED', 'ACTIVE']);
    expect(await market.vendor.mutate('judgeTermination', 'Termination', 'state', { terminationId: id, uphold: true, statement: SAID })).toMatchObject({ __typename: 'NotPermitted' });
    expect(await market.officer.ask('{ terminations(state: CONTESTED) { nodes { id } } }')).toEqual({ terminations: { nodes: [{ id }] } });
    await done(market.officer, 'judgeTermination', 'Termination', 'id', { terminationId: id, uphold: true, statement: SAID });
    expect(await states()).toEqual(['TERMINATED', 'TERMINATED']);
  });

  it('no side alone without a right to it; the exchange, and only it, for the law at once', async () => {
    const { agreementId, licenceId } = await concluded();
    for (const [side, code] of [[market.buyer, 'CONVENIENCE'], [market.vendor, 'LAW'], [market.officer, 'MATERIAL_BREACH']] as const) expect((await propose(side, agreementId, code)).code).toBe('contracts.termination_ground');
    expect(await propose(market.officer, agreementId, 'LAW')).toMatchObject({ state: 'EFFECTIVE' });
    expect((await licence(licenceId)).state).toBe('TERMINATED');
  });

  it('consent against withdrawal at once: exactly one counts', async () => {
    for (let i = 0; i < 5; i++) {
      const { agreementId, licenceId } = await concluded();
      const { id } = await propose(market.vendor, agreementId, 'MUTUAL_CONSENT');
      const [consent, withdrawal] = await Promise.all([answer(market.buyer, id, 'CONSENT'), market.vendor.mutate<{ state?: string }>('withdrawTermination', 'Termination', 'state', { terminationId: id, statement: SAID })]);
      expect([consent.state, withdrawal.state].filter((s) => s !== undefined)).toHaveLength(1);
      expect((await licence(licenceId)).state).toBe(consent.state ? 'TERMINATED' : 'ACTIVE');
    }
  });

  /** Tokens of the past are over after the clock went on. */
  const again = async () => {
    const [officer, vendor, buyer] = await Promise.all(['officer', 'vendor', 'buyer'].map((s) => exchange.client(s))) as [GraphClient, GraphClient, GraphClient];
    return { officer, vendor, buyer };
  };
});
