import { type Refusal, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { MOST_MESSAGES, mayStep, type NegotiationEvent, type Party, possibleEvents } from '../../domain/negotiation/negotiation.js';
import type { Negotiation } from '../../storage/negotiation.repository.js';

/** Why a side cannot answer this message so, now. */
export function answerProblem(negotiation: Negotiation, party: Party, event: NegotiationEvent, inReplyTo: number, now: Date): Refusal | undefined {
  const { state, messages, expiresAt } = negotiation;
  const possible = possibleEvents(state, party);
  if (!mayStep(state, event, party)) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION, `it is not for you to ${event} now${possible.length ? `; you may ${possible.join(', ')}` : ''}`, state);
  if (expiresAt <= now) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION, 'nobody answered in time', 'EXPIRED');
  if (inReplyTo !== messages) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION_MOVED, `the last message is number ${messages}: read it first`, state);
  return messages >= MOST_MESSAGES && event !== 'terminate' ? stateConflict(CONTRACTS_ERRORS.NEGOTIATION, `after ${MOST_MESSAGES} messages it can only be ended`, state) : undefined;
}
