import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { CLASSIFICATION, csvFile, done, draftProduct, enlist, hire, type Market, openMarket, opinion, putContent, submitted } from './support/market.js';

const NOTICE_SECONDS = 600;
type Act = 'submitProduct' | 'recordOpinion' | 'reviewProduct' | 'certifyProduct' | 'listProduct' | 'suspendProduct' | 'reinstateProduct';

/** I8 and I10: there is one way to LISTED, and nobody gets around a step of it. */
describe('the listing gate', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let people: Record<'vendor' | 'clerk' | 'buyer' | 'officer' | 'reviewer' | 'settler' | 'auditor' | 'admin', GraphClient>;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { NOTICE_SECONDS: String(NOTICE_SECONDS) } });
    market = await openMarket(exchange);
    const { vendor, buyer, officer, admin } = market;
    people = {
      vendor, buyer, officer, admin, clerk: await hire(exchange, vendor, 'clerk', 'FINANCE'), reviewer: await hire(exchange, admin, 'second-reviewer', 'LISTING_REVIEWER'),
      settler: await hire(exchange, admin, 'settler', 'SETTLEMENT_OFFICER'), auditor: await hire(exchange, admin, 'auditor', 'AUDITOR'),
    };
  });
  afterAll(() => exchange.close());

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  /** The product with its papers and its log. */
  const snapshot = async (productId: string): Promise<unknown> =>
    rows('select to_jsonb(p) as product, (select count(*)::int from catalog.gate_record g where g.product_id = p.id) as records, (select count(*)::int from audit.entry e where e.object_id = p.id::text) as lines, (select count(*)::int from shared.outbox o where o.aggregate_id = p.id::text) as told from catalog.product p where p.id = $1', [productId]);
  const stateOf = async (productId: string): Promise<string> => (await rows<{ state: string }>('select state from catalog.product where id = $1', [productId]))[0]!.state;

  const WHO: Record<Act, readonly (keyof typeof people)[]> = {
    submitProduct: ['vendor'], recordOpinion: ['officer'], reviewProduct: ['reviewer'], certifyProduct: ['reviewer'], listProduct: ['vendor'],
    suspendProduct: ['officer', 'reviewer'], reinstateProduct: ['officer', 'reviewer'],
  };
  const ACTS = Object.keys(WHO) as Act[];
  const input = (act: Act, productId: string): object => {
    if (act === 'recordOpinion') return opinion(market, productId);
    return { productId, ...(act === 'reviewProduct' ? { approve: true } : {}), ...(act === 'submitProduct' || act === 'certifyProduct' ? {} : { reason: 'because' }) };
  };
  const attempt = (who: keyof typeof people, act: Act, productId: string) => people[who].mutate<{ state: string }>(act, 'Product', 'state', input(act, productId));
  const expectRefused = async (who: keyof typeof people, act: Act, productId: string, typename: string): Promise<void> => {
    const before = await snapshot(productId);
    expect([who, act, await attempt(who, act, productId)]).toMatchObject([who, act, { __typename: typename }]);
    expect(await snapshot(productId)).toEqual(before);
  };
  /** In this state only these acts are possible, and those only for whom they belong to; then the next one is done. */
  async function standsFirm(productId: string, possible: readonly Act[]): Promise<void> {
    for (const act of ACTS) {
      for (const who of Object.keys(people) as (keyof typeof people)[]) {
        const mine = WHO[act].includes(who);
        if (mine && possible.includes(act)) continue;
        await expectRefused(who, act, productId, mine ? 'StateConflict' : who === 'buyer' && WHO[act].includes('vendor') ? 'NotFound' : 'NotPermitted');
      }
    }
  }
  const step = async (who: keyof typeof people, act: Act, productId: string, state: string): Promise<void> => expect(await attempt(who, act, productId)).toMatchObject({ __typename: 'Product', state });
  const byHand = (productId: string, state: string): Promise<unknown> => rows('update catalog.product set state = $2, listed_at = now() where id = $1', [productId, state]);
  const refusedBySql = async (productId: string): Promise<void> => {
    for (const state of ['CERTIFIED', 'LISTED', 'SUSPENDED']) await expect(byHand(productId, state)).rejects.toThrow('product_gate');
  };

  it('goes one step at a time, each by its own role, and refuses every other at every state', async () => {
    const file = csvFile(800);
    const draft = await draftProduct(market, [file]);
    const { productId, datasetId, revisionId, assetIds } = draft;
    await standsFirm(productId, []);
    await refusedBySql(productId);
    expect((await putContent(market.vendor, assetIds[0]!, file.content)).status).toBe(201);
    await expectRefused('vendor', 'submitProduct', productId, 'StateConflict');
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    await standsFirm(productId, ['submitProduct']);
    await step('vendor', 'submitProduct', productId, 'SUBMITTED');

    await standsFirm(productId, []);
    await refusedBySql(productId);
    const before = await snapshot(productId);
    const edits: readonly (readonly [string, string, object])[] = [
      ['addDataset', 'Dataset', { productId, title: 'Late', description: 'Late' }], ['createRevision', 'Revision', { datasetId }], ['finaliseRevision', 'Revision', { revisionId }],
      ['addAsset', 'Asset', { revisionId, fileName: 'late.csv', mediaType: 'text/csv', byteLength: '1', sha256: 'b'.repeat(64) }], ['classifyDataset', 'Dataset', { datasetId, classification: { ...CLASSIFICATION, persons: '5' } }],
    ];
    for (const [name, type, change] of edits) expect([name, await market.vendor.mutate(name, type, 'id', change)]).toMatchObject([name, { __typename: 'StateConflict', current: 'SUBMITTED' }]);
    expect(await snapshot(productId)).toEqual(before);

    await exchange.drain();
    expect(await stateOf(productId)).toBe('TESTED');
    await standsFirm(productId, ['recordOpinion']);
    await step('officer', 'recordOpinion', productId, 'OPINED');
    await standsFirm(productId, ['reviewProduct']);
    await step('reviewer', 'reviewProduct', productId, 'ON_NOTICE');
    await standsFirm(productId, []);
    clock.advance(NOTICE_SECONDS - 1);
    await expectRefused('reviewer', 'certifyProduct', productId, 'StateConflict');
    await refusedBySql(productId);
    clock.advance(2);
    await standsFirm(productId, ['certifyProduct']);
    await step('reviewer', 'certifyProduct', productId, 'CERTIFIED');
    await standsFirm(productId, ['listProduct']);
    await step('vendor', 'listProduct', productId, 'LISTED');
    await standsFirm(productId, ['suspendProduct', 'recordOpinion']);
    await step('officer', 'suspendProduct', productId, 'SUSPENDED');
    await standsFirm(productId, ['reinstateProduct', 'recordOpinion']);
    await step('reviewer', 'reinstateProduct', productId, 'LISTED');
    await done(market.vendor, 'withdrawProduct', 'Product', 'id', { productId, reason: 'sold out' });
    await standsFirm(productId, []);
    expect(await rows('select act from audit.entry where object_id = $1 and details ? \'to\' order by recorded_at, id', [productId])).toEqual(
      ['submit', 'pass-test', 'opine', 'approve', 'open-notice', 'certify', 'list', 'suspend', 'reinstate', 'withdraw'].map((event) => ({ act: `product.${event}` })));
  }, 120_000);

  it('wants four eyes, also of one person who held both roles one after the other', async () => {
    const both = await exchange.client('both');
    const memberId = await enlist(market.admin, both, 'both', 'COMPLIANCE_OFFICER');
    const file = csvFile(600);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await submitted(exchange, market, draft, [file]);
    await done(both, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    expect(await market.admin.mutate('changeMemberRoles', 'Member', 'id', { memberId, roles: ['COMPLIANCE_OFFICER', 'LISTING_REVIEWER'] })).toMatchObject({ __typename: 'InvalidInput', code: 'identity.roles_incompatible' });
    await done(market.admin, 'changeMemberRoles', 'Member', 'id', { memberId, roles: ['LISTING_REVIEWER'] });
    const before = await snapshot(productId);
    for (const approve of [true, false]) {
      expect(await both.mutate('reviewProduct', 'Product', 'id', { productId, approve, reason: 'my own work' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.four_eyes', current: 'OPINED' });
    }
    expect(await snapshot(productId)).toEqual(before);
    await step('reviewer', 'reviewProduct', productId, 'ON_NOTICE');
  });

  it('leads back to the draft after an unfavourable opinion or a rejection, and nothing of that submission counts in the next', async () => {
    const file = csvFile(700);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await submitted(exchange, market, draft, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { favourable: false }));
    expect(await stateOf(productId)).toBe('DRAFT');
    await refusedBySql(productId);
    await step('vendor', 'submitProduct', productId, 'SUBMITTED');
    await exchange.drain();
    await step('officer', 'recordOpinion', productId, 'OPINED');
    await done(people.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: false, reason: 'the sample is too old' });
    expect(await stateOf(productId)).toBe('DRAFT');
    await step('vendor', 'submitProduct', productId, 'SUBMITTED');
    await exchange.drain();
    await standsFirm(productId, ['recordOpinion']);
    expect(await rows('select submission, completed_steps, opinion_valid_until from catalog.product where id = $1', [productId])).toEqual([{ submission: 3, completed_steps: ['PLATFORM_TEST'], opinion_valid_until: null }]);
    type Papers = { product: { listing: { records: { submission: number; step: string; passed: boolean; details: string }[] } } };
    const { product } = await market.vendor.ask<Papers>('query($id: ID!) { product(id: $id) { listing { records { submission step passed details } } } }', { id: productId });
    expect(product.listing.records.filter((r) => !r.passed).map((r) => [r.submission, r.step])).toEqual([[1, 'OPINION'], [2, 'REVIEW']]);
    expect(product.listing.records.find((r) => r.step === 'REVIEW')!.details).toContain('the sample is too old');
  });

  it('does not let a file through that is not what it says, and tells the vendor where', async () => {
    const file = { fileName: 'ragged.csv', mediaType: 'text/csv', content: Buffer.from('ship,teu\nEver Calm,20\nEver Odd,30,surplus\n') };
    const draft = await draftProduct(market, [file]);
    await submitted(exchange, market, draft, [file]);
    expect(await stateOf(draft.productId)).toBe('DRAFT');
    type Papers = { product: { listing: { records: { step: string; passed: boolean; details: string }[] } } };
    const { product } = await market.vendor.ask<Papers>('query($id: ID!) { product(id: $id) { listing { records { step passed details } } } }', { id: draft.productId });
    expect(product.listing.records).toEqual([{ step: 'PLATFORM_TEST', passed: false, details: expect.stringMatching(/ragged\.csv.*3/) as string }]);
    await standsFirm(draft.productId, ['submitProduct']);
    await refusedBySql(draft.productId);
  });

  it('does not certify or list on papers that have lapsed', async () => {
    const file = csvFile(900);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await submitted(exchange, market, draft, [file]);
    const validUntil = new Date(clock.now().getTime() + (NOTICE_SECONDS + 60) * 1_000).toISOString();
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { validUntil }));
    await step('reviewer', 'reviewProduct', productId, 'ON_NOTICE');
    clock.advance(NOTICE_SECONDS + 1);
    await step('reviewer', 'certifyProduct', productId, 'CERTIFIED');
    clock.advance(60);
    await expectRefused('vendor', 'listProduct', productId, 'StateConflict');
  });
});
