import { invalid, type Refusal, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { judge, type Judgement, type UseRequest } from '../../domain/terms/evaluate.js';
import { failedOperand, whyNot } from '../../domain/terms/licence-terms.js';
import type { Offer } from '../../storage/offer.repository.js';
import type { PlaceOrderInput } from '../take-offer.js';

/** Where in an order what a clause is about is said. */
const FIELDS: Readonly<Record<string, string>> = { purpose: 'purpose', spatial: 'destination', recipient: 'endUse.endUsers' };

/** Whether the terms permit what the order declares: the use by everybody who is named and wherever he is, and the passing on where that is planned. */
export function termsProblem({ terms, purposes, destinations }: Offer, buyerId: string, { purpose, destination, endUse }: PlaceOrderInput, at: Date): Refusal | undefined {
  // What a policy permits beyond its offer is not offered.
  if (!purposes.includes(purpose)) return invalid(CONTRACTS_ERRORS.TERMS_REFUSED, 'purpose', `the offer is for ${purposes.join(' or ')}`);
  if (!destinations.includes(destination)) return invalid(CONTRACTS_ERRORS.TERMS_REFUSED, 'destination', `the offer is for ${destinations.join(' or ')}`);
  const users = endUse?.endUsers ?? [];
  const asked: UseRequest = { action: 'use', purpose, places: [destination], recipients: [[buyerId, 'ASSIGNEE']], at, began: null, before: 0n, named: null, mediaType: null };
  const uses = [asked, ...users.map((u) => ({ ...asked, places: [u.country], recipients: [u.organisationId === buyerId ? [buyerId, 'ASSIGNEE'] : ['DECLARED_USER', ...(u.organisationId ? [u.organisationId] : [])]] }))];
  const passedOn = endUse?.onward.planned ? [{ ...asked, action: 'distribute' as const, places: endUse.onward.countries, recipients: [[]] }] : [];
  for (const request of [...uses, ...passedOn]) {
    const judged = judge(terms.policy, request);
    if (!judged.permitted) return termsRefusal(judged, request);
  }
  return undefined;
}

/** Names the clause that decided, and the field that it is about where the request has one. */
export function termsRefusal(judged: Extract<Judgement, { permitted: false }>, { action }: Pick<UseRequest, 'action'>): Refusal {
  const message = whyNot(judged, 'en');
  const field = action === 'distribute' ? 'endUse.onward' : FIELDS[failedOperand(judged) ?? ''];
  return field ? invalid(CONTRACTS_ERRORS.TERMS_REFUSED, field, message) : stateConflict(CONTRACTS_ERRORS.TERMS_REFUSED, message, judged.clause?.uid ?? 'NONE');
}
