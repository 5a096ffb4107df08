import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { Clock, invalid, type InvalidInput } from '#shared';
import { dayAt } from '../../domain/days.js';
import { type CaseResult, decideCase } from '../../domain/decision-file/decide-case.js';
import type { Law } from '../../domain/law/law.js';
import { LAW_ERRORS } from '../../law.errors.js';
import { CurrentLaw } from './current-law.js';

/** What the law in force says of the facts of a case: nothing is recorded or reserved, and nothing is looked up but the law. */
@Injectable()
export class DryRun {
  constructor(private readonly laws: CurrentLaw, private readonly clock: Clock) {}

  /** `facts`: JSON text, the input of a case of a decision file. Without `asOf` the law of today applies, as the calendar stands in Shanghai. Null for those who may not ask. */
  async execute(actor: Actor, facts: string): Promise<{ readonly law: Law; readonly asOf: string; readonly result: CaseResult } | InvalidInput | null> {
    if (!permits(actor, 'compliance:dry-run')) return null;
    const today = dayAt(this.clock.now(), 'Asia/Shanghai');
    let input: unknown;
    try {
      input = JSON.parse(facts);
    } catch (error) {
      return invalid(LAW_ERRORS.FACTS_INVALID, 'facts', `must be JSON: ${(error as Error).message}`);
    }
    const dated = typeof input === 'object' && input !== null && !Array.isArray(input) ? { asOf: today, ...input } : input;
    const law = await this.laws.now();
    const result = decideCase(law, dated);
    return { law, asOf: result.kind === 'invalid' ? today : String((dated as { asOf: unknown }).asOf), result };
  }
}
