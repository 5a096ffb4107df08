import { toDecisionType } from '#compliance';
import type { Actor } from '#identity';
import { canonicalJson, isRefused } from '#shared';
import type { Agreement } from '../storage/contracts.repository.js';
import type { PendingOrder, WaitingOrder } from '../storage/pending-order.repository.js';
import type { AwaitingSignature } from '../use-cases/open-pending-order.js';
import type { AwaitingClearance, TransferRefused } from '../use-cases/take-offer.js';
import * as T from './contracts.types.js';
import { toTermsType } from './terms/terms.mapping.js';
import { toPlanType } from './offers/offers.mapping.js';

export const toAgreementType = (a: Agreement): T.Agreement => ({
  id: a.id, offerId: a.offerId, productId: a.productId, vendorId: a.vendorId, buyerId: a.buyerId, hash: a.hash, document: canonicalJson(a.document), plan: toPlanType(a.plan), terms: toTermsType(a.terms), purpose: a.purpose, destination: a.destination, concludedAt: a.concludedAt, decisionId: a.decisionId,
});
export const toPendingOrderType = (p: PendingOrder): T.PendingOrder => ({ ...p, plan: toPlanType(p.plan) });
export const toWaitingOrderType = (w: WaitingOrder): T.WaitingOrder => ({ ...w, plan: toPlanType(w.plan) });
export const showPendingOrder = (result: PendingOrder | { refused: true }): object => (isRefused(result) ? result : toPendingOrderType(result as PendingOrder));
export const showOrder = (viewer: Actor, result: Agreement | AwaitingSignature | AwaitingClearance | TransferRefused | { refused: true; kind: string }): object => {
  if ('awaiting' in result) return Object.assign(new T.AwaitingSignature(), { pendingOrder: toPendingOrderType(result.awaiting) });
  if ('clearing' in result) return Object.assign(new T.AwaitingClearance(), { pendingOrder: toPendingOrderType(result.clearing), decision: toDecisionType(result.decision, viewer) });
  if (!isRefused(result)) return toAgreementType(result as Agreement);
  return result.kind === 'TransferRefused' ? { ...result, decision: toDecisionType((result as TransferRefused).decision, viewer) } : result;
};
