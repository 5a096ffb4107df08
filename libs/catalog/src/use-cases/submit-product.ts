import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, isRefused, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { ProductSubmitted } from '../catalog.events.js';
import { demandedSteps, type GateFacts } from '../domain/gate/rulebook.js';
import { listingGate } from '../domain/listing-gate.js';
import { type Dataset, DatasetRepository } from '../storage/dataset.repository.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { GateRulebooks } from './gate/gate-rulebooks.js';
import { ownProduct } from './own-draft.js';
import { SubmissionRules } from './submission-rules.js';

/** Hands a draft in: from here on it is not edited, and the platform tests it by itself. */
@Injectable()
export class SubmitProduct {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly rules: SubmissionRules,
    private readonly rulebooks: GateRulebooks, private readonly audit: Audit,
  ) {}

  async execute(actor: Actor, input: { readonly productId: string }): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.submit-product', input, async (tx) => {
      const product = await ownProduct(tx, this.products, actor, input.productId);
      if ('refused' in product) return product;
      const submission = product.submission + 1;
      const rulebook = await this.rulebooks.today(tx);
      const state = await this.audit.transition(tx, actor, {
        table: listingGate, state: product.state, event: 'submit', objectType: 'product', objectId: product.id, details: { submission, gate: rulebook.version },
        announce: { type: ProductSubmitted, payload: { productId: product.id, vendorId: product.vendorId, submission } },
      });
      if (isRefused(state)) return state;
      const missing = await this.rules.missing(tx, product);
      if (missing) return stateConflict(CATALOG_ERRORS.NOT_READY, missing, product.state);
      const change = { state, submission, gateVersion: rulebook.version, demandedSteps: demandedSteps(rulebook, factsOf(product, await this.datasets.datasets(tx, product.id))), completedSteps: [], opinionValidUntil: null, noticeEndsAt: null };
      await this.products.update(tx, product.id, change);
      return { ...product, ...change };
    });
  }
}

/** What the demands of a rulebook may depend on. */
const factsOf = ({ vendorJurisdiction }: Product, datasets: readonly Dataset[]): GateFacts => {
  const declared = datasets.flatMap((d) => d.classification ?? []);
  return {
    levels: declared.map((c) => c.level), origins: [vendorJurisdiction, ...declared.flatMap((c) => [...(c.collectedIn === 'CN' ? ['CN'] : []), ...(c.upstream ?? []).map((u) => u.jurisdiction)])],
    personalData: declared.some((c) => c.persons > 0n || c.sensitivePersons > 0n),
  };
};
