import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type AnonymisationReport, checkClassification, type Classification, type DeviationReasons } from '#compliance';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, type FieldProblem, type InvalidInput, notFound, type Result } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { checkReport } from '../domain/anonymisation-report.js';
import { checkSource, type DataSource, saysSomething } from '../domain/source.js';
import { ClassificationGate } from './classification-gate.js';
import { type Dataset, DatasetRepository } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ownDraft } from './own-draft.js';

export interface ClassifyDatasetInput {
  readonly datasetId: string;
  readonly classification: Classification;
  /** Where the data comes from, as far as it can be checked; without it the product is not handed in. */
  readonly source: DataSource | null;
  /** Needed where the data is called anonymised. */
  readonly anonymisationReport: AnonymisationReport | null;
  /** Why a field is milder than the platform's proposal. */
  readonly deviationReasons: DeviationReasons;
}

/** The vendor declares what the data is in the eyes of the law, its source included (DSL Art. 33). */
@Injectable()
export class ClassifyDataset {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly gate: ClassificationGate,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ClassifyDatasetInput): Promise<Result<Dataset>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const problems = problemsOf(input, this.clock.now().toISOString().slice(0, 10));
    if (problems.length) return refused(CATALOG_ERRORS.CLASSIFICATION, 'the classification contradicts itself', problems);
    return this.commands.run<Result<Dataset>>(actor, 'catalog.classify-dataset', input, async (tx) => {
      const dataset = await this.datasets.dataset(tx, input.datasetId);
      if (!dataset) return notFound('dataset');
      const product = await ownDraft(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('dataset') : product;
      const { classification, source, anonymisationReport, deviationReasons } = input;
      const classified = { ...dataset, classification, source, anonymisationReport, deviationReasons };
      const milder = await this.gate.problems(tx, classified);
      if (milder.length) return refused(CATALOG_ERRORS.MILDER, 'the classification is milder than the data speaks for; each such field needs a reason', milder);
      await this.datasets.classify(tx, classified);
      await this.audit.append(tx, actor, { act: 'dataset.classify', objectType: 'dataset', objectId: dataset.id, details: { classification, source, anonymisationReport, deviationReasons } });
      return classified;
    });
  }
}

function problemsOf({ classification: c, source, anonymisationReport, deviationReasons }: ClassifyDatasetInput, today: string): FieldProblem[] {
  return [
    ...checkClassification(c).map((p) => ({ ...p, path: `classification.${p.path}` })),
    ...checkSource(source, c.sourceStatement, c.persons + c.sensitivePersons),
    ...checkReport(anonymisationReport, c, today),
    ...Object.entries(deviationReasons).filter(([, reason]) => !saysSomething(reason)).map(([field]) => ({ path: `deviationReasons.${field}`, message: 'say why the data is other than it looks' })),
  ];
}

const refused = (code: string, message: string, fields: readonly FieldProblem[]): InvalidInput => ({ refused: true, kind: 'InvalidInput', code, message, fields });
