import { Injectable } from '@nestjs/common';
import { type AgreementConcluded, Contracts, LicenceBilling, quote } from '#contracts';
import { type Caller, Clock, LIMITS, money, systemCaller, type Tx } from '#shared';
import { drawnMinor } from '../domain/credit.js';
import { SetOff } from './credits/set-off.js';
import { type BilledTrade, OpenBilledTrade } from './open-billed-trade.js';
import { BeginLicence } from './periods/begin-licence.js';

type Concluded = NonNullable<(typeof AgreementConcluded)['payload']>;

/**
 * Answers a concluded agreement with its purchase trade: what its plan asks for before the licence begins, less what is left of the one whose place it takes. Where that is nothing, the licence
 * begins at once. Where no rule decides the tax, the trade is recorded and cancelled with the reason: nobody pays on a guess, now or for
 * what will be used, the licence is over, and the message is done.
 */
@Injectable()
export class OpenPurchase {
  constructor(private readonly trades: OpenBilledTrade, private readonly contracts: Contracts, private readonly licences: BeginLicence, private readonly setOff: SetOff, private readonly terms: LicenceBilling, private readonly clock: Clock) {}

  async execute(tx: Tx, { agreementId, licenceId, vendorId, buyerId }: Concluded, requestId: string): Promise<void> {
    const caller = systemCaller('billing', requestId);
    const agreement = await this.contracts.agreementById(agreementId);
    if (!agreement) throw new Error(`agreement ${agreementId} is gone`);
    const { plan } = agreement;
    const [reference, due] = [`purchase:${agreementId}`, quote(plan).dueAtStartMinor];
    const drawn = due > 0n ? await this.setOff.draw(tx, caller, (await this.terms.termsOf(licenceId))!, 0, due) : [];
    const net = money(due - drawnMinor(drawn), plan.currency);
    const input = { kind: 'PURCHASE' as const, reference, agreementId, licenceId, vendorId, buyerId, net };
    if (net.minor > 0n) {
      const opened = await this.trades.execute(tx, caller, input);
      if ('undetermined' in opened) return this.refuse(tx, caller, input, opened.undetermined);
      // What is set off was counted today: it is paid soon, or counted anew.
      return this.setOff.use(tx, drawn, reference, opened.trade.id, new Date(this.clock.now().getTime() + LIMITS.setOffDays * 86_400_000));
    }
    const undetermined = plan.components.length ? await this.trades.undetermined(vendorId, buyerId) : null;
    if (undetermined) return this.refuse(tx, caller, input, undetermined);
    await this.setOff.use(tx, drawn, reference, null);
    await this.licences.begin(tx, caller, agreementId, null);
  }

  private async refuse(tx: Tx, caller: Caller, input: BilledTrade, reason: string): Promise<void> {
    await this.setOff.calledOff(tx, input.licenceId);
    await this.trades.refuse(tx, caller, input, reason);
  }
}
