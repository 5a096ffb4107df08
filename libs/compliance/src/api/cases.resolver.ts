import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, loader, type LoaderHolder, pageCost, pageRequest, toConnection } from '#shared';
import type { CounterCase } from '../domain/counter/counter-case.js';
import { MoveCase } from '../use-cases/counter/move-case.js';
import { OpenCase } from '../use-cases/counter/open-case.js';
import { ReadCases } from '../use-cases/counter/read-cases.js';
import { MoveCaseInput, OpenCaseInput } from './case.inputs.js';
import { fromScopeInput, type ShownCase, toCaseType, toDocumentType, toStepType } from './case.mapping.js';
import * as T from './case.types.js';
import { CasesArgs, ownFilterOf } from './queue.args.js';

/** What a case costs beside its own fields: a page of documents, a page of steps. */
const LIST_COST = 20;

@Resolver(() => T.Case)
@Authenticated()
export class CasesResolver {
  constructor(private readonly reading: ReadCases, private readonly opening: OpenCase, private readonly moving: MoveCase) {}

  @Asks('compliance:counter', 'compliance:assess', 'compliance:handle-cases', 'compliance:read-cases')
  @Query(() => T.Case, { nullable: true, description: 'A case at the service counter, for its parties and for staff; null for everybody else.' })
  async case(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<T.Case | null> {
    const found = await this.reading.byId(actor, id);
    return found && toCaseType(found, actor);
  }

  @Asks('compliance:counter', 'compliance:assess')
  @Query(() => T.CaseConnection, { nullable: true, complexity: pageCost, description: "Cases that the caller's organisation is a party of, as applicant, as the other side or as assessor, newest first. `from` and `until` are of the opening." })
  async cases(@CurrentActor() actor: Actor, @Args() page: CasesArgs): Promise<ConnectionOf<T.Case> | null> {
    const found = await this.reading.mine(actor, ownFilterOf(page), pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (c) => toCaseType(c, actor));
  }

  @Asks('compliance:counter')
  @Mutation(() => T.OpenCaseResult, { description: 'Opens a case at the service counter. While one is open for the same matter, that one is answered.' })
  async openCase(@CurrentActor() actor: Actor, @Args('input') { scope, ...input }: OpenCaseInput): Promise<object> {
    return shown(actor, await this.opening.execute(actor, { ...input, ...(scope ? { scope: fromScopeInput(scope) } : {}) }));
  }

  @Asks('compliance:counter', 'compliance:assess', 'compliance:handle-cases')
  @Mutation(() => T.MoveCaseResult, { description: 'Moves a case on: the applicant, the assessor or staff, as its kind says.' })
  async moveCase(@CurrentActor() actor: Actor, @Args('input') { scope, ...input }: MoveCaseInput): Promise<object> {
    return shown(actor, await this.moving.execute(actor, { ...input, scope: scope ? fromScopeInput(scope) : null }));
  }

  @ResolveField(() => T.CaseClock, { nullable: true, complexity: LIST_COST, description: 'The time that runs; null where none does.' })
  async clock(@Parent() parent: ShownCase, @Context() context: LoaderHolder): Promise<T.CaseClock | null> {
    const { clockFrom, dueOn, dueProblem, calendar } = parent.case;
    const clock = this.reading.clockOf(parent.case, await this.events(context, parent.id));
    if (!clock || clockFrom === null) return null;
    const { days, unit, citation, confidence } = clock;
    return { from: clockFrom, dueOn, problem: dueProblem, overdue: this.reading.isOverdue(parent.case), days, workingDays: unit === 'WORKING', calendar, citation, confidence };
  }
  @ResolveField(() => [T.CaseStep], { complexity: LIST_COST, description: 'What happened to it, oldest first.' })
  async history(@CurrentActor() actor: Actor, @Parent() parent: ShownCase, @Context() context: LoaderHolder): Promise<T.CaseStep[]> {
    return (await this.events(context, parent.id)).map((e) => toStepType(e, parent.case, actor));
  }
  @ResolveField(() => [T.CaseDocument], { complexity: LIST_COST, description: 'Its documents, oldest first; at most sixty.' })
  async documents(@Parent() { id }: ShownCase, @Context() context: LoaderHolder): Promise<T.CaseDocument[]> {
    return ((await loader(context, 'case-documents', (ids) => this.reading.documentsOf(ids)).load(id)) ?? []).map(toDocumentType);
  }
  @ResolveField(() => ID, { nullable: true, description: 'The approval that it led to.' })
  approvalId(@Parent() { id }: ShownCase, @Context() context: LoaderHolder): Promise<string | null> {
    return loader(context, 'case-approvals', (ids) => this.reading.approvalsOf(ids)).load(id);
  }
  @ResolveField(() => [T.CaseEventEnum], { description: 'What the caller may do to it now.' })
  possibleEvents(@CurrentActor() actor: Actor, @Parent() parent: ShownCase): string[] {
    return this.reading.possible(actor, parent.case);
  }

  private async events(context: LoaderHolder, id: string) {
    return (await loader(context, 'case-events', (ids) => this.reading.eventsOf(ids)).load(id)) ?? [];
  }
}

const shown = (actor: Actor, result: CounterCase | { readonly refused: true }): object => (isRefused(result) ? result : toCaseType(result as CounterCase, actor));
