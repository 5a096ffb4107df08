/**
 * Who may do what: the one permission table. An act is carried by roles; an API key carries the acts that its scopes name,
 * never more than its organisation's traders may do. What is not here is denied.
 */
export const TRADER_ROLES = ['ORG_ADMIN', 'VENDOR_MANAGER', 'BUYER', 'FINANCE'] as const;
export const STAFF_ROLES = ['STAFF_ADMIN', 'LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER', 'AUDITOR'] as const;
export type Role = (typeof TRADER_ROLES)[number] | (typeof STAFF_ROLES)[number];

interface Permission {
  readonly roles: readonly Role[];
  /** The organisation must be verified and not suspended. */
  readonly verified: boolean;
  /** Whether an API key may carry it. */
  readonly key: boolean;
  /** How surely the caller must be who he is. 1: reading. 2: trade, signing, reading what is others'. 3: staff acts that move money or rights. */
  readonly assurance: 1 | 2 | 3;
  /** The same for the exchange's own staff, where an act is of both. */
  readonly staffAssurance?: 3;
}

const trade = (...roles: Role[]): Permission => ({ roles: ['ORG_ADMIN', ...roles], verified: true, key: true, assurance: 2 });
const read = (...roles: Role[]): Permission => ({ ...trade(...roles), assurance: 1 });
const staff = (...roles: Role[]): Permission => ({ roles, verified: true, key: false, assurance: 3 });
const oversee = (...roles: Role[]): Permission => ({ ...staff(...roles), assurance: 2 });
/** An API key is made by an administrator and kept by a machine: it counts as this level. */
export const KEY_ASSURANCE = 2;

export const PERMISSIONS = {
  'identity:manage-members': { roles: ['ORG_ADMIN', 'STAFF_ADMIN'], verified: true, key: false, assurance: 2, staffAssurance: 3 },
  'identity:manage-keys': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 2 },
  'identity:declare-ownership': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 2 },
  'identity:read-ownership': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 1 },
  'identity:prove-ownership': staff('COMPLIANCE_OFFICER'),
  'identity:verify': staff('COMPLIANCE_OFFICER'),
  'identity:suspend': staff('COMPLIANCE_OFFICER'),
  'identity:manage-issuers': staff('COMPLIANCE_OFFICER', 'STAFF_ADMIN'),
  'identity:manage-credential-issuers': staff('COMPLIANCE_OFFICER', 'STAFF_ADMIN'),
  'identity:present-organisation': { roles: ['ORG_ADMIN'], verified: false, key: false, assurance: 1 },
  'identity:present-mandate': { roles: TRADER_ROLES, verified: true, key: false, assurance: 1 },
  'identity:read-all': oversee('STAFF_ADMIN', 'COMPLIANCE_OFFICER', 'AUDITOR'),
  'identity:grant-mandates': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 2 },
  'identity:read-mandates': { roles: TRADER_ROLES, verified: true, key: false, assurance: 1 },
  'identity:break-glass': staff('STAFF_ADMIN', 'COMPLIANCE_OFFICER'),
  'identity:review-break-glass': staff('AUDITOR', 'STAFF_ADMIN'),
  'catalog:manage': trade('VENDOR_MANAGER'),
  'catalog:opine': staff('COMPLIANCE_OFFICER'),
  'catalog:review': staff('LISTING_REVIEWER'),
  'catalog:certify': staff('LISTING_REVIEWER'),
  'catalog:suspend': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER'),
  'catalog:read-all': oversee('LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'AUDITOR'),
  'contracts:offer': trade('VENDOR_MANAGER'),
  'contracts:order': trade('BUYER'),
  /** The second signature: any role, since the authority comes from the mandate; a person only. */
  'contracts:sign': { roles: TRADER_ROLES, verified: true, key: false, assurance: 2 },
  'contracts:read': read('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'delivery:upload': trade('VENDOR_MANAGER'),
  'delivery:download': trade('BUYER'),
  'metering:read': read('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'billing:pay': trade('FINANCE', 'BUYER'),
  'billing:close': trade('BUYER', 'VENDOR_MANAGER', 'FINANCE'),
  'billing:declare-tax': trade('FINANCE', 'VENDOR_MANAGER'),
  'billing:read': read('FINANCE', 'BUYER', 'VENDOR_MANAGER'),
  'settlement:accept': trade('BUYER'),
  'settlement:read': read('FINANCE', 'BUYER', 'VENDOR_MANAGER'),
  'settlement:clear': staff('SETTLEMENT_OFFICER'),
  'settlement:read-ledger': oversee('SETTLEMENT_OFFICER', 'AUDITOR'),
  'oversight:read': oversee('AUDITOR', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER'),
} as const satisfies Record<string, Permission>;
export type Act = keyof typeof PERMISSIONS;
export const ACTS = Object.keys(PERMISSIONS) as Act[];
/** What a key may be given. */
export const KEY_SCOPES = ACTS.filter((act) => PERMISSIONS[act].key);

/** What an assurance level suffices for, whoever it is; the role must carry it too. */
export const actsAt = (level: number): Act[] => ACTS.filter((act) => PERMISSIONS[act].assurance <= level);
