import { type Caller, notPermitted, type NotPermitted, sha256Hex } from '#shared';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import type { ProvenIdentity } from './issuer.js';
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
  readonly identity: ProvenIdentity | null;
  /** 1 to 4: how surely the caller is who he is. Compared with what each act needs. */
  readonly assurance: number;
}

function carries(actor: Actor, act: Act): boolean {
  const { roles, verified, key } = PERMISSIONS[act];
  // What comes before verification is not for those who were suspended.
  if (verified ? actor.organisationState !== 'VERIFIED' : actor.organisationState === 'SUSPENDED') return false;
  if (actor.kind === 'key') return key && actor.scopes.includes(act);
  return actor.roles.some((role) => (roles as readonly Role[]).includes(role));
}

function assuranceFor(actor: Actor, act: Act): number {
  const { assurance, staffAssurance }: { assurance: number; staffAssurance?: number } = PERMISSIONS[act];
  return actor.organisationKind === 'EXCHANGE' ? (staffAssurance ?? assurance) : assurance;
}

/** Whether the table of permissions lets this actor do this act at all. Whose object it is, the use case checks. */
export const permits = (actor: Actor, act: Act): boolean => carries(actor, act) && actor.assurance >= assuranceFor(actor, act);

/** The refusal for an act that the actor may not do, or undefined where he may. */
export function authorise(actor: Actor, act: Act): NotPermitted | undefined {
  if (!carries(actor, act)) return notPermitted(act);
  const needed = assuranceFor(actor, act);
  if (actor.assurance >= needed) return undefined;
  return { ...notPermitted(act), code: IDENTITY_ERRORS.ASSURANCE_TOO_LOW, message: `${act} needs a sign-in of assurance level ${needed}, yours is of level ${actor.assurance}` };
}

/** An actor who may act has an organisation; this says so to the compiler. */
export function organisationOf(actor: Actor): string {
  if (actor.tenantId === null) throw new Error('an authorised actor without organisation');
  return actor.tenantId;
}

/** The person behind an actor: under this scope a repetition is found also when the first request made or ended a membership. */
export const asPerson = (actor: Actor, identity: NonNullable<Actor['identity']>): Actor => ({ ...actor, tenantId: null, subject: personSubject(identity) });

const MAX_SUBJECT = 300;
/** A person as the audit log names him; what is too long for it is named by its digest, so that two never share a name. */
export function personSubject({ issuer, subject }: { readonly issuer: string; readonly subject: string }): string {
  const name = `identity:${issuer}|${subject}`;
  return name.length <= MAX_SUBJECT ? name : `identity:sha256:${sha256Hex(name)}`;
}
