import { createHash, randomBytes } from 'node:crypto';
import { Contracts } from '#contracts';
import { asSystem, systemCaller, UnitOfWork } from '#shared';
import type { GraphClient } from './client.js';
import type { TestExchange } from './exchange.js';

/** An exchange seen from outside, in this process or in another. */
export type Outside = Pick<TestExchange, 'url' | 'client' | 'drain'>;

/** Does a mutation that must succeed. */
export async function done<T = { id: string }>(client: GraphClient, name: string, success: string, fields: string, input: object, headers: Record<string, string> = {}): Promise<T> {
  const result = await client.mutate<Record<string, unknown>>(name, success, fields, input, headers);
  if (result.__typename !== success) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result as T;
}

export interface Market {
  readonly admin: GraphClient;
  readonly officer: GraphClient;
  readonly reviewer: GraphClient;
  readonly vendor: GraphClient;
  readonly buyer: GraphClient;
  readonly vendorId: string;
  readonly assessorId: string;
}

/** Staff, a verified vendor in Shanghai, a verified buyer in Singapore and an accredited assessor. */
export async function openMarket(exchange: Outside): Promise<Market> {
  const [admin, officer, reviewer, vendor, buyer, assessor] = await Promise.all(['staff-admin', 'officer', 'reviewer', 'vendor', 'buyer', 'assessor'].map((s) => exchange.client(s))) as [GraphClient, GraphClient, GraphClient, GraphClient, GraphClient, GraphClient];
  await hire(exchange, admin, 'officer', 'COMPLIANCE_OFFICER');
  await hire(exchange, admin, 'reviewer', 'LISTING_REVIEWER');
  const vendorId = await join(officer, vendor, 'Lingang Data Co', { jurisdiction: 'CN', subdivision: 'CN-SH' }, 'USCC', '91350100M000100Y43');
  await join(officer, buyer, 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '196800306E');
  const assessorId = await join(officer, assessor, 'Harbour Assessors', { jurisdiction: 'HK' }, 'HK_BRN', '12345678', 'ASSESSOR');
  return { admin, officer, reviewer, vendor, buyer, vendorId, assessorId };
}

/** Registers an organisation for this client and has it verified; answers its id. */
export async function join(officer: GraphClient, client: GraphClient, legalName: string, place: object, scheme: string, value: string, kind = 'TRADER'): Promise<string> {
  const { id } = await done(client, 'registerOrganisation', 'Organisation', 'id', { kind, legalName, ...place, registryNumbers: [{ scheme, value }] });
  await done(officer, 'verifyOrganisation', 'Organisation', 'id', { organisationId: id, assuranceLevel: 3, schemes: [scheme], evidence: 'extract of the register' });
  return id;
}

/** A new member of the organisation of this administrator, invited and consenting. */
export async function hire(exchange: Outside, admin: GraphClient, subject: string, ...roles: string[]): Promise<GraphClient> {
  const client = await exchange.client(subject);
  await enlist(admin, client, subject, ...roles);
  return client;
}

/** The invitation of this administrator, accepted by the identity of this client; answers the member's id. */
export async function enlist(admin: GraphClient, client: GraphClient, displayName: string, ...roles: string[]): Promise<string> {
  const { token } = await done<{ token: string }>(admin, 'inviteMember', 'CreatedInvitation', 'token', { displayName, roles, expiresInHours: 1 });
  return (await done(client, 'acceptInvitation', 'Member', 'id', { token })).id;
}

export interface TestFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Buffer;
}
/** A CSV file of at least so many bytes, different each time. */
export function csvFile(bytes: number, fileName = 'calls.csv'): TestFile {
  const line = `${randomBytes(24).toString('hex')},1\n`;
  return { fileName, mediaType: 'text/csv', content: Buffer.from(`ship,teu\n${line.repeat(Math.ceil(bytes / line.length))}`) };
}
/** Of so many bytes at least, no two lines alike. */
export const largeFile = (bytes: number, fileName: string): TestFile => ({ fileName, mediaType: 'text/csv', content: Buffer.from(`a,b\n${Array.from({ length: Math.ceil(bytes / 51) }, () => `${randomBytes(24).toString('hex')},1\n`).join('')}`) });
export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Sends the bytes of an asset. */
export const putContent = (client: GraphClient, assetId: string, content: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${client.url}/v1/assets/${assetId}/content`, { method: 'PUT', headers: client.headers({ 'content-type': 'application/octet-stream', ...headers }), body: new Uint8Array(content) });

export interface Draft {
  readonly productId: string;
  readonly datasetId: string;
  readonly revisionId: string;
  readonly assetIds: readonly string[];
}

/** General data of no persons, collected in the mainland. */
export const CLASSIFICATION = { level: 'GENERAL', importantDataNotified: false, domesticDataAdded: false, sector: 'other', persons: '0', sensitivePersons: '0', anonymisation: 'NONE', collectedIn: 'CN', sourceStatement: 'own port operations' };

/** What goes beside the tags. */
export const SOURCE = { origin: 'OWN_COLLECTION', legalBasis: 'CONTRACT' };

/** A classified draft whose files are described, not yet uploaded. */
export async function draftProduct({ vendor }: Pick<Market, 'vendor'>, files: readonly TestFile[], over: Partial<typeof CLASSIFICATION> & { readonly listPosition?: object } = {}): Promise<Draft> {
  const { id: productId } = await done(vendor, 'createProduct', 'Product', 'id', { title: 'Port calls', description: 'Vessel calls', themes: ['TRAN'], exporterIsCIIO: false, exporterHasPRCEntity: true });
  const { id: datasetId } = await done(vendor, 'addDataset', 'Dataset', 'id', { productId, title: 'Calls', description: 'One row a call' });
  await done(vendor, 'classifyDataset', 'Dataset', 'id', { datasetId, classification: { ...CLASSIFICATION, ...over }, source: SOURCE });
  const { id: revisionId } = await done(vendor, 'createRevision', 'Revision', 'id', { datasetId });
  const assetIds: string[] = [];
  for (const { fileName, mediaType, content } of files) {
    assetIds.push((await done(vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName, mediaType, byteLength: String(content.length), sha256: sha256(content) })).id);
  }
  return { productId, datasetId, revisionId, assetIds };
}

/** Uploads, hands in and lets the platform test run. */
export async function submitted(exchange: Outside, { vendor }: Market, draft: Draft, files: readonly TestFile[]): Promise<void> {
  for (const [i, id] of draft.assetIds.entries()) {
    const response = await putContent(vendor, id, files[i]!.content);
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
  }
  await done(vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
  await done(vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
  await exchange.drain();
}

/** The opinion of the market's assessor, good for 300 days. */
export const opinion = ({ assessorId }: Market, productId: string, over: object = {}): Record<string, unknown> =>
  ({ productId, assessorId, favourable: true, scope: 'all', documentSha256: 'a'.repeat(64), validUntil: new Date(Date.now() + 300 * 86_400_000).toISOString(), ...over });

/** A listed product with these files. */
export async function listedProduct(exchange: Outside, market: Market, files: readonly TestFile[], over: Partial<typeof CLASSIFICATION> & { readonly listPosition?: object } = {}): Promise<Draft> {
  const draft = await draftProduct(market, files, over);
  await listDraft(exchange, market, draft, files);
  return draft;
}

/** A market with one listed product of one small file: what happens to licences needs no more. */
export async function marketOfOne(exchange: Outside): Promise<{ readonly market: Market; readonly productId: string; readonly assetId: string }> {
  const market = await openMarket(exchange);
  const { productId, assetIds } = await listedProduct(exchange, market, [csvFile(3_000)]);
  return { market, productId, assetId: assetIds[0]! };
}

/** Takes a draft through the gate. */
export async function listDraft(exchange: Outside, market: Market, draft: Draft, files: readonly TestFile[]): Promise<void> {
  const { productId } = draft;
  await submitted(exchange, market, draft, files);
  await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
  await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
  await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
  await done(market.vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
}

/** SGD 100 for a year and 0.25 for each download. */
export const planOf = (over: object = {}): Record<string, unknown> => ({
  label: 'One year', currency: 'SGD', duration: 'P365D', components: [paidOnce('10000'), perUnit('0.25')], ...over,
});
export const paidOnce = (amountMinor: string): object => ({ kind: 'ONE_OFF', label: 'Licence', amountMinor });
export const perUnit = (unitPrice: string, meter = 'DOWNLOADS'): object => ({ kind: 'USAGE', label: 'Downloads', meter, tiers: [{ unitPrice }] });
export const offerOf = (productId: string, over: object = {}): Record<string, unknown> =>
  ({ productId, title: 'Standard', plans: [planOf()], purposes: ['RESEARCH'], destinations: ['SG'], ...over });
export const orderOf = (offerId: string): Record<string, unknown> => ({ offerId, purpose: 'RESEARCH', destination: 'SG' });

/** An active licence of the buyer on a listed product; the payment is skipped. */
export async function activeLicence(exchange: TestExchange, { vendor, buyer }: Market, productId: string): Promise<{ licenceId: string; agreementId: string }> {
  const { id: offerId } = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
  return activeOn(exchange, buyer, offerId);
}
/** The same on this offer. */
export async function activeOn(exchange: TestExchange, buyer: GraphClient, offerId: string): Promise<{ licenceId: string; agreementId: string }> {
  const { id: agreementId } = await done(buyer, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
  const contracts = exchange.app.get(Contracts);
  const licence = await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => contracts.activateLicence(tx, systemCaller('test'), agreementId)));
  if ('refused' in licence) throw new Error(licence.message);
  return { licenceId: licence.id, agreementId };
}
