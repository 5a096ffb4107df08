import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, Outbox, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { SpendingCapSet } from '../../contracts.events.js';
import type { UsageQuota } from '../../domain/spending/quota.js';
import { ContractsRepository } from '../../storage/contracts.repository.js';
import { UsageQuotaRepository } from '../../storage/usage-quota.repository.js';
import { ownLicence } from './own-licence.js';

export type SetUsageQuotaInput = Pick<UsageQuota, 'licenceId' | 'meter' | 'quantity' | 'period' | 'hard'>;

/** A buyer says how much of a meter he means to use under a licence at the most, or takes that back. What its plan gives he cannot widen. */
@Injectable()
export class SetUsageQuota {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly quotas: UsageQuotaRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async set(actor: Actor, input: SetUsageQuotaInput): Promise<Result<UsageQuota>> {
    const refusal = authorise(actor, 'contracts:cap-spending');
    if (refusal) return refusal;
    return this.commands.run<Result<UsageQuota>>(actor, 'contracts.set-usage-quota', { ...input, quantity: input.quantity.toString() }, async (tx) => {
      const licence = await ownLicence(this.contracts, actor, input.licenceId);
      if (isRefused(licence)) return licence;
      const quota: UsageQuota = { ...input, side: 'BUYER', vendorId: licence.vendorId, buyerId: licence.buyerId, setAt: this.clock.now() };
      await this.quotas.set(tx, quota);
      const { licenceId, meter, quantity, period, hard, setAt } = quota;
      await this.log(tx, actor, quota, 'usage-quota.set', { meter, quantity: quantity.toString(), period, hard });
      await this.outbox.publish(tx, actor, SpendingCapSet, licenceId, { licenceId, setAt });
      return quota;
    });
  }

  async lift(actor: Actor, input: Pick<UsageQuota, 'licenceId' | 'meter'>): Promise<Result<UsageQuota>> {
    const refusal = authorise(actor, 'contracts:cap-spending');
    if (refusal) return refusal;
    return this.commands.run<Result<UsageQuota>>(actor, 'contracts.lift-usage-quota', input, async (tx) => {
      const licence = await ownLicence(this.contracts, actor, input.licenceId);
      if (isRefused(licence)) return licence;
      const quota = await this.quotas.lift(tx, licence.id, input.meter);
      if (!quota) return stateConflict(CONTRACTS_ERRORS.USAGE_QUOTA, `you set no quota of ${input.meter} on this licence`, 'NONE');
      await this.log(tx, actor, quota, 'usage-quota.lift', { meter: quota.meter });
      return quota;
    });
  }

  private log(tx: Tx, actor: Actor, { licenceId, buyerId }: UsageQuota, act: string, details: object): Promise<unknown> {
    return this.audit.append(tx, actor, { act, objectType: 'licence', objectId: licenceId, tenantId: buyerId, details: details as Record<string, unknown> });
  }
}
