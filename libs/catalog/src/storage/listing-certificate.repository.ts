import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#shared';
import type { CertificateAct, CertificateEvent, ListingCertificate } from '../domain/gate/certificate.js';

type Raw = Omit<ListingCertificate, 'number'> & { readonly number: string };
/** With its life, and whether its product can be bought now. */
export interface CertificateOnRecord {
  readonly certificate: ListingCertificate;
  readonly events: readonly CertificateEvent[];
  readonly listed: boolean;
}

const COLUMNS = `number, product_id as "productId", product_title as "productTitle", holder_id as "holderId", holder_name as "holderName", gate_version as "gateVersion", state, issued_at as "issuedAt", valid_until as "validUntil"`;
const FIND = {
  name: 'catalog.listing-certificate',
  text: `select ${COLUMNS}, exists (select 1 from catalog.product p where p.id = c.product_id and p.certificate_number = c.number and p.state = 'LISTED' and p.vendor_state = 'VERIFIED') as listed,
      exists (select 1 from catalog.product p where p.id = c.product_id and p.audience = 'NAMED') as named,
      (select jsonb_agg(jsonb_build_object('act', e.act, 'reason', e.reason, 'holderName', e.holder_name, 'validUntil', e.valid_until, 'recordedAt', e.recorded_at) order by e.recorded_at, e.id)
       from catalog.listing_certificate_event e where e.number = c.number) as events
    from catalog.listing_certificate c where number = $1`,
};
const FOR_NAMED = 'A product for named organisations';
type RawEvent = Omit<CertificateEvent, 'validUntil' | 'recordedAt'> & { readonly validUntil: string; readonly recordedAt: string };

@Injectable()
export class ListingCertificateRepository {
  constructor(private readonly database: Database) {}

  async next(tx: Tx): Promise<bigint> {
    const [row] = (await tx.query(`select nextval('catalog.certificate_number') as number`)) as { number: string }[];
    return BigInt(row!.number);
  }

  async lock(tx: Tx, number: bigint): Promise<ListingCertificate | null> {
    const [row] = (await tx.query(`select ${COLUMNS} from catalog.listing_certificate where number = $1 for no key update`, [number])) as Raw[];
    return row ? { ...row, number: BigInt(row.number) } : null;
  }

  async insert(tx: Tx, c: ListingCertificate): Promise<void> {
    await tx.query('insert into catalog.listing_certificate (number, product_id, product_title, holder_id, holder_name, gate_version, state, issued_at, valid_until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [c.number, c.productId, c.productTitle, c.holderId, c.holderName, c.gateVersion, c.state, c.issuedAt, c.validUntil]);
  }
  async update(tx: Tx, c: ListingCertificate): Promise<void> {
    await tx.query('update catalog.listing_certificate set product_id = $2, product_title = $3, holder_id = $4, holder_name = $5, gate_version = $6, state = $7, valid_until = $8 where number = $1',
      [c.number, c.productId, c.productTitle, c.holderId, c.holderName, c.gateVersion, c.state, c.validUntil]);
  }
  async record(tx: Tx, { number, productId, holderId, holderName, validUntil }: ListingCertificate, act: CertificateAct, reason: string | null, by: string, at: Date): Promise<void> {
    await tx.query('insert into catalog.listing_certificate_event (id, number, act, product_id, holder_id, holder_name, valid_until, reason, recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [newId(), number, act, productId, holderId, holderName, validUntil, reason, by, at]);
  }

  /** For everybody, without what a product for named organisations is: that it is certified is no secret, its title is. */
  async find(number: bigint): Promise<CertificateOnRecord | null> {
    const [row] = await this.database.query<Raw & { listed: boolean; named: boolean; events: RawEvent[] } & Record<string, unknown>>(FIND, [number]);
    if (!row) return null;
    const { listed, named, events, ...whole } = row;
    const certificate = named ? { ...whole, productId: null, productTitle: FOR_NAMED } : whole;
    return { certificate: { ...certificate, number: BigInt(row.number) }, listed, events: events.map((e) => ({ ...e, validUntil: new Date(e.validUntil), recordedAt: new Date(e.recordedAt) })) };
  }
}
