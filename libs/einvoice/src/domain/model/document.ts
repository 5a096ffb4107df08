/**
 * One invoice or credit note, free of any syntax. Amounts are bigint minor units of `currency`; unit prices and quantities are decimal strings; days are `YYYY-MM-DD`. The BT numbers are those of EN 16931-1.
 */
export interface InvoiceDocument {
  readonly type: 'INVOICE' | 'CREDIT_NOTE';
  /** Who writes it: the seller (or somebody in his name), or the buyer for himself (self-billing). */
  readonly issuedBy: 'SELLER' | 'BUYER';
  /** BT-1. */
  readonly number: string;
  readonly uuid: string;
  /** BT-2, BT-9. */
  readonly issuedOn: string;
  readonly dueOn: string | null;
  /** BT-5. */
  readonly currency: string;
  /** BT-6, BT-111: tax is accounted for in another currency, at a rate that stands on the document. */
  readonly accounting: TaxAccounting | null;
  /** BT-10, BT-13. One of both is demanded by Peppol. */
  readonly buyerReference: string | null;
  readonly purchaseOrder: string | null;
  /** BT-12: the agreement. BT-11: the trade. BT-18: the licence or another object that is invoiced. */
  readonly contract: string | null;
  readonly project: string | null;
  /** BT-22. On a credit note: why. */
  readonly note: string | null;
  /** BG-14. */
  readonly period: Period | null;
  /** BG-3. */
  readonly preceding: readonly { readonly number: string; readonly issuedOn: string | null }[];
  readonly seller: Party;
  readonly buyer: Party;
  readonly payment: Payment;
  readonly lines: readonly Line[];
  /** BG-20, BG-21: over the whole document. */
  readonly adjustments: readonly TaxedAdjustment[];
  /** BG-23: one for each tax category and rate. */
  readonly taxes: readonly TaxSubtotal[];
  /** BT-113. */
  readonly prepaidMinor: bigint;
}

export interface Period {
  readonly from: string;
  /** Last day. */
  readonly to: string;
}

export const IDENTIFIER_KINDS = ['USCC', 'UEN', 'HK_BRN', 'LEI', 'EU_VAT', 'SG_GST'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

export interface Party {
  readonly name: string;
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[];
  readonly address: Address;
  /** The participant of the network: scheme of the EAS list and value; null: derived from the identifiers. */
  readonly endpoint: Endpoint | null;
  readonly contact: { readonly name: string | null; readonly phone: string | null; readonly email: string | null } | null;
}

export interface Endpoint {
  readonly scheme: string;
  readonly value: string;
}

export interface Address {
  readonly street: string | null;
  readonly additional: string | null;
  readonly city: string | null;
  readonly postcode: string | null;
  readonly subdivision: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface Payment {
  /** UNCL 4461: 30 credit transfer, 58 SEPA, 68 online payment service. */
  readonly means: string;
  /** BT-83: what the payer states. */
  readonly reference: string | null;
  readonly account: { readonly id: string; readonly name: string | null; readonly institution: string | null } | null;
  /** BT-20. */
  readonly terms: string | null;
}

export interface Adjustment {
  readonly kind: 'ALLOWANCE' | 'CHARGE';
  readonly reason: string;
  /** UNCL 5189 for an allowance, UNCL 7161 for a charge. */
  readonly reasonCode: string | null;
  readonly amountMinor: bigint;
  /** Where it is a share: of what, and how many percent as a decimal. */
  readonly share: { readonly baseMinor: bigint; readonly percent: string } | null;
}
export interface TaxedAdjustment extends Adjustment {
  readonly tax: TaxCategory;
}

/** The tax of a line. `code` is UNCL 5305, or a category of PINT-SG where the seller is in Singapore. */
export interface TaxCategory {
  readonly code: string;
  readonly basisPoints: number;
  /** Why nothing is charged: in words, and as a code of the VATEX list. */
  readonly reason: string | null;
  readonly reasonCode: string | null;
}
export interface TaxSubtotal {
  readonly tax: TaxCategory;
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}
export interface TaxAccounting {
  readonly currency: string;
  /** Units of `currency` for one of the document's, a decimal string. */
  readonly rate: string;
  readonly taxMinor: bigint;
  readonly netMinor: bigint;
  readonly grossMinor: bigint;
}

export interface Line {
  readonly id: string;
  /** BT-153, BT-154. */
  readonly name: string;
  readonly description: string | null;
  readonly note: string | null;
  /** Below zero where the line takes something off. */
  readonly quantity: string;
  /** UN/ECE recommendation 20. */
  readonly unit: string;
  /** Major units. What is agreed; `netMinor` is what is owed, rounded once. */
  readonly unitPrice: string;
  /** After its allowances and charges, without tax. */
  readonly netMinor: bigint;
  readonly adjustments: readonly Adjustment[];
  readonly tax: TaxCategory;
  readonly period: Period | null;
  /** BT-155, BT-157 (with its ICD scheme), BT-158 (UNTDID 7143 list). */
  readonly sellersItem: string | null;
  readonly standardItem: Endpoint | null;
  readonly classification: { readonly list: string; readonly code: string } | null;
  /** BG-32: licence, dataset version, decision, receipts and the like. */
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
