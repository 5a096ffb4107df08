import { Injectable } from '@nestjs/common';
import { Identity, type Organisation } from '#identity';
import { Clock } from '#shared';
import type { BillingProfile } from '../domain/billing-profile.js';
import type { InvoiceParty } from '../domain/invoice.js';
import { determineTax, type TaxTreatment, type TaxUndetermined } from '../domain/tax.js';
import { BillingProfileRepository } from '../storage/billing-profile.repository.js';
import { TaxDeclarationRepository } from '../storage/tax-declaration.repository.js';

export interface TaxedSides {
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  readonly tax: TaxTreatment | TaxUndetermined;
}

/** Gathers what the tax rules ask for: where both sides belong and what the seller declared. */
@Injectable()
export class TaxDesk {
  constructor(private readonly identity: Identity, private readonly declarations: TaxDeclarationRepository, private readonly profiles: BillingProfileRepository, private readonly clock: Clock) {}

  async sides(sellerId: string, buyerId: string): Promise<TaxedSides> {
    const [organisations, declarations, profiles] = await Promise.all([this.identity.byIds([sellerId, buyerId]), this.declarations.newest(sellerId), this.profiles.ofOrganisations([sellerId, buyerId])]);
    const [seller, buyer] = [organisations.get(sellerId), organisations.get(buyerId)];
    if (!seller || !buyer) throw new Error('a party of a trade is not registered');
    const tax = determineTax({ sellerJurisdiction: seller.jurisdiction, buyerJurisdiction: buyer.jurisdiction, declarations, on: this.clock.now() });
    return { seller: party(seller, profiles.get(sellerId)), buyer: party(buyer, profiles.get(buyerId)), tax };
  }

  /** The exchange sells its service to the vendor: the sides of a commission. */
  async commission(vendorId: string): Promise<TaxedSides> {
    return this.sides(await this.identity.exchangeId(), vendorId);
  }
}

const party = (o: Organisation, profile: BillingProfile | undefined): InvoiceParty => ({
  id: o.id, legalName: o.legalName, jurisdiction: o.jurisdiction, registryNumbers: o.registryNumbers.filter((n) => n.proven).map((n) => ({ scheme: n.scheme, value: n.value })), profile: profile ?? null,
});
