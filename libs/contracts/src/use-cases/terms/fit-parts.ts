import { Injectable } from '@nestjs/common';
import { Catalog, CatalogProfiles } from '#catalog';
import { invalid, type Result } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { fitProblem, type KnownTable, typesDescribed, typesRead } from '../../domain/terms/parts/fit-columns.js';
import type { LicenceTerms } from '../../domain/terms/licence-terms.js';

/** A part is offered only of what is there: its datasets are the product's, and its columns are those that were read, or that the vendor describes. */
@Injectable()
export class FitParts {
  constructor(private readonly catalog: Catalog, private readonly profiles: CatalogProfiles) {}

  /** The terms with the names of the datasets, or what does not fit. */
  async execute(productId: string, terms: LicenceTerms): Promise<Result<LicenceTerms>> {
    const { targets } = terms.policy;
    if (!targets) return terms;
    const datasets = new Map((await this.catalog.datasetsOfProducts([productId])).map((d) => [d.id, d]));
    const profiles = await this.profiles.of(targets.map((t) => t.datasetId), false);
    for (const [i, target] of targets.entries()) {
      const dataset = datasets.get(target.datasetId);
      if (!dataset) return invalid(CONTRACTS_ERRORS.TERMS, `terms.parts.${i}.datasetId`, 'a dataset of the product');
      const tables: KnownTable[] = profiles.get(dataset.id)?.content.tables.map((t) => ({ name: t.name, columns: t.columns.map((c) => ({ name: c.name, types: typesRead(c) })) })) ?? [];
      const known = tables.length || !dataset.dictionary.length ? tables : [{ name: dataset.title, columns: dataset.dictionary.map((c) => ({ name: c.name, types: typesDescribed(c.type) })) }];
      const wrong = target.columns === null && target.rows.length === 0 ? undefined : fitProblem(target, known);
      if (wrong) return invalid(CONTRACTS_ERRORS.TERMS, `terms.parts.${i}${wrong.path && `.${wrong.path}`}`, wrong.message);
    }
    return { ...terms, policy: { ...terms.policy, targets: targets.map((t) => ({ ...t, title: datasets.get(t.datasetId)!.title })) } };
  }
}
