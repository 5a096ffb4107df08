import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { NegotiationEvent, NegotiationState, Party, Proposal } from '../domain/negotiation/negotiation.js';

export interface Negotiation {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly state: NegotiationState;
  /** What lies on the table. */
  readonly proposal: Proposal;
  /** Of the last message: whoever answers says to which. */
  readonly messages: number;
  /** By when the other side answers. */
  readonly expiresAt: Date;
  /** The offer to the buyer alone that agreeing made. */
  readonly offerId: string | null;
  readonly agreementId: string | null;
  readonly createdAt: Date;
}
export interface NegotiationMessage {
  readonly id: string;
  readonly negotiationId: string;
  readonly number: number;
  /** Null: the exchange. */
  readonly party: Party | null;
  readonly event: NegotiationEvent;
  readonly state: NegotiationState;
  /** Null where nothing new is proposed. */
  readonly proposal: Proposal | null;
  readonly text: string | null;
  readonly sentAt: Date;
}

const NEGOTIATION = `id, product_id as "productId", vendor_id as "vendorId", buyer_id as "buyerId", state, proposal, messages, expires_at as "expiresAt", offer_id as "offerId", agreement_id as "agreementId", created_at as "createdAt"`;
const MESSAGE = `id, negotiation_id as "negotiationId", number, party, event, state, proposal, text, sent_at as "sentAt"`;
const BY_ID = { name: 'contracts.negotiation', text: `select ${NEGOTIATION} from contracts.negotiation where id = $1` };
const PAGE = {
  name: 'contracts.negotiations',
  text: `select ${NEGOTIATION} from contracts.negotiation where (vendor_id = $1 or buyer_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) and ($5::uuid is null or product_id = $5) order by id desc limit $3`,
};
const MESSAGES = { name: 'contracts.negotiation-messages', text: `select ${MESSAGE} from contracts.negotiation_message where negotiation_id = $1 and ($2::uuid is null or id > $2) order by id limit $3` };

@Injectable()
export class NegotiationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, n: Negotiation): Promise<void> {
    await tx.query(
      'insert into contracts.negotiation (id, product_id, vendor_id, buyer_id, state, proposal, messages, expires_at, offer_id, agreement_id, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [n.id, n.productId, n.vendorId, n.buyerId, n.state, JSON.stringify(n.proposal), n.messages, n.expiresAt, n.offerId, n.agreementId, n.createdAt],
    );
  }
  async update(tx: Tx, n: Negotiation): Promise<void> {
    await tx.query('update contracts.negotiation set state = $2, proposal = $3, messages = $4, expires_at = $5, offer_id = $6, agreement_id = $7 where id = $1', [n.id, n.state, JSON.stringify(n.proposal), n.messages, n.expiresAt, n.offerId, n.agreementId]);
  }
  async say(tx: Tx, { vendorId, buyerId }: Negotiation, m: NegotiationMessage): Promise<void> {
    await tx.query(
      'insert into contracts.negotiation_message (id, negotiation_id, vendor_id, buyer_id, number, party, event, state, proposal, text, sent_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [m.id, m.negotiationId, vendorId, buyerId, m.number, m.party, m.event, m.state, m.proposal && JSON.stringify(m.proposal), m.text, m.sentAt],
    );
  }
  async lock(tx: Tx, id: string): Promise<Negotiation | null> {
    return ((await tx.query(`select ${NEGOTIATION} from contracts.negotiation where id = $1 for no key update`, [id])) as Negotiation[])[0] ?? null;
  }
  /** The one whose agreement this offer is. */
  async lockByOffer(tx: Tx, offerId: string): Promise<Negotiation | null> {
    return ((await tx.query(`select ${NEGOTIATION} from contracts.negotiation where offer_id = $1 for no key update`, [offerId])) as Negotiation[])[0] ?? null;
  }
  /** How many of a buyer about a product are not over. */
  async openBetween(tx: Tx, productId: string, buyerId: string): Promise<number> {
    const [row] = (await tx.query(`select count(*)::int as n from contracts.negotiation where product_id = $1 and buyer_id = $2 and state not in ('FINALIZED', 'TERMINATED')`, [productId, buyerId])) as [{ n: number }];
    return row.n;
  }
  /** Those that nobody answered in time, held; what another process holds is left out. */
  async lapsed(tx: Tx, now: Date, limit: number): Promise<Negotiation[]> {
    return (await tx.query(`select ${NEGOTIATION} from contracts.negotiation where state in ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED') and expires_at <= $1 order by expires_at limit $2 for no key update skip locked`, [now, limit])) as Negotiation[];
  }

  async byId(id: string): Promise<Negotiation | null> {
    return ((await this.database.query(BY_ID, [id])) as unknown as Negotiation[])[0] ?? null;
  }
  async page(organisationId: string, filter: { readonly state: NegotiationState | null; readonly productId: string | null }, request: PageRequest): Promise<Page<Negotiation>> {
    return toPage((await this.database.query(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1, filter.state, filter.productId])) as unknown as Negotiation[], request, (n) => [n.id]);
  }
  async messages(negotiationId: string, request: PageRequest): Promise<Page<NegotiationMessage>> {
    return toPage((await this.database.query(MESSAGES, [negotiationId, request.after?.[0] ?? null, request.first + 1])) as unknown as NegotiationMessage[], request, (m) => [m.id]);
  }
}
