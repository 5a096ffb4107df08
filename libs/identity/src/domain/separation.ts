import { type Act, type Role, STAFF_ROLES } from './permissions.js';

interface Incompatible {
  readonly roles: readonly [Role, Role];
  readonly why: string;
}

/** Roles that may be held additionally for an hour behind broken glass: they run the exchange, they do not watch it or staff it. */
export const OPERATIVE_ROLES = ['LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER'] as const satisfies readonly Role[];
export type OperativeRole = (typeof OPERATIVE_ROLES)[number];

/** Pairs of roles that one member of the staff does not hold together. */
const INCOMPATIBLE_ROLES: readonly Incompatible[] = [
  { roles: ['LISTING_REVIEWER', 'COMPLIANCE_OFFICER'], why: 'whoever files the opinion on a product does not review it' },
  { roles: ['SETTLEMENT_OFFICER', 'COMPLIANCE_OFFICER'], why: 'whoever stops a party does not pay it' },
  ...STAFF_ROLES.filter((r) => r !== 'AUDITOR').map((r): Incompatible => ({ roles: ['AUDITOR', r], why: 'whoever audits does nothing else' })),
  ...OPERATIVE_ROLES.map((r): Incompatible => ({ roles: ['STAFF_ADMIN', r], why: 'whoever gives roles out does not act in them' })),
];

/** What stands against one person holding these roles, or undefined. */
export function incompatibility(roles: readonly Role[]): string | undefined {
  const found = INCOMPATIBLE_ROLES.find((pair) => pair.roles.every((r) => roles.includes(r)));
  return found && `${found.roles.join(' and ')} are held by two persons: ${found.why}`;
}

/** Pairs of acts on one object that need two persons, whatever roles they hold. */
const TWO_PERSON_ACTS: readonly { readonly first: Act; readonly second: Act }[] = [
  { first: 'catalog:opine', second: 'catalog:review' },
  { first: 'compliance:propose-law', second: 'compliance:confirm-law' },
  { first: 'catalog:propose-rulebook', second: 'catalog:confirm-rulebook' },
  { first: 'contracts:order', second: 'contracts:sign' },
  { first: 'contracts:offer', second: 'contracts:sign-offer' },
  /** Whoever checks the evidence of a case does not grant the approval that rests on it. */
  { first: 'compliance:handle-cases', second: 'compliance:handle-cases' },
  { first: 'settlement:clear', second: 'settlement:clear' },
  { first: 'settlement:intervene', second: 'settlement:intervene' },
  { first: 'identity:break-glass', second: 'identity:review-break-glass' },
];

/** Whether whoever did the first act on an object may do the second. A pair that is not in the table is a defect of the caller. */
export function secondPersonDiffers(first: Act, second: Act, who: { readonly first: string | null; readonly second: string | null }): boolean {
  if (!TWO_PERSON_ACTS.some((pair) => pair.first === first && pair.second === second)) throw new Error(`${first} and ${second} are not a pair of the table`);
  return who.second !== null && who.first !== who.second;
}
