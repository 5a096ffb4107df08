import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Contracts } from '#contracts';
import { Metering } from '#metering';
import { type Caller, Clock, Signer, type Tx } from '#shared';
import type { Trade } from '#settlement';
import { CERTIFICATE_RECEIPTS, CERTIFICATE_TYPE, certificateDocument, type CertificateParts } from '../domain/certificate.js';
import { CertificateRepository } from '../storage/certificate.repository.js';
import { InvoiceRepository } from '../storage/invoice.repository.js';
import { UsageBillingRepository } from '../storage/usage-billing.repository.js';

type Used = Pick<CertificateParts, 'usage' | 'receiptIds'>;

/** What a certificate is made from. */
@Injectable()
export class CertificateSources {
  constructor(readonly certificates: CertificateRepository, readonly invoices: InvoiceRepository, readonly billed: UsageBillingRepository, readonly contracts: Contracts, readonly metering: Metering) {}
}

/** Signs the statement of a settled trade, once. */
@Injectable()
export class CertifyTrade {
  constructor(private readonly sources: CertificateSources, private readonly signer: Signer, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, trade: Trade): Promise<void> {
    const { certificates, invoices, contracts } = this.sources;
    if (await certificates.exists(tx, trade.id)) return;
    const agreement = await contracts.agreementById(trade.agreementId);
    if (!agreement) throw new Error(`agreement ${trade.agreementId} of trade ${trade.id} is gone`);
    const used = trade.kind === 'USAGE' ? await this.billed(trade) : await this.delivered(tx, trade);
    const issuedAt = this.clock.now();
    const jws = await this.signer.sign(CERTIFICATE_TYPE, certificateDocument({ trade, agreement, ...used, invoices: await invoices.ofTrade(trade.id), issuedAt }));
    await certificates.insert(tx, { tradeId: trade.id, vendorId: trade.vendorId, buyerId: trade.buyerId, jws, issuedAt });
    await this.audit.append(tx, caller, { act: 'trade.certify', objectType: 'trade', objectId: trade.id, tradeId: trade.id, tenantId: trade.buyerId });
  }

  private async billed(trade: Trade): Promise<Used> {
    const period = await this.sources.billed.periodOfTrade(trade.id);
    if (!period) throw new Error(`usage trade ${trade.id} has no period`);
    return { usage: await this.sources.billed.quantitiesOfPeriod(period.id), receiptIds: await this.sources.billed.receiptsOfPeriod(period.id, CERTIFICATE_RECEIPTS) };
  }

  /** What was delivered before the buyer accepted; of a later period, since it was opened. */
  private async delivered(tx: Tx, trade: Trade): Promise<Used> {
    const all = await this.sources.metering.eventsOfLicence(tx, trade.licenceId, 'downloads', trade.acceptedAt ?? this.clock.now());
    const events = trade.kind === 'SUBSCRIPTION' ? all.filter((e) => e.occurredAt >= trade.executedAt) : all;
    return {
      usage: [{ meter: 'downloads', quantity: events.reduce((sum, e) => sum + e.quantity, 0n) }],
      receiptIds: events.flatMap((e) => e.receiptId ?? []),
    };
  }
}
