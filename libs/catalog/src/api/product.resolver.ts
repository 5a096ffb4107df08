import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, type RequestHolder } from '#identity';
import { type ConnectionOf, LIMITS, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Catalog } from '../catalog.facade.js';
import type { ProductState } from '../domain/listing-gate.js';
import { MAX_RELATED } from '../domain/content/product-content.js';
import { type HeldDataset, type HeldRevision, SHOWN_REVISIONS } from '../storage/holdings.repository.js';
import type { ProductPage } from '../storage/product.repository.js';
import { toAssetType, toDatasetType, toGateRecordType, toProductType, toRevisionType } from './catalog.mapping.js';
import * as T from './catalog.types.js';
import { toMetadata } from './content/content.mapping.js';
import { ProductMetadata } from './content/content.types.js';

type Request = LoaderHolder & RequestHolder;

@Resolver(() => T.Product)
@Authenticated()
export class ProductResolver {
  constructor(private readonly catalog: Catalog) {}

  @Asks('AUTHENTICATED')
  @Query(() => T.ProductConnection, { complexity: pageCost, description: 'Every listed product that is for everybody, newest first. `searchProducts` looks for words and facets.' })
  async products(@Args() page: PageArgs): Promise<ConnectionOf<T.Product>> {
    return toConnection(await this.catalog.listed(pageRequest(page.first, page.after, 2)), toProductType);
  }

  @Asks('AUTHENTICATED', 'catalog:manage', 'catalog:read-all')
  @Query(() => T.Product, { nullable: true, description: 'A product: listed ones for everybody, others for their vendor and for staff.' })
  async product(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string, @Context() context: Request): Promise<T.Product | null> {
    const found = await this.catalog.page(actor, id);
    // What else its page shows stands in the same rows.
    if (found) this.pages(context).prime(id, found);
    return found && toProductType(found);
  }

  @Asks('catalog:manage')
  @Query(() => T.ProductConnection, { nullable: true, complexity: pageCost, description: "The caller's own products in every state." })
  async myProducts(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.ProductStateEnum, nullable: true, description: 'Those in this state alone.' }) state: ProductState | null,
  ): Promise<ConnectionOf<T.Product> | null> {
    const found = await this.catalog.own(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toProductType);
  }

  @Asks('catalog:read-all')
  @Query(() => T.ProductConnection, { nullable: true, complexity: pageCost, description: "The staff's queue: products in one state of the gate." })
  async productsInState(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.ProductStateEnum, description: 'The state.' }) state: ProductState): Promise<ConnectionOf<T.Product> | null> {
    const found = await this.catalog.inState(actor, state, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toProductType);
  }

  @ResolveField(() => ProductMetadata, { complexity: ({ childComplexity }) => 2 + childComplexity, description: 'What it says of itself beside title and themes (DCAT-AP 3).' })
  async metadata(@Parent() product: T.Product, @Context() context: Request): Promise<ProductMetadata> {
    return toMetadata((await this.pages(context).load(product.id))!);
  }

  @ResolveField(() => [T.Product], { complexity: ({ childComplexity }) => 2 + 5 * childComplexity, description: `Other products that belong with it, as far as the caller may see them; at most ${MAX_RELATED}.` })
  async related(@Parent() product: T.Product, @Context() context: Request): Promise<T.Product[]> {
    const actor = context.authentication!.actor!;
    return ((await this.pages(context).load(product.id))?.relatedProducts ?? []).filter((other) => this.catalog.mayOpen(actor, other)).map(toProductType);
  }

  private pages(context: Request): ReturnType<typeof loader<ProductPage>> {
    return loader<ProductPage>(context, 'catalog.pages', (ids) => this.catalog.pages(ids));
  }

  @ResolveField(() => [T.Dataset], { complexity: ({ childComplexity }) => 5 + 5 * childComplexity, description: `Its datasets, at most ${LIMITS.datasetsPerProduct}.` })
  async datasets(@Parent() product: T.Product, @Context() context: Request): Promise<T.Dataset[]> {
    const papers = this.papers(product, context);
    return (await this.held(product, context)).map((d) => toDatasetType(d, shownOf(d, papers).map((r) => toRevisionType(r, papers))));
  }

  @ResolveField(() => [T.Asset], { complexity: ({ childComplexity }) => 10 + 10 * childComplexity, description: `The files of its revisions, of the latest ${SHOWN_REVISIONS} of each dataset.` })
  async assets(@Parent() product: T.Product, @Context() context: Request): Promise<T.Asset[]> {
    const papers = this.papers(product, context);
    return (await this.held(product, context)).flatMap((d) => shownOf(d, papers).toReversed().flatMap((r) => r.assets.map(toAssetType)));
  }

  private papers({ vendor }: T.Product, { authentication }: Request): boolean {
    return this.catalog.seesPapers(authentication!.actor!, vendor.id);
  }

  private async held({ id }: T.Product, context: Request): Promise<HeldDataset[]> {
    return (await loader<HeldDataset[]>(context, 'catalog.holdings', (ids) => this.catalog.holdings(ids)).load(id)) ?? [];
  }

  @Asks('catalog:manage', 'catalog:read-all')
  @ResolveField(() => T.Listing, { nullable: true, complexity: ({ childComplexity }) => 10 + 5 * childComplexity, description: 'Its papers at the gate; for its vendor and for staff.' })
  async listing(@Parent() product: T.Product, @Context() context: Request): Promise<T.Listing | null> {
    const actor = context.authentication?.actor;
    if (!actor || !this.catalog.seesPapers(actor, product.vendor.id)) return null;
    const full = (await this.pages(context).load(product.id))!;
    return { ...full, certificateNumber: full.certificateNumber?.toString() ?? null, records: full.gateRecords.map(toGateRecordType) };
  }
}

/** What was never handed out is its vendor's and the staff's. */
const shownOf = ({ revisions }: HeldDataset, papers: boolean): readonly HeldRevision[] => (papers ? revisions : revisions.filter((r) => r.releasedAt !== null));
