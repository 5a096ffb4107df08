export { toCertificateType, toInvoiceType, toPaymentType } from './api/billing.mapping.js';
export { Invoice as InvoiceType, Payment as PaymentType, TradeCertificate as TradeCertificateType } from './api/billing.types.js';
export { Billing } from './billing.facade.js';
export { BillingModule } from './billing.module.js';
export { type Invoice, type InvoiceDraft, type InvoiceKind, invoiceNumber } from './domain/invoice.js';
export type { Payment, PaymentState } from './domain/payment.js';
export { type PaymentAnswer, type PaymentOrder, PaymentPort } from './domain/payment-port.js';
export { determineTax, type TaxTreatment, type TaxUndetermined } from './domain/tax.js';
export type { Certificate } from './storage/certificate.repository.js';
