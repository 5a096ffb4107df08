import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict, type StateConflict } from '#shared';
import { findingStates } from '../../domain/findings/finding.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { FindingChanged } from '../../register.events.js';
import { type Finding, FindingRepository } from '../../storage/finding.repository.js';
import { toldOf } from './find.js';

export interface JudgeFindingInput {
  readonly findingId: string;
  readonly reason: string;
}
type Judgement = 'confirm' | 'dismiss' | 'clear';
const END = { confirm: 'CONFIRMED', dismiss: 'DISMISSED', clear: 'CLEARED' } as const;

/** Officers say what a finding comes to. Another one than raised it confirms it, and another one than confirmed it clears it. */
@Injectable()
export class JudgeFinding {
  constructor(private readonly commands: Commands, private readonly findings: FindingRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, judgement: Judgement, input: JudgeFindingInput): Promise<Result<Finding>> {
    const refusal = authorise(actor, 'compliance:handle-findings');
    if (refusal) return refusal;
    return this.commands.run<Result<Finding>>(actor, `compliance.${judgement}-finding`, input, async (tx) => {
      const finding = await this.findings.lock(tx, input.findingId);
      if (!finding) return notFound('finding');
      const state = await this.audit.transition(tx, actor, {
        table: findingStates, state: finding.state, event: judgement, objectType: 'finding', objectId: finding.id, tenantId: finding.organisationId, reason: input.reason,
        announce: { type: FindingChanged, payload: toldOf(finding, END[judgement]) },
      });
      if (isRefused(state)) return state;
      const oneAndTheSame = sameOfficer(actor, judgement, finding);
      if (oneAndTheSame) return oneAndTheSame;
      const by = judgement === 'clear' ? { clearedBy: actor.subject, clearedAt: this.clock.now() } : { decidedBy: actor.subject, decidedAt: this.clock.now() };
      const change = { state, reason: input.reason, ...by };
      await this.findings.move(tx, finding.id, change);
      return { ...finding, ...change };
    });
  }
}

function sameOfficer(actor: Actor, judgement: Judgement, { state, raisedBy, decidedBy }: Finding): StateConflict | undefined {
  const four = (message: string): StateConflict => stateConflict(REGISTER_ERRORS.FOUR_EYES, message, state);
  if (judgement === 'confirm' && raisedBy === actor.subject) return four('another officer confirms what you raised');
  if (judgement === 'clear' && decidedBy === actor.subject) return four('another officer clears what you confirmed');
  return undefined;
}
