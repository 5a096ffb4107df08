import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { EMPTY_PAGE, type Page, type PageRequest } from '#shared';
import { seesAllTrades } from '#settlement';
import type { Invoice } from '../domain/invoice.js';
import type { Payment } from '../domain/payment.js';
import { type Certificate, CertificateRepository } from '../storage/certificate.repository.js';
import { type InvoiceFilter, InvoiceRepository } from '../storage/invoice.repository.js';
import { type PaymentFilter, PaymentRepository } from '../storage/payment.repository.js';
import type { ChargebackRecord, ChargebackState } from '../domain/chargeback.js';
import { ChargebackRepository } from '../storage/chargeback.repository.js';
import type { Refund, RefundState } from '../domain/refund.js';
import { RefundRepository } from '../storage/refund.repository.js';
import { type StoredTaxDeclaration, TaxDeclarationRepository } from '../storage/tax-declaration.repository.js';

/** Who sees what: an invoice its two sides, a payment its buyer, a certificate both parties, and staff with an eye on all. */
@Injectable()
export class ReadBilling {
  constructor(
    private readonly invoiceRows: InvoiceRepository, private readonly paymentRows: PaymentRepository,
    private readonly certificateRows: CertificateRepository, private readonly declarationRows: TaxDeclarationRepository, private readonly refundRows: RefundRepository,
    private readonly chargebackRows: ChargebackRepository,
  ) {}

  async invoice(actor: Actor, id: string): Promise<Invoice | null> {
    const invoice = await this.invoiceRows.byId(id);
    return invoice && this.sees(actor, invoice.issuer.id, invoice.customer.id) ? invoice : null;
  }
  async invoices(actor: Actor, filter: InvoiceFilter, request: PageRequest): Promise<Page<Invoice>> {
    // Who asks for a side asks for what is his own, staff too: the exchange issues its commission.
    if (seesAllTrades(actor)) return filter.side && !actor.tenantId ? EMPTY_PAGE : this.invoiceRows.page(filter.side && actor.tenantId, filter, request);
    return this.ofOwn(actor, (own) => this.invoiceRows.page(own, filter, request));
  }
  payments(actor: Actor, filter: PaymentFilter, request: PageRequest): Promise<Page<Payment>> {
    if (seesAllTrades(actor)) return this.paymentRows.page(null, filter, request);
    return this.ofOwn(actor, (own) => this.paymentRows.page(own, filter, request));
  }
  refunds(actor: Actor, filter: { readonly state: RefundState | null; readonly tradeId: string | null }, request: PageRequest): Promise<Page<Refund>> {
    if (seesAllTrades(actor)) return this.refundRows.page(null, filter, request);
    return this.ofOwn(actor, (own) => this.refundRows.page(own, filter, request));
  }
  chargebacks(actor: Actor, state: ChargebackState | null, request: PageRequest): Promise<Page<ChargebackRecord>> {
    if (seesAllTrades(actor)) return this.chargebackRows.page(null, state, request);
    return this.ofOwn(actor, (own) => this.chargebackRows.page(own, state, request));
  }
  async certificate(actor: Actor, tradeId: string): Promise<Certificate | null> {
    const certificate = await this.certificateRows.ofTrade(tradeId);
    return certificate && this.sees(actor, certificate.vendorId, certificate.buyerId) ? certificate : null;
  }
  async declarations(actor: Actor): Promise<StoredTaxDeclaration[]> {
    return permits(actor, 'billing:read') && actor.tenantId ? this.declarationRows.newest(actor.tenantId) : [];
  }

  invoicesOfAgreement(agreementId: string): Promise<Invoice[]> {
    return this.invoiceRows.ofAgreement(agreementId);
  }
  invoicesOfTrade(tradeId: string): Promise<Invoice[]> {
    return this.invoiceRows.ofTrade(tradeId);
  }
  paymentsOfTrade(tradeId: string): Promise<Payment[]> {
    return this.paymentRows.ofTrade(tradeId);
  }
  certificateOfTrade(tradeId: string): Promise<Certificate | null> {
    return this.certificateRows.ofTrade(tradeId);
  }

  private sees(actor: Actor, ...parties: string[]): boolean {
    return seesAllTrades(actor) || (permits(actor, 'billing:read') && actor.tenantId !== null && parties.includes(actor.tenantId));
  }
  private ofOwn<T>(actor: Actor, read: (organisationId: string) => Promise<Page<T>>): Promise<Page<T>> {
    return permits(actor, 'billing:read') && actor.tenantId ? read(actor.tenantId) : Promise.resolve(EMPTY_PAGE);
  }
}
