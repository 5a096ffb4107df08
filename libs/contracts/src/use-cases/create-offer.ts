import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog } from '#catalog';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, DECIMAL_PATTERN, invalid, isCountry, isCurrency, MAX_MINOR, newId, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { ContractsRepository, type Offer } from '../storage/contracts.repository.js';

export interface CreateOfferInput {
  readonly productId: string;
  readonly title: string;
  readonly currency: string;
  /** Minor units, paid once before delivery. */
  readonly oneOffPriceMinor: bigint;
  /** Major units, a decimal string; `0` when downloads are included. */
  readonly perDownloadPrice: string;
  readonly licenceDays: number;
  readonly purposes: readonly string[];
  readonly destinations: readonly string[];
  readonly validUntil?: Date | null;
}

/** A hundred thousand downloads at the highest price still fit an amount of money. */
const PRICE_DIGITS = 7;

/** A vendor puts a price and terms on a listed product, for everybody. */
@Injectable()
export class CreateOffer {
  constructor(private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly catalog: Catalog, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: CreateOfferInput): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:offer') ?? this.check(input);
    if (refusal) return refusal;
    return this.commands.run<Result<Offer>>(actor, 'contracts.create-offer', input, async (tx) => {
      if (input.validUntil && input.validUntil <= this.clock.now()) return invalid(CONTRACTS_ERRORS.VALIDITY, 'validUntil', 'in the future');
      const product = await this.catalog.productForTrade(input.productId);
      if (!product || product.vendorId !== actor.tenantId) return notFound('product');
      if (!product.listed) return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'only a listed product is offered', product.state);
      const offer: Offer = {
        id: newId(), productId: product.id, vendorId: product.vendorId, title: input.title.normalize('NFC'), currency: input.currency, oneOffPriceMinor: input.oneOffPriceMinor,
        perDownloadPrice: input.perDownloadPrice, licenceDays: input.licenceDays, purposes: [...new Set(input.purposes)], destinations: [...new Set(input.destinations)],
        state: 'ACTIVE', validUntil: input.validUntil ?? null, createdAt: this.clock.now(),
      };
      await this.contracts.insertOffer(tx, offer);
      await this.audit.append(tx, actor, { act: 'offer.create', objectType: 'offer', objectId: offer.id, details: { ...input } });
      return offer;
    });
  }

  private check(input: CreateOfferInput) {
    if (!isCurrency(input.currency)) return invalid(CONTRACTS_ERRORS.PRICE, 'currency', 'an ISO 4217 code that is traded here');
    if (input.oneOffPriceMinor < 1n || input.oneOffPriceMinor > MAX_MINOR / 1000n) return invalid(CONTRACTS_ERRORS.PRICE, 'oneOffPriceMinor', `from 1 to ${MAX_MINOR / 1000n}`);
    if (!DECIMAL_PATTERN.test(input.perDownloadPrice) || input.perDownloadPrice.split('.')[0]!.length > PRICE_DIGITS) return invalid(CONTRACTS_ERRORS.PRICE, 'perDownloadPrice', `a decimal such as 0.25, at most ${PRICE_DIGITS} digits before the point`);
    const unknown = input.destinations.findIndex((d) => !isCountry(d));
    if (unknown >= 0) return invalid(CONTRACTS_ERRORS.COUNTRY, `destinations.${unknown}`, 'an ISO 3166-1 alpha-2 code');
    return undefined;
  }
}
