import { type Caller, notPermitted, type NotPermitted } from '#shared';
import { type Act, PERMISSIONS, type Role } from './permissions.js';

export type OrganisationKind = 'TRADER' | 'ASSESSOR' | 'EXCHANGE';
export type OrganisationState = 'PENDING_VERIFICATION' | 'VERIFIED' | 'SUSPENDED';

/** Who acts: a member, an API key, or somebody whose identity is proven but who belongs to no organisation yet. */
export interface Actor extends Caller {
  readonly kind: 'member' | 'key' | 'newcomer';
  readonly memberId: string | null;
  readonly organisationKind: OrganisationKind | null;
  readonly organisationState: OrganisationState | null;
  readonly roles: readonly Role[];
  readonly scopes: readonly Act[];
  readonly identity: { readonly issuer: string; readonly subject: string; readonly name: string } | null;
}

/** Whether the table of permissions lets this actor do this act at all. Whose object it is, the use case checks. */
export function permits(actor: Actor, act: Act): boolean {
  const { roles, verified, key } = PERMISSIONS[act];
  // What comes before verification is not for those who were suspended.
  if (verified ? actor.organisationState !== 'VERIFIED' : actor.organisationState === 'SUSPENDED') return false;
  if (actor.kind === 'key') return key && actor.scopes.includes(act);
  return actor.roles.some((role) => (roles as readonly Role[]).includes(role));
}

/** The refusal for an act that the actor may not do, or undefined where he may. */
export const authorise = (actor: Actor, act: Act): NotPermitted | undefined => (permits(actor, act) ? undefined : notPermitted(act));

/** An actor who may act has an organisation; this says so to the compiler. */
export function organisationOf(actor: Actor): string {
  if (actor.tenantId === null) throw new Error('an authorised actor without organisation');
  return actor.tenantId;
}

/** The person behind an actor: under this scope a repetition is found also when the first request made or ended a membership. */
export const asPerson = (actor: Actor, identity: NonNullable<Actor['identity']>): Actor => ({ ...actor, tenantId: null, subject: `identity:${identity.issuer}|${identity.subject}`.slice(0, 300) });
