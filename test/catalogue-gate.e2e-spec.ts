import { readFileSync } from 'node:fs';
import { verifySigned } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, csvFile, done, type Draft, draftProduct, enlist, hire, join, listedProduct, type Market, offerOf, openMarket, opinion, orderOf, submitted } from './support/market.js';

const PACKAGED = JSON.parse(readFileSync('libs/catalog/gate/rulebooks/2026-11-01.json', 'utf8')) as { steps: { step: string }[] };

/** The gate by its rulebook, and the papers behind a listing. */
describe('the gate and its papers', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
  });
  afterAll(() => exchange.close());

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const standing = async (id: string): Promise<{ state: string; suspendedBy: string | null; number: string }> => (await rows<{ state: string; suspendedBy: string | null; number: string }>('select state, suspended_by as "suspendedBy", certificate_number as number from catalog.product where id = $1', [id]))[0]!;
  const told = async (client: GraphClient, objectId: string): Promise<string[]> => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id) { nodes { kind } } }', { id: objectId })).notices.nodes.map((n) => n.kind);
  const verify = async (number: string): Promise<{ status: number; body: { statement: Record<string, unknown>; jws: string } }> => {
    const response = await fetch(`${exchange.url}/v1/listing-certificates/${number}`);
    return { status: response.status, body: (await response.json()) as { statement: Record<string, unknown>; jws: string } };
  };
  const listed = (): Promise<Draft> => listedProduct(exchange, market, [csvFile(600)]);
  const onNotice = async (): Promise<Draft> => {
    const file = csvFile(500);
    const draft = await draftProduct(market, [file]);
    await submitted(exchange, market, draft, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, draft.productId));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId: draft.productId, approve: true, reason: 'complete' });
    return draft;
  };

  it('a certificate is verified by anybody, with the key of the exchange', async () => {
    const { productId } = await listed();
    const { number } = await standing(productId);
    const { status, body } = await verify(number);
    expect([status, body.statement]).toEqual([200, expect.objectContaining({ state: 'ACTIVE', inForce: true, product: { id: productId, title: 'Port calls', listed: true }, holder: { id: market.vendorId, legalName: 'Lingang Data Co' }, history: [expect.objectContaining({ act: 'issue' })] })]);
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as Parameters<typeof verifySigned>[0];
    expect(await verifySigned(keys, 'entrepot-listing-certificate+jws', body.jws)).toEqual(body.statement);
    await expect(verifySigned(keys, 'entrepot-receipt+jws', body.jws)).rejects.toThrow('is not a');
    const nobody = await exchange.client();
    expect((await nobody.ask<{ listingCertificate: object }>('query($n: ID!) { listingCertificate(number: $n) { state inForce listed holderName events { act } } }', { n: number })).listingCertificate).toEqual({ state: 'ACTIVE', inForce: true, listed: true, holderName: 'Lingang Data Co', events: [{ act: 'ISSUE' }] });
    for (const wrong of ['99999999', 'x', '-1', `${'9'.repeat(30)}`, '%00']) expect([wrong, (await verify(wrong)).status]).toEqual([wrong, 404]);
  });

  it('an opinion that lapses takes the product from sale, and a renewed one puts it back; both sides are told', async () => {
    const file = csvFile(500);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await submitted(exchange, market, draft, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { validUntil: new Date(clock.now().getTime() + 60_000).toISOString() }));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
    await done(market.vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
    await activeLicence(exchange, market, productId);
    clock.advance(61);
    await exchange.drain();
    expect(await standing(productId)).toMatchObject({ state: 'SUSPENDED', suspendedBy: 'LAPSE' });
    expect([await told(market.vendor, productId), await told(market.buyer, productId)]).toEqual([['SUSPENDED'], ['SUSPENDED']]);
    expect(await market.officer.mutate('reinstateProduct', 'Product', 'id', { productId, reason: 'all is well' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.gate_not_passed' });
    expect(await market.reviewer.mutate('renewListingCertificate', 'Product', 'id', { productId, reason: 'another year' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.gate_not_passed' });
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { scope: 'the same again' }));
    await exchange.drain();
    expect(await standing(productId)).toMatchObject({ state: 'LISTED', suspendedBy: null });
    expect([await told(market.vendor, productId), await told(market.buyer, productId)]).toEqual([['RESUMED', 'SUSPENDED'], ['RESUMED', 'SUSPENDED']]);
    expect(await rows(`select step, renewal, passed from catalog.gate_record where product_id = $1 and step = 'OPINION' order by renewal`, [productId])).toEqual([{ step: 'OPINION', renewal: 0, passed: true }, { step: 'OPINION', renewal: 1, passed: true }]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { favourable: false }));
    expect(await standing(productId)).toMatchObject({ state: 'SUSPENDED', suspendedBy: 'STAFF' });
  });

  it('a certificate lapses likewise, and is prolonged', async () => {
    const { productId } = await listed();
    const { number } = await standing(productId);
    await rows('update catalog.product set certificate_valid_until = $2 where id = $1', [productId, new Date(clock.now().getTime() + 30_000)]);
    clock.advance(31);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId)).catch(() => ({ id: null }));
    if (offerId) expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId))).toMatchObject({ __typename: 'StateConflict' });
    await exchange.drain();
    expect(await standing(productId)).toMatchObject({ state: 'SUSPENDED', suspendedBy: 'LAPSE' });
    await done(market.reviewer, 'renewListingCertificate', 'Product', 'id', { productId, reason: 'looked at again' });
    await exchange.drain();
    expect(await standing(productId)).toMatchObject({ state: 'LISTED', number });
    const { body } = await verify(number);
    expect((body.statement['history'] as { act: string; reason: string | null }[]).map((e) => [e.act, e.reason])).toEqual([['issue', null], ['change', 'looked at again']]);
  });

  it('a certificate that is revoked or cancelled ends the sale for good', async () => {
    for (const [who, name, state] of [['reviewer', 'revokeListingCertificate', 'REVOKED'], ['vendor', 'cancelListingCertificate', 'CANCELLED']] as const) {
      const { productId } = await listed();
      const { number } = await standing(productId);
      expect(await market.buyer.mutate(name, 'Product', 'id', { productId, reason: 'not mine' })).toMatchObject({ __typename: who === 'vendor' ? 'NotFound' : 'NotPermitted' });
      const twice = await Promise.all([1, 2].map(() => market[who].mutate(name, 'Product', 'state', { productId, reason: 'false statements' })));
      expect(twice.map((t) => t.__typename).sort()).toEqual(['Product', 'StateConflict']);
      expect(await standing(productId)).toMatchObject({ state: 'SUSPENDED', suspendedBy: 'STAFF' });
      clock.advance(1);
      expect(await market.officer.mutate('reinstateProduct', 'Product', 'id', { productId, reason: 'all is well' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.gate_not_passed' });
      expect(await market.reviewer.mutate('renewListingCertificate', 'Product', 'id', { productId, reason: 'once more' })).toMatchObject({ __typename: 'StateConflict' });
      expect((await verify(number)).body.statement).toMatchObject({ state, inForce: false, product: { listed: false } });
      await expect(rows(`update catalog.listing_certificate set state = 'ACTIVE' where number = $1`, [number])).rejects.toThrow('never changed');
    }
  });

  it('a certificate that is transferred goes on with a product of its new holder', async () => {
    const other = await exchange.client('other-vendor');
    const otherId = await join(market.officer, other, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    const { productId } = await listed();
    const { number } = await standing(productId);
    expect(await market.reviewer.mutate('transferListingCertificate', 'Product', 'id', { productId, reason: 'sold', toOrganisationId: market.vendorId })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await market.reviewer.mutate('transferListingCertificate', 'Product', 'id', { productId, reason: 'sold', toOrganisationId: market.assessorId })).toMatchObject({ __typename: 'InvalidInput' });
    await done(market.reviewer, 'transferListingCertificate', 'Product', 'id', { productId, reason: 'sold with the business', toOrganisationId: otherId });
    expect([await standing(productId), (await verify(number)).body.statement]).toEqual([expect.objectContaining({ state: 'SUSPENDED' }), expect.objectContaining({ product: null, holder: { id: otherId, legalName: 'Harbour Traders' } })]);
    const mine = await onNotice();
    expect(await market.reviewer.mutate('certifyProduct', 'Product', 'id', { productId: mine.productId, number })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.listing_certificate' });
    const file = csvFile(400);
    const theirs = await draftProduct({ vendor: other }, [file]);
    await submitted(exchange, { ...market, vendor: other }, theirs, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, theirs.productId));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId: theirs.productId, approve: true, reason: 'complete' });
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId: theirs.productId, number });
    await done(other, 'listProduct', 'Product', 'id', { productId: theirs.productId, reason: 'ready' });
    expect((await verify(number)).body.statement).toMatchObject({ inForce: true, product: { id: theirs.productId, listed: true } });
  });

  it('nobody judges the product of a house that he belonged to', async () => {
    const turncoat = await exchange.client('turncoat');
    await enlist(market.vendor, turncoat, 'turncoat', 'VENDOR_MANAGER');
    await done(turncoat, 'leaveOrganisation', 'DepartedMember', 'id', {});
    await enlist(market.admin, turncoat, 'turncoat', 'LISTING_REVIEWER');
    const file = csvFile(500);
    const draft = await draftProduct(market, [file]);
    const { productId } = draft;
    await submitted(exchange, market, draft, [file]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    for (const approve of [true, false]) expect(await turncoat.mutate('reviewProduct', 'Product', 'id', { productId, approve, reason: 'my old house' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.four_eyes' });
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    expect(await turncoat.mutate('certifyProduct', 'Product', 'id', { productId })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.four_eyes' });
    const both = await Promise.all([1, 2].map(() => market.reviewer.mutate('certifyProduct', 'Product', 'id', { productId })));
    expect(both.map((b) => b.__typename).sort()).toEqual(['Product', 'StateConflict']);
  });

  it('files that are not what the data dictionary says do not pass', async () => {
    const file = csvFile(500);
    const draft = await draftProduct(market, [file]);
    await done(market.vendor, 'updateDataset', 'Dataset', 'id', { datasetId: draft.datasetId, dictionary: [{ name: 'ship', type: 'STRING' }, { name: 'teu', type: 'BOOLEAN' }, { name: 'flag', type: 'STRING' }] });
    await submitted(exchange, market, draft, [file]);
    expect((await standing(draft.productId)).state).toBe('DRAFT');
    const { product } = await market.vendor.ask<{ product: { listing: { records: { details: string }[] } } }>('query($id: ID!) { product(id: $id) { listing { records { details } } } }', { id: draft.productId });
    expect(product.listing.records[0]!.details).toContain('the dictionary names flag, which no file has');
    await done(market.vendor, 'updateDataset', 'Dataset', 'id', { datasetId: draft.datasetId, dictionary: [{ name: 'ship', type: 'STRING' }, { name: 'teu', type: 'INTEGER' }] });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect((await standing(draft.productId)).state).toBe('TESTED');
  });

  it('a rulebook counts once a second person has confirmed it, for what is handed in from then on', async () => {
    const second = await hire(exchange, market.admin, 'second-reviewer', 'LISTING_REVIEWER');
    const before = await onNotice();
    const rulebook = { ...PACKAGED, version: '2026-11-02', title: 'Lighter for general data without persons', steps: PACKAGED.steps.map((s) => (s.step === 'OPINION' ? { ...s, when: [{ personalData: true }, { levels: ['important'] }] } : s.step === 'REVIEW' ? { ...s, when: [{ levels: ['important'] }], roles: ['LISTING_REVIEWER'] } : s.step === 'NOTICE' ? { ...s, when: [{ origins: ['SG'] }] } : s)) };
    const propose = (client: GraphClient, document: unknown) => client.mutate('proposeGateRulebook', 'GateRulebook', 'version state', { document: typeof document === 'string' ? document : JSON.stringify(document) });
    const decide = (client: GraphClient, confirm = true) => client.mutate('decideGateRulebook', 'GateRulebook', 'version state', { version: '2026-11-02', confirm, reason: 'agreed on Monday' });
    expect(await propose(market.vendor, rulebook)).toMatchObject({ __typename: 'NotPermitted' });
    expect(await propose(market.reviewer, 'no json')).toMatchObject({ __typename: 'InvalidInput', code: 'catalog.gate_rulebook' });
    expect((await propose(market.reviewer, { ...rulebook, steps: rulebook.steps.slice(1) })).fields).toEqual([{ path: 'document.steps', message: expect.stringContaining('PLATFORM_TEST') as string }]);
    expect(await propose(market.reviewer, rulebook)).toMatchObject({ __typename: 'GateRulebook', state: 'PROPOSED' });
    expect(await propose(second, { ...rulebook, title: 'Other words' })).toMatchObject({ __typename: 'StateConflict' });
    expect(await decide(market.reviewer)).toMatchObject({ __typename: 'StateConflict', code: 'catalog.four_eyes' });
    const versions = async (client: GraphClient): Promise<string[]> => (await client.ask<{ gateRulebooks: { nodes: { version: string; state: string }[] } }>('{ gateRulebooks { nodes { version state } } }')).gateRulebooks.nodes.map((r) => `${r.version} ${r.state}`);
    expect([await versions(market.buyer), await versions(market.reviewer)]).toEqual([['2026-11-01 ACTIVE'], ['2026-11-02 PROPOSED', '2026-11-01 ACTIVE']]);
    expect((await Promise.all([decide(second), decide(second)])).map((d) => d.__typename).sort()).toEqual(['GateRulebook', 'StateConflict']);
    expect(await versions(market.buyer)).toEqual(['2026-11-02 ACTIVE', '2026-11-01 ACTIVE']);

    const file = csvFile(450);
    const light = await draftProduct(market, [file]);
    await submitted(exchange, market, light, [file]);
    const { product } = await market.vendor.ask<{ product: { state: string; listing: object } }>('query($id: ID!) { product(id: $id) { state listing { gateVersion demandedSteps completedSteps } } }', { id: light.productId });
    expect(product).toEqual({ state: 'ON_NOTICE', listing: { gateVersion: '2026-11-02', demandedSteps: ['PLATFORM_TEST', 'CERTIFICATE'], completedSteps: ['PLATFORM_TEST'] } });
    for (const state of ['CERTIFIED', 'LISTED']) await expect(rows('update catalog.product set state = $2 where id = $1', [light.productId, state])).rejects.toThrow('product_gate');
    await expect(rows(`update catalog.product set demanded_steps = '{PLATFORM_TEST}' where id = $1`, [light.productId])).rejects.toThrow('product_gate');
    await expect(rows(`update catalog.product set state = 'CERTIFIED', completed_steps = demanded_steps, certificate_number = 999, certificate_valid_until = now() + interval '1 year' where id = $1`, [light.productId])).rejects.toThrow('without its record');
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId: light.productId });
    await done(market.vendor, 'listProduct', 'Product', 'id', { productId: light.productId, reason: 'ready' });
    await exchange.drain();
    expect(await standing(light.productId)).toMatchObject({ state: 'LISTED' });

    const [kept] = await rows('select gate_version, demanded_steps from catalog.product where id = $1', [before.productId]);
    expect(kept).toEqual({ gate_version: '2026-11-01', demanded_steps: PACKAGED.steps.map((s) => s.step) });
    const heavy = await draftProduct(market, [file], { persons: '10' } as never);
    await submitted(exchange, market, heavy, [file]);
    expect(await standing(heavy.productId)).toMatchObject({ state: 'TESTED' });
    await expect(rows(`update catalog.gate_rulebook set content = content || '{"title": "x"}' where version = '2026-11-02'`)).rejects.toThrow('never edited');
  });
});
