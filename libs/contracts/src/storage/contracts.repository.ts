import { Injectable } from '@nestjs/common';
import { Database, money, type Money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import { In, LessThanOrEqual } from 'typeorm';
import type { AgreementDocument } from '../domain/agreement-document.js';
import type { LicenceState } from '../domain/licence-state.js';
import { AgreementRow, LicenceRow, OfferRow } from './contracts.entities.js';

export type Offer = Readonly<OfferRow>;
export type Licence = Readonly<LicenceRow>;
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
  readonly currency: string;
  readonly oneOffPrice: Money;
  /** Major units, a decimal string. */
  readonly perDownloadPrice: string;
  readonly purpose: string;
  readonly destination: string;
  readonly concludedAt: Date;
}

const OFFER = `id, product_id as "productId", vendor_id as "vendorId", title, currency, one_off_price_minor as "oneOffPriceMinor", per_download_price as "perDownloadPrice",
  licence_days as "licenceDays", purposes, destinations, state, valid_until as "validUntil", created_at as "createdAt"`;
const AGREEMENT = `id, offer_id as "offerId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", decision_id as "decisionId", document, hash, currency,
  one_off_price_minor as "oneOffPriceMinor", per_download_price as "perDownloadPrice", purpose, destination, concluded_at as "concludedAt"`;
const LICENCE = `id, agreement_id as "agreementId", product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", state, days, valid_from as "validFrom", valid_until as "validUntil",
  state_reason as "stateReason", created_at as "createdAt"`;
/** The newest page of offers is small by nature: the cheapest ten of each product. */
const OFFERS_OF_PRODUCTS: Statement = {
  name: 'contracts.offers-of-products', public: true,
  text: `select o.* from unnest($1::uuid[]) as p (id) cross join lateral (
           select ${OFFER} from contracts.offer where product_id = p.id and state = 'ACTIVE' and (valid_until is null or valid_until > $2) order by one_off_price_minor, id limit 10) o`,
};
const OFFER_BY_ID = { name: 'contracts.offer', text: `select ${OFFER} from contracts.offer where id = $1` };
const AGREEMENTS = { name: 'contracts.agreements', text: `select ${AGREEMENT} from contracts.agreement where id = any($1::uuid[])` };
const LICENCES = { name: 'contracts.licences', text: `select ${LICENCE} from contracts.licence where id = any($1::uuid[])` };
const LICENCES_OF_AGREEMENTS = { name: 'contracts.licences-of-agreements', text: `select ${LICENCE} from contracts.licence where agreement_id = any($1::uuid[])` };
const paged = (columns: string, table: string, name: string) => ({
  name, text: `select ${columns} from contracts.${table} where (vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3`,
});
const MY_AGREEMENTS = paged(AGREEMENT, 'agreement', 'contracts.my-agreements');
const MY_LICENCES = paged(LICENCE, 'licence', 'contracts.my-licences');

type RawOffer = Omit<Offer, 'oneOffPriceMinor'> & { oneOffPriceMinor: string };
type RawAgreement = Omit<Agreement, 'oneOffPrice'> & { oneOffPriceMinor: string };

@Injectable()
export class ContractsRepository {
  constructor(private readonly database: Database) {}

  async insertOffer(tx: Tx, offer: Offer): Promise<void> {
    await tx.insert(OfferRow, offer);
  }
  lockOffer(tx: Tx, id: string): Promise<Offer | null> {
    return tx.findOne(OfferRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  /** Holds the offer against withdrawal; any number of orders may hold it at once. */
  shareOffer(tx: Tx, id: string): Promise<Offer | null> {
    return tx.findOne(OfferRow, { where: { id }, lock: { mode: 'pessimistic_read' } });
  }
  async withdrawOffer(tx: Tx, id: string): Promise<void> {
    await tx.update(OfferRow, { id }, { state: 'WITHDRAWN' });
  }
  async offer(id: string): Promise<Offer | null> {
    const [row] = await this.rows<RawOffer>(OFFER_BY_ID, [id]);
    return row ? toOffer(row) : null;
  }
  async offersOfProducts(productIds: readonly string[], now: Date): Promise<Offer[]> {
    return (await this.rows<RawOffer>(OFFERS_OF_PRODUCTS, [productIds, now])).map(toOffer);
  }

  async insertAgreement(tx: Tx, agreement: Agreement, licence: Licence): Promise<void> {
    const { oneOffPrice, ...row } = agreement;
    await tx.insert(AgreementRow, { ...row, oneOffPriceMinor: oneOffPrice.minor });
    await tx.insert(LicenceRow, licence);
  }
  async agreements(ids: readonly string[]): Promise<Map<string, Agreement>> {
    return new Map((await this.rows<RawAgreement>(AGREEMENTS, [ids])).map((r) => [r.id, toAgreement(r)]));
  }
  async agreementsOf(organisationId: string, request: PageRequest): Promise<Page<Agreement>> {
    return toPage((await this.rows<RawAgreement>(MY_AGREEMENTS, [organisationId, request.after?.[0] ?? null, request.first + 1])).map(toAgreement), request, (a) => [a.id]);
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
  async activate(tx: Tx, id: string, validFrom: Date, validUntil: Date): Promise<void> {
    await tx.update(LicenceRow, { id }, { state: 'ACTIVE', validFrom, validUntil });
  }
  /** Licences that were begun and whose time is over, locked, those that another process holds left out. */
  lapsed(tx: Tx, now: Date, limit: number): Promise<Licence[]> {
    return tx.find(LicenceRow, { where: { state: In(['ACTIVE', 'SUSPENDED']), validUntil: LessThanOrEqual(now) }, take: limit, lock: { mode: 'for_no_key_update', onLocked: 'skip_locked' } });
  }
  /** Answers the decision of the order that the licence comes from. */
  async end(tx: Tx, { id, agreementId }: Licence, state: LicenceState, reason: string | null): Promise<string> {
    await tx.update(LicenceRow, { id }, { state, stateReason: reason });
    const { decisionId } = await tx.findOneOrFail(AgreementRow, { where: { id: agreementId }, select: { id: true, decisionId: true } });
    return decisionId;
  }
  async licences(ids: readonly string[]): Promise<Map<string, Licence>> {
    return new Map((await this.rows<Licence>(LICENCES, [ids])).map((l) => [l.id, l]));
  }
  async licencesOfAgreements(agreementIds: readonly string[]): Promise<Map<string, Licence>> {
    return new Map((await this.rows<Licence>(LICENCES_OF_AGREEMENTS, [agreementIds])).map((l) => [l.agreementId, l]));
  }
  async licencesOf(organisationId: string, request: PageRequest): Promise<Page<Licence>> {
    return toPage(await this.rows<Licence>(MY_LICENCES, [organisationId, request.after?.[0] ?? null, request.first + 1]), request, (l) => [l.id]);
  }

  private async rows<T>(statement: Statement, values: readonly unknown[]): Promise<T[]> {
    return (await this.database.query(statement, values)) as T[];
  }
}

const toOffer = (row: RawOffer): Offer => ({ ...row, oneOffPriceMinor: BigInt(row.oneOffPriceMinor) });
const toAgreement = ({ oneOffPriceMinor, ...row }: RawAgreement): Agreement => ({ ...row, oneOffPrice: money(BigInt(oneOffPriceMinor), row.currency) });
