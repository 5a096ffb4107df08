import { Injectable } from '@nestjs/common';
import { Compliance, type Decision } from '#compliance';
import { type Actor, organisationOf, permits } from '#identity';
import { type Caller, canonicalHash, type Page, type PageRequest, type Refusal, type Result, type Tx } from '#shared';
import type { PendingOrderState } from './domain/licence-state.js';
import { type Agreement, ContractsRepository, type DealFilter, type LicenceFilter, type Licence } from './storage/contracts.repository.js';
import { type PendingOrder, PendingOrderRepository, type WaitingOrder } from './storage/pending-order.repository.js';
import { judge, type UseRequest } from './domain/terms/evaluate.js';
import { looksAt } from './domain/terms/policy.js';
import { termsRefusal } from './use-cases/terms/terms-problem.js';
import { countedWith } from './domain/users/named-users.js';
import { NamedUserRepository } from './storage/named-user.repository.js';
import { MoveLicence } from './use-cases/move-licence.js';
import { TransferFactsOf, type TransferTerms } from './use-cases/transfer-facts.js';
import { RetryWaitingOrders } from './use-cases/retry-waiting-orders.js';

export interface LicenceForDelivery {
  readonly licence: Licence;
  readonly agreement: Agreement;
  /** Listed now, by a vendor in good standing. */
  readonly productListed: boolean;
  /** The buyer is verified and not suspended. */
  readonly buyerVerified: boolean;
  /** Stands for everything that a decision on a delivery stands on: another one is another question. */
  readonly basis: string;
}

type Agreed = Pick<LicenceForDelivery, 'licence' | 'agreement'>;
type DeliveredNow = Pick<UseRequest, 'at'> & { readonly mediaType: string; readonly channel?: string | null };

/** Orders that wait, grouped so that the facade keeps its constructor short. */
@Injectable()
export class PendingOrders {
  constructor(readonly repository: PendingOrderRepository, readonly retry: RetryWaitingOrders) {}
}

/** What was agreed, and what a buyer may do because of it. */
@Injectable()
export class Contracts {
  constructor(
    private readonly repository: ContractsRepository, private readonly transfers: TransferFactsOf, private readonly compliance: Compliance,
    private readonly licences: MoveLicence, private readonly pending: PendingOrders, private readonly users: NamedUserRepository,
  ) {}

  async agreementById(id: string): Promise<Agreement | null> {
    return (await this.repository.agreements([id])).get(id) ?? null;
  }
  async licenceById(id: string): Promise<Licence | null> {
    return (await this.repository.licences([id])).get(id) ?? null;
  }
  licencesByIds(ids: readonly string[]): Promise<Map<string, Licence>> {
    return this.repository.licences(ids);
  }
  /** Licences by their agreement's id. */
  licencesOfAgreements(agreementIds: readonly string[]): Promise<Map<string, Licence>> {
    return this.repository.licencesOfAgreements(agreementIds);
  }
  agreementsOf(actor: Actor, filter: DealFilter, page: PageRequest): Promise<Page<Agreement> | null> {
    return permits(actor, 'contracts:read') ? this.repository.agreementsOf(organisationOf(actor), filter, page) : Promise.resolve(null);
  }
  licencesOf(actor: Actor, filter: LicenceFilter, page: PageRequest): Promise<Page<Licence> | null> {
    return permits(actor, 'contracts:read') ? this.repository.licencesOf(organisationOf(actor), filter, page) : Promise.resolve(null);
  }
  /** Orders of the actor's organisation that wait, or waited, for a second signature or for what the law asks for. */
  pendingOrdersOf(actor: Actor, state: PendingOrderState | null, page: PageRequest): Promise<Page<PendingOrder> | null> {
    return permits(actor, 'contracts:read') ? this.pending.repository.page(organisationOf(actor), state, page) : Promise.resolve(null);
  }

  /** Orders on offers of the actor's organisation that wait for what the law asks for: it is the exporter who files. */
  waitingOrdersOf(actor: Actor, productId: string | null, page: PageRequest): Promise<Page<WaitingOrder> | null> {
    return permits(actor, 'contracts:read') ? this.pending.repository.pageOfVendor(organisationOf(actor), productId, page) : Promise.resolve(null);
  }
  /** Something has changed that may clear waiting orders on either side of this organisation, or everybody's where it is null: they are decided again soon after the commit. */
  retryWaitingOrders(tx: Tx, organisationId: string | null): Promise<void> {
    return this.pending.retry.soon(tx, organisationId);
  }

  /** What a delivery must know before its first byte (I2). */
  async licenceForDelivery(licenceId: string): Promise<LicenceForDelivery | null> {
    const licence = await this.licenceById(licenceId);
    if (!licence) return null;
    const agreement = (await this.agreementById(licence.agreementId))!;
    // Before the facts: what changes after it makes another basis.
    const epoch = await this.compliance.epoch();
    const sides = await this.transfers.gather(termsOf(agreement));
    const productListed = sides !== null && sides.product.listed && sides.vendor.state === 'VERIFIED';
    return { licence, agreement, productListed, buyerVerified: sides?.buyer.state === 'VERIFIED', basis: `${epoch}.${canonicalHash(sides?.facts ?? null)}` };
  }

  /** What the agreed terms say of one delivery more: undefined where they permit it, else the refusal with the clause that decided. `before`: how many there were; asked only where the terms count. */
  async termsRefusal(tx: Tx, actor: Pick<Actor, 'kind' | 'subject' | 'memberId'>, standing: Agreed, { before, ...delivery }: DeliveredNow & { readonly before: () => Promise<bigint> }): Promise<Refusal | undefined> {
    const { policy } = standing.agreement.terms;
    const named = looksAt(policy, 'namedUsers') ? countedWith((await this.users.now(tx, standing.licence.id)).map((u) => u.userId), userOf(actor)) : null;
    return this.judged(standing, delivery, { named, before: looksAt(policy, 'count') ? await before() : 0n });
  }
  /** The same of a delivery that is under way: it was counted when it was granted, and by whom it was asked for does not change. */
  termsLapsed(standing: Agreed, delivery: DeliveredNow): Refusal | undefined {
    return this.judged(standing, delivery, { named: null, before: null });
  }

  private judged({ licence, agreement }: Agreed, delivery: DeliveredNow, counted: Pick<UseRequest, 'named' | 'before'>): Refusal | undefined {
    const request = { action: 'use' as const, purpose: agreement.purpose, places: [agreement.destination], recipients: [[licence.buyerId, 'ASSIGNEE']], began: licence.validFrom, ...delivery, ...counted };
    const found = judge(agreement.terms.policy, request);
    return found.permitted ? undefined : termsRefusal(found, request);
  }

  /** Computes the cross-border decision again with today's facts and records it. The order's own volume is not counted twice. */
  async redecide(tx: Tx, caller: Caller, licenceId: string, objectId: string): Promise<Decision> {
    const licence = (await this.licenceById(licenceId))!;
    const agreement = (await this.agreementById(licence.agreementId))!;
    const sides = (await this.transfers.gather(termsOf(agreement)))!;
    return this.compliance.decide(tx, caller, { objectId, stage: 'DELIVERY', facts: sides.facts, priorDecisionId: agreement.decisionId });
  }

  /** The money never came and cannot come any more: the licence is terminated, and what its order reserved is free again. In the transaction that closes the way of the money. */
  lapseLicence(tx: Tx, caller: Caller, agreementId: string, reason: string): Promise<Result<Licence>> {
    return this.licences.lapse(tx, caller, agreementId, reason);
  }
  /** Ends a licence that was paid before its time; what was not delivered is no export. The money is not touched. */
  terminateLicence(tx: Tx, caller: Caller, agreementId: string, reason: string): Promise<Result<Licence>> {
    return this.licences.terminate(tx, caller, agreementId, reason);
  }

  /** The first byte of all leaves under a licence, so that its end asks for deletion where its terms do. False where it is over by now. In the transaction that lets the byte go. */
  noteDelivered(tx: Tx, licenceId: string, at: Date): Promise<boolean> {
    return this.repository.noteDelivered(tx, licenceId, at);
  }

  /** Whether a delivery that was permitted once is so now, without a record. False also where it would take volume: that has to be decided. */
  async stillPermitted(tx: Tx, { agreement }: Pick<LicenceForDelivery, 'agreement'>): Promise<boolean> {
    const sides = (await this.transfers.gather(termsOf(agreement)))!;
    const { verdict, reserves } = await this.compliance.evaluateDelivery(tx, sides.facts, agreement.decisionId);
    return verdict.permitted && !reserves;
  }

  /** The money is in: the licence becomes active, in the same transaction. */
  activateLicence(tx: Tx, caller: Caller, agreementId: string): Promise<Result<Licence>> {
    return this.licences.activate(tx, caller, agreementId);
  }
}

const KEY = 'key:';
/** Who downloads: the member, or the key. */
const userOf = ({ kind, subject, memberId }: Pick<Actor, 'kind' | 'subject' | 'memberId'>): string | null => (kind === 'key' && subject.startsWith(KEY) ? subject.slice(KEY.length) : memberId);

const termsOf = ({ productId, buyerId, destination, purpose, id }: Agreement): TransferTerms => ({ productId, buyerId, destination, purpose, orderId: id });
