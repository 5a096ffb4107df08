import type { Actor } from '#identity';
import { type NotFound, notFound, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import type { Product, ProductRepository } from '../storage/product.repository.js';

/** The actor's own product, locked. Another vendor's looks as if it were not there. */
export async function ownProduct(tx: Tx, products: ProductRepository, actor: Actor, productId: string): Promise<Product | NotFound> {
  const product = await products.lock(tx, productId);
  return product && product.vendorId === actor.tenantId ? product : notFound('product');
}

/** The same, and still a draft: what has been handed in is not edited, so that what was tested is what is listed. */
export async function ownDraft(tx: Tx, products: ProductRepository, actor: Actor, productId: string): Promise<Product | NotFound | StateConflict> {
  const product = await ownProduct(tx, products, actor, productId);
  if ('refused' in product || product.state === 'DRAFT') return product;
  return stateConflict(CATALOG_ERRORS.NOT_DRAFT, 'only a draft is edited', product.state);
}

/** The same, and one whose datasets may grow: a draft, or a product that came through the gate, whose next revision is tested by itself. */
export async function ownGrowing(tx: Tx, products: ProductRepository, actor: Actor, productId: string): Promise<Product | NotFound | StateConflict> {
  const product = await ownProduct(tx, products, actor, productId);
  if ('refused' in product || grows(product)) return product;
  return stateConflict(CATALOG_ERRORS.NOT_DRAFT, 'a product that was handed in takes no files until it is listed', product.state);
}

export const grows = ({ state }: Pick<Product, 'state'>): boolean => state === 'DRAFT' || state === 'LISTED' || state === 'SUSPENDED';
