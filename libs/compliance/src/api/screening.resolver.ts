import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, NoticeType } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { DecisionReasonType } from './decision.types.js';
import { Screenings } from '../screening.facade.js';
import { StaffScreening } from '../use-cases/screening/request-screening.js';
import { ScreenLawChangeInput, StartScreeningInput } from './screening.inputs.js';
import * as T from './screening.types.js';

@Resolver()
@Authenticated()
export class ScreeningResolver {
  constructor(private readonly desk: Screenings, private readonly staff: StaffScreening) {}

  @Asks('compliance:screen')
  @Mutation(() => T.ScreenLawChangeResult, { description: 'A dry run: what a change of the law would suspend and resume. It goes on in the background; nothing is changed.' })
  async screenLawChange(@CurrentActor() actor: Actor, @Args('input') input: ScreenLawChangeInput): Promise<object> {
    return T.showScreening(await this.staff.screenLawChange(actor, input));
  }

  @Asks('compliance:screen')
  @Mutation(() => T.StartScreeningResult, { description: 'Looks at the market, or at one organisation, again under the law in force: what is not permitted is suspended, what is permitted again is resumed.' })
  async startScreening(@CurrentActor() actor: Actor, @Args('input') input: StartScreeningInput): Promise<object> {
    return T.showScreening(await this.staff.start(actor, input));
  }

  @Asks('compliance:screen')
  @Query(() => T.ScreeningType, { nullable: true, description: 'A screening with how far it is.' })
  async screening(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<T.ScreeningType | null> {
    const found = await this.desk.screeningFor(actor, id);
    return found && T.toScreeningType(found);
  }

  @Asks('compliance:screen')
  @Query(() => T.ScreeningConnection, { nullable: true, complexity: pageCost, description: 'Screenings, newest first.' })
  async screenings(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.ScreeningType> | null> {
    const found = await this.desk.screeningsFor(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toScreeningType);
  }
}

/** Who sees a screening sees what it changes. */
@Resolver(() => T.ScreeningType)
@Authenticated()
export class ScreeningResultsResolver {
  constructor(private readonly screenings: Screenings) {}

  @ResolveField(() => T.ScreeningResultConnection, { complexity: pageCost, description: 'What it changes, or would; what stays as it is is not there.' })
  async results(@Parent() { id }: T.ScreeningType, @Args() page: PageArgs): Promise<ConnectionOf<T.ScreeningResultType>> {
    return toConnection(await this.screenings.resultsOf(id, pageRequest(page.first, page.after, 2)), (change): T.ScreeningResultType => ({ ...change }));
  }
}

/** Why, with rules and articles, where a notice comes from the law. */
@Resolver(() => NoticeType)
@Authenticated()
export class NoticeReasonsResolver {
  @ResolveField(() => [DecisionReasonType], { description: 'Why, with rules and articles; empty where the law is not behind it.' })
  reasons(@Parent() notice: NoticeType): DecisionReasonType[] {
    return [...notice.reasons] as DecisionReasonType[];
  }
}
