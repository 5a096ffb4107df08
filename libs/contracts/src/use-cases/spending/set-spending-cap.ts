import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isRefused, newId, Outbox, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { SpendingCapSet } from '../../contracts.events.js';
import type { CapPeriod } from '../../domain/spending/spending.js';
import { ContractsRepository } from '../../storage/contracts.repository.js';
import { type SpendingCap, SpendingCapRepository } from '../../storage/spending-cap.repository.js';
import { ownLicence } from './own-licence.js';

export interface SetSpendingCapInput {
  readonly licenceId: string;
  /** Minor units, net of tax. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly period: CapPeriod;
  readonly hard: boolean;
}

/** A buyer says what he means to spend on a licence at the most, or takes that back. It is his own matter: the vendor is neither asked nor told. */
@Injectable()
export class SetSpendingCap {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly caps: SpendingCapRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async set(actor: Actor, input: SetSpendingCapInput): Promise<Result<SpendingCap>> {
    const refusal = authorise(actor, 'contracts:cap-spending');
    if (refusal) return refusal;
    return this.commands.run<Result<SpendingCap>>(actor, 'contracts.set-spending-cap', { ...input, amountMinor: input.amountMinor.toString() }, async (tx) => {
      const licence = await ownLicence(this.contracts, actor, input.licenceId);
      if (isRefused(licence)) return licence;
      const { plan } = await this.contracts.frozen(tx, licence.agreementId);
      if (plan.currency !== input.currency) return invalid(CONTRACTS_ERRORS.SPENDING_CAP, 'currency', `the licence is charged in ${plan.currency}`);
      const cap: SpendingCap = { ...input, buyerId: licence.buyerId, capId: newId(), setAt: this.clock.now() };
      await this.caps.set(tx, cap);
      const { licenceId, amountMinor, currency, period, hard } = cap;
      await this.audit.append(tx, actor, { act: 'spending-cap.set', objectType: 'licence', objectId: licenceId, tenantId: cap.buyerId, details: { amountMinor: amountMinor.toString(), currency, period, hard } });
      await this.outbox.publish(tx, actor, SpendingCapSet, licenceId, { licenceId, setAt: cap.setAt });
      return cap;
    });
  }

  async lift(actor: Actor, input: { readonly licenceId: string }): Promise<Result<SpendingCap>> {
    const refusal = authorise(actor, 'contracts:cap-spending');
    if (refusal) return refusal;
    return this.commands.run<Result<SpendingCap>>(actor, 'contracts.lift-spending-cap', input, async (tx) => {
      const licence = await ownLicence(this.contracts, actor, input.licenceId);
      if (isRefused(licence)) return licence;
      const cap = await this.caps.lock(tx, licence.id);
      if (!cap) return stateConflict(CONTRACTS_ERRORS.SPENDING_CAP, 'the licence has no cap', 'NONE');
      await this.caps.lift(tx, licence.id);
      await this.audit.append(tx, actor, { act: 'spending-cap.lift', objectType: 'licence', objectId: licence.id, tenantId: licence.buyerId, details: {} });
      return cap;
    });
  }
}
