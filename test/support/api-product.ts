import { csvFile, done, type Draft, draftProduct, listDraft, type Market, offerOf, type Outside, planOf } from './market.js';
import { order, type Ordered } from './trade.js';
import type { VendorApi } from './vendor-api.js';

const KB = 1_024;
export const OPERATIONS = [
  { method: 'GET', path: '/v1/quotes/{symbol}' }, { method: 'GET', path: '/v1/big', cost: 5 }, { method: 'POST', path: '/v1/query' }, { method: 'GET', path: '/v1/stream', charged: 'BEGUN' }, { method: 'DELETE', path: '/v1/quotes/{symbol}' },
];
export const describeService = (vendor: VendorApi, productId: string, over: object = {}) => ({ productId, endpointUrl: vendor.url(), operations: OPERATIONS, testPath: '/health', rateCalls: 100_000, rateSeconds: 1, atOnce: 200, firstByteMs: 1_000, totalMs: 4_000, answerBytes: 512 * KB, requestBytes: 64 * KB, ...over });
export const credentialOf = (vendor: VendorApi, productId: string, over: object = {}) => ({ productId, placement: 'HEADER', name: 'X-Api-Key', value: vendor.key, ...over });

/** A listed product that is served by this API. */
export async function listedApi(exchange: Outside, market: Market, vendor: VendorApi, over: object = {}): Promise<Draft> {
  const files = [csvFile(500)];
  const draft = await draftProduct(market, files);
  await done(market.vendor, 'describeDataService', 'DataService', 'id', describeService(vendor, draft.productId, over));
  await done(market.vendor, 'setApiCredential', 'ApiCredential', 'setAt', credentialOf(vendor, draft.productId));
  await listDraft(exchange, market, draft, files);
  return draft;
}

/** SGD 1.00 a month in advance, and so much for each call. */
export const perCall = (components: readonly object[] = [{ kind: 'USAGE', label: 'Calls', meter: 'CALLS', tiers: [{ unitPrice: '0.25' }] }], over: object = {}) => planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, ...components], ...over });

/** A licence on it, ordered and paid. */
export async function licensedApi(exchange: Outside, market: Market, productId: string, plan: object = perCall()): Promise<Ordered> {
  const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [plan] }));
  const ordered = await order(exchange, market, offerId);
  await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
  return ordered;
}
