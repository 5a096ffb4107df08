import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, join, listedProduct, type Market, openMarket, orderOf, planOf } from './support/market.js';

const DAY = 86_400;
const proposal = (minor: string, over: object = {}) => ({ plan: { ...planOf(), label: `for ${minor}`, components: [{ kind: 'ONE_OFF', label: 'Licence', amountMinor: minor }] }, purposes: ['RESEARCH'], destinations: ['SG'], ...over });
interface Seen { __typename: string; id: string; state: string; messageCount: number; possibleEvents: string[]; offerId: string | null; agreementId: string | null; code?: string; current?: string }
const FIELDS = 'id stands: state messageCount possibleEvents offerId agreementId';

describe('a negotiation', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let buyerId: string;
  let stranger: GraphClient;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    ({ productId } = await listedProduct(exchange, market, [csvFile(3_000)]));
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    stranger = await exchange.client('stranger');
    await join(market.officer, stranger, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
  });
  afterAll(() => exchange.close());

  const act = async (client: GraphClient, name: string, input: object): Promise<Seen> => {
    const answer = await client.mutate<Record<string, unknown>>(name, 'Negotiation', FIELDS, input);
    return { ...answer, state: answer['stands'] } as unknown as Seen;
  };
  const begin = (client: GraphClient, over: object = {}) => act(client, 'beginNegotiation', { productId, proposal: proposal('9000'), ...over });
  const answer = (client: GraphClient, name: string, { id, messageCount }: Pick<Seen, 'id' | 'messageCount'>, over: object = {}) => act(client, name, { negotiationId: id, inReplyTo: messageCount, ...over });
  const now = async (client: GraphClient, id: string) => (await client.ask<{ negotiation: (Omit<Seen, 'state'> & { state: string; messages: { nodes: { number: number; party: string | null; event: string; state: string; text: string | null; proposal: { plan: string } | null }[] } }) | null }>(
    'query($id: ID!) { negotiation(id: $id) { id state messageCount possibleEvents offerId agreementId messages(first: 50) { nodes { number party event state text proposal { plan } } } } }', { id })).negotiation;

  it('goes from request through counter-offers to a signed agreement, with everything that was said', async () => {
    const { vendor, buyer } = market;
    const asked = await begin(buyer, { text: 'for a pilot' });
    expect([asked.state, asked.possibleEvents]).toEqual(['REQUESTED', ['TERMINATE']]);
    const offered = await answer(vendor, 'counterNegotiation', asked, { proposal: proposal('9800', { terms: { deletionWithin: 'P30D' } }) });
    const again = await answer(buyer, 'counterNegotiation', offered, { proposal: proposal('9400') });
    const last = await answer(vendor, 'counterNegotiation', again, { proposal: proposal('9500') });
    expect([offered.state, again.state, last.state]).toEqual(['OFFERED', 'REQUESTED', 'OFFERED']);
    const accepted = await answer(buyer, 'acceptNegotiation', last);
    expect([accepted.state, accepted.offerId]).toEqual(['ACCEPTED', null]);
    const agreed = await answer(vendor, 'agreeNegotiation', accepted);
    expect(agreed).toMatchObject({ state: 'AGREED', offerId: expect.any(String) });
    const offerOf = (client: GraphClient) => client.ask('query($id: ID!) { offer(id: $id) { plans { label } } }', { id: agreed.offerId });
    expect([await offerOf(buyer), await offerOf(stranger)]).toEqual([{ offer: { plans: [{ label: 'for 9500' }] } }, { offer: null }]);
    const { id: agreementId } = await done(buyer, 'placeOrder', 'Agreement', 'id', orderOf(agreed.offerId!));
    const seen = (await now(vendor, agreed.id))!;
    expect([seen.state, seen.agreementId]).toEqual(['FINALIZED', agreementId]);
    expect(seen.messages.nodes.map((m) => `${m.number} ${m.party} ${m.event} ${m.state} ${m.proposal ? (JSON.parse(m.proposal.plan) as { label: string }).label : '-'}`)).toEqual([
      '1 CONSUMER REQUEST REQUESTED for 9000', '2 PROVIDER OFFER OFFERED for 9800', '3 CONSUMER REQUEST REQUESTED for 9400', '4 PROVIDER OFFER OFFERED for 9500', '5 CONSUMER ACCEPT ACCEPTED -', '6 PROVIDER AGREE AGREED -', '7 null VERIFY VERIFIED -', '8 null FINALIZE FINALIZED -']);
    const told = async (client: GraphClient) => (await client.ask<{ notices: { nodes: object[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [NEGOTIATION_MOVED]) { nodes { kind } } }', { id: agreed.id })).notices.nodes.length;
    expect([await told(vendor), await told(buyer)]).toEqual([5, 5]);
  });

  it('is begun by a vendor too, and is nobody else’s to see or answer', async () => {
    const { vendor, buyer } = market;
    expect(await begin(vendor)).toMatchObject({ __typename: 'InvalidInput' });
    const offered = await begin(vendor, { buyerId });
    expect([offered.state, offered.possibleEvents]).toEqual(['OFFERED', ['TERMINATE']]);
    expect(await now(stranger, offered.id)).toBeNull();
    expect((await answer(stranger, 'acceptNegotiation', offered)).__typename).toBe('NotFound');
    expect((await answer(vendor, 'acceptNegotiation', offered)).code).toBe('contracts.negotiation');
    expect((await answer(vendor, 'agreeNegotiation', offered)).code).toBe('contracts.negotiation');
    expect((await answer(buyer, 'agreeNegotiation', offered)).code).toBe('contracts.negotiation');
    expect((await answer(buyer, 'terminateNegotiation', offered, { text: 'too dear' })).state).toBe('TERMINATED');
    expect((await answer(buyer, 'acceptNegotiation', { id: offered.id, messageCount: 2 })).code).toBe('contracts.negotiation');
    const { negotiations } = await buyer.ask<{ negotiations: { nodes: { id: string }[] } }>('{ negotiations(state: TERMINATED) { nodes { id } } }');
    expect(negotiations.nodes.map((n) => n.id)).toContain(offered.id);
  });

  it('takes no order any more once the buyer has ended what was agreed', async () => {
    const agreed = await answer(market.vendor, 'agreeNegotiation', await begin(market.buyer));
    expect((await answer(market.buyer, 'terminateNegotiation', agreed, { text: 'the budget is gone' })).state).toBe('TERMINATED');
    expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(agreed.offerId!))).toMatchObject({ code: 'contracts.offer_closed', current: 'WITHDRAWN' });
  });

  it('refuses what could not be agreed, and answers to what was said before', async () => {
    const { vendor, buyer } = market;
    const wrong = async (over: object) => { const { code, fields } = (await begin(buyer, { proposal: proposal('1', over) })) as unknown as { code: string; fields?: { path: string }[] }; return [code, fields?.[0]?.path]; };
    expect(await wrong({ terms: { policy: '{}' } })).toEqual(['contracts.terms', 'proposal.terms.policy.permission']);
    expect(await wrong({ destinations: ['XX'] })).toEqual(['contracts.country_unknown', 'proposal.destinations.0']);
    const asked = await begin(buyer);
    const countered = await answer(vendor, 'counterNegotiation', asked, { proposal: proposal('9100') });
    expect(await answer(vendor, 'terminateNegotiation', asked, { text: 'no more' })).toMatchObject({ code: 'contracts.negotiation_moved' });
    expect((await answer(buyer, 'terminateNegotiation', countered, { text: 'no more' })).state).toBe('TERMINATED');
  });

  it.each<[string, (n: Seen) => Promise<Seen>[]]>([
    ['two acceptances', (n) => [answer(market.buyer, 'acceptNegotiation', n), answer(market.buyer, 'acceptNegotiation', n)]],
    ['acceptance against withdrawal', (n) => [answer(market.buyer, 'acceptNegotiation', n), answer(market.vendor, 'terminateNegotiation', n, { text: 'sold out' })]],
    ['acceptance against a counter-request', (n) => [answer(market.buyer, 'acceptNegotiation', n), answer(market.buyer, 'counterNegotiation', n, { proposal: proposal('1') })]],
  ])('lets exactly one win: %s', async (_, answers) => {
    for (let i = 0; i < 5; i++) {
      const offered = await begin(market.vendor, { buyerId });
      const results = await Promise.all(answers(offered));
      expect(results.filter((r) => r.__typename === 'Negotiation')).toHaveLength(1);
      const { state, messageCount } = (await now(market.buyer, offered.id))!;
      expect([state, messageCount]).toEqual([results.find((r) => r.__typename === 'Negotiation')!.state, 2]);
      if (state !== 'TERMINATED') await answer(market.vendor, 'terminateNegotiation', { id: offered.id, messageCount }, { text: 'the next one' });
    }
  });

  it('ends where nobody answers in time, also when the answer comes in that moment', async () => {
    const offered = await begin(market.vendor, { buyerId, answerDays: 2 });
    const kept = await begin(market.vendor, { buyerId, answerDays: 4 });
    clock.advance(2 * DAY);
    const buyer = await exchange.client('buyer');
    const [late] = await Promise.all([answer(buyer, 'acceptNegotiation', offered), exchange.drain()]);
    expect(late.__typename).toBe('StateConflict');
    const seen = (await now(buyer, offered.id))!;
    expect([seen.state, seen.messages.nodes.at(-1)]).toEqual(['TERMINATED', { number: 2, party: null, event: 'TERMINATE', state: 'TERMINATED', text: 'nobody answered in time', proposal: null }]);
    expect((await now(buyer, kept.id))!.state).toBe('OFFERED');
    await expect(exchange.owner.query(`update contracts.negotiation set state = 'OFFERED', messages = messages + 1 where id = $1`, [offered.id])).rejects.toThrow(/until it is over/);
  });
});
