import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { rulebookStates } from '../../domain/gate/rulebook-state.js';
import { GateRulebookRepository, type StoredRulebook } from '../../storage/gate-rulebook.repository.js';
import { readDocument } from './gate-rulebooks.js';

export interface DecideRulebookInput {
  readonly version: string;
  readonly confirm: boolean;
  readonly reason: string;
}

/** The operator changes what the gate demands: one member of staff hands a version in, another confirms it. Products keep the version they were handed in under. */
@Injectable()
export class ChangeRulebook {
  constructor(private readonly commands: Commands, private readonly rulebooks: GateRulebookRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async propose(actor: Actor, input: { readonly document: string }): Promise<Result<StoredRulebook>> {
    const refusal = authorise(actor, 'catalog:propose-rulebook');
    if (refusal) return refusal;
    const read = readDocument(input.document);
    if ('problems' in read) {
      const fields = read.problems.map((p) => ({ path: `document${p.slice(1, p.indexOf(':'))}`, message: p.slice(p.indexOf(':') + 2) }));
      return { refused: true, kind: 'InvalidInput', code: CATALOG_ERRORS.RULEBOOK, message: read.problems[0]!, fields };
    }
    return this.commands.run<Result<StoredRulebook>>(actor, 'catalog.propose-gate-rulebook', input, async (tx) => {
      const { version, effectiveFrom } = read.rulebook;
      const stored: StoredRulebook = { version, effectiveFrom, ...read, state: 'PROPOSED', proposedBy: actor.subject, proposedAt: this.clock.now(), decidedBy: null, reason: null, decidedAt: null };
      if (!(await this.rulebooks.insert(tx, stored))) return stateConflict(CATALOG_ERRORS.RULEBOOK, 'this version, or this content, is on record already', 'KNOWN');
      await this.audit.append(tx, actor, { act: 'gate-rulebook.propose', objectType: 'gate-rulebook', objectId: version, details: { hash: read.hash, effectiveFrom } });
      return stored;
    });
  }

  async decide(actor: Actor, input: DecideRulebookInput): Promise<Result<StoredRulebook>> {
    const refusal = authorise(actor, 'catalog:confirm-rulebook');
    if (refusal) return refusal;
    return this.commands.run<Result<StoredRulebook>>(actor, 'catalog.decide-gate-rulebook', input, async (tx) => {
      const stored = await this.rulebooks.lock(tx, input.version);
      if (!stored) return notFound('rulebook');
      if (!secondPersonDiffers('catalog:propose-rulebook', 'catalog:confirm-rulebook', { first: stored.proposedBy, second: actor.subject })) return stateConflict(CATALOG_ERRORS.FOUR_EYES, 'whoever proposed a rulebook does not decide on it', stored.state);
      const state = await this.audit.transition(tx, actor, {
        table: rulebookStates, state: stored.state, event: input.confirm ? 'confirm' : 'reject', objectType: 'gate-rulebook', objectId: stored.version, reason: input.reason, details: { hash: stored.hash, effectiveFrom: stored.effectiveFrom },
      });
      if (isRefused(state)) return state;
      const decided = { ...stored, state, decidedBy: actor.subject, reason: input.reason, decidedAt: this.clock.now() };
      await this.rulebooks.decide(tx, decided);
      return decided;
    });
  }
}
