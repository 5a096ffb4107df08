import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import type { Page, PageRequest, Result } from '#shared';
import type { Trade } from '#settlement';
import type { Invoice } from './domain/invoice.js';
import type { Payment } from './domain/payment.js';
import type { TaxTreatment, TaxUndetermined } from './domain/tax.js';
import type { Certificate } from './storage/certificate.repository.js';
import type { InvoiceFilter } from './storage/invoice.repository.js';
import type { PaymentFilter } from './storage/payment.repository.js';
import type { StoredTaxDeclaration } from './storage/tax-declaration.repository.js';
import { CallOffPurchase, type CallOffPurchaseInput } from './use-cases/call-off-purchase.js';
import type { ClosedPeriod } from './use-cases/close-usage.js';
import { CloseUsagePeriod } from './use-cases/close-usage-period.js';
import { DeclareTax, type DeclareTaxInput } from './use-cases/declare-tax.js';
import type { DrivenPayment } from './use-cases/drive-payment.js';
import { PayTrade } from './use-cases/pay-trade.js';
import { ReadBilling } from './use-cases/read-billing.js';
import { TaxDesk } from './use-cases/tax-desk.js';

/** What is owed and why: tax, invoices, usage that is rated, payments, and the certificate of a settled trade. */
@Injectable()
export class Billing {
  constructor(
    private readonly paying: PayTrade, private readonly closing: CloseUsagePeriod, private readonly declaring: DeclareTax,
    private readonly read: ReadBilling, private readonly taxes: TaxDesk, private readonly calling: CallOffPurchase,
  ) {}

  /** The buyer pays a trade that awaits payment. Asked again while a payment is under way it answers that payment. */
  payTrade(actor: Actor, tradeId: string): Promise<Result<DrivenPayment>> {
    return this.paying.execute(actor, tradeId);
  }
  /** The buyer withdraws from a purchase that he has not paid. */
  callOffPurchase(actor: Actor, input: CallOffPurchaseInput): Promise<Result<Trade>> {
    return this.calling.execute(actor, input);
  }
  /** Rates the usage of a licence that is not billed yet: a trade and its invoice. Vendor or buyer. */
  closeUsagePeriod(actor: Actor, licenceId: string): Promise<Result<ClosedPeriod>> {
    return this.closing.execute(actor, licenceId);
  }
  /** A seller states its tax position, with its evidence. */
  declareTax(actor: Actor, input: DeclareTaxInput): Promise<Result<StoredTaxDeclaration>> {
    return this.declaring.execute(actor, input);
  }
  /** How a sale between two organisations would be taxed today, or why no rule decides it. */
  async quoteTax(vendorId: string, buyerId: string): Promise<TaxTreatment | TaxUndetermined> {
    return (await this.taxes.sides(vendorId, buyerId)).tax;
  }

  /** For other rooms: whoever shows these to somebody checks who that is. Oldest first. */
  invoicesOfTrade(tradeId: string): Promise<Invoice[]> {
    return this.read.invoicesOfTrade(tradeId);
  }
  /** For other rooms, as `invoicesOfTrade`: the newest hundred. */
  invoicesOfAgreement(agreementId: string): Promise<Invoice[]> {
    return this.read.invoicesOfAgreement(agreementId);
  }
  /** Every attempt to pay, oldest first, 100 at the most. */
  paymentsOfTrade(tradeId: string): Promise<Payment[]> {
    return this.read.paymentsOfTrade(tradeId);
  }
  certificateOfTrade(tradeId: string): Promise<Certificate | null> {
    return this.read.certificateOfTrade(tradeId);
  }

  invoiceFor(actor: Actor, id: string): Promise<Invoice | null> {
    return this.read.invoice(actor, id);
  }
  /** What the actor sees, newest first. A filter narrows it down, and never widens it. */
  invoicesFor(actor: Actor, filter: InvoiceFilter, request: PageRequest): Promise<Page<Invoice>> {
    return this.read.invoices(actor, filter, request);
  }
  /** As `invoicesFor`. */
  paymentsFor(actor: Actor, filter: PaymentFilter, request: PageRequest): Promise<Page<Payment>> {
    return this.read.payments(actor, filter, request);
  }
  certificateFor(actor: Actor, tradeId: string): Promise<Certificate | null> {
    return this.read.certificate(actor, tradeId);
  }
  declarationsFor(actor: Actor): Promise<StoredTaxDeclaration[]> {
    return this.read.declarations(actor);
  }
}
