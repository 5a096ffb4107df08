import { toMoneyType } from '#shared';
import { toTradeType } from '#settlement';
import { type Invoice, invoiceNumber } from '../domain/invoice.js';
import type { Payment } from '../domain/payment.js';
import type { Certificate } from '../storage/certificate.repository.js';
import type { ClosedPeriod } from '../use-cases/close-usage.js';
import type * as T from './billing.types.js';

export const toPaymentType = (payment: Payment, clientSecret: string | null = null): T.Payment => ({
  id: payment.id, tradeId: payment.tradeId, amount: toMoneyType(payment.amount), state: payment.state, provider: payment.provider,
  providerReference: payment.providerReference, failure: payment.failure, clientSecret, createdAt: payment.createdAt, endedAt: payment.endedAt,
});

export const toInvoiceType = (invoice: Invoice): T.Invoice => ({
  id: invoice.id, number: invoiceNumber(invoice), kind: invoice.kind, tradeId: invoice.tradeId, agreementId: invoice.agreementId,
  issuerId: invoice.issuer.id, issuerName: invoice.issuer.legalName, customerId: invoice.customer.id, customerName: invoice.customer.legalName,
  lines: invoice.lines.map((l) => ({ description: l.description, quantity: l.quantity.toString(), unitPrice: l.unitPrice, net: toMoneyType(l.net) })),
  net: toMoneyType(invoice.net), tax: toMoneyType(invoice.tax), total: toMoneyType(invoice.total), correctsId: invoice.corrects?.invoiceId ?? null, taxTreatment: invoice.taxTreatment, issuedAt: invoice.issuedAt,
});

export const toCertificateType = (certificate: Certificate): T.TradeCertificate => ({ tradeId: certificate.tradeId, jws: certificate.jws, issuedAt: certificate.issuedAt });

export const toUsagePeriodType = ({ period, charges, trade, invoice }: ClosedPeriod): T.UsagePeriod => ({
  id: period.id, licenceId: period.licenceId, eventCount: period.eventCount,
  charges: charges.map((c) => ({ period: c.period, meter: c.meter, quantity: c.quantity.toString(), net: toMoneyType({ minor: c.netMinor, currency: trade.currency }) })),
  trade: toTradeType(trade), invoice: toInvoiceType(invoice), closedAt: period.closedAt,
});
