import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { IdentityModule } from '#identity';
import { Config, Sweeps } from '#shared';
import { ClearingResolver } from './api/clearing.resolver.js';
import { DisputesResolver } from './api/disputes/disputes.resolver.js';
import { InterventionsResolver } from './api/disputes/interventions.resolver.js';
import { LedgerResolver } from './api/ledger.resolver.js';
import { SettlementResolver } from './api/settlement.resolver.js';
import { PayoutPort } from './domain/payout-port.js';
import { Settlement, TradeReturns, TradeSteps } from './settlement.facade.js';
import { PayoutSimulator } from './simulator/payout.simulator.js';
import { BalanceRepository } from './storage/balance.repository.js';
import { ClearingRepository } from './storage/clearing.repository.js';
import { LedgerRepository } from './storage/ledger.repository.js';
import { DisputeRepository } from './storage/dispute.repository.js';
import { InterventionRepository } from './storage/intervention.repository.js';
import { ReversalRepository } from './storage/reversal.repository.js';
import { settlementEntities } from './storage/settlement.entities.js';
import { TradeRepository } from './storage/trade.repository.js';
import { AcceptLapsed } from './use-cases/accept-lapsed.js';
import { AcceptTrade } from './use-cases/accept-trade.js';
import { CancelTrade } from './use-cases/cancel-trade.js';
import { FundTrade } from './use-cases/fund-trade.js';
import { MarkDelivered } from './use-cases/mark-delivered.js';
import { MoveTrade } from './use-cases/move-trade.js';
import { OpenTradeUseCase } from './use-cases/open-trade.js';
import { ReadLedger } from './use-cases/read-ledger.js';
import { ReadTrades } from './use-cases/read-trades.js';
import { ResumeClearing } from './use-cases/resume-clearing.js';
import { AnswerDispute } from './use-cases/disputes/answer-dispute.js';
import { DisputeDesk, MoveDispute } from './use-cases/disputes/move-dispute.js';
import { ReadDisputes } from './use-cases/disputes/read-disputes.js';
import { OpenDispute } from './use-cases/disputes/open-dispute.js';
import { Intervene, InterventionDesk } from './use-cases/interventions/intervene.js';
import { ApprovePayout } from './use-cases/approve-payout.js';
import { OpenDueCycles } from './use-cases/open-due-cycles.js';
import { BookChargeback } from './use-cases/chargebacks/book-chargeback.js';
import { BookRefund } from './use-cases/reversals/book-refund.js';
import { RefundTrade } from './use-cases/reversals/refund-trade.js';
import { ReversalStorage, ReverseTrade } from './use-cases/reversals/reverse-trade.js';
import { RetryPayout } from './use-cases/retry-payout.js';
import { RollLedger } from './use-cases/roll-ledger.js';
import { RunClearing } from './use-cases/run-clearing.js';
import { PayoutStorage, SendPayouts } from './use-cases/send-payouts.js';
import { CycleStorage, WorkOffCycle } from './use-cases/work-off-cycle.js';

@Module({
  imports: [TypeOrmModule.forFeature(settlementEntities), AuditModule, IdentityModule],
  providers: [
    Settlement, TradeSteps, TradeReturns, SettlementResolver, ClearingResolver, DisputeRepository, DisputeDesk, MoveDispute, OpenDispute, AnswerDispute, ReadDisputes, DisputesResolver, InterventionRepository, InterventionDesk, Intervene, InterventionsResolver, ReversalRepository, ReversalStorage, ReverseTrade, RefundTrade, BookRefund, BookChargeback, LedgerResolver, TradeRepository, LedgerRepository, BalanceRepository, ClearingRepository, CycleStorage, PayoutStorage,
    MoveTrade, OpenTradeUseCase, FundTrade, MarkDelivered, CancelTrade, AcceptTrade, AcceptLapsed, RunClearing, WorkOffCycle, ResumeClearing, SendPayouts, RetryPayout, ApprovePayout, OpenDueCycles, ReadTrades, ReadLedger, RollLedger,
    { provide: PayoutPort, useClass: PayoutSimulator },
  ],
  exports: [Settlement],
})
export class SettlementModule implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly lapsed: AcceptLapsed,
    private readonly cycles: ResumeClearing, private readonly payouts: SendPayouts, private readonly ledger: RollLedger, private readonly disputes: AnswerDispute, private readonly calendar: OpenDueCycles,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'settlement.accept-lapsed', everyMs: 5_000, run: () => this.lapsed.execute() });
    if (this.config.clearingCalendar) this.sweeps.add({ name: 'settlement.calendar', everyMs: 60_000, run: () => this.calendar.execute() });
    this.sweeps.add({ name: 'settlement.clearing', everyMs: 5_000, run: () => this.cycles.execute() });
    this.sweeps.add({ name: 'settlement.disputes', everyMs: 60_000, run: () => this.disputes.lapse() });
    this.sweeps.add({ name: 'settlement.roll-ledger', everyMs: 60_000, run: () => this.ledger.execute() });
    // The simulator pays nobody. In production payouts wait, PENDING, for a port that does.
    if (!this.config.production) this.sweeps.add({ name: 'settlement.payouts', everyMs: 1_000, run: () => this.payouts.execute() });
  }
}
