import { isRefused } from '#shared';
import { fromClassificationInput, toClassificationType } from '#compliance';
import { isReleased } from '../domain/revision.js';
import type { AssetRecord, Dataset, Revision as RevisionRecord } from '../storage/dataset.repository.js';
import type { HeldRevision } from '../storage/holdings.repository.js';
import type { GateRecord, ProductSummary } from '../storage/product.repository.js';
import type { ClassifyDatasetInput as Declaration } from '../use-cases/classify-dataset.js';
import type { CreateProductInput as NewProduct } from '../use-cases/create-product.js';
import { fromProductContent, toDictionary } from './content/content.mapping.js';
import type { ClassifyDatasetInput, CreateProductInput } from './catalog.inputs.js';
import type * as T from './catalog.types.js';

export const toProductType = (p: ProductSummary): T.Product => ({
  id: p.id, texts: p, themes: p.themes, state: p.state, listedAt: p.listedAt,
  vendor: { id: p.vendorId, legalName: p.vendorName, jurisdiction: p.vendorJurisdiction },
});
export const toAssetType = (a: AssetRecord): T.Asset => ({ ...a, byteLength: a.byteLength.toString(), released: isReleased({ state: a.revisionState, releasedAt: a.releasedAt }) });
/** `papers`: whether the reader may see what was found. */
export const toRevisionType = (r: RevisionRecord & Partial<Pick<HeldRevision, 'assets'>>, papers: boolean): T.Revision => ({
  ...r, ...(r.assets ? { held: r.assets } : {}), dictionary: r.dictionary && toDictionary({ dictionary: r.dictionary, language: 'en' }), test: papers && r.testedAt ? { passed: r.testPassed!, findings: r.testFindings, testedAt: r.testedAt } : null,
});
export const toDatasetType = (d: Dataset, held: readonly T.Revision[] = []): T.Dataset => ({ id: d.id, texts: d, held, of: d, dictionary: toDictionary(d), classification: d.classification && toClassificationType(d.classification), source: d.source, anonymisationReport: d.anonymisationReport });
export const toGateRecordType = (r: GateRecord): T.GateRecord => ({ ...r, details: JSON.stringify(r.details) });

export const fromCreateInput = (input: CreateProductInput): NewProduct => {
  const { title, description, themes, exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = input;
  return { exporterIsCIIO, exporterHasPRCEntity, exporterZone: exporterZone ?? null, exporterInGBA: exporterInGBA ?? false, content: { ...fromProductContent(input), title, description, themes } };
};

export const fromClassifyInput = (input: ClassifyDatasetInput): Declaration => ({
  datasetId: input.datasetId, classification: fromClassificationInput(input.classification), source: input.source ? { ...input.source, from: input.source.from ?? null } : null,
  anonymisationReport: input.anonymisationReport ? { ...input.anonymisationReport, k: input.anonymisationReport.k ?? null } : null,
  deviationReasons: Object.fromEntries((input.deviationReasons ?? []).map((d) => [d.field, d.reason])),
});

/** A refusal stays as it is; a success is shown. */
export const shown = <A extends object, B extends object>(result: A | { refused: true }, show: (value: A) => B): object => (isRefused(result) ? result : show(result as A));
