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
}

const trade = (...roles: Role[]): Permission => ({ roles: ['ORG_ADMIN', ...roles], verified: true, key: true });
const staff = (...roles: Role[]): Permission => ({ roles, verified: true, key: false });

export const PERMISSIONS = {
  'identity:manage-members': { roles: ['ORG_ADMIN', 'STAFF_ADMIN'], verified: true, key: false },
  'identity:manage-keys': { roles: ['ORG_ADMIN'], verified: true, key: false },
  'identity:declare-ownership': { roles: ['ORG_ADMIN'], verified: true, key: false },
  'identity:read-ownership': { roles: ['ORG_ADMIN'], verified: true, key: false },
  'identity:prove-ownership': staff('COMPLIANCE_OFFICER'),
  'identity:verify': staff('COMPLIANCE_OFFICER'),
  'identity:suspend': staff('COMPLIANCE_OFFICER'),
  'identity:manage-credential-issuers': staff('COMPLIANCE_OFFICER', 'STAFF_ADMIN'),
  'identity:present-organisation': { roles: ['ORG_ADMIN'], verified: false, key: false },
  'identity:present-mandate': { roles: TRADER_ROLES, verified: true, key: false },
  'identity:read-all': staff('STAFF_ADMIN', 'COMPLIANCE_OFFICER', 'AUDITOR'),
  'identity:grant-mandates': { roles: ['ORG_ADMIN'], verified: true, key: false },
  'identity:read-mandates': { roles: TRADER_ROLES, verified: true, key: false },
  'identity:break-glass': staff('STAFF_ADMIN', 'COMPLIANCE_OFFICER'),
  'identity:review-break-glass': staff('AUDITOR', 'STAFF_ADMIN'),
  'catalog:manage': trade('VENDOR_MANAGER'),
  'catalog:opine': staff('COMPLIANCE_OFFICER'),
  'catalog:review': staff('LISTING_REVIEWER'),
  'catalog:certify': staff('LISTING_REVIEWER'),
  'catalog:suspend': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER'),
  'catalog:read-all': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'AUDITOR'),
  'contracts:offer': trade('VENDOR_MANAGER'),
  'contracts:order': trade('BUYER'),
  /** The second signature: any role, since the authority comes from the mandate; a person only. */
  'contracts:sign': { roles: TRADER_ROLES, verified: true, key: false },
  'contracts:read': trade('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'delivery:upload': trade('VENDOR_MANAGER'),
  'delivery:download': trade('BUYER'),
  'metering:read': trade('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'billing:pay': trade('FINANCE', 'BUYER'),
  'billing:close': trade('BUYER', 'VENDOR_MANAGER', 'FINANCE'),
  'billing:declare-tax': trade('FINANCE', 'VENDOR_MANAGER'),
  'billing:read': trade('FINANCE', 'BUYER', 'VENDOR_MANAGER'),
  'settlement:accept': trade('BUYER'),
  'settlement:read': trade('FINANCE', 'BUYER', 'VENDOR_MANAGER'),
  'settlement:clear': staff('SETTLEMENT_OFFICER'),
  'settlement:read-ledger': staff('SETTLEMENT_OFFICER', 'AUDITOR'),
  'oversight:read': staff('AUDITOR', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER'),
} as const satisfies Record<string, Permission>;
export type Act = keyof typeof PERMISSIONS;
export const ACTS = Object.keys(PERMISSIONS) as Act[];
/** What a key may be given. */
export const KEY_SCOPES = ACTS.filter((act) => PERMISSIONS[act].key);
