import { OfferSigningResolver } from './api/offers/offer-signing.resolver.js';
import { OffersResolver } from './api/offers/offers.resolver.js';
import { PlanQuoteResolver } from './api/offers/plan-quote.resolver.js';
import { ProductOffersResolver } from './api/offers/product-offers.resolver.js';
import { PriceChangesResolver } from './api/offers/price-changes.resolver.js';
import { SubscriptionsResolver } from './api/offers/subscriptions.resolver.js';
import { LicencePriceRepository } from './storage/licence-price.repository.js';
import { OfferSigningRepository } from './storage/offer-signing.repository.js';
import { OfferRepository } from './storage/offer.repository.js';
import { TrialRepository } from './storage/trial.repository.js';
import { AwaitOfferSignature } from './use-cases/offers/await-signature.js';
import { ChangePrice } from './use-cases/offers/change-price.js';
import { CreateOffer } from './use-cases/offers/create-offer.js';
import { NotePrices } from './use-cases/offers/note-prices.js';
import { TakeOfferEffect } from './use-cases/offers/offer-effects.js';
import { FitParts } from './use-cases/terms/fit-parts.js';
import { PutOffer } from './use-cases/offers/put-offer.js';
import { RejectOffer } from './use-cases/offers/reject-offer.js';
import { ReplaceOffer } from './use-cases/offers/replace-offer.js';
import { ShowOffers } from './use-cases/offers/show-offers.js';
import { OfferDesk, SignOffer } from './use-cases/offers/sign-offer.js';
import { WithdrawOffer } from './use-cases/offers/withdraw-offer.js';
import { CancelRenewal } from './use-cases/subscriptions/cancel-renewal.js';

/** What the module of this room provides for offers and their prices. */
export const offerProviders = [OfferRepository, TrialRepository, PutOffer, CreateOffer, WithdrawOffer, ShowOffers, OffersResolver, PlanQuoteResolver, ProductOffersResolver, CancelRenewal, SubscriptionsResolver, ChangePrice, LicencePriceRepository, NotePrices, PriceChangesResolver,
  OfferSigningRepository, AwaitOfferSignature, ReplaceOffer, FitParts, TakeOfferEffect, OfferDesk, SignOffer, RejectOffer, OfferSigningResolver];
