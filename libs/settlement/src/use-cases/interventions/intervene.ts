import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Notices, permits, secondPersonDiffers } from '#identity';
import { accepted, Clock, Commands, isRefused, newId, notFound, type Page, type PageRequest, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { type Intervention, type InterventionKind, interventionStates } from '../../domain/disputes/intervention.js';
import { openGross } from '../../domain/reversal.js';
import type { Trade } from '../../domain/trade.js';
import type { TradeEvent } from '../../domain/trade-states.js';
import { SETTLEMENT_ERRORS } from '../../settlement.errors.js';
import { InterventionRepository } from '../../storage/intervention.repository.js';
import { TradeRepository } from '../../storage/trade.repository.js';
import { MoveDispute } from '../disputes/move-dispute.js';
import { MoveTrade } from '../move-trade.js';
import { seesAllTrades } from '../read-trades.js';
import { ReverseTrade } from '../reversals/reverse-trade.js';

export interface InterveneInput {
  readonly tradeId: string;
  readonly reason: string;
}
export interface EndInterventionInput {
  readonly interventionId: string;
  readonly reason: string;
}

/** Groups what an intervention moves, so that the use case keeps its constructor short. */
@Injectable()
export class InterventionDesk {
  constructor(readonly interventions: InterventionRepository, readonly trades: TradeRepository, readonly move: MoveTrade, readonly reverse: ReverseTrade, readonly disputes: MoveDispute, readonly notices: Notices, readonly clock: Clock) {}
}

/** Where the exchange steps in: one officer freezes a trade, another lets it go on; one proposes to undo it, another has it done. */
@Injectable()
export class Intervene {
  constructor(private readonly commands: Commands, private readonly desk: InterventionDesk, private readonly audit: Audit) {}

  /** At once: nobody accepts, clears, disputes or is paid it until somebody else lifts it. */
  freeze(actor: Actor, input: InterveneInput): Promise<Result<Intervention>> {
    return this.begin(actor, 'settlement.freeze-trade', 'FREEZE', input, async (tx, trade) => {
      const frozen = await this.desk.move.execute(tx, actor, trade, 'freeze', {}, input.reason);
      if (isRefused(frozen)) return frozen;
      await this.tell(tx, trade, `The exchange has frozen this trade: ${input.reason}`);
      return undefined;
    });
  }
  /** Proposes that all that is left of a paid trade goes back. */
  proposeUnwinding(actor: Actor, input: InterveneInput): Promise<Result<Intervention>> {
    return this.begin(actor, 'settlement.propose-unwinding', 'UNWINDING', input, async (_, trade) =>
      trade.fundedAt === null || openGross(trade).minor === 0n ? stateConflict(SETTLEMENT_ERRORS.NOT_REVERSIBLE, 'nothing of this trade can go back', trade.state) : undefined);
  }

  lift(actor: Actor, input: EndInterventionInput): Promise<Result<Intervention>> {
    return this.end(actor, 'settlement.lift-freeze', 'FREEZE', 'lift', input, async (tx, trade) => {
      accepted(await this.desk.move.execute(tx, actor, trade, `thaw_${trade.frozenFrom!}` as TradeEvent, {}, input.reason));
      await this.tell(tx, trade, `This trade goes on: ${input.reason}`);
      return undefined;
    });
  }
  /** The second officer. A freeze of the trade is over with it. */
  approveUnwinding(actor: Actor, input: EndInterventionInput): Promise<Result<Intervention>> {
    return this.end(actor, 'settlement.approve-unwinding', 'UNWINDING', 'approve', input, async (tx, trade) => {
      const done = await this.desk.reverse.execute(tx, actor, trade, { amount: openGross(trade), cause: 'UNWINDING', reason: input.reason });
      if (isRefused(done)) return done;
      await this.desk.disputes.undone(tx, actor, done.trade, input.reason);
      const freeze = await this.desk.interventions.openOf(tx, trade.id, 'FREEZE');
      if (freeze && freeze.begunBy !== actor.subject) await this.close(tx, actor, freeze, 'approve', input.reason);
      else if (freeze) return stateConflict(SETTLEMENT_ERRORS.SECOND_OFFICER, 'you froze this trade: somebody else undoes it', trade.state);
      await this.tell(tx, trade, `The exchange has undone this trade: ${input.reason}`);
      return undefined;
    });
  }
  rejectUnwinding(actor: Actor, input: EndInterventionInput): Promise<Result<Intervention>> {
    return this.end(actor, 'settlement.reject-unwinding', 'UNWINDING', 'reject', input, () => Promise.resolve(undefined));
  }

  /** Newest first; null for who is no such staff. */
  async page(actor: Actor, tradeId: string | null, onlyOpen: boolean, request: PageRequest): Promise<Page<Intervention> | null> {
    return seesAllTrades(actor) || permits(actor, 'settlement:intervene') ? this.desk.interventions.page(tradeId, onlyOpen, request) : null;
  }

  private async begin(actor: Actor, operation: string, kind: InterventionKind, input: InterveneInput, work: (tx: Tx, trade: Trade) => Promise<Refusal | undefined>): Promise<Result<Intervention>> {
    const refusal = authorise(actor, 'settlement:intervene');
    if (refusal) return refusal;
    return this.commands.run<Result<Intervention>>(actor, operation, input, async (tx) => {
      const trade = await this.desk.trades.lock(tx, input.tradeId);
      if (!trade) return notFound('trade');
      const problem = await work(tx, trade);
      if (problem) return problem;
      const intervention: Intervention = {
        id: newId(), tradeId: trade.id, kind, state: kind === 'FREEZE' ? 'IN_FORCE' : 'PROPOSED', reason: input.reason, begunBy: actor.subject, begunAt: this.desk.clock.now(), endedBy: null, endReason: null, endedAt: null,
      };
      if (!(await this.desk.interventions.insert(tx, intervention))) return stateConflict(SETTLEMENT_ERRORS.INTERVENTION_OPEN, 'that stands already', trade.state);
      await this.audit.append(tx, actor, { act: `intervention.${kind === 'FREEZE' ? 'freeze' : 'propose'}`, objectType: 'intervention', objectId: intervention.id, tradeId: trade.id, tenantId: null, reason: input.reason });
      return intervention;
    });
  }

  private async end(actor: Actor, operation: string, kind: InterventionKind, event: 'lift' | 'approve' | 'reject', input: EndInterventionInput, work: (tx: Tx, trade: Trade) => Promise<Refusal | undefined>): Promise<Result<Intervention>> {
    const refusal = authorise(actor, 'settlement:intervene');
    if (refusal) return refusal;
    return this.commands.run<Result<Intervention>>(actor, operation, input, async (tx) => {
      const tradeId = await this.desk.interventions.tradeOf(input.interventionId);
      const trade = tradeId && (await this.desk.trades.lock(tx, tradeId));
      const intervention = trade && (await this.desk.interventions.lock(tx, input.interventionId));
      if (!intervention || intervention.kind !== kind) return notFound('intervention');
      if (!secondPersonDiffers('settlement:intervene', 'settlement:intervene', { first: intervention.begunBy, second: actor.subject })) return stateConflict(SETTLEMENT_ERRORS.SECOND_OFFICER, 'somebody else ends what you began', intervention.state);
      const ended = await this.close(tx, actor, intervention, event, input.reason);
      return isRefused(ended) ? ended : ((await work(tx, trade)) ?? ended);
    });
  }

  private async close(tx: Tx, actor: Actor, intervention: Intervention, event: 'lift' | 'approve' | 'reject', reason: string): Promise<Intervention | Refusal> {
    const state = await this.audit.transition(tx, actor, { table: interventionStates, state: intervention.state, event, objectType: 'intervention', objectId: intervention.id, tradeId: intervention.tradeId, tenantId: null, reason });
    if (isRefused(state)) return state;
    const ended: Intervention = { ...intervention, state, endedBy: actor.subject, endReason: reason, endedAt: this.desk.clock.now() };
    await this.desk.interventions.end(tx, ended);
    return ended;
  }

  private async tell(tx: Tx, trade: Trade, text: string): Promise<void> {
    await this.desk.notices.tell(tx, [trade.vendorId, trade.buyerId], { objectType: 'TRADE', objectId: trade.id, kind: 'TRADE_FROZEN', text, details: { tradeId: trade.id } });
  }
}
