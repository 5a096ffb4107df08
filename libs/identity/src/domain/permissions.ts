/**
 * Who may do what: the one permission table. An act is carried by roles; an API key carries the acts that its scopes name,
 * never more than its organisation's traders may do. What is not here is denied.
 */
export const TRADER_ROLES = ['ORG_ADMIN', 'VENDOR_MANAGER', 'BUYER', 'FINANCE'] as const;
export const STAFF_ROLES = ['STAFF_ADMIN', 'LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER', 'AUDITOR'] as const;
export type Role = (typeof TRADER_ROLES)[number] | (typeof STAFF_ROLES)[number];

export interface Permission {
  readonly roles: readonly Role[];
  /** The organisation must be verified; where not, it must at least not be suspended. */
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
  'identity:read-notices': { roles: [...TRADER_ROLES, ...STAFF_ROLES], verified: true, key: true, assurance: 1 },
  /** A person only: whoever names an endpoint has every notice of the organisation sent there. */
  'identity:manage-webhooks': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 2 },
  'identity:follow-webhooks': trade(),
  'identity:break-glass': staff('STAFF_ADMIN', 'COMPLIANCE_OFFICER'),
  'identity:review-break-glass': staff('AUDITOR', 'STAFF_ADMIN'),
  'compliance:counter': trade('VENDOR_MANAGER', 'BUYER'),
  'compliance:assess': trade('VENDOR_MANAGER'),
  'compliance:handle-cases': staff('COMPLIANCE_OFFICER'),
  'compliance:read-cases': oversee('COMPLIANCE_OFFICER', 'AUDITOR'),
  'catalog:manage': trade('VENDOR_MANAGER'),
  'catalog:watch': trade('BUYER'),
  'catalog:request': trade('BUYER'),
  'catalog:answer-requests': trade('VENDOR_MANAGER'),
  'catalog:moderate': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER'),
  'catalog:opine': staff('COMPLIANCE_OFFICER'),
  'catalog:review': staff('LISTING_REVIEWER'),
  'catalog:certify': staff('LISTING_REVIEWER'),
  'catalog:suspend': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER'),
  'catalog:propose-rulebook': staff('LISTING_REVIEWER', 'STAFF_ADMIN'),
  'catalog:confirm-rulebook': staff('LISTING_REVIEWER', 'COMPLIANCE_OFFICER'),
  'catalog:read-all': oversee('LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'AUDITOR'),
  'compliance:read-volume': read('VENDOR_MANAGER', 'FINANCE'),
  'compliance:certify-self': trade('VENDOR_MANAGER', 'BUYER'),
  'compliance:register-certificates': staff('COMPLIANCE_OFFICER'),
  'compliance:read-register': { roles: [...TRADER_ROLES, ...STAFF_ROLES], verified: true, key: true, assurance: 1 },
  'compliance:screen-parties': staff('COMPLIANCE_OFFICER'),
  'compliance:declare': trade('BUYER'),
  'compliance:handle-findings': staff('COMPLIANCE_OFFICER'),
  'compliance:read-own': read('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'compliance:review-classification': staff('COMPLIANCE_OFFICER'),
  'compliance:screen': staff('COMPLIANCE_OFFICER'),
  'compliance:propose-law': staff('COMPLIANCE_OFFICER', 'STAFF_ADMIN'),
  'compliance:confirm-law': staff('COMPLIANCE_OFFICER'),
  'compliance:read-law': oversee('COMPLIANCE_OFFICER', 'STAFF_ADMIN', 'AUDITOR'),
  'compliance:dry-run': { roles: [...TRADER_ROLES, ...STAFF_ROLES], verified: true, key: true, assurance: 1 },
  'contracts:offer': trade('VENDOR_MANAGER'),
  'contracts:order': trade('BUYER'),
  /** The second signature: any role, since the authority comes from the mandate; a person only. */
  'contracts:sign': { roles: TRADER_ROLES, verified: true, key: false, assurance: 2 },
  'contracts:sign-offer': { roles: TRADER_ROLES, verified: true, key: false, assurance: 2 },
  'contracts:terminate': trade('VENDOR_MANAGER', 'BUYER'),
  'contracts:end': staff('COMPLIANCE_OFFICER'),
  'contracts:negotiate': trade('VENDOR_MANAGER', 'BUYER'),
  'contracts:reshare': trade('BUYER'),
  'contracts:account-for-deletion': trade('VENDOR_MANAGER', 'BUYER'),
  'contracts:cap-spending': trade('BUYER', 'FINANCE'),
  'contracts:name-users': trade('BUYER'),
  'contracts:seal': trade('VENDOR_MANAGER', 'BUYER'),
  'contracts:suspend': staff('COMPLIANCE_OFFICER'),
  'contracts:read': read('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'delivery:upload': trade('VENDOR_MANAGER'),
  'delivery:serve': trade('VENDOR_MANAGER'),
  'delivery:call': trade('BUYER'),
  'delivery:download': trade('BUYER'),
  /** A person only: whoever names a network or a certificate says where the data goes. */
  'delivery:manage-access': { roles: ['ORG_ADMIN'], verified: true, key: false, assurance: 2 },
  'delivery:answer-receipt': trade('BUYER', 'FINANCE'),
  'delivery:answer-contest': trade('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'delivery:decide-contest': staff('COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER'),
  'metering:report': trade('VENDOR_MANAGER'),
  'metering:read': read('VENDOR_MANAGER', 'BUYER', 'FINANCE'),
  'billing:pay': trade('FINANCE', 'BUYER'),
  'billing:call-off': trade('BUYER'),
  'billing:close': trade('BUYER', 'VENDOR_MANAGER', 'FINANCE'),
  'billing:correct': trade('BUYER', 'VENDOR_MANAGER', 'FINANCE'),
  'billing:declare-tax': trade('FINANCE', 'VENDOR_MANAGER'),
  'billing:send': trade('FINANCE', 'VENDOR_MANAGER'),
  'billing:read': read('FINANCE', 'BUYER', 'VENDOR_MANAGER'),
  'settlement:accept': trade('BUYER'),
  'settlement:refund': trade('FINANCE', 'VENDOR_MANAGER'),
  'settlement:dispute': trade('BUYER'),
  'settlement:answer-dispute': trade('BUYER', 'FINANCE', 'VENDOR_MANAGER'),
  'settlement:decide-dispute': staff('SETTLEMENT_OFFICER'),
  'settlement:intervene': staff('SETTLEMENT_OFFICER', 'COMPLIANCE_OFFICER'),
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

/**
 * Whose object the act is done to. OWN: of the actor's organisation. BUYER: it is the buyer's side of it. PARTY: either side of the trade.
 * ANY: whoever's. NONE: there is no object. Whatever stands in another relation looks as if it were not there.
 */
export type Relation = 'NONE' | 'OWN' | 'BUYER' | 'PARTY' | 'ANY';

/** The table's other columns: the relation to the object, and what the act is for. */
export const MEANING = {
  'identity:manage-members': ['OWN', 'invite members, give them roles, see them off'],
  'identity:manage-keys': ['OWN', 'make, rotate and revoke API keys'],
  'identity:declare-ownership': ['OWN', 'say who owns and controls the organisation'],
  'identity:read-ownership': ['OWN', 'see what was declared of that'],
  'identity:prove-ownership': ['ANY', 'record that the registers behind a declaration were seen'],
  'identity:verify': ['ANY', 'record the proof of an organisation'],
  'identity:suspend': ['ANY', 'suspend and reinstate organisations'],
  'identity:manage-issuers': ['ANY', 'say whose tokens and sign-ins count'],
  'identity:manage-credential-issuers': ['ANY', 'say whose verifiable credentials count'],
  'identity:present-organisation': ['OWN', 'prove the organisation from a wallet'],
  'identity:present-mandate': ['OWN', 'prove the own mandate from a wallet'],
  'identity:read-all': ['ANY', 'see every organisation, its owners and uses of break-glass'],
  'identity:grant-mandates': ['OWN', 'say who may sign, and take it back'],
  'identity:read-mandates': ['OWN', 'see who may sign'],
  'identity:read-notices': ['OWN', 'see what the exchange told the organisation'],
  'identity:manage-webhooks': ['OWN', 'say where the notices of the organisation are sent, and rotate the secrets'],
  'identity:follow-webhooks': ['OWN', 'see what was sent to the own endpoints, and have it sent again'],
  'identity:break-glass': ['NONE', 'take one operative role more in an emergency'],
  'identity:review-break-glass': ['OWN', "review somebody else's use of it"],
  'compliance:counter': ['OWN', 'bring matters to the service counter, and see them through'],
  'compliance:assess': ['OWN', 'accept, decline and deliver what the organisation was ordered as an assessor'],
  'compliance:handle-cases': ['ANY', 'work off cases of the service counter, check evidence, grant and revoke approvals'],
  'compliance:read-cases': ['ANY', 'see every case and approval, and how the counter does'],
  'catalog:manage': ['OWN', 'describe products, hand them in, list and withdraw them'],
  'catalog:watch': ['OWN', 'keep searches and be told of what they find'],
  'catalog:request': ['OWN', 'ask for data that nobody lists, and decide on the answers'],
  'catalog:answer-requests': ['ANY', "see and answer others' requests for data"],
  'catalog:moderate': ['ANY', 'take down requests for data'],
  'catalog:opine': ['ANY', "file an assessor's opinion"],
  'catalog:review': ['ANY', 'review products'],
  'catalog:certify': ['ANY', 'certify products'],
  'catalog:suspend': ['ANY', 'suspend and reinstate products'],
  'catalog:propose-rulebook': ['NONE', 'hand in rulebooks of the listing gate'],
  'catalog:confirm-rulebook': ['ANY', "confirm or reject somebody else's rulebook of the gate"],
  'catalog:read-all': ['ANY', 'see products in every state, with their papers'],
  'compliance:read-volume': ['OWN', 'see how much the organisation has exported in a year'],
  'compliance:certify-self': ['OWN', 'hand in own certificates'],
  'compliance:register-certificates': ['ANY', 'verify certificates, suspend and revoke them'],
  'compliance:read-register': ['ANY', 'see certificates that are in force or were'],
  'compliance:screen-parties': ['ANY', 'keep the lists of restricted recipients'],
  'compliance:declare': ['BUYER', 'declare the end use of an order anew'],
  'compliance:handle-findings': ['ANY', 'raise findings, confirm, dismiss and clear them'],
  'compliance:read-own': ['OWN', 'see own certificates, declarations and findings'],
  'compliance:review-classification': ['ANY', 'accept or refuse a classification that is milder than the data speaks for'],
  'compliance:screen': ['ANY', 'have the market looked at again, and see what a change of the law would do to it'],
  'compliance:propose-law': ['NONE', 'hand in documents of the law, propose to activate or retire them'],
  'compliance:confirm-law': ['ANY', "confirm or reject somebody else's proposal"],
  'compliance:read-law': ['ANY', 'see every document that was handed in, proposals and refused files'],
  'compliance:dry-run': ['NONE', 'ask what the law in force says of given facts'],
  'contracts:offer': ['OWN', 'offer products and withdraw offers'],
  'contracts:order': ['ANY', "take somebody else's offer"],
  'contracts:sign': ['BUYER', 'sign an order second, or reject it'],
  'contracts:sign-offer': ['OWN', 'sign an offer second, or reject it'],
  'contracts:terminate': ['PARTY', 'set out to end an agreement early, and answer whoever does'],
  'contracts:end': ['ANY', 'end an agreement for the law, and decide on contested terminations'],
  'contracts:negotiate': ['PARTY', 'negotiate about a licence'],
  'contracts:reshare': ['BUYER', 'pass licensed data on as its terms permit'],
  'contracts:account-for-deletion': ['PARTY', 'certify that data was deleted after a licence; contest that, or ask no more'],
  'contracts:cap-spending': ['BUYER', 'cap what a licence costs, and see how much is spent'],
  'contracts:name-users': ['BUYER', 'name who uses a licence whose terms count users'],
  'contracts:seal': ['PARTY', 'add the signature of a registered key to an agreement'],
  'contracts:suspend': ['ANY', 'have a licence rest, and go on'],
  'contracts:read': ['PARTY', 'see agreements, licences, orders and the own offers'],
  'delivery:upload': ['OWN', 'send the bytes of an asset'],
  'delivery:serve': ['OWN', 'give and rotate the credential of an API, see how it does'],
  'delivery:call': ['BUYER', 'call an API under a licence'],
  'delivery:download': ['BUYER', 'download under a licence'],
  'delivery:manage-access': ['OWN', 'say from which networks and with which certificates it fetches'],
  'delivery:answer-receipt': ['BUYER', 'acknowledge and contest receipts'],
  'delivery:answer-contest': ['PARTY', 'concede or reject a contest, take it back or bring it before the exchange'],
  'delivery:decide-contest': ['ANY', 'see every contest of a receipt, and decide those that come before the exchange'],
  'metering:report': ['OWN', 'report what was used under the own licences'],
  'metering:read': ['PARTY', 'see receipts and usage'],
  'billing:pay': ['BUYER', 'pay a trade'],
  'billing:call-off': ['BUYER', 'withdraw from a purchase that is not paid'],
  'billing:close': ['PARTY', 'bill the use of a licence'],
  'billing:correct': ['PARTY', 'correct what was counted, and answer such corrections'],
  'billing:declare-tax': ['OWN', 'state the tax position, and what invoices say of the organisation'],
  'billing:send': ['OWN', 'send an issued invoice over the network of e-invoices'],
  'billing:read': ['PARTY', 'see invoices, payments, certificates and the own tax position'],
  'settlement:accept': ['BUYER', 'accept what was delivered'],
  'settlement:refund': ['PARTY', 'give money of a trade back to its buyer, as its vendor'],
  'settlement:dispute': ['BUYER', 'dispute what was paid and is not accepted, and take that back'],
  'settlement:answer-dispute': ['PARTY', 'concede or contest a dispute as the vendor, add evidence on either side'],
  'settlement:decide-dispute': ['ANY', 'decide disputes that come before the exchange'],
  'settlement:intervene': ['ANY', 'freeze a trade, have it go on, undo it; the second step by another person'],
  'settlement:read': ['PARTY', 'see trades; the payout of one, on the side that is paid'],
  'settlement:clear': ['ANY', 'run clearing, order failed payouts anew'],
  'settlement:read-ledger': ['ANY', 'see the ledger, every trade and what was billed for it'],
  'oversight:read': ['ANY', 'see every trade whole, and the audit log'],
} as const satisfies Record<Act, readonly [Relation, string]>;

/** What a handler may ask for instead of an act: it needs no role. */
export const OPEN = {
  AUTHENTICATED: 'every proven identity and every API key, whatever the standing of its organisation',
  PERSON: 'a person for himself, also before he belongs to an organisation; no API key',
  MEMBER: 'a member for himself, whatever his roles and the standing of his organisation; no API key',
} as const;
/** What a handler says that it asks for. */
export type Asked = Act | keyof typeof OPEN;
