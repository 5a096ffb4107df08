import { Injectable } from '@nestjs/common';
import { Compliance, type Decision, whySuspended } from '#compliance';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { type Caller, Clock, isRefused, type Refusal, type Result, stateConflict, type StateConflict, type Tx, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { ApiAccess } from '../../storage/api/api-access.repository.js';
import { ExportBegins } from '../export-begins.js';
import { CallTables } from './call-tables.js';

/** Both ends are committed: a refused access leaves its decision on record. */
type Outcome = { readonly access: ApiAccess } | { readonly refusedBy: Decision };

/** Licences whose first byte has left, as a process knows. */
const REMEMBERED = 10_000;

/** Calls under a licence act for its buyer. */
export const callerOf = (licence: { readonly id: string; readonly buyerId: string }, requestId: string): Caller => ({ subject: `licence:${licence.id}`, tenantId: licence.buyerId, requestId });

/** What the law says of the calls of a licence: decided when the first is asked for, and again on each other basis. */
@Injectable()
export class ApiDecision {
  private readonly begun = new Set<string>();

  constructor(
    private readonly tables: CallTables, private readonly contracts: Contracts, private readonly compliance: Compliance, private readonly exporting: ExportBegins,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** As the exchange. */
  async of(standing: LicenceForDelivery, requestId: string): Promise<Result<ApiAccess>> {
    const found = await this.tables.accesses.ofLicence(standing.licence.id);
    if (found?.decidedBasis === standing.basis) return found.refusalDecisionId === null ? found : this.refusal((await this.compliance.byIds([found.refusalDecisionId])).get(found.refusalDecisionId)!);
    const outcome = await this.uow.run((tx) => this.decide(tx, standing, requestId));
    return 'access' in outcome ? outcome.access : this.refusal(outcome.refusedBy);
  }

  /**
   * With the first byte of all the persons in the data have been exported, and what left is asked back where the terms demand deletion. Null: done, or done before.
   */
  async begin(access: ApiAccess, requestId: string): Promise<Refusal | null> {
    // What many calls share may have been read before the first of them began.
    if (access.startedAt || this.begun.has(access.licenceId)) return null;
    const result = await this.uow.run<Result<{ readonly begun: true }>>(async (tx) => {
      const now = this.clock.now();
      const current = await this.tables.accesses.lock(tx, access.licenceId);
      if (!current || current.startedAt) return { begun: true };
      const refused = await this.exporting.execute(tx, { licenceId: access.licenceId, decisionId: current.decisionId, state: 'ENDED' }, requestId, now);
      if (refused) return refused;
      await this.tables.accesses.started(tx, access.licenceId, now);
      return { begun: true };
    });
    if (isRefused(result)) return result;
    if (this.begun.size >= REMEMBERED) this.begun.clear();
    this.begun.add(access.licenceId);
    return null;
  }

  /** Once for each basis, whoever asks: what is permitted once is permitted again without a record, a refusal leaves its decision. */
  private async decide(tx: Tx, standing: LicenceForDelivery, requestId: string): Promise<Outcome> {
    const { licence, basis } = standing;
    await this.tables.deliveries.lockTaking(tx, licence.id);
    const current = await this.tables.accesses.lock(tx, licence.id);
    const caller = callerOf(licence, requestId);
    if (!current) {
      const decision = await this.contracts.redecide(tx, caller, licence.id, licence.id);
      if (!decision.permitted) return { refusedBy: decision };
      const { id: licenceId, productId, vendorId, buyerId } = licence;
      const access: ApiAccess = { licenceId, productId, vendorId, buyerId, decisionId: decision.id, decidedBasis: basis, refusalDecisionId: null, openedAt: this.clock.now(), startedAt: null };
      await this.tables.accesses.insert(tx, access);
      return { access };
    }
    const decision = (await this.contracts.stillPermitted(tx, standing)) ? null : await this.contracts.redecide(tx, caller, licence.id, licence.id);
    const refused = decision && !decision.permitted ? decision : null;
    await this.tables.accesses.decided(tx, licence.id, basis, refused?.id ?? null);
    return refused ? { refusedBy: refused } : { access: { ...current, decidedBasis: basis, refusalDecisionId: null } };
  }

  private refusal(decision: Decision): StateConflict {
    return stateConflict(DELIVERY_ERRORS.DOWNLOAD_REFUSED, `calls are not permitted: ${whySuspended(decision)}`, 'REFUSED');
  }
}
