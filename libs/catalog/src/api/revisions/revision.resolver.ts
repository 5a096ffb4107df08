import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Catalog } from '../../catalog.facade.js';
import type { Revision } from '../../storage/dataset.repository.js';
import { type HeldRevision, SHOWN_REVISIONS } from '../../storage/holdings.repository.js';
import { RevisionDesk } from '../../use-cases/desks.js';
import { CreateRevisionInput, FinaliseRevisionInput, RevokeRevisionInput } from '../catalog.inputs.js';
import { shown, toAssetType, toRevisionType } from '../catalog.mapping.js';
import * as T from '../catalog.types.js';
import { fromFinaliseInput } from '../content/content.mapping.js';

const toOwn = (revision: Revision): T.Revision => toRevisionType(revision, true);

@Resolver(() => T.Revision)
@Authenticated()
export class RevisionResolver {
  constructor(private readonly desk: RevisionDesk, private readonly catalog: Catalog) {}

  @Asks('catalog:manage')
  @Mutation(() => T.CreateRevisionResult, { description: 'Opens the next revision of a dataset: of a draft, or of a product that is listed.' })
  async createRevision(@CurrentActor() actor: Actor, @Args('input') input: CreateRevisionInput): Promise<object> {
    return shown(await this.desk.create.execute(actor, input), toOwn);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.FinaliseRevisionResult, { description: 'Closes a revision for ever. Of a listed product the platform tests it by itself, and hands it out once it passed.' })
  async finaliseRevision(@CurrentActor() actor: Actor, @Args('input') input: FinaliseRevisionInput): Promise<object> {
    return shown(await this.desk.finalise.execute(actor, fromFinaliseInput(input)), toOwn);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.RevokeRevisionResult, { description: 'Calls a finalised revision back: no byte of it leaves any more, and every holder of a licence is told why.' })
  async revokeRevision(@CurrentActor() actor: Actor, @Args('input') input: RevokeRevisionInput): Promise<object> {
    return shown(await this.desk.revoke.execute(actor, input), toOwn);
  }

  @Asks('AUTHENTICATED', 'catalog:manage', 'catalog:read-all')
  @Query(() => T.RevisionConnection, { nullable: true, complexity: pageCost, description: 'Revisions of a dataset, newest first: those that are, or were, handed out; all of them for its vendor and for staff. Null where its product is not to be seen.' })
  async revisions(@CurrentActor() actor: Actor, @Args('datasetId', { type: () => ID, description: 'The dataset.' }) datasetId: string, @Args() page: PageArgs): Promise<ConnectionOf<T.Revision> | null> {
    const found = await this.catalog.revisions(actor, datasetId, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (r) => toRevisionType(r, this.catalog.seesPapers(actor, r.vendorId)));
  }

  @ResolveField(() => [T.Asset], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'Its files.' })
  async assets(@Parent() { id, held }: T.Revision, @Context() context: LoaderHolder): Promise<T.Asset[]> {
    const assets = held ?? (await loader<HeldRevision>(context, 'catalog.revisions', (ids) => this.catalog.revisionsByIds(ids)).load(id))?.assets ?? [];
    return assets.map(toAssetType);
  }
}

@Resolver(() => T.Dataset)
@Authenticated()
export class DatasetRevisionsResolver {
  @ResolveField(() => [T.Revision], { complexity: ({ childComplexity }) => 3 * childComplexity, description: `Its latest revisions, at most ${SHOWN_REVISIONS}, newest first; \`revisions\` answers all of them page by page.` })
  revisions(@Parent() { held }: T.Dataset): readonly T.Revision[] {
    return held;
  }
}
