import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { isId } from '#shared';
import type { Decision } from '../../domain/decision.js';
import { replay } from '../../domain/replay.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { CurrentLaw } from './current-law.js';

export interface Replay {
  readonly decision: Decision;
  /** The fields in which it comes out otherwise; `law` where the law behind its hash is not kept here. */
  readonly differences: readonly string[];
}

/** Works stored decisions out again from their facts and the law behind their hash: the same facts and law give the same decision for ever. */
@Injectable()
export class ReplayDecision {
  constructor(private readonly laws: CurrentLaw, private readonly decisions: DecisionRepository) {}

  /** For staff that oversees trades; null for everybody else and where there is none. */
  async execute(actor: Actor, id: string): Promise<Replay | null> {
    if (!permits(actor, 'oversight:read') || !isId(id)) return null;
    const decision = (await this.decisions.byIds([id])).get(id);
    if (!decision) return null;
    const law = await this.laws.behind(decision.rulebookHash);
    return { decision, differences: law ? replay(law, decision) : ['law'] };
  }
}
