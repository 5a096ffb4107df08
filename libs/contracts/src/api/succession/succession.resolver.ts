import { Context, Field, ID, ObjectType, Parent, registerEnumType, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated } from '#identity';
import { enumOf, loader, type LoaderHolder } from '#shared';
import { type Supersession as Stored, SUPERSESSION_KINDS, SupersessionRepository } from '../../storage/supersession.repository.js';
import { Agreement } from '../contracts.types.js';

const KindEnum = enumOf(SUPERSESSION_KINDS);
registerEnumType(KindEnum, { name: 'SupersessionKind', description: 'RENEWAL: from the end of the older agreement on. REPLACEMENT: the older one ends when the newer one begins.' });

@ObjectType({ description: 'One agreement takes the place of another. Neither document changes.' })
export class Supersession {
  @Field(() => ID, { description: 'The newer agreement.' }) agreementId: string;
  @Field(() => ID, { description: 'The older one.' }) supersededId: string;
  @Field(() => KindEnum, { description: 'From when on.' }) kind: string;
  @Field(() => Date, { description: 'When both sides had signed it.' }) agreedAt: Date;
  @Field(() => Date, { nullable: true, description: 'From when the newer one holds; null: it is not paid yet, or came to nothing.' }) effectiveAt?: Date | null;
}

/** Who sees an agreement sees what came before and after it. */
@Resolver(() => Agreement)
@Authenticated()
export class SuccessionResolver {
  constructor(private readonly supersessions: SupersessionRepository) {}

  @ResolveField('supersedes', () => Supersession, { nullable: true, complexity: 5, description: 'What it takes the place of.' })
  async supersedes(@Parent() agreement: Agreement, @Context() context: LoaderHolder): Promise<Supersession | null> {
    return loader<Stored>(context, 'contracts.supersedes', (ids) => this.supersessions.ofNewer(ids)).load(agreement.id);
  }
  @ResolveField('supersededBy', () => Supersession, { nullable: true, complexity: 5, description: 'What takes its place, by the last agreement that is to.' })
  async supersededBy(@Parent() agreement: Agreement, @Context() context: LoaderHolder): Promise<Supersession | null> {
    return loader<Stored>(context, 'contracts.superseded-by', (ids) => this.supersessions.ofOlder(ids)).load(agreement.id);
  }
}
