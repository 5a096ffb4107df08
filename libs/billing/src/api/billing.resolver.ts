import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isId, isRefused, pageCost, pageRequest, toConnection } from '#shared';
import { toTradeType } from '#settlement';
import { Billing } from '../billing.facade.js';
import { CallOffPurchaseInput, CloseUsagePeriodInput, DeclareTaxInput, PayTradeInput } from './billing.inputs.js';
import { invoiceFilterOf, InvoicesArgs, paymentFilterOf, PaymentsArgs } from './billing-lists.args.js';
import { toCertificateType, toInvoiceType, toPaymentType, toUsagePeriodType } from './billing.mapping.js';
import * as T from './billing.types.js';

@Resolver()
@Authenticated()
export class BillingResolver {
  constructor(private readonly billing: Billing) {}

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.Invoice, { nullable: true, description: 'An invoice, for its two sides and staff; null for others.' })
  async invoice(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<T.Invoice | null> {
    const invoice = isId(id) ? await this.billing.invoiceFor(actor, id) : null;
    return invoice && toInvoiceType(invoice);
  }

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.InvoiceConnection, { complexity: pageCost, description: "Invoices issued by or to the caller's organisation, newest first; all of them for staff. `from` and `until` are of the issue." })
  async invoices(@CurrentActor() actor: Actor, @Args() page: InvoicesArgs): Promise<ConnectionOf<T.Invoice>> {
    return toConnection(await this.billing.invoicesFor(actor, invoiceFilterOf(page), pageRequest(page.first, page.after, 1)), toInvoiceType);
  }

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.PaymentConnection, { complexity: pageCost, description: "Payments of the caller's organisation, newest first; all of them for staff. `from` and `until` are of their beginning." })
  async payments(@CurrentActor() actor: Actor, @Args() page: PaymentsArgs): Promise<ConnectionOf<T.Payment>> {
    return toConnection(await this.billing.paymentsFor(actor, paymentFilterOf(page), pageRequest(page.first, page.after, 1)), (p) => toPaymentType(p));
  }

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.TradeCertificate, { nullable: true, description: 'The certificate of a settled trade, for its parties and staff; null for others and before.' })
  async certificate(@CurrentActor() actor: Actor, @Args('tradeId', { type: () => ID }) tradeId: string): Promise<T.TradeCertificate | null> {
    const certificate = isId(tradeId) ? await this.billing.certificateFor(actor, tradeId) : null;
    return certificate && toCertificateType(certificate);
  }

  @Asks('billing:read')
  @Query(() => [T.TaxDeclaration], { description: "What the caller's organisation declared of its tax position: the newest of each scheme." })
  async taxDeclarations(@CurrentActor() actor: Actor): Promise<readonly T.TaxDeclaration[]> {
    return this.billing.declarationsFor(actor);
  }

  @Asks('billing:pay')
  @Mutation(() => T.PayTradeResult, { description: 'The buyer pays a trade. Asked again while a payment is under way it answers that payment.' })
  async payTrade(@CurrentActor() actor: Actor, @Args('input') input: PayTradeInput): Promise<object> {
    const paid = await this.billing.payTrade(actor, input.tradeId);
    return isRefused(paid) ? paid : toPaymentType(paid.payment, paid.clientSecret);
  }

  @Asks('billing:call-off')
  @Mutation(() => T.CallOffPurchaseResult, { description: 'The buyer withdraws from a purchase that is not paid: its payment request is closed and its licence lapses. Both sides are told.' })
  async callOffPurchase(@CurrentActor() actor: Actor, @Args('input') input: CallOffPurchaseInput): Promise<object> {
    const ended = await this.billing.callOffPurchase(actor, input);
    return isRefused(ended) ? ended : toTradeType(ended);
  }

  @Asks('billing:close')
  @Mutation(() => T.CloseUsagePeriodResult, { description: 'Bills the use of a licence that is not billed yet. Vendor or buyer.' })
  async closeUsagePeriod(@CurrentActor() actor: Actor, @Args('input') input: CloseUsagePeriodInput): Promise<object> {
    const closed = await this.billing.closeUsagePeriod(actor, input.licenceId);
    return isRefused(closed) ? closed : toUsagePeriodType(closed);
  }

  @Asks('billing:declare-tax')
  @Mutation(() => T.DeclareTaxResult, { description: 'States the tax position of the own organisation, with its evidence.' })
  declareTax(@CurrentActor() actor: Actor, @Args('input') input: DeclareTaxInput): Promise<object> {
    return this.billing.declareTax(actor, input);
  }
}
