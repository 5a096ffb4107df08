import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { CLASSIFICATION, csvFile, done, type Draft, draftProduct, enlist, hire, join, type Market, offerOf, openMarket, orderOf, putContent } from './support/market.js';
import { playTrade, type PlayedTrade } from './support/trade.js';

const VENDOR_SIDE = ['productId', 'datasetId', 'revisionId', 'assetId'] as const;

/** I7: for a verified organisation that is no side of it, whatever belongs to another looks as if it were not there. */
describe('ids of others', () => {
  let exchange: TestExchange;
  let market: Market;
  let stranger: GraphClient;
  let pending: GraphClient;
  let trade: PlayedTrade;
  let draft: Draft;
  let ids: Record<string, string>;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    const settler = await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
    trade = await playTrade(exchange, market, settler);
    draft = await draftProduct(market, [csvFile(500)]);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const key = await done(market.buyer, 'createApiKey', 'CreatedApiKey', 'id', { name: 'pipeline', scopes: ['DELIVERY_DOWNLOAD'], expiresAt });
    const memberId = await enlist(market.buyer, await exchange.client('clerk'), 'Clerk', 'FINANCE');
    const invitation = await done(market.buyer, 'inviteMember', 'CreatedInvitation', 'id', { displayName: 'Second clerk', roles: ['FINANCE'], expiresInHours: 1 });
    ids = { ...Object.fromEntries(Object.entries(trade).filter(([, v]) => typeof v === 'string')), keyId: key.id, memberId, invitationId: invitation.id } as Record<string, string>;
    stranger = await exchange.client('stranger');
    await join(market.officer, stranger, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    pending = await exchange.client('unverified');
    await done(pending, 'registerOrganisation', 'Organisation', 'id', { legalName: 'Not Proven Yet', jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '87654322' }] });
  });
  afterAll(() => exchange.close());

  /** Everything of the database that an act of the stranger might have changed. */
  const footprint = async (): Promise<unknown> => {
    const tables = ['catalog.product', 'catalog.dataset', 'catalog.revision', 'catalog.asset', 'contracts.offer', 'contracts.agreement', 'contracts.licence', 'settlement.trade', 'billing.payment', 'billing.usage_period', 'delivery.delivery', 'identity.api_key', 'identity.member', 'identity.invitation', 'identity.mandate', 'audit.entry', 'shared.outbox', 'shared.idempotency_key'];
    const sql = tables.map((t) => `select '${t}' as t, md5(coalesce(string_agg(r::text, '|' order by r::text), '')) as h from ${t} r`).join(' union all ');
    return exchange.owner.query(sql);
  };

  const QUERIES: readonly (readonly [string, string])[] = [
    ['agreementId', 'agreement(id: $id) { id document }'], ['licenceId', 'licence(id: $id) { id state }'], ['purchaseId', 'trade(id: $id) { id state }'], ['usageId', 'trade(id: $id) { id state }'],
    ['purchaseInvoiceId', 'invoice(id: $id) { id number }'], ['usageInvoiceId', 'invoice(id: $id) { id number }'], ['receiptId', 'receipt(id: $id) { id jws }'], ['decisionId', 'decision(id: $id) { id facts }'],
    ['purchaseId', 'certificate(tradeId: $id) { jws }'], ['purchaseId', 'tradeLineage(tradeId: $id) { trade { id } }'], ['licenceId', 'receipts(licenceId: $id) { nodes { id } }'],
    ['licenceId', 'usageEvents(licenceId: $id) { nodes { id } }'], ['licenceId', 'usageSummary(licenceId: $id) { meter }'], ['draftId', 'product(id: $id) { id title }'],
    ['assetId', 'product(id: $id) { id }'], ['keyId', 'organisation(id: $id) { id }'], ['memberId', 'organisation(id: $id) { id }'],
  ];
  it.each(QUERIES)('%s: %s is null as for an id that nobody has', async (name, field) => {
    const id = name === 'draftId' ? draft.productId : ids[name]!;
    const query = `query($id: ID!) { ${field} }`;
    for (const client of [stranger, pending]) {
      const [foreign, unknown] = [await client.raw(query, { id }), await client.raw(query, { id: newId() })];
      expect(foreign).toEqual(unknown);
      expect(Object.values(foreign.data!)).toEqual([null]);
    }
  });

  it('shows the same queries to a side of the trade', async () => {
    const hidden = ['decision', 'tradeLineage', 'organisation', 'product(id: $id) { id }'];
    for (const [name, field] of QUERIES.filter(([, f]) => !hidden.some((h) => f.startsWith(h)))) {
      const answer = await market.vendor.ask<Record<string, unknown>>(`query($id: ID!) { ${field} }`, { id: name === 'draftId' ? draft.productId : ids[name]! });
      expect([field, Object.values(answer)[0]]).not.toEqual([field, null]);
    }
  });

  it('lists nothing of others', async () => {
    const lists = ['agreements', 'licences', 'trades', 'invoices', 'payments', 'apiKeys', 'invitations', 'mandates', 'myProducts'];
    for (const list of lists) {
      const answer = await stranger.ask<Record<string, { nodes: object[] }>>(`{ ${list} { nodes { __typename } } }`);
      expect([list, answer[list]!.nodes]).toEqual([list, []]);
    }
    expect((await stranger.ask<{ members: { nodes: { subject: string }[] } }>('{ members { nodes { subject } } }')).members.nodes).toEqual([{ subject: 'stranger' }]);
    expect(await stranger.ask('{ organisations { nodes { id } } productsInState(state: DRAFT) { nodes { id } } auditEntries { nodes { id } } trialBalance { currency } verifyAuditLog { intact } }'))
      .toEqual({ organisations: null, productsInState: null, auditEntries: null, trialBalance: null, verifyAuditLog: null });
    const { product } = await stranger.ask<{ product: { id: string; listing: null } }>('query($id: ID!) { product(id: $id) { id listing { certificateNumber } } }', { id: trade.productId });
    expect(product).toEqual({ id: trade.productId, listing: null });
  });

  type Inputs = (of: Record<string, string>) => object;
  const WRITES: readonly (readonly [string, string, readonly string[], Inputs])[] = [
    ['addDataset', 'Dataset', ['productId'], ({ productId }) => ({ productId, title: 'Mine', description: 'Mine' })],
    ['createRevision', 'Revision', ['datasetId'], ({ datasetId }) => ({ datasetId })],
    ['addAsset', 'Asset', ['revisionId'], ({ revisionId }) => ({ revisionId, fileName: 'a.csv', mediaType: 'text/csv', byteLength: '10', sha256: 'a'.repeat(64) })],
    ['finaliseRevision', 'Revision', ['revisionId'], ({ revisionId }) => ({ revisionId })],
    ['classifyDataset', 'Dataset', ['datasetId'], ({ datasetId }) => ({ datasetId, classification: CLASSIFICATION })],
    ['submitProduct', 'Product', ['productId'], ({ productId }) => ({ productId })],
    ['listProduct', 'Product', ['productId'], ({ productId }) => ({ productId, reason: 'mine now' })],
    ['withdrawProduct', 'Product', ['productId'], ({ productId }) => ({ productId, reason: 'mine now' })],
    ['createOffer', 'Offer', ['productId'], ({ productId }) => offerOf(productId!)],
    ['withdrawOffer', 'Offer', ['offerId'], ({ offerId }) => ({ offerId })],
    ['payTrade', 'Payment', ['purchaseId'], ({ purchaseId }) => ({ tradeId: purchaseId })],
    ['payTrade', 'Payment', ['usageId'], ({ usageId }) => ({ tradeId: usageId })],
    ['acceptTrade', 'Trade', ['purchaseId'], ({ purchaseId }) => ({ tradeId: purchaseId })],
    ['closeUsagePeriod', 'UsagePeriod', ['licenceId'], ({ licenceId }) => ({ licenceId })],
    ['requestDownload', 'DownloadGrant', ['licenceId', 'assetId'], ({ licenceId, assetId }) => ({ licenceId, assetId })],
    ['revokeApiKey', 'ApiKey', ['keyId'], ({ keyId }) => ({ id: keyId })],
    ['rotateApiKey', 'CreatedApiKey', ['keyId'], ({ keyId }) => ({ id: keyId })],
    ['removeMember', 'DepartedMember', ['memberId'], ({ memberId }) => ({ memberId })],
    ['changeMemberRoles', 'Member', ['memberId'], ({ memberId }) => ({ memberId, roles: ['BUYER'] })],
    ['revokeInvitation', 'Invitation', ['invitationId'], ({ invitationId }) => ({ invitationId })],
    ['grantMandate', 'Mandate', ['memberId'], ({ memberId }) => ({ memberId, currency: 'SGD', mode: 'ALONE', evidence: 'mine now' })],
  ];
  it.each(WRITES)('%s answers %s of another as one that nobody has', async (name, success, needs, input) => {
    const before = await footprint();
    const drafts = { productId: draft.productId, datasetId: draft.datasetId, revisionId: draft.revisionId };
    const unknown = await stranger.mutate(name, success, '__typename', input(Object.fromEntries(needs.map((n) => [n, newId()]))));
    expect(unknown).toMatchObject({ __typename: 'NotFound', code: 'not_found' });
    const variants = needs.some((n) => (VENDOR_SIDE as readonly string[]).includes(n)) ? [ids, { ...ids, ...drafts }] : [ids];
    for (const foreign of variants) {
      for (const headers of [{}, { 'idempotency-key': `probe-${name}` }] as Record<string, string>[]) expect(await stranger.mutate(name, success, '__typename', input(foreign), headers)).toEqual(unknown);
    }
    expect(await footprint()).toEqual(before);
  });

  it('does not let the vendor do what is the buyer\'s, nor the buyer what is the vendor\'s', async () => {
    const before = await footprint();
    const acts = Object.fromEntries(WRITES.map(([name, success, , input]) => [name, { success, input }]));
    const theBuyers = ['payTrade', 'acceptTrade', 'requestDownload', 'revokeApiKey', 'rotateApiKey', 'removeMember'];
    const theVendors = ['addDataset', 'submitProduct', 'withdrawProduct', 'createOffer', 'withdrawOffer', 'classifyDataset'];
    for (const [client, names] of [[market.vendor, theBuyers], [market.buyer, theVendors]] as const) {
      for (const name of names) expect([name, await client.mutate(name, acts[name]!.success, '__typename', acts[name]!.input(ids))]).toMatchObject([name, { __typename: 'NotFound' }]);
    }
    expect(await footprint()).toEqual(before);
  });

  it('takes no bytes for an asset of another, stored or awaited', async () => {
    const before = await footprint();
    const answers = [];
    for (const id of [newId(), draft.assetIds[0]!, trade.assetId]) {
      const response = await putContent(stranger, id, trade.file.content);
      answers.push([response.status, await response.json()]);
    }
    expect(answers[0]).toMatchObject([404, { code: 'not_found' }]);
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect(await footprint()).toEqual(before);
  });

  it('hides one\'s own licence behind a foreign asset and the other way round', async () => {
    const { id: agreementId } = await done(stranger, 'placeOrder', 'Agreement', 'id', orderOf(trade.offerId));
    const { agreement } = await stranger.ask<{ agreement: { licence: { id: string } } }>('query($id: ID!) { agreement(id: $id) { licence { id } } }', { id: agreementId });
    const ask = (licenceId: string, assetId: string) => stranger.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
    const unknown = await ask(newId(), newId());
    expect(unknown).toMatchObject({ __typename: 'NotFound' });
    expect(await ask(agreement.licence.id, draft.assetIds[0]!)).toEqual(unknown);
    expect(await ask(trade.licenceId, trade.assetId)).toEqual(unknown);
    expect(await ask(agreement.licence.id, trade.assetId)).toMatchObject({ __typename: 'StateConflict', current: 'PENDING' });
  });
});
