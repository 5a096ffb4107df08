import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** What takes effect with an offer, besides its terms. */
export interface OfferEffects {
  /** Plans under running licences that each of its plans replaces, in their order; none where it changes no prices. */
  readonly replaces: readonly (readonly string[])[];
  /** From when those licences are charged by the new plans. */
  readonly subscribersFrom: Date | null;
  /** The negotiation that it agrees to, answering which message and with which words. */
  readonly negotiationId: string | null;
  readonly inReplyTo: number | null;
  readonly answer: string | null;
}
export const NO_EFFECTS: OfferEffects = { replaces: [], subscribersFrom: null, negotiationId: null, inReplyTo: null, answer: null };

/** An offer that waits, or waited, for its second signature. */
export interface OfferSigning extends OfferEffects {
  readonly offerId: string;
  readonly vendorId: string;
  /** The member who drew it up and signed first. */
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
}

const SIGNING = `offer_id as "offerId", vendor_id as "vendorId", requested_by as "requestedBy", requested_at as "requestedAt", expires_at as "expiresAt", replaces, subscribers_from as "subscribersFrom",
  negotiation_id as "negotiationId", in_reply_to as "inReplyTo", answer, closed_by as "closedBy", closed_at as "closedAt"`;
const OF_OFFERS = { name: 'contracts.offer-signings', text: `select ${SIGNING} from contracts.offer_signing where offer_id = any($1::uuid[])` };
const LAPSED = { name: 'contracts.offer-signings-lapsed', text: 'select offer_id as "offerId" from contracts.offer_signing where closed_at is null and expires_at <= $1 order by expires_at limit $2' };
const OF_NEGOTIATIONS = { name: 'contracts.offer-signings-of-negotiations', text: `select ${SIGNING} from contracts.offer_signing where negotiation_id = any($1::uuid[]) and closed_at is null order by offer_id` };

@Injectable()
export class OfferSigningRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, s: OfferSigning): Promise<void> {
    await tx.query(
      'insert into contracts.offer_signing (offer_id, vendor_id, requested_by, requested_at, expires_at, replaces, subscribers_from, negotiation_id, in_reply_to, answer) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [s.offerId, s.vendorId, s.requestedBy, s.requestedAt, s.expiresAt, JSON.stringify(s.replaces), s.subscribersFrom, s.negotiationId, s.inReplyTo, s.answer],
    );
  }
  async close(tx: Tx, offerId: string, closedBy: string | null, closedAt: Date): Promise<void> {
    await tx.query('update contracts.offer_signing set closed_by = $2, closed_at = $3 where offer_id = $1', [offerId, closedBy, closedAt]);
  }
  /** Of an offer that its caller holds. */
  async of(tx: Tx, offerId: string): Promise<OfferSigning | null> {
    return ((await tx.query(`select ${SIGNING} from contracts.offer_signing where offer_id = $1`, [offerId])) as OfferSigning[])[0] ?? null;
  }
  /** Offers whose time to be signed is over; whoever closes one holds the offer and looks again. */
  async lapsed(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ offerId: string }>(LAPSED, [now, limit])).map((r) => r.offerId);
  }

  async find(offerId: string): Promise<OfferSigning | null> {
    return (await this.ofOffers([offerId])).get(offerId) ?? null;
  }
  async ofOffers(ids: readonly string[]): Promise<Map<string, OfferSigning>> {
    return new Map((await this.database.query<OfferSigning & Record<string, unknown>>(OF_OFFERS, [ids])).map((s) => [s.offerId, s]));
  }
  /** The newest that waits, of each negotiation. */
  async ofNegotiations(ids: readonly string[]): Promise<Map<string, OfferSigning>> {
    return new Map((await this.database.query<OfferSigning & Record<string, unknown>>(OF_NEGOTIATIONS, [ids])).map((s) => [s.negotiationId!, s]));
  }
}
