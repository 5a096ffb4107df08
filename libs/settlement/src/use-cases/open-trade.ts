import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, add, type Caller, Clock, Config, newId, type Tx, zero } from '#shared';
import { commissionOf } from '../domain/commission.js';
import type { OpenTrade, Trade } from '../domain/trade.js';
import { OPENING } from '../domain/trade-states.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** Executes a trade and brings it to the moment where the buyer pays. Asked again for the same reference it answers the trade that is there. */
@Injectable()
export class OpenTradeUseCase {
  constructor(
    private readonly trades: TradeRepository, private readonly move: MoveTrade, private readonly audit: Audit,
    private readonly clock: Clock, private readonly config: Config,
  ) {}

  async execute(tx: Tx, caller: Caller, input: OpenTrade): Promise<Trade> {
    const drafted = this.draft(input);
    if (!(await this.trades.insert(tx, drafted))) {
      const present = await this.trades.byReference(tx, input.reference);
      if (!present) throw new Error(`trade ${input.reference} is neither new nor there`);
      return present;
    }
    const { id, kind, reference, agreementId, gross, commissionBasisPoints, buyerId } = drafted;
    await this.audit.append(tx, caller, {
      act: 'trade.execute', objectType: 'trade', objectId: id, tradeId: id, tenantId: buyerId, details: { kind, reference, agreementId, gross, commissionBasisPoints },
    });
    let trade = drafted;
    for (const event of OPENING[kind]) trade = accepted(await this.move.execute(tx, caller, trade, event));
    return trade;
  }

  private draft(input: OpenTrade): Trade {
    const { commissionTax, ...given } = input;
    const sum = add(input.net, input.tax);
    if (sum.minor !== input.gross.minor || sum.currency !== input.gross.currency) throw new Error('the gross amount of a trade is its net amount and its tax');
    const points = this.config.COMMISSION_BASIS_POINTS;
    const { commission, tax } = commissionOf(input.net, points, commissionTax.basisPoints);
    const nothing = zero(input.gross.currency);
    return {
      ...given, id: newId(), currency: input.gross.currency, reversedNet: nothing, reversedTax: nothing, reversedCommission: nothing, reversedCommissionTax: nothing, state: 'EXECUTED', disputedFrom: null, frozenFrom: null, commissionBasisPoints: points, commission, commissionTax: tax,
      commissionTaxJurisdiction: commissionTax.jurisdiction, commissionTaxTreatment: commissionTax.treatment,
      paymentId: null, paymentProvider: null, acceptUntil: null, cycleId: null, payoutId: null, executedAt: this.clock.now(),
      fundedAt: null, deliveredAt: null, acceptedAt: null, clearedAt: null, settledAt: null, unwoundAt: null, cancelledAt: null,
    };
  }
}
