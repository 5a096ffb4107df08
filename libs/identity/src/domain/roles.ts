import type { OrganisationKind } from './actor.js';
import { type Role, STAFF_ROLES, TRADER_ROLES } from './permissions.js';
import { incompatibility } from './separation.js';

const rolesOf = (kind: OrganisationKind): readonly Role[] => (kind === 'EXCHANGE' ? STAFF_ROLES : TRADER_ROLES);

/** Why nobody in an organisation of this kind holds these roles together, or undefined. */
export function rolesProblem(kind: OrganisationKind, roles: readonly Role[]): { readonly kind: 'NOT_HERE' | 'INCOMPATIBLE'; readonly message: string } | undefined {
  const allowed = rolesOf(kind);
  if (roles.length === 0 || roles.some((r) => !allowed.includes(r))) return { kind: 'NOT_HERE', message: `of ${allowed.join(', ')}` };
  const message = incompatibility(roles);
  return message ? { kind: 'INCOMPATIBLE', message } : undefined;
}

/** An organisation keeps at least one of these. */
export const isAdmin = (member: { readonly roles: readonly Role[] }): boolean => member.roles.some((r) => r === 'ORG_ADMIN' || r === 'STAFF_ADMIN');
