import type { Currency, Money } from '#shared';

export const TRADE_KINDS = ['PURCHASE', 'SUBSCRIPTION', 'USAGE'] as const;
/** What is bought is paid before it is delivered; a period of what runs already, and what was used, when it has begun or is over. */
export type TradeKind = (typeof TRADE_KINDS)[number];
export const TRADE_STATES = ['EXECUTED', 'AWAITING_PAYMENT', 'FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'SETTLED', 'DISPUTED', 'FROZEN', 'UNWOUND', 'CANCELLED'] as const;
export type TradeState = (typeof TRADE_STATES)[number];

/** How a supply is taxed, as whoever opened the trade determined it. Frozen with the trade; this room only books the amount. */
export type TaxTreatmentRecord = Readonly<Record<string, unknown>>;

/** One priced execution under an agreement: the unit that the exchange settles and audits. */
export interface Trade {
  readonly id: string;
  readonly reference: string;
  readonly kind: TradeKind;
  readonly agreementId: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly currency: Currency;
  /** What the buyer pays: net and tax. */
  readonly gross: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly taxJurisdiction: string;
  readonly taxTreatment: TaxTreatmentRecord;
  readonly commissionBasisPoints: number;
  /** What the exchange keeps of the net amount; its own tax is inside. */
  readonly commission: Money;
  readonly commissionTax: Money;
  readonly commissionTaxJurisdiction: string;
  readonly commissionTaxTreatment: TaxTreatmentRecord;
  /** What went back of each amount: the sums of its reversals. */
  readonly reversedNet: Money;
  readonly reversedTax: Money;
  readonly reversedCommission: Money;
  readonly reversedCommissionTax: Money;
  readonly state: TradeState;
  /** The states to which a dispute and a freeze are to lead back. */
  readonly disputedFrom: TradeState | null;
  readonly frozenFrom: TradeState | null;
  readonly paymentId: string | null;
  readonly paymentProvider: string | null;
  /** Until then the buyer may contest; from then on silence accepts. */
  readonly acceptUntil: Date | null;
  readonly cycleId: string | null;
  readonly payoutId: string | null;
  readonly executedAt: Date;
  readonly fundedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly clearedAt: Date | null;
  readonly settledAt: Date | null;
  readonly unwoundAt: Date | null;
  readonly cancelledAt: Date | null;
}

export interface OpenTrade {
  readonly kind: TradeKind;
  /** Makes the opening idempotent: `purchase:<agreement>`, `subscription:<licence>:<period>` or `usage:<closing>`. */
  readonly reference: string;
  readonly agreementId: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly gross: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly taxJurisdiction: string;
  readonly taxTreatment: TaxTreatmentRecord;
  /** Tax on the exchange's own commission: the rate that is inside of it, and where it is due. */
  readonly commissionTax: { readonly basisPoints: number; readonly jurisdiction: string; readonly treatment: TaxTreatmentRecord };
}

export interface Funding {
  readonly provider: string;
  readonly paymentId: string;
  readonly amount: Money;
}
