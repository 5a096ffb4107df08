import { defineStateTable } from '#shared';
import type { PlanTerms } from '../pricing/price-plan.js';
import type { LicenceTerms } from '../terms/licence-terms.js';

export const NEGOTIATION_STATES = ['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED'] as const;
export type NegotiationState = (typeof NEGOTIATION_STATES)[number];
export type NegotiationEvent = 'request' | 'offer' | 'accept' | 'agree' | 'verify' | 'finalize' | 'terminate';
/** As the Dataspace Protocol calls them: who licenses the data, and who gives it. */
export type Party = 'CONSUMER' | 'PROVIDER';

interface Step {
  readonly from: NegotiationState;
  readonly event: NegotiationEvent;
  readonly to: NegotiationState;
  /** Who may do it; nobody: the exchange, when the order is signed and concluded. */
  readonly by: readonly Party[];
}

/** Dataspace Protocol 2025-1, contract negotiation: each step with who may take it. */
export const STEPS: readonly Step[] = [
  { from: 'REQUESTED', event: 'offer', to: 'OFFERED', by: ['PROVIDER'] },
  { from: 'REQUESTED', event: 'agree', to: 'AGREED', by: ['PROVIDER'] },
  { from: 'REQUESTED', event: 'terminate', to: 'TERMINATED', by: ['CONSUMER', 'PROVIDER'] },
  { from: 'OFFERED', event: 'request', to: 'REQUESTED', by: ['CONSUMER'] },
  { from: 'OFFERED', event: 'accept', to: 'ACCEPTED', by: ['CONSUMER'] },
  { from: 'OFFERED', event: 'terminate', to: 'TERMINATED', by: ['CONSUMER', 'PROVIDER'] },
  { from: 'ACCEPTED', event: 'agree', to: 'AGREED', by: ['PROVIDER'] },
  { from: 'ACCEPTED', event: 'terminate', to: 'TERMINATED', by: ['PROVIDER'] },
  { from: 'AGREED', event: 'verify', to: 'VERIFIED', by: [] },
  { from: 'AGREED', event: 'terminate', to: 'TERMINATED', by: ['CONSUMER'] },
  { from: 'VERIFIED', event: 'finalize', to: 'FINALIZED', by: [] },
  // The order came to nothing.
  { from: 'VERIFIED', event: 'terminate', to: 'TERMINATED', by: [] },
];
export const negotiationStates = defineStateTable<NegotiationState, NegotiationEvent>('negotiation', ['REQUESTED', 'OFFERED'], NEGOTIATION_STATES, STEPS);

export const mayStep = (state: NegotiationState, event: NegotiationEvent, party: Party): boolean => STEPS.some((s) => s.from === state && s.event === event && s.by.includes(party));
export const possibleEvents = (state: NegotiationState, party: Party): NegotiationEvent[] => STEPS.filter((s) => s.from === state && s.by.includes(party)).map((s) => s.event);
export const isOver = (state: NegotiationState): boolean => state === 'FINALIZED' || state === 'TERMINATED';

/** What one side proposes: one plan with its terms. */
export interface Proposal {
  readonly plan: PlanTerms;
  readonly purposes: readonly string[];
  readonly destinations: readonly string[];
  readonly terms: LicenceTerms;
  /** A running agreement of both sides that ends when the one to be agreed begins; null, or missing in what was said before there was this: none. */
  readonly replacesAgreementId?: string | null;
}

/** Days that the other side has to answer: what a purchasing department needs. */
export const ANSWER_DAYS = 14;
export const MOST_ANSWER_DAYS = 90;
/** A negotiation that goes on longer goes nowhere. */
export const MOST_MESSAGES = 100;
