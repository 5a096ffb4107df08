import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity } from '#identity';
import { Commands, invalid, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { MOST_NAMED } from '../../domain/search/audience.js';
import { type Product, ProductRepository } from '../../storage/product.repository.js';

export interface SetAudienceInput {
  readonly productId: string;
  /** None: everybody. */
  readonly organisationIds: readonly string[];
}

/** The vendor says for whom a product is. Of a draft as he likes; from then on others are added, or everybody: whoever was shown it may hold a licence. */
@Injectable()
export class SetAudience {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly identity: Identity, private readonly audit: Audit) {}

  async execute(actor: Actor, input: SetAudienceInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const named = [...new Set(input.organisationIds)];
    if (named.length > MOST_NAMED) return invalid(CATALOG_ERRORS.AUDIENCE, 'organisationIds', `at most ${MOST_NAMED}`);
    const known = await this.identity.byIds(named);
    const unknown = named.findIndex((id) => !known.has(id) || id === actor.tenantId);
    if (unknown >= 0) return invalid(CATALOG_ERRORS.AUDIENCE, `organisationIds.${unknown}`, 'another organisation of the exchange');
    return this.commands.run<Result<Product>>(actor, 'catalog.set-audience', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product || product.vendorId !== actor.tenantId) return notFound('product');
      const narrower = named.length > 0 && (product.audience === 'PUBLIC' || product.audienceIds.some((id) => !named.includes(id)));
      if (product.state !== 'DRAFT' && narrower) return stateConflict(CATALOG_ERRORS.AUDIENCE, 'whoever found it before goes on finding it: name the others too', product.state);
      const change = { audience: named.length ? ('NAMED' as const) : ('PUBLIC' as const), audienceIds: named };
      await this.products.update(tx, product.id, change);
      await this.audit.append(tx, actor, { act: 'product.set-audience', objectType: 'product', objectId: product.id, details: change });
      return { ...product, ...change };
    });
  }
}
