import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { ban, changeLaw, handIn } from './support/law.js';
import { activeLicence, csvFile, done, type Draft, hire, listedProduct, type Market, openMarket } from './support/market.js';

interface Found {
  id: string; state: string; total: number; done: number; affected: number;
  results: { nodes: { objectType: string; objectId: string; effect: string; outcomeBefore: string | null; outcomeAfter: string | null; reasons: { rule: string }[] }[] };
}

/** From a change of the law to a product and a licence that rest, and back. */
describe('screening', () => {
  const file = csvFile(4_000);
  /** Longer than what the sockets of both ends hold. */
  const long = csvFile(24_000_000, 'long.csv');
  let exchange: TestExchange;
  let market: Market;
  let officers: readonly [GraphClient, GraphClient];
  let banned: Draft;
  let other: Draft;
  let licenceId: string;
  let otherLicence: string;
  let hash: string;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    officers = [market.officer, await hire(exchange, market.admin, 'officer-2', 'COMPLIANCE_OFFICER')];
    banned = await listedProduct(exchange, market, [file, long], { sector: 'fisheries' });
    other = await listedProduct(exchange, market, [file]);
    ({ licenceId } = await activeLicence(exchange, market, banned.productId));
    ({ licenceId: otherLicence } = await activeLicence(exchange, market, other.productId));
    hash = await handIn(market.officer, ban('1', { fact: 'sector', eq: 'fisheries' }));
  });
  afterAll(() => exchange.close());
  afterEach(async () => expect(await brokenInvariants(exchange)).toEqual({}));

  const screening = async (id: string): Promise<Found> => (await market.officer.ask<{ screening: Found }>(
    'query($id: ID!) { screening(id: $id) { id state total done affected results(first: 50) { nodes { objectType objectId effect outcomeBefore outcomeAfter reasons { rule } } } } }', { id })).screening;
  const latest = async (): Promise<Found> => screening((await market.officer.ask<{ screenings: { nodes: { id: string }[] } }>('{ screenings(first: 1) { nodes { id } } }')).screenings.nodes[0]!.id);
  const productState = async (id: string): Promise<string> => (await market.vendor.ask<{ product: { state: string } }>('query($id: ID!) { product(id: $id) { state } }', { id })).product.state;
  const licence = async (id: string): Promise<{ state: string; stateReason: string | null }> => (await market.buyer.ask<{ licence: { state: string; stateReason: string | null } }>('query($id: ID!) { licence(id: $id) { state stateReason } }', { id })).licence;
  const notices = async (of: GraphClient) => (await of.ask<{ notices: { nodes: { objectType: string; objectId: string; kind: string; text: string; decisionId: string | null; reasons: { rule: string; citation: string }[] }[] } }>(
    '{ notices(first: 20) { nodes { objectType objectId kind text decisionId reasons { rule citation } } } }')).notices.nodes;
  const grant = async (assetId: string): Promise<string> => (await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId })).url;
  const writes = async (): Promise<string> => ((await exchange.owner.query(`select max(id::text) as last from audit.entry where object_type in ('product', 'licence')`)) as [{ last: string }])[0].last;

  it('says in a dry run what would change, and changes nothing', async () => {
    const before = await writes();
    const { id } = await done(market.officer, 'screenLawChange', 'Screening', 'id', { documentHash: hash, act: 'ACTIVATE' });
    await exchange.drain();
    const found = await screening(id);
    expect(found).toMatchObject({ state: 'DONE', total: 4, done: 4, affected: 2 });
    expect(found.results.nodes).toEqual([
      { objectType: 'LICENCE', objectId: licenceId, effect: 'SUSPEND', outcomeBefore: 'FREE', outcomeAfter: 'PROHIBITED', reasons: [{ rule: 'test-ban.banned' }] },
      { objectType: 'PRODUCT', objectId: banned.productId, effect: 'SUSPEND', outcomeBefore: null, outcomeAfter: 'PROHIBITED', reasons: [{ rule: 'test-ban.banned' }] },
    ]);
    expect([await productState(banned.productId), (await licence(licenceId)).state, await writes(), await notices(market.vendor)]).toEqual(['LISTED', 'ACTIVE', before, []]);
  });

  it('takes a proposal as well, and refuses what is no change', async () => {
    const { id: changeId } = await done(market.officer, 'proposeLawChange', 'LawChange', 'id', { documentHash: hash, act: 'ACTIVATE', reason: 'a test of it' });
    const { id } = await done(market.officer, 'screenLawChange', 'Screening', 'id', { changeId });
    await exchange.drain();
    expect(await screening(id)).toMatchObject({ state: 'DONE', affected: 2 });
    await done(market.officer, 'decideLawChange', 'LawChange', 'id', { changeId, confirm: false, reason: 'taken back' });
    expect(await market.officer.mutate('screenLawChange', 'Screening', 'id', { changeId })).toMatchObject({ __typename: 'NotFound' });
    expect(await market.officer.mutate('screenLawChange', 'Screening', 'id', { documentHash: hash })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.no_such_change_of_the_law' });
    expect(await market.officer.mutate('screenLawChange', 'Screening', 'id', { documentHash: hash, act: 'RETIRE' })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.no_such_change_of_the_law' });
    expect(await market.vendor.mutate('screenLawChange', 'Screening', 'id', { documentHash: hash, act: 'ACTIVATE' })).toMatchObject({ __typename: 'NotPermitted' });
    expect(await market.reviewer.mutate('startScreening', 'Screening', 'id', { reason: 'a test of it' })).toMatchObject({ __typename: 'NotPermitted' });
    expect(await market.vendor.ask('query($id: ID!) { screening(id: $id) { id } screenings { nodes { id } } }', { id })).toEqual({ screening: null, screenings: null });
  });

  it('refuses the next byte from the moment of the change, suspends exactly what is affected, tells both sides why, and resumes it once cured', async () => {
    const [url, longUrl] = [await grant(banned.assetIds[0]!), await grant(banned.assetIds[1]!)];
    expect((await fetch(url, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
    const request = http.get(longUrl, { agent: false });
    const [running] = (await once(request, 'response')) as [http.IncomingMessage];
    await pause(2_100);

    await changeLaw(officers, hash, 'ACTIVATE');
    const broken = (async () => { for await (const _ of running); })();
    await expect(broken).rejects.toThrow('aborted');
    for (let i = 0; i < 2; i++) {
      const refused = await fetch(url, { headers: { range: 'bytes=10-19' } });
      expect([refused.status, await refused.json()]).toEqual([403, { code: 'delivery.download_refused', message: expect.stringContaining('test-ban.banned: Measures on a ban Art. 1') as string }]);
    }
    expect(await exchange.owner.query(`select stage, outcome, count(*)::int as n from compliance.decision where outcome = 'prohibited' group by 1, 2`)).toEqual([{ stage: 'DELIVERY', outcome: 'prohibited', n: 2 }]);
    expect((await licence(licenceId)).state).toBe('ACTIVE');

    await exchange.drain();
    expect(await latest()).toMatchObject({ state: 'DONE', total: 4, done: 4, affected: 2 });
    expect([await productState(banned.productId), await productState(other.productId), (await licence(otherLicence)).state]).toEqual(['SUSPENDED', 'LISTED', 'ACTIVE']);
    const why = expect.stringMatching(/prohibits it \(test-ban\.banned: Measures on a ban Art\. 1\)/) as string;
    expect(await licence(licenceId)).toEqual({ state: 'SUSPENDED', stateReason: why });
    const suspended = { kind: 'SUSPENDED', text: why, reasons: [{ rule: 'test-ban.banned', citation: 'Measures on a ban Art. 1' }] };
    const ofLicence = { ...suspended, objectType: 'LICENCE', objectId: licenceId, decisionId: expect.any(String) as string };
    expect(await notices(market.buyer)).toEqual([ofLicence]);
    expect(await notices(market.vendor)).toHaveLength(2);
    expect(await notices(market.vendor)).toEqual(expect.arrayContaining([ofLicence, { ...suspended, objectType: 'PRODUCT', objectId: banned.productId, decisionId: null }]));
    // Staff reads what the exchange itself was told, and of this it was told nothing.
    expect(await market.officer.ask('{ notices { nodes { id } } }')).toEqual({ notices: { nodes: [] } });
    expect(await (await exchange.client('assessor')).ask('{ notices { nodes { id } } }')).toEqual({ notices: { nodes: [] } });
    const [decision] = (await exchange.owner.query(`select d.id, d.stage, d.outcome, a.decision_id = d.prior_decision_id as of_its_order from compliance.decision d join contracts.licence_hold h on h.decision_id = d.id join contracts.licence l on l.id = h.licence_id join contracts.agreement a on a.id = l.agreement_id`)) as [object];
    expect(decision).toMatchObject({ stage: 'SCREENING', outcome: 'prohibited', of_its_order: true });
    expect((await fetch(url)).status).toBe(403);
    expect(await market.buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: banned.assetIds[0] })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.licence_not_active', current: 'SUSPENDED', message: why });
    expect(await market.reviewer.mutate('reinstateProduct', 'Product', 'id', { productId: banned.productId, reason: 'let it pass' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.suspended_by_law' });

    await changeLaw(officers, hash, 'RETIRE');
    await exchange.drain();
    expect(await latest()).toMatchObject({ state: 'DONE', affected: 2 });
    expect([await productState(banned.productId), await licence(licenceId)]).toEqual(['LISTED', { state: 'ACTIVE', stateReason: null }]);
    expect((await notices(market.buyer)).map((n) => n.kind)).toEqual(['RESUMED', 'SUSPENDED']);
    expect((await fetch(url, { headers: { range: 'bytes=10-19' } })).status).toBe(206);
    const acts = (await exchange.owner.query(`select act from audit.entry where object_id = any($1) and act ~ 'suspend|resume|reinstate' order by id`, [[banned.productId, licenceId]])) as { act: string }[];
    expect(acts.map((a) => a.act).sort()).toEqual(['licence.resume', 'licence.suspend', 'product.reinstate', 'product.suspend']);
  });

  it('is started by hand for one organisation, and leaves alone what staff has suspended', async () => {
    await done(market.reviewer, 'suspendProduct', 'Product', 'id', { productId: other.productId, reason: 'a complaint' });
    const { id } = await done(market.officer, 'startScreening', 'Screening', 'id', { organisationId: market.vendorId, reason: 'a test of it' });
    await exchange.drain();
    expect(await screening(id)).toMatchObject({ state: 'DONE', total: 3, done: 3, affected: 0 });
    expect(await productState(other.productId)).toBe('SUSPENDED');
    await done(market.reviewer, 'reinstateProduct', 'Product', 'id', { productId: other.productId, reason: 'without ground' });
    const { id: nobodys } = await done(market.officer, 'startScreening', 'Screening', 'id', { organisationId: market.assessorId, reason: 'a test of it' });
    await exchange.drain();
    expect(await screening(nobodys)).toMatchObject({ state: 'DONE', total: 0, done: 0, affected: 0 });
  });
});
