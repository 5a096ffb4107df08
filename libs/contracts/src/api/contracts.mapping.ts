import { toDecisionType } from '#compliance';
import type { Actor } from '#identity';
import { canonicalJson, isRefused, money, toMoneyType } from '#shared';
import type { Agreement, Offer } from '../storage/contracts.repository.js';
import type { PendingOrder, WaitingOrder } from '../storage/pending-order.repository.js';
import type { AwaitingSignature } from '../use-cases/open-pending-order.js';
import type { AwaitingClearance, TransferRefused } from '../use-cases/take-offer.js';
import * as T from './contracts.types.js';

export const toOfferType = (o: Offer): T.Offer => ({
  id: o.id, productId: o.productId, title: o.title, oneOffPrice: toMoneyType(money(o.oneOffPriceMinor, o.currency)), perDownloadPrice: o.perDownloadPrice,
  licenceDays: o.licenceDays, purposes: o.purposes, destinations: o.destinations, state: o.state, validUntil: o.validUntil,
});
export const toAgreementType = (a: Agreement): T.Agreement => ({
  id: a.id, offerId: a.offerId, productId: a.productId, vendorId: a.vendorId, buyerId: a.buyerId, hash: a.hash, document: canonicalJson(a.document), oneOffPrice: toMoneyType(a.oneOffPrice),
  perDownloadPrice: a.perDownloadPrice, purpose: a.purpose, destination: a.destination, concludedAt: a.concludedAt, decisionId: a.decisionId,
});
export const showOffer = (result: Offer | { refused: true }): object => (isRefused(result) ? result : toOfferType(result as Offer));
export const toPendingOrderType = (p: PendingOrder): T.PendingOrder => ({ ...p, oneOffPrice: toMoneyType(money(p.oneOffPriceMinor, p.currency)) });
export const toWaitingOrderType = (w: WaitingOrder): T.WaitingOrder => ({ ...w, oneOffPrice: toMoneyType(money(w.oneOffPriceMinor, w.currency)) });
export const showPendingOrder = (result: PendingOrder | { refused: true }): object => (isRefused(result) ? result : toPendingOrderType(result as PendingOrder));
export const showOrder = (viewer: Actor, result: Agreement | AwaitingSignature | AwaitingClearance | TransferRefused | { refused: true; kind: string }): object => {
  if ('awaiting' in result) return Object.assign(new T.AwaitingSignature(), { pendingOrder: toPendingOrderType(result.awaiting) });
  if ('clearing' in result) return Object.assign(new T.AwaitingClearance(), { pendingOrder: toPendingOrderType(result.clearing), decision: toDecisionType(result.decision, viewer) });
  if (!isRefused(result)) return toAgreementType(result as Agreement);
  return result.kind === 'TransferRefused' ? { ...result, decision: toDecisionType((result as TransferRefused).decision, viewer) } : result;
};
