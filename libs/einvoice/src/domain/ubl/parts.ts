import { ofMinor, ONE, magnitude, parseDecimal, times } from '../model/decimal.js';
import { renderMinor } from '../model/amount.js';
import type { Adjustment, InvoiceDocument, Line, TaxCategory, TaxedAdjustment } from '../model/document.js';
import { adjusted } from '../model/totals.js';
import { el, type XmlElement } from '../xml/element.js';
import { categoryIn, type Flavour, FLAVOURS, hasNoRate } from './flavour.js';
import { taxScheme } from './parties.js';

/** What the parts of one document have in common. */
export interface Writing {
  readonly document: InvoiceDocument;
  readonly flavour: Flavour;
  readonly places: number;
}

/** PEPPOL-EN16931-R120 and R040 allow a difference of 0.02 of the currency. */
const SLACK = ONE / 50n;
const within = (a: bigint, b: bigint): boolean => magnitude(a - b) <= SLACK;

export const money = ({ document, places }: Writing, name: string, minor: bigint): XmlElement | null => el(name, renderMinor(minor, places), { currencyID: document.currency });
/** `9`, `6.5`. */
export const percentText = (basisPoints: number): string => renderMinor(BigInt(basisPoints), 2).replace(/\.?0+$/, '') || '0';

export function taxCategory({ flavour }: Writing, name: string, tax: TaxCategory, withReason: boolean): XmlElement | null {
  const category = categoryIn(flavour, tax)!;
  const reasons = withReason && !['S', 'Z', 'SR', 'ZR'].includes(category);
  return el(name, [
    el('cbc:ID', category), hasNoRate(category) ? null : el('cbc:Percent', percentText(tax.basisPoints)),
    reasons ? el('cbc:TaxExemptionReasonCode', tax.reasonCode) : null, reasons ? el('cbc:TaxExemptionReason', tax.reason) : null, taxScheme(FLAVOURS[flavour].scheme),
  ]);
}

/** A share that does not come to the amount within the slack, as with whole yen, is left to the words of the reason. */
export function shareOf({ amountMinor, share: of }: Adjustment, places: number): Adjustment['share'] {
  const percent = of ? parseDecimal(of.percent) : undefined;
  return of && percent !== undefined && within(ofMinor(amountMinor, places), times(ofMinor(of.baseMinor, places), percent) / 100n) ? of : null;
}

export function adjustmentElement(w: Writing, adjustment: Adjustment | TaxedAdjustment): XmlElement | null {
  const share = shareOf(adjustment, w.places);
  const percent = adjustment.share && !share ? ` (${adjustment.share.percent} %)` : '';
  return el('cac:AllowanceCharge', [
    el('cbc:ChargeIndicator', adjustment.kind === 'CHARGE' ? 'true' : 'false'), el('cbc:AllowanceChargeReasonCode', adjustment.reasonCode), el('cbc:AllowanceChargeReason', adjustment.reason + percent),
    el('cbc:MultiplierFactorNumeric', share?.percent ?? null), money(w, 'cbc:Amount', adjustment.amountMinor), share && money(w, 'cbc:BaseAmount', share.baseMinor), 'tax' in adjustment ? taxCategory(w, 'cac:TaxCategory', adjustment.tax, false) : null,
  ]);
}

/**
 * The price of a line (BT-146, BT-149). What is owed is rounded once for the line, and in a currency without places, or where earlier use was billed, it is not what price times quantity comes to: then the price is that of
 * the whole quantity, and the agreed one stands beside it as a property.
 */
export function priceOf(line: Line, places: number): { readonly price: string; readonly base: string; readonly isAgreed: boolean } {
  const gross = line.netMinor - adjusted(line.adjustments);
  const [price, quantity] = [parseDecimal(line.unitPrice), parseDecimal(line.quantity)];
  if (price !== undefined && price >= 0n && quantity !== undefined && within(times(price, quantity), ofMinor(gross, places))) return { price: line.unitPrice, base: '1', isAgreed: true };
  return { price: renderMinor(gross < 0n ? -gross : gross, places), base: line.quantity.replace(/^-/, ''), isAgreed: false };
}
/** Price is never negative (BR-27): the sign of a line stands with its quantity. */
export function quantityOf(line: Line): string {
  const gross = line.netMinor - adjusted(line.adjustments);
  const size = line.quantity.replace(/^-/, '');
  return gross < 0n ? `-${size}` : gross > 0n ? size : line.quantity;
}

export function lineElement(w: Writing, line: Line): XmlElement | null {
  const credit = w.document.type === 'CREDIT_NOTE';
  const { price, base, isAgreed } = priceOf(line, w.places);
  const agreed = isAgreed ? [] : [{ name: 'Agreed unit price', value: line.unitPrice }];
  return el(credit ? 'cac:CreditNoteLine' : 'cac:InvoiceLine', [
    el('cbc:ID', line.id), el('cbc:Note', line.note), el(credit ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity', quantityOf(line), { unitCode: line.unit }), money(w, 'cbc:LineExtensionAmount', line.netMinor),
    periodElement(line.period), line.adjustments.map((a) => adjustmentElement(w, a)!),
    el('cac:Item', [
      el('cbc:Description', line.description), el('cbc:Name', line.name),
      el('cac:SellersItemIdentification', [el('cbc:ID', line.sellersItem)]),
      el('cac:StandardItemIdentification', [el('cbc:ID', line.standardItem?.value ?? null, { schemeID: line.standardItem?.scheme ?? '' })]),
      el('cac:CommodityClassification', [el('cbc:ItemClassificationCode', line.classification?.code ?? null, { listID: line.classification?.list ?? '' })]),
      taxCategory(w, 'cac:ClassifiedTaxCategory', line.tax, false),
      [...line.properties, ...agreed].map((p) => el('cac:AdditionalItemProperty', [el('cbc:Name', p.name), el('cbc:Value', p.value)])!),
    ]),
    el('cac:Price', [el('cbc:PriceAmount', price, { currencyID: w.document.currency }), el('cbc:BaseQuantity', base, { unitCode: line.unit })]),
  ]);
}
export const periodElement = (period: InvoiceDocument['period']): XmlElement | null => period && el('cac:InvoicePeriod', [el('cbc:StartDate', period.from), el('cbc:EndDate', period.to)]);
