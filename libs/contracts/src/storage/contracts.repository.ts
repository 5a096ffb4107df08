import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, prepared, type Statement, toPage, type Tx } from '#shared';
import { In, LessThanOrEqual } from 'typeorm';
import type { AgreementDocument } from '../domain/agreement-document.js';
import type { LicenceState } from '../domain/licence-state.js';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import type { LicenceTerms } from '../domain/terms/licence-terms.js';
import { AgreementRow, LicenceRow } from './contracts.entities.js';

export type Licence = Readonly<LicenceRow>;
/** Each narrows down where it is not null. */
export interface DealFilter {
  /** The organisation whose list it is has this side. */
  readonly side: 'VENDOR' | 'BUYER' | null;
  readonly productId: string | null;
  /** The other side. */
  readonly counterpartyId: string | null;
}
export interface LicenceFilter extends DealFilter {
  readonly state: LicenceState | null;
}
export interface Agreement {
  readonly id: string;
  readonly offerId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly decisionId: string;
  readonly document: AgreementDocument;
  /** SHA-256 of the document's RFC 8785 form, lower-case hex. */
  readonly hash: string;
  /** The plan of the offer that the buyer chose, as it was then. */
  readonly plan: PricePlan;
  /** The licence terms of the offer, as they were then. */
  readonly terms: LicenceTerms;
  readonly purpose: string;
  readonly destination: string;
  readonly concludedAt: Date;
}

const AGREEMENT = `id, offer_id as "offerId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", decision_id as "decisionId", document, hash, plan, terms, purpose, destination, concluded_at as "concludedAt"`;
const LICENCE = `id, agreement_id as "agreementId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", state, duration, plan_id as "planId", valid_from as "validFrom", valid_until as "validUntil", paid_from as "paidFrom", cancelled_at as "cancelledAt", first_delivered_at as "firstDeliveredAt",
  state_reason as "stateReason", created_at as "createdAt"`;
const AGREEMENTS = { name: 'contracts.agreements', text: `select ${AGREEMENT} from contracts.agreement where id = any($1::uuid[])` };
const DELIVERED = { name: 'contracts.licence-delivered', text: 'select 1 from contracts.licence where id = $1 and first_delivered_at is not null' };
const LICENCES = { name: 'contracts.licences', text: `select ${LICENCE} from contracts.licence where id = any($1::uuid[])` };
const LICENCES_OF_AGREEMENTS = { name: 'contracts.licences-of-agreements', text: `select ${LICENCE} from contracts.licence where agreement_id = any($1::uuid[])` };
const MINE = `(vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or ($4 = 'VENDOR') = (vendor_id = $1)) and ($5::uuid is null or product_id = $5) and ($6::uuid is null or $6 in (vendor_id, buyer_id))`;
const MY_AGREEMENTS = { name: 'contracts.my-agreements', text: `select ${AGREEMENT} from contracts.agreement where ${MINE} order by id desc limit $3` };
const MY_LICENCES = { name: 'contracts.my-licences', text: `select ${LICENCE} from contracts.licence where ${MINE} and ($7::text is null or state = $7) order by id desc limit $3` };

@Injectable()
export class ContractsRepository {
  constructor(private readonly database: Database) {}

  async insertAgreement(tx: Tx, agreement: Agreement, licence: Licence): Promise<void> {
    await tx.insert(AgreementRow, agreement as AgreementRow);
    await tx.insert(LicenceRow, licence);
  }
  async agreements(ids: readonly string[]): Promise<Map<string, Agreement>> {
    return new Map((await this.rows<Agreement>(AGREEMENTS, [ids])).map((a) => [a.id, a]));
  }
  async agreementsOf(organisationId: string, filter: DealFilter, request: PageRequest): Promise<Page<Agreement>> {
    return toPage(await this.rows<Agreement>(MY_AGREEMENTS, mine(organisationId, filter, request)), request, (a) => [a.id]);
  }

  async cancel(tx: Tx, id: string, ends: { readonly cancelledAt: Date; readonly validUntil: Date }): Promise<void> {
    await tx.update(LicenceRow, { id }, ends);
  }
  async frozen(tx: Tx, agreementId: string): Promise<Pick<Agreement, 'plan' | 'terms' | 'decisionId'>> {
    return tx.findOneOrFail(AgreementRow, { where: { id: agreementId }, select: { id: true, plan: true, terms: true, decisionId: true } as never });
  }

  /** Who agreed on what. */
  agreed(tx: Tx, agreementId: string): Promise<Pick<Agreement, 'productId' | 'vendorId' | 'buyerId' | 'plan'>> {
    return tx.findOneOrFail(AgreementRow, { where: { id: agreementId }, select: { id: true, productId: true, vendorId: true, buyerId: true, plan: true } as never });
  }

  /** As the transaction sees it. */
  licenceOf(tx: Tx, agreementId: string): Promise<Licence | null> {
    return tx.findOne(LicenceRow, { where: { agreementId } });
  }
  lockLicence(tx: Tx, agreementId: string): Promise<Licence | null> {
    return tx.findOne(LicenceRow, { where: { agreementId }, lock: { mode: 'for_no_key_update' } });
  }
  lockLicenceById(tx: Tx, id: string): Promise<Licence | null> {
    return tx.findOne(LicenceRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  /** Why it rests, or that it goes on. */
  async standing(tx: Tx, id: string, state: LicenceState, stateReason: string | null): Promise<void> {
    await tx.update(LicenceRow, { id }, { state, stateReason });
  }
  async activate(tx: Tx, id: string, times: { readonly validFrom: Date; readonly paidFrom: Date; readonly validUntil: Date }): Promise<void> {
    await tx.update(LicenceRow, { id }, { state: 'ACTIVE', ...times });
  }
  /** Licences that were begun and whose time is over, locked, those that another process holds left out. */
  lapsed(tx: Tx, now: Date, limit: number): Promise<Licence[]> {
    return tx.find(LicenceRow, { where: { state: In(['ACTIVE', 'SUSPENDED']), validUntil: LessThanOrEqual(now) }, take: limit, lock: { mode: 'for_no_key_update', onLocked: 'skip_locked' } });
  }
  /** Answers the decision of the order that the licence comes from, and its terms. */
  async end(tx: Tx, { id, agreementId }: Licence, state: LicenceState, reason: string | null): Promise<Pick<Agreement, 'decisionId' | 'terms'>> {
    await tx.update(LicenceRow, { id }, { state, stateReason: reason });
    return tx.findOneOrFail(AgreementRow, { where: { id: agreementId }, select: { id: true, decisionId: true, terms: true } as never });
  }
  /** The first byte of all leaves under a licence. False where the licence is over; held until the transaction ends, so that it ends after, or before and no byte leaves. */
  async noteDelivered(tx: Tx, id: string, at: Date): Promise<boolean> {
    const isNoted = async (): Promise<boolean> => (await prepared(tx, DELIVERED, [id])).length > 0;
    if (await isNoted()) return true;
    const noted = (await tx.query(`with noted as (update contracts.licence set first_delivered_at = $2 where id = $1 and first_delivered_at is null and state = 'ACTIVE' returning id) select id from noted`, [id, at])) as unknown[];
    return noted.length > 0 || isNoted();
  }
  async licences(ids: readonly string[]): Promise<Map<string, Licence>> {
    return new Map((await this.rows<Licence>(LICENCES, [ids])).map((l) => [l.id, l]));
  }
  async licencesOfAgreements(agreementIds: readonly string[]): Promise<Map<string, Licence>> {
    return new Map((await this.rows<Licence>(LICENCES_OF_AGREEMENTS, [agreementIds])).map((l) => [l.agreementId, l]));
  }
  async licencesOf(organisationId: string, filter: LicenceFilter, request: PageRequest): Promise<Page<Licence>> {
    return toPage(await this.rows<Licence>(MY_LICENCES, [...mine(organisationId, filter, request), filter.state]), request, (l) => [l.id]);
  }

  private async rows<T>(statement: Statement, values: readonly unknown[]): Promise<T[]> {
    return (await this.database.query(statement, values)) as T[];
  }
}

const mine = (organisationId: string, { side, productId, counterpartyId }: DealFilter, { after, first }: PageRequest): unknown[] => [organisationId, after?.[0] ?? null, first + 1, side, productId, counterpartyId];
