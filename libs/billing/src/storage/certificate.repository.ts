import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { CertificateRow } from './billing.entities.js';

/** The signed statement of a settled trade. */
export type Certificate = Readonly<CertificateRow>;

const OF_TRADE = { name: 'billing.certificate-of-trade', text: 'select trade_id as "tradeId", vendor_id as "vendorId", buyer_id as "buyerId", jws, issued_at as "issuedAt" from billing.certificate where trade_id = $1' };

@Injectable()
export class CertificateRepository {
  constructor(private readonly database: Database) {}

  async exists(tx: Tx, tradeId: string): Promise<boolean> {
    return tx.existsBy(CertificateRow, { tradeId });
  }
  async insert(tx: Tx, certificate: Certificate): Promise<void> {
    await tx.insert(CertificateRow, certificate);
  }
  async ofTrade(tradeId: string): Promise<Certificate | null> {
    const [row] = await this.database.query<Certificate & Record<string, unknown>>(OF_TRADE, [tradeId]);
    return row ?? null;
  }
}
