import { Injectable } from '@nestjs/common';
import { LicenceBilling, type LicenceTerms } from '#contracts';
import { type Caller, Clock, newId, type Tx } from '#shared';
import { draw, type Drawn } from '../../domain/credit.js';
import { CreditRepository } from '../../storage/credit.repository.js';
import { UsageBillingRepository } from '../../storage/usage-billing.repository.js';
import { GiveCredits } from './give-credits.js';

/** Finds what of a charge is set off, and writes it down once the charge is there. In the transaction of whoever charges. */
@Injectable()
export class SetOff {
  constructor(private readonly licences: LicenceBilling, private readonly giving: GiveCredits, readonly credits: CreditRepository, private readonly billed: UsageBillingRepository, private readonly clock: Clock) {}

  /** What comes off so much: credit of the licence itself, and of the one whose place its agreement takes. `period`: the one that is charged. */
  async draw(tx: Tx, caller: Caller, terms: LicenceTerms, period: number, dueMinor: bigint): Promise<Drawn[]> {
    const { licence, agreement } = terms;
    await this.billed.lock(tx, licence.id);
    await this.giving.forRests(tx, caller, terms, period);
    const before = await this.licences.predecessorOf(tx, agreement.id);
    const older = before && (await this.licences.termsOf(before.licenceId));
    if (older) {
      await this.billed.lock(tx, older.licence.id);
      await this.giving.forRests(tx, caller, older, null);
      if (before.kind === 'REPLACEMENT' && licence.state === 'PENDING') await this.giving.forUnused(tx, caller, older, { licenceId: licence.id, agreementId: agreement.id });
      await this.carry(tx, older, terms);
    }
    return draw((await this.credits.open(tx, licence.id)).filter((c) => c.currency === agreement.plan.currency), dueMinor);
  }

  /** `payUntil`: of a purchase, by when it is to be paid. */
  use(tx: Tx, drawn: readonly Drawn[], reference: string, tradeId: string | null, payUntil: Date | null = null): Promise<void> {
    return this.credits.use(tx, drawn, reference, tradeId, this.clock.now(), payUntil);
  }

  /** The licence never began. */
  calledOff(tx: Tx, licenceId: string): Promise<void> {
    return this.credits.calledOff(tx, licenceId, this.clock.now());
  }

  /** What is open goes on to the licence of the agreement that follows. */
  private async carry(tx: Tx, older: LicenceTerms, { licence, agreement }: LicenceTerms): Promise<void> {
    const now = this.clock.now();
    for (const { openMinor, ...credit } of (await this.credits.open(tx, older.licence.id)).filter((c) => c.currency === agreement.plan.currency)) {
      const next = { ...credit, id: newId(), licenceId: licence.id, agreementId: agreement.id, netMinor: openMinor, givenAt: now };
      await this.credits.insert(tx, next);
      await this.credits.use(tx, [{ credit, netMinor: openMinor }], `credit:${next.id}`, null, now, null);
    }
  }
}
