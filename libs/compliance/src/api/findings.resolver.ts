import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { FindingKind, FindingState } from '../domain/findings/finding.js';
import { Findings } from '../register.facade.js';
import { JudgeFinding } from '../use-cases/findings/judge-finding.js';
import { RaiseFinding } from '../use-cases/findings/raise-finding.js';
import * as T from './findings.types.js';

@Resolver()
@Authenticated()
export class FindingsResolver {
  constructor(private readonly findings: Findings, private readonly raising: RaiseFinding, private readonly judging: JudgeFinding) {}

  @Asks('compliance:handle-findings', 'oversight:read')
  @Query(() => T.FindingConnection, { nullable: true, complexity: pageCost, description: 'Findings about everybody, newest first. Staff; null for others.' })
  async complianceFindings(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.FindingStateEnum, nullable: true, description: 'Those in this state.' }) state: FindingState | null,
    @Args('kind', { type: () => T.FindingKindEnum, nullable: true, description: 'Those of this kind.' }) kind: FindingKind | null,
    @Args('organisationId', { type: () => ID, nullable: true, description: 'Those about this organisation.' }) organisationId: string | null,
  ): Promise<ConnectionOf<T.ComplianceFinding> | null> {
    const found = await this.findings.page(actor, { state: state ?? null, kind: kind ?? null, organisationId: organisationId ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toFindingType);
  }

  @Asks('compliance:read-own')
  @Query(() => T.FindingConnection, { nullable: true, complexity: pageCost, description: "Findings about the caller's organisation, newest first." })
  async myFindings(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.FindingStateEnum, nullable: true, description: 'Those in this state.' }) state: FindingState | null,
  ): Promise<ConnectionOf<T.ComplianceFinding> | null> {
    const found = await this.findings.mine(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toOwnFindingType);
  }

  @Asks('compliance:handle-findings')
  @Mutation(() => T.RaiseFindingResult, { description: 'Puts on record what an officer holds to be wrong. It bites once another one has confirmed it.' })
  async raiseFinding(@CurrentActor() actor: Actor, @Args('input') input: T.RaiseFindingInput): Promise<object> {
    return T.showFinding(await this.raising.execute(actor, input));
  }

  @Asks('compliance:handle-findings')
  @Mutation(() => T.ConfirmFindingResult, { description: 'Says that it is so. Another officer than raised it. Where its kind stops transfers, the next one is refused.' })
  async confirmFinding(@CurrentActor() actor: Actor, @Args('input') input: T.ConfirmFindingInput): Promise<object> {
    return T.showFinding(await this.judging.execute(actor, 'confirm', input));
  }

  @Asks('compliance:handle-findings')
  @Mutation(() => T.DismissFindingResult, { description: 'Says that it is not so.' })
  async dismissFinding(@CurrentActor() actor: Actor, @Args('input') input: T.DismissFindingInput): Promise<object> {
    return T.showFinding(await this.judging.execute(actor, 'dismiss', input));
  }

  @Asks('compliance:handle-findings')
  @Mutation(() => T.ClearFindingResult, { description: 'Says that it was put right. Another officer than confirmed it.' })
  async clearFinding(@CurrentActor() actor: Actor, @Args('input') input: T.ClearFindingInput): Promise<object> {
    return T.showFinding(await this.judging.execute(actor, 'clear', input));
  }
}
