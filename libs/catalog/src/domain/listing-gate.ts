import { defineStateTable } from '#shared';

export const PRODUCT_STATES = ['DRAFT', 'SUBMITTED', 'TESTED', 'OPINED', 'REVIEWED', 'ON_NOTICE', 'CERTIFIED', 'LISTED', 'SUSPENDED', 'WITHDRAWN'] as const;
export type ProductState = (typeof PRODUCT_STATES)[number];
/** The law, which resumes what it suspended; staff; or papers that lapsed, until they are renewed. */
export type SuspendedBy = 'COMPLIANCE' | 'STAFF' | 'LAPSE';
export type GateEvent = 'submit' | 'pass-test' | 'fail-test' | 'opine' | 'object' | 'approve' | 'reject' | 'open-notice' | 'certify' | 'list' | 'suspend' | 'reinstate' | 'withdraw' | 'skip-opinion' | 'skip-review' | 'skip-notice';

const BEFORE_LISTING = ['DRAFT', 'SUBMITTED', 'TESTED', 'OPINED', 'REVIEWED', 'ON_NOTICE', 'CERTIFIED'] as const;

/** The listing gate. There is one way to LISTED and no way around a step that is demanded; a failed step leads back to DRAFT. */
export const listingGate = defineStateTable<ProductState, GateEvent>('product', ['DRAFT'], PRODUCT_STATES, [
  { from: 'DRAFT', event: 'submit', to: 'SUBMITTED' },
  { from: 'SUBMITTED', event: 'pass-test', to: 'TESTED' },
  { from: 'SUBMITTED', event: 'fail-test', to: 'DRAFT' },
  { from: 'TESTED', event: 'opine', to: 'OPINED' },
  { from: 'TESTED', event: 'object', to: 'DRAFT' },
  // An objection that was upheld.
  { from: 'REVIEWED', event: 'object', to: 'DRAFT' },
  { from: 'ON_NOTICE', event: 'object', to: 'DRAFT' },
  { from: 'CERTIFIED', event: 'object', to: 'DRAFT' },
  { from: 'OPINED', event: 'approve', to: 'REVIEWED' },
  { from: 'OPINED', event: 'reject', to: 'DRAFT' },
  { from: 'REVIEWED', event: 'open-notice', to: 'ON_NOTICE' },
  { from: 'ON_NOTICE', event: 'certify', to: 'CERTIFIED' },
  // Steps that the rulebook does not demand of this product.
  { from: 'TESTED', event: 'skip-opinion', to: 'OPINED' },
  { from: 'OPINED', event: 'skip-review', to: 'REVIEWED' },
  { from: 'REVIEWED', event: 'skip-notice', to: 'ON_NOTICE' },
  { from: 'CERTIFIED', event: 'list', to: 'LISTED' },
  { from: 'LISTED', event: 'suspend', to: 'SUSPENDED' },
  { from: 'SUSPENDED', event: 'reinstate', to: 'LISTED' },
  ...[...BEFORE_LISTING, 'LISTED' as const, 'SUSPENDED' as const].map((from) => ({ from, event: 'withdraw' as const, to: 'WITHDRAWN' as const })),
]);

export const GATE_STEPS = ['PLATFORM_TEST', 'OPINION', 'REVIEW', 'NOTICE', 'CERTIFICATE'] as const;
export type GateStep = (typeof GATE_STEPS)[number];

/** What happens to a product without anybody's doing: a step that is not demanded is passed by, and a notice opens by itself. Null: somebody has to act. */
export function movesByItself({ state, demandedSteps }: Pick<GateStanding, 'state' | 'demandedSteps'>): 'skip-opinion' | 'skip-review' | 'skip-notice' | 'open-notice' | null {
  if (state === 'TESTED') return demandedSteps.includes('OPINION') ? null : 'skip-opinion';
  if (state === 'OPINED') return demandedSteps.includes('REVIEW') ? null : 'skip-review';
  if (state === 'REVIEWED') return demandedSteps.includes('NOTICE') ? 'open-notice' : 'skip-notice';
  return null;
}

export interface GateStanding {
  readonly state: ProductState;
  readonly demandedSteps: readonly GateStep[];
  readonly completedSteps: readonly GateStep[];
  readonly opinionValidUntil: Date | null;
  readonly certificateValidUntil: Date | null;
}

/** What is missing for a product to be listed at this moment: undone steps and lapsed papers. */
export function missingForListing(product: GateStanding, now: Date): string[] {
  const undone = product.demandedSteps.filter((step) => !product.completedSteps.includes(step)).map((step) => `${step} is not done`);
  if (product.demandedSteps.length === 0) undone.push('the product was never submitted');
  if (product.demandedSteps.includes('OPINION') && (!product.opinionValidUntil || product.opinionValidUntil <= now)) undone.push('the opinion is not in force');
  if (!product.certificateValidUntil || product.certificateValidUntil <= now) undone.push('the certificate is not in force');
  return undone;
}

/** Listed, and every paper behind it in force. Deliveries and orders ask this, not the state alone. */
export const isListed = (product: GateStanding, now: Date): boolean => product.state === 'LISTED' && missingForListing(product, now).length === 0;
