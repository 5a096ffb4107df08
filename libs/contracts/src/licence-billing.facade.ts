import { Injectable } from '@nestjs/common';
import { Notices } from '#identity';
import type { Caller, Tx } from '#shared';
import { type PeriodSpan, periodSpans } from './domain/pricing/periods.js';
import type { Rest } from './domain/pricing/rests.js';
import { planAt } from './domain/pricing/price-change.js';
import type { PricePlan } from './domain/pricing/price-plan.js';
import { type Agreement, ContractsRepository, type Licence } from './storage/contracts.repository.js';
import { LicencePriceRepository } from './storage/licence-price.repository.js';
import { HoldRepository } from './storage/hold.repository.js';
import { type SupersessionKind, SupersessionRepository } from './storage/supersession.repository.js';
import { HoldLicence } from './use-cases/hold-licence.js';

/** What a licence costs, period by period. */
export interface LicenceTerms {
  readonly licence: Licence;
  readonly agreement: Agreement;
  /** Its periods; none before it has begun. */
  readonly spans: readonly PeriodSpan[];
  /** The plan by which a period is charged. */
  readonly planOf: (period: number) => PricePlan;
}

/** What licences are read by. */
@Injectable()
export class LicencePast {
  constructor(readonly holds: HoldRepository, readonly supersessions: SupersessionRepository) {}
}

/** What billing asks about licences and does to them, in its own transaction: the second door of this room. */
@Injectable()
export class LicenceBilling {
  constructor(private readonly repository: ContractsRepository, private readonly prices: LicencePriceRepository, private readonly holding: HoldLicence, private readonly notices: Notices, private readonly past: LicencePast) {}

  async termsOf(licenceId: string): Promise<LicenceTerms | null> {
    const licence = (await this.repository.licences([licenceId])).get(licenceId);
    const agreement = licence && (await this.repository.agreements([licence.agreementId])).get(licence.agreementId);
    if (!licence || !agreement) return null;
    const changes = (await this.prices.ofLicences([licenceId])).get(licenceId) ?? [];
    const spans = licence.paidFrom ? periodSpans(agreement.plan, licence.paidFrom) : [];
    return { licence, agreement, spans, planOf: (period) => planAt(agreement.plan, changes, spans[period]!.from) };
  }

  /** When and by whose doing it rested, as it is known now. */
  restsOf(tx: Tx, licenceId: string): Promise<Rest[]> {
    return this.past.holds.rests(tx, licenceId);
  }

  /** Whose place an agreement takes, with the licence under it; null where it takes none. */
  async predecessorOf(tx: Tx, agreementId: string): Promise<{ readonly licenceId: string; readonly kind: SupersessionKind } | null> {
    const found = await this.past.supersessions.of(tx, agreementId);
    const licence = found && (await this.repository.lockLicence(tx, found.supersededId));
    return licence ? { licenceId: licence.id, kind: found.kind } : null;
  }

  /** The licence as it is, held until the transaction ends: it is neither cancelled nor ended in between. */
  lock(tx: Tx, licenceId: string): Promise<Licence | null> {
    return this.repository.lockLicenceById(tx, licenceId);
  }

  /** A charge is overdue: the licence rests until it is paid. Both sides are told. */
  async holdUnpaid(tx: Tx, caller: Caller, licenceId: string, reason: string): Promise<void> {
    const licence = await this.lock(tx, licenceId);
    if (licence?.state !== 'ACTIVE' && licence?.state !== 'SUSPENDED') return;
    if (await this.holding.place(tx, caller, licence, { cause: 'PAYMENT', reason, decisionId: null })) await this.tell(tx, licence, 'SUSPENDED', reason);
  }

  /** It is paid: nothing of this cause holds the licence any more. */
  async liftUnpaid(tx: Tx, caller: Caller, licenceId: string, reason: string): Promise<void> {
    const licence = await this.lock(tx, licenceId);
    if (licence?.state !== 'SUSPENDED') return;
    if (await this.holding.lift(tx, caller, licence, { cause: 'PAYMENT', reason, decisionId: null })) await this.tell(tx, licence, 'RESUMED', reason);
  }

  private tell(tx: Tx, { id, vendorId, buyerId }: Licence, kind: 'SUSPENDED' | 'RESUMED', text: string): Promise<void> {
    return this.notices.tell(tx, [vendorId, buyerId], { objectType: 'LICENCE', objectId: id, kind, text, details: { causes: ['PAYMENT'] } });
  }
}
