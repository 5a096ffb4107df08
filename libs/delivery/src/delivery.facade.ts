import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest, Result } from '#shared';
import type { Delivery as DeliveryRecord, DeliveryState, Receipt } from './domain/delivery.js';
import { DeliveryRepository } from './storage/delivery.repository.js';
import { ReceiptRepository } from './storage/receipt.repository.js';
import type { FileBeingMade } from './use-cases/parts/licensed-files.js';
import { type DownloadGrant, type DownloadRefused, RequestDownload, type RequestDownloadInput } from './use-cases/request-download.js';

/** What went to whom. The bytes themselves go over HTTP. */
@Injectable()
export class Delivery {
  constructor(private readonly receipts: ReceiptRepository, private readonly downloads: RequestDownload, private readonly contracts: Contracts, private readonly deliveries: DeliveryRepository) {}

  /** Opens one delivery of an asset under an active licence; the token in the answer is shown this once. Refused deliveries carry their decision. */
  requestDownload(actor: Actor, input: RequestDownloadInput): Promise<Result<DownloadGrant, DownloadRefused | FileBeingMade>> {
    return this.downloads.execute(actor, input);
  }

  /** The latest receipts of a licence. For rooms; whoever asks was let in by them. */
  async receiptsOfLicence(licenceId: string, limit: number): Promise<Receipt[]> {
    return [...(await this.receipts.ofLicence(licenceId, { first: limit, after: null })).items];
  }

  /** The receipts of a licence, newest first, for its vendor, its buyer and the exchange's overseers; null for others. */
  async receiptsFor(actor: Actor, licenceId: string, page: PageRequest): Promise<Page<Receipt> | null> {
    const licence = await this.contracts.licenceById(licenceId);
    return licence && mayRead(actor, licence) ? this.receipts.ofLicence(licenceId, page) : null;
  }
  /** The deliveries that were opened under a licence, newest first, for the same readers; null for others. */
  async deliveriesFor(actor: Actor, licenceId: string, state: DeliveryState | null, page: PageRequest): Promise<Page<DeliveryRecord> | null> {
    const licence = await this.contracts.licenceById(licenceId);
    return licence && mayRead(actor, licence) ? this.deliveries.ofLicence(licenceId, state, page) : null;
  }
  async receiptFor(actor: Actor, id: string): Promise<Receipt | null> {
    const receipt = (await this.receipts.byIds([id])).get(id);
    return receipt && mayRead(actor, receipt) ? receipt : null;
  }
}

const mayRead = (actor: Actor, sides: { readonly vendorId: string; readonly buyerId: string }): boolean =>
  permits(actor, 'oversight:read') || (permits(actor, 'metering:read') && (actor.tenantId === sides.vendorId || actor.tenantId === sides.buyerId));
