import { Injectable } from '@nestjs/common';
import { AgreementConcluded } from '#contracts';
import { UsageDisallowed, UsageRecorded } from '#metering';
import { Subscriptions, Sweeps } from '#shared';
import { TradeChanged, TradeReversed } from '#settlement';
import { DisallowUsage } from './use-cases/corrections/disallow-usage.js';
import { DrivePayment } from './use-cases/drive-payment.js';
import { FollowTrade } from './use-cases/follow-trade.js';
import { LapseUnpaid } from './use-cases/lapse-unpaid.js';
import { MarkFirstDelivery } from './use-cases/mark-first-delivery.js';
import { OpenPurchase } from './use-cases/open-purchase.js';
import { HoldUnpaid } from './use-cases/periods/hold-unpaid.js';
import { OpenPeriods } from './use-cases/periods/open-periods.js';
import { DriveRefund } from './use-cases/refunds/drive-refund.js';
import { FollowReversal } from './use-cases/refunds/follow-reversal.js';
import { ProcessInbox } from './use-cases/process-inbox.js';

/** Where work comes from. */
@Injectable()
export class WorkSources {
  constructor(readonly subscriptions: Subscriptions, readonly sweeps: Sweeps) {}
}

/** Payments that move by themselves, grouped so that the room's work keeps its constructor short. */
@Injectable()
export class PaymentWork {
  constructor(readonly drive: DrivePayment, readonly lapse: LapseUnpaid, readonly inbox: ProcessInbox, readonly reversals: FollowReversal, readonly refunds: DriveRefund) {}
}

/** What the calendar brings, and what is taken back of use. */
@Injectable()
export class PeriodWork {
  constructor(readonly open: OpenPeriods, readonly unpaid: HoldUnpaid, readonly disallowing: DisallowUsage) {}
}

/** What this room does without being asked: its answers to events of other rooms, and its sweeps. */
@Injectable()
export class BillingWork {
  constructor(
    private readonly purchases: OpenPurchase, private readonly deliveries: MarkFirstDelivery, private readonly trades: FollowTrade,
    private readonly payments: PaymentWork, private readonly periods: PeriodWork, private readonly sources: WorkSources,
  ) {}

  register(): void {
    const { subscriptions, sweeps } = this.sources;
    subscriptions.on(AgreementConcluded, 'billing.open-trade', (tx, m) => this.purchases.execute(tx, m.payload, m.requestId));
    subscriptions.on(UsageRecorded, 'billing.first-delivery', (tx, m) => this.deliveries.execute(tx, m.payload.agreementId, m.requestId));
    subscriptions.on(UsageDisallowed, 'billing.disallow-usage', (tx, m) => this.periods.disallowing.execute(tx, m.payload, m.requestId));
    subscriptions.on(TradeChanged, 'billing.follow-trade', (tx, m) => this.trades.execute(tx, m.payload.tradeId, m.payload.to, m.requestId));
    subscriptions.on(TradeReversed, 'billing.follow-reversal', (tx, m) => this.payments.reversals.execute(tx, m.payload, m.requestId));
    sweeps.add({ name: 'billing.refunds', everyMs: 2_000, run: () => this.payments.refunds.sweep() });
    sweeps.add({ name: 'billing.payments', everyMs: 2_000, run: () => this.payments.drive.sweep() });
    sweeps.add({ name: 'billing.lapse-unpaid', everyMs: 60_000, run: () => this.payments.lapse.execute() });
    sweeps.add({ name: 'billing.open-periods', everyMs: 5_000, run: () => this.periods.open.execute() });
    sweeps.add({ name: 'billing.hold-unpaid', everyMs: 60_000, run: () => this.periods.unpaid.execute() });
    sweeps.add({ name: 'billing.inbox', everyMs: 1_000, run: () => this.payments.inbox.execute() });
  }
}
