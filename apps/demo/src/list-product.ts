import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import type { Actors } from './actors.js';
import { until } from './client.js';
import { type SourceFile, sourceFile } from './files.js';

export interface DatasetPlan {
  readonly title: string;
  readonly description: string;
  /** A file of the sample data, or an absolute path. */
  readonly file: string;
  readonly sourceStatement: string;
}
export interface ProductPlan {
  readonly title: string;
  readonly description: string;
  readonly themes: readonly string[];
  readonly datasets: readonly DatasetPlan[];
}
export interface ListedProduct {
  readonly id: string;
  readonly certificateNumber: string;
  readonly assets: readonly { readonly id: string; readonly source: SourceFile }[];
}

const DAY_MS = 86_400_000;
/** Where they come from. */
const OPEN_DATA = { origin: 'PUBLIC_SOURCE', from: 'npm package vega-datasets', legalBasis: 'NO_PERSONAL_INFORMATION' };
/** What the vendor declares of open statistics without persons in them. */
const WITHOUT_PERSONS = { level: 'GENERAL', importantDataNotified: false, persons: '0', sensitivePersons: '0', anonymisation: 'NONE', collectedIn: 'OVERSEAS', domesticDataAdded: false, sector: 'other' };

/** From files on a disk to a listed product, through every step of the gate, each by whoever the gate demands. */
export async function listProduct(actors: Actors, plan: ProductPlan, key: string, tell: (line: string) => void): Promise<ListedProduct> {
  const { vendor, officer, reviewer, organisations } = actors;
  const { id } = await vendor.mutate<{ id: string }>('createProduct', 'Product', 'id', { title: plan.title, description: plan.description, themes: plan.themes, exporterIsCIIO: false, exporterHasPRCEntity: true }, `${key}:product`);
  const assets: { id: string; source: SourceFile }[] = [];
  for (const [index, dataset] of plan.datasets.entries()) assets.push(await addDataset(actors, id, dataset, `${key}:${index}`, tell));
  await vendor.mutate('submitProduct', 'Product', 'id', { productId: id }, `${key}:submit`);
  await reached(actors, id, 'TESTED');
  tell('platform test passed: every file was opened and its SHA-256 computed again');
  await officer.mutate('recordOpinion', 'Product', 'id', {
    productId: id, assessorId: organisations.assessor.id, favourable: true, scope: `Sale of ${plan.title} to recipients overseas`,
    documentSha256: createHash('sha256').update(`opinion of ${organisations.assessor.legalName} on ${id}`).digest('hex'), validUntil: new Date(Math.ceil(actors.since.getTime() / DAY_MS + 180) * DAY_MS).toISOString(),
  }, `${key}:opinion`);
  tell(`opinion of ${organisations.assessor.legalName} filed by the compliance officer`);
  await reviewer.mutate('reviewProduct', 'Product', 'id', { productId: id, approve: true, reason: 'Complete and consistent' }, `${key}:review`);
  tell('approved by the reviewer, on public notice');
  const { listing } = (await vendor.query<{ product: { listing: { noticeEndsAt: string } } }>('query($id: ID!) { product(id: $id) { listing { noticeEndsAt } } }', { id })).product;
  await until('the end of the public notice', () => Promise.resolve(Date.now() > Date.parse(listing.noticeEndsAt)));
  await reviewer.mutate('certifyProduct', 'Product', 'id', { productId: id }, `${key}:certify`);
  await vendor.mutate('listProduct', 'Product', 'id', { productId: id, reason: 'Ready for buyers' }, `${key}:list`);
  const done = await vendor.query<{ product: { state: string; listing: { certificateNumber: string } } }>('query($id: ID!) { product(id: $id) { state listing { certificateNumber } } }', { id });
  tell(`${done.product.state} under certificate number ${done.product.listing.certificateNumber}`);
  return { id, certificateNumber: done.product.listing.certificateNumber, assets };
}

async function addDataset({ vendor }: Actors, productId: string, plan: DatasetPlan, key: string, tell: (line: string) => void): Promise<{ id: string; source: SourceFile }> {
  const source = await sourceFile(plan.file);
  const dataset = await vendor.mutate<{ id: string }>('addDataset', 'Dataset', 'id', { productId, title: plan.title, description: plan.description }, `${key}:dataset`);
  const revision = await vendor.mutate<{ id: string }>('createRevision', 'Revision', 'id', { datasetId: dataset.id }, `${key}:revision`);
  const asset = await vendor.mutate<{ id: string }>('addAsset', 'Asset', 'id', {
    revisionId: revision.id, fileName: source.fileName, mediaType: source.mediaType, byteLength: String(source.byteLength), sha256: source.sha256,
  }, `${key}:asset`);
  const body = await openAsBlob(source.path);
  const response = await vendor.send(`/v1/assets/${asset.id}/content`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' } }, () => body);
  if (!response.ok && response.status !== 409) throw new Error(`the upload of ${source.fileName} was answered ${response.status}: ${await response.text()}`);
  await vendor.mutate('finaliseRevision', 'Revision', 'id', { revisionId: revision.id }, `${key}:finalise`);
  await vendor.mutate('classifyDataset', 'Dataset', 'id', { datasetId: dataset.id, classification: { ...WITHOUT_PERSONS, sourceStatement: plan.sourceStatement }, source: OPEN_DATA }, `${key}:classify`);
  tell(`${source.fileName}, ${source.byteLength.toLocaleString('en')} bytes, sha-256 ${source.sha256.slice(0, 16)}… uploaded and classified`);
  return { id: asset.id, source };
}

async function reached({ vendor }: Actors, id: string, state: string): Promise<void> {
  await until('the platform test', async () => {
    const { product } = await vendor.query<{ product: { state: string; listing: { completedSteps: string[]; records: { step: string; passed: boolean; details: string }[] } } }>(
      'query($id: ID!) { product(id: $id) { state listing { completedSteps records { step passed details } } } }', { id });
    const failed = product.listing.records.find((r) => !r.passed);
    if (failed) throw new Error(`${failed.step} failed: ${failed.details}`);
    return product.state === state || product.listing.completedSteps.includes('PLATFORM_TEST');
  });
}
