import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated, type RequestHolder } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { Catalog } from '../../catalog.facade.js';
import { freshness } from '../../domain/profile/profile.js';
import { CatalogProfiles } from '../../profiles.facade.js';
import type { ShownProfile } from '../../storage/profile.repository.js';
import * as T from '../catalog.types.js';
import { DatasetProfileType, TableSampleType } from './profile.types.js';

@Resolver(() => T.Dataset)
@Authenticated()
export class ProfileResolver {
  constructor(private readonly profiles: CatalogProfiles, private readonly catalog: Catalog) {}

  @ResolveField(() => DatasetProfileType, { nullable: true, complexity: ({ childComplexity }) => 20 + childComplexity, description: 'What the exchange computed of its data: of the latest revision that is handed out; before there is one, for its vendor and for staff, of its latest. Null until that was read.' })
  async profile(@Parent() { id }: T.Dataset, @Context() context: LoaderHolder): Promise<DatasetProfileType | null> {
    const found = await this.shown(context).load(id);
    return found && toProfileType(found);
  }

  @ResolveField(() => [TableSampleType], { nullable: true, complexity: ({ childComplexity }) => 100 + 5 * childComplexity, description: 'A few rows of each of its tables, masked. Null until it was read; no table whose columns nobody could look at.' })
  async sample(@Parent() { id, of }: T.Dataset, @Context() context: LoaderHolder & RequestHolder): Promise<readonly TableSampleType[] | null> {
    const found = (await this.shown(context).load(id + SAMPLED))?.samples ?? null;
    const actor = context.authentication!.actor!;
    if (found && of.vendorId !== actor.tenantId && !this.catalog.seesPapers(actor, of.vendorId)) this.catalog.interest.look(of.productId, 'samples');
    return found;
  }

  /** Profiles and samples of a page in one statement, which leaves the samples out where nobody asks for them. */
  private shown(context: LoaderHolder): ReturnType<typeof loader<ShownProfile>> {
    return loader<ShownProfile>(context, 'catalog.profiles', async (keys) => {
      const found = await this.profiles.of([...new Set(keys.map(datasetOf))], keys.some((key) => key.endsWith(SAMPLED)));
      return new Map(keys.flatMap((key) => (found.has(datasetOf(key)) ? [[key, found.get(datasetOf(key))!]] : [])));
    });
  }
}

const SAMPLED = '+sample';
const datasetOf = (key: string): string => key.replace(SAMPLED, '');

function toProfileType({ content, revisionId, revisionNumber, profilerVersion, changeClass, changes, createdAt, finalisedAt }: ShownProfile): DatasetProfileType {
  const { files, tables, complete } = content;
  return {
    revisionId, revisionNumber, profilerVersion, complete, createdAt, freshness: freshness(tables, finalisedAt), schemaChange: changeClass && { class: changeClass, changes },
    rows: String(tables.reduce((sum, t) => sum + t.rows, 0)), bytes: String(files.reduce((sum, f) => sum + f.bytes, 0)),
    files: files.map((f) => ({ ...f, bytes: String(f.bytes) })), tables: tables.map((t) => ({ ...t, bytes: String(t.bytes) })),
  };
}
