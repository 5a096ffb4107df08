import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, pageCost, pageRequest, toConnection } from '#shared';
import { AssignCase } from '../use-cases/counter/assign-case.js';
import { CheckDocument } from '../use-cases/counter/check-document.js';
import { ReadCases } from '../use-cases/counter/read-cases.js';
import { AssignCaseInput, CheckCaseDocumentInput } from './case.inputs.js';
import { toCaseType, toDocumentType } from './case.mapping.js';
import * as T from './case.types.js';
import { QueueArgs, queueFilterOf } from './queue.args.js';

@Resolver()
@Authenticated()
export class CounterStaffResolver {
  constructor(private readonly reading: ReadCases, private readonly assigning: AssignCase, private readonly checking: CheckDocument) {}

  @Asks('compliance:handle-cases', 'compliance:read-cases')
  @Query(() => T.CaseConnection, { nullable: true, complexity: pageCost, description: 'Open cases for staff: those whose time ends first at the head, those without a time at the end.' })
  async caseQueue(@CurrentActor() actor: Actor, @Args() page: QueueArgs): Promise<ConnectionOf<T.Case> | null> {
    const found = await this.reading.queue(actor, queueFilterOf(page), pageRequest(page.first, page.after, 2));
    return found && toConnection(found, (c) => toCaseType(c, actor));
  }

  @Asks('compliance:handle-cases', 'compliance:read-cases')
  @Query(() => [T.CounterStatisticsType], { nullable: true, complexity: 50, description: 'How the counter does, for each kind of case that is open or was closed in the period; for staff.' })
  async counterStatistics(
    @CurrentActor() actor: Actor, @Args('from', { type: () => Date, description: 'The period begins with this moment.' }) from: Date, @Args('until', { type: () => Date, description: 'It ends before this one.' }) until: Date,
  ): Promise<T.CounterStatisticsType[] | null> {
    const found = await this.reading.statisticsOf(actor, from, until);
    return found && found.map((s) => ({ ...s, percentInTime: s.timed ? Math.floor((s.inTime * 100) / s.timed) : null }));
  }

  @Asks('compliance:handle-cases')
  @Mutation(() => T.AssignCaseResult, { description: 'Says who of the staff looks after a case. Compliance officers.' })
  async assignCase(@CurrentActor() actor: Actor, @Args('input') { caseId, memberId }: AssignCaseInput): Promise<object> {
    const result = await this.assigning.execute(actor, { caseId, memberId: memberId ?? null });
    return isRefused(result) ? result : toCaseType(result, actor);
  }

  @Asks('compliance:handle-cases')
  @Mutation(() => T.CheckCaseDocumentResult, { description: 'Accepts a document of evidence, or not; once. Whoever accepts it does not grant the approval that rests on it. Compliance officers.' })
  async checkCaseDocument(@CurrentActor() actor: Actor, @Args('input') input: CheckCaseDocumentInput): Promise<object> {
    const result = await this.checking.execute(actor, input);
    return isRefused(result) ? result : toDocumentType(result);
  }
}
