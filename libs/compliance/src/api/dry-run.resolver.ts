import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { Clock, type InvalidInput, isRefused } from '#shared';
import type { CaseResult } from '../domain/decision-file/decide-case.js';
import { LAW_ERRORS } from '../law.errors.js';
import { DryRun } from '../use-cases/law/dry-run.js';
import { ReplayDecision } from '../use-cases/law/replay-decision.js';
import { DecideTransferInput, DecideTransferResult, DecisionReplay } from './dry-run.types.js';

const MOST_PROBLEMS = 100;

@Resolver()
@Authenticated()
export class DryRunResolver {
  constructor(private readonly dryRun: DryRun, private readonly replaying: ReplayDecision, private readonly clock: Clock) {}

  @Asks('compliance:dry-run')
  @Query(() => DecideTransferResult, { nullable: true, complexity: 50, description: 'Asks what the law in force says of given facts: nothing is recorded, reserved or looked up. For vendors, buyers and staff; null for everybody else.' })
  async decideTransfer(@CurrentActor() actor: Actor, @Args('input') input: DecideTransferInput): Promise<object | null> {
    const answer = await this.dryRun.execute(actor, input.facts);
    return answer === null || isRefused(answer) ? answer : show(answer, this.clock.now());
  }

  @Asks('oversight:read')
  @Query(() => DecisionReplay, { nullable: true, complexity: 50, description: 'Works a stored decision out again from its facts and the law behind its hash; for staff that oversees trades.' })
  async replayDecision(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<DecisionReplay | null> {
    const found = await this.replaying.execute(actor, id);
    return found && { decisionId: found.decision.id, same: found.differences.length === 0, differences: found.differences, rulebookHash: found.decision.rulebookHash };
  }
}

function show({ result, asOf, law }: { result: CaseResult; asOf: string; law: { hash: string } }, at: Date): object {
  switch (result.kind) {
    case 'invalid': {
      const fields = result.problems.slice(0, MOST_PROBLEMS).map((p) => ({ ...p, path: p.path.replace(/^input/, 'facts') }));
      return { refused: true, kind: 'InvalidInput', code: LAW_ERRORS.FACTS_INVALID, message: 'the facts are wrong: each is named', fields } satisfies InvalidInput;
    }
    case 'missing': return { refused: true, kind: 'FactsMissing', code: LAW_ERRORS.FACTS_MISSING, message: `it cannot be decided without ${result.facts.join(', ')}`, missing: result.facts };
    case 'decided': return { ...result.verdict, reasons: result.verdict.reasons.map((r) => ({ ...r, at })), asOf, rulebookHash: law.hash };
    default: return result satisfies never;
  }
}
