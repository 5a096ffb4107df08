import { basisPoints, type Money } from '#shared';
import { BUYER_RULES, type BuyerPlace, EU_MEMBERS, SELLER_RULES, type SellerRule, type TaxRuleMark, type TaxScheme } from './tax-rules.js';

export interface TaxDeclaration {
  readonly scheme: TaxScheme;
  readonly status: string;
}

export interface TaxFlow {
  readonly sellerJurisdiction: string;
  readonly buyerJurisdiction: string;
  /** What the seller declared of itself, one line per scheme. */
  readonly declarations: readonly TaxDeclaration[];
  readonly on: Date;
}

/** How a supply is taxed. Frozen on the trade and on the invoice. */
export interface TaxTreatment {
  readonly rule: string;
  /** UNCL5305 or PINT-SG category code. */
  readonly category: string;
  readonly basisPoints: number;
  readonly jurisdiction: string;
  readonly note: string;
  readonly source: string;
  readonly mark: TaxRuleMark;
  /** What the buyer owes to its own authority, beside the price. */
  readonly buyerDuty: { readonly rule: string; readonly duty: string; readonly jurisdiction: string; readonly basisPoints: number | null; readonly note: string; readonly source: string; readonly mark: TaxRuleMark } | null;
}

export interface TaxUndetermined {
  readonly undetermined: true;
  readonly reason: string;
}

const isEu = (place: string): boolean => EU_MEMBERS.has(place);
const holds = (rule: { from: string; until: string | null }, on: Date): boolean => {
  const day = on.toISOString().slice(0, 10);
  return rule.from <= day && (rule.until === null || day < rule.until);
};

function buyerFits(place: BuyerPlace, seller: string, buyer: string): boolean {
  switch (place) {
    case 'ANY': return true;
    case 'DOMESTIC': return buyer === seller;
    case 'ABROAD': return buyer !== seller;
    case 'EU': return buyer !== seller && isEu(buyer);
    case 'OUTSIDE_EU': return !isEu(buyer);
    case 'CN': case 'SG': return buyer === place && buyer !== seller;
    default: return place satisfies never;
  }
}

/** `*` stands for places without rules of their own, so that a place with rules never falls through to it. */
function sellerFits(rule: SellerRule, seller: string): boolean {
  if (rule.seller === 'EU') return isEu(seller);
  if (rule.seller === '*') return !isEu(seller) && !SELLER_RULES.some((r) => r.seller === seller);
  return rule.seller === seller;
}

const declaredFits = (rule: SellerRule, declarations: readonly TaxDeclaration[]): boolean =>
  rule.declared === null || declarations.some((d) => d.scheme === rule.declared!.scheme && d.status === rule.declared!.status);

/** The treatment of a supply of a data product between businesses, or why no rule decides it. Nothing is taxed on a guess. */
export function determineTax(flow: TaxFlow): TaxTreatment | TaxUndetermined {
  const { sellerJurisdiction: seller, buyerJurisdiction: buyer } = flow;
  const rule = SELLER_RULES.find((r) => holds(r, flow.on) && sellerFits(r, seller) && buyerFits(r.buyer, seller, buyer) && declaredFits(r, flow.declarations));
  if (!rule) return { undetermined: true, reason: `no tax rule for a sale from ${seller} to ${buyer} on ${flow.on.toISOString().slice(0, 10)}` };
  const duty = seller === buyer || (isEu(seller) && isEu(buyer)) ? undefined : BUYER_RULES.find((r) => holds(r, flow.on) && (r.buyer === buyer || (r.buyer === 'EU' && isEu(buyer))));
  return {
    rule: rule.id, category: rule.category, basisPoints: rule.basisPoints, jurisdiction: seller, note: rule.note, source: rule.source, mark: rule.mark,
    buyerDuty: duty ? { rule: duty.id, duty: duty.duty, jurisdiction: buyer, basisPoints: duty.basisPoints, note: duty.note, source: duty.source, mark: duty.mark } : null,
  };
}

export const isUndetermined = (tax: TaxTreatment | TaxUndetermined): tax is TaxUndetermined => 'undetermined' in tax;

/** The tax on a net amount, rounded half up once. */
export const taxOn = (net: Money, treatment: TaxTreatment): Money => basisPoints(net, treatment.basisPoints);
