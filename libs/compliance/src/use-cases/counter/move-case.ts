import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { Commands, isRefused, notFound, type NotPermitted, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import type { Scope } from '../../domain/approvals/approval.js';
import { eventsFor } from '../../domain/counter/case-kind.js';
import { CASE_RULES } from '../../domain/counter/case-kinds.js';
import { checkEvidence, checkMove, type MoveDetails } from '../../domain/counter/check-move.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';
import { CaseDocumentRepository } from '../../storage/case-document.repository.js';
import { CaseRepository } from '../../storage/case.repository.js';
import { authoriseAtCounter, sideOf } from './case-side.js';
import { CaseEffects } from './case-effects.js';
import { CaseTimes } from './case-times.js';
import { RecordCase } from './record-case.js';

export interface MoveCaseInput extends MoveDetails {
  readonly caseId: string;
  readonly event: string;
  /** What is granted, where it differs from what was asked for. */
  readonly scope?: Scope | null;
}

/** Every transition of every case: by whom it is, what it needs and what it leads to stands in the tables of its kind. */
@Injectable()
export class MoveCase {
  constructor(
    private readonly commands: Commands, private readonly cases: CaseRepository, private readonly documents: CaseDocumentRepository, private readonly times: CaseTimes, private readonly recorder: RecordCase,
    private readonly effects: CaseEffects,
  ) {}

  async execute(actor: Actor, input: MoveCaseInput): Promise<Result<CounterCase>> {
    const refusal = authoriseAtCounter(actor);
    if (refusal) return refusal;
    return this.commands.run<Result<CounterCase>>(actor, 'compliance.move-case', input, async (tx) => {
      const found = await this.cases.lock(tx, input.caseId);
      return found ? this.step(tx, actor, found, input) : notFound('case');
    });
  }

  private async step(tx: Tx, actor: Actor, c: CounterCase, { event, scope, ...details }: MoveCaseInput): Promise<Result<CounterCase>> {
    const side = sideOf(actor, c);
    if (!side) return notFound('case');
    const rules = CASE_RULES[c.kind];
    const step = rules.rule(c.state, event);
    if (!step) return stateConflict(COUNTER_ERRORS.EVENT, `${event} is not possible in state ${c.state}; now you may: ${eventsFor(rules, c.state, side).join(', ') || 'nothing'}`, c.state);
    if (!step.by.includes(side)) return notYours(event, step.by);
    const today = this.times.today(c.calendar);
    const documents = await this.documents.ofCase(tx, c.id);
    const wrong: Refusal | undefined = checkMove(step, details, today, c.clockFrom) ?? checkEvidence(step, documents, c.state);
    if (wrong) return wrong;
    const moved = await this.recorder.move(tx, actor, c, { event, side, reason: details.reason ?? null, reference: details.reference ?? null, occurredOn: details.occurredOn ?? null, checks: step.checks ?? false });
    if (isRefused(moved)) return moved;
    const effect = await this.effects.of(tx, actor, moved, { step, details, scope: scope ?? null, documents, today });
    // It is rolled back: the case stands where it stood.
    return effect?.kind === 'StateConflict' ? { ...effect, state: c.state } : (effect ?? moved);
  }
}

const notYours = (event: string, by: readonly string[]): NotPermitted => ({ refused: true, kind: 'NotPermitted', code: COUNTER_ERRORS.NOT_YOUR_STEP, message: `${event} is done by the ${by.join(' or ').toLowerCase()}` });
