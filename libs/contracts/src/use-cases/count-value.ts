import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Ended, ExchangeTrades } from '#catalog';
import { Subscriptions, type Tx } from '#shared';
import { LicenceBegun, LicenceEnded, RenewalCancelled } from '../contracts.events.js';
import { agreedMinor, dueBeforeReplaced, dueMinor } from '../domain/pricing/agreed-value.js';
import { ContractsRepository } from '../storage/contracts.repository.js';
import { SupersessionRepository } from '../storage/supersession.repository.js';

/** What the exchange publishes of its trades comes from here: what was agreed on, and what is left of it where a term ends early. */
@Injectable()
export class CountValue implements OnModuleInit {
  constructor(private readonly subscriptions: Subscriptions, private readonly contracts: ContractsRepository, private readonly supersessions: SupersessionRepository, private readonly trades: ExchangeTrades) {}

  onModuleInit(): void {
    this.subscriptions.on(LicenceBegun, 'contracts.count-value', (tx, { payload: { agreementId } }) => this.begun(tx, agreementId));
    this.subscriptions.on(LicenceEnded, 'contracts.count-end', (tx, { payload: { agreementId }, createdAt }) => this.over(tx, agreementId, createdAt));
    this.subscriptions.on(RenewalCancelled, 'contracts.count-cancelled', (tx, { payload: { agreementId, until } }) => this.over(tx, agreementId, new Date(until)));
  }

  private async begun(tx: Tx, agreementId: string): Promise<void> {
    const licence = await this.contracts.licenceOf(tx, agreementId);
    if (!licence?.paidFrom) return;
    const supersession = await this.supersessions.of(tx, agreementId);
    const replaces = supersession?.kind === 'REPLACEMENT' && supersession.effectiveAt ? await this.dueOf(tx, supersession.supersededId, supersession.effectiveAt) : null;
    // First, so that what is not published of the older one is cut back, and only the rest is held against this one.
    if (replaces) await this.cutBack(tx, replaces);
    const { productId, vendorId, buyerId, plan } = await this.contracts.agreed(tx, agreementId);
    await this.trades.begun(tx, { agreementId, productId, vendorId, buyerId, paidFrom: licence.paidFrom, currency: plan.currency, valueMinor: agreedMinor(plan), replaces });
  }

  /** A term is over, or is going to be, before its time: told of once it was counted itself, whichever message comes first. */
  private async over(tx: Tx, agreementId: string, at: Date): Promise<void> {
    const due = await this.dueOf(tx, agreementId, at);
    if (due) await this.cutBack(tx, due);
  }
  private async cutBack(tx: Tx, due: Ended): Promise<void> {
    await this.begun(tx, due.agreementId);
    await this.trades.over(tx, due);
  }

  /** Null where it never began. */
  private async dueOf(tx: Tx, agreementId: string, at: Date): Promise<Ended | null> {
    const licence = await this.contracts.licenceOf(tx, agreementId);
    if (!licence?.paidFrom) return null;
    // Time ends a licence when it is over, however late that is written down.
    const endedAt = licence.validUntil! < at ? licence.validUntil! : at;
    const replacedAt = await this.supersessions.replacedAt(tx, agreementId);
    const due = replacedAt && replacedAt <= at ? dueBeforeReplaced : dueMinor;
    return { agreementId, endedAt, dueMinor: due((await this.contracts.agreed(tx, agreementId)).plan, licence.paidFrom, endedAt) };
  }
}
