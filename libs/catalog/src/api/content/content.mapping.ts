import type { DictionaryColumn } from '../../domain/content/dictionary.js';
import type { ProductContent } from '../../domain/content/product-content.js';
import type { ScenarioClaim } from '../../domain/scenario/claim.js';
import type { ScenarioPack } from '../../domain/scenario/pack.js';
import type { Translation } from '../../domain/content/texts.js';
import type { Dataset } from '../../storage/dataset.repository.js';
import type { Product } from '../../storage/product.repository.js';
import type { UpdateDatasetInput as DatasetChange } from '../../use-cases/content/update-dataset.js';
import type { FinaliseRevisionInput as FinaliseChange } from '../../use-cases/finalise-revision.js';
import type { FinaliseRevisionInput } from '../catalog.inputs.js';
import { type DatasetContentInput, type DictionaryColumnInput, type ProductContentInput, readObject, type ScenarioInput, type TranslationInput } from './content.inputs.js';
import type { DictionaryColumnType, ProductMetadata, ScenarioPackType } from './content.types.js';

/** What is left out is not there; what is null is emptied. */
const given = <T, U>(value: T | null | undefined, map: (value: T) => U, empty: U): U | undefined => (value === undefined ? undefined : value === null ? empty : map(value));
const same = <T>(value: T): T => value;

const fromTranslations = (list: readonly TranslationInput[]): Record<string, Translation> =>
  Object.fromEntries(list.map(({ language, title, description, keywords }) => [language, { title, description, keywords: keywords ?? [] }]));

const fromColumn = ({ name, type, unit, descriptions, sensitivity }: DictionaryColumnInput): DictionaryColumn => ({
  name, type, unit: unit ?? null, sensitivity: sensitivity ?? 'none', descriptions: Object.fromEntries((descriptions ?? []).map((d) => [d.language, d.text])),
});

const fromScenario = ({ pack, version, metadata, answers }: ScenarioInput): ScenarioClaim => ({
  pack, version: version ?? '', metadata: readObject(metadata)!, answers: (answers ?? []).map(({ code, answer, note }) => ({ code, answer, note: note ?? null })),
});

export const fromProductContent = (input: ProductContentInput & Partial<Pick<ProductContent, 'title' | 'description' | 'themes'>>): Partial<ProductContent> => defined({
  title: input.title, description: input.description, themes: input.themes, language: input.language, translations: given(input.translations, fromTranslations, {}), keywords: given(input.keywords, same, []),
  spatial: given(input.spatial, same, []), temporalStart: input.temporalStart, temporalEnd: input.temporalEnd, frequency: input.frequency, dataLanguages: given(input.dataLanguages, same, []),
  publisher: given(input.publisher, ({ name, url }) => ({ name, url: url ?? null }), null), contact: given(input.contact, ({ name, email, url }) => ({ name, email: email ?? null, url: url ?? null }), null),
  conformsTo: given(input.conformsTo, same, []), related: given(input.related, same, []), scenario: given(input.scenario, fromScenario, null),
});

export const fromDatasetContent = (input: DatasetContentInput): Omit<DatasetChange, 'datasetId'> => defined({
  language: input.language, translations: given(input.translations, fromTranslations, {}), dictionary: given(input.dictionary, (columns) => columns.map(fromColumn), []),
});

export const fromFinaliseInput = ({ revisionId, dictionary }: FinaliseRevisionInput): FinaliseChange => ({ revisionId, ...(dictionary ? { dictionary: dictionary.map(fromColumn) } : {}) });

/** Without what is undefined, so that the digest of an input is that of what was said. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

export const toMetadata = (p: Product): ProductMetadata => ({
  texts: p, ownKeywords: p.keywords, spatial: p.spatial, temporalStart: p.temporalStart, temporalEnd: p.temporalEnd, frequency: p.frequency, dataLanguages: p.dataLanguages,
  publisher: p.publisher, contact: p.contact, conformsTo: p.conformsTo, scenario: p.scenario && { ...p.scenario, metadata: JSON.stringify(p.scenario.metadata) },
});

const said = (texts: Readonly<Record<string, string>>, language: string | null): string => (language && Object.hasOwn(texts, language) ? texts[language] : texts['en'])!;
export const toPackType = (pack: ScenarioPack, language: string | null): ScenarioPackType => ({
  id: pack.id, version: pack.version, title: said(pack.title, language), description: said(pack.description, language), metadataSchema: JSON.stringify(pack.metadata), rightsTemplate: pack.rights.template,
  rightsPolicy: JSON.stringify(pack.rights.policy), checklist: pack.checklist.map((item) => ({ ...item, text: said(item.text, language) })), meters: pack.meters.map((meter) => ({ ...meter, description: said(meter.description, language) })),
});

export const toDictionary = ({ dictionary, language }: Pick<Dataset, 'dictionary' | 'language'>): DictionaryColumnType[] => dictionary.map((column) => ({ ...column, fallback: language }));
