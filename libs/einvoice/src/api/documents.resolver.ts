import { Args, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isId } from '#shared';
import { DocumentInvoice } from '../use-cases/document-invoice.js';

@ObjectType({ description: 'A format in which an invoice can be asked for at `GET /v1/invoices/:id/document?format=`.' })
export class InvoiceDocumentFormat {
  @Field(() => String, { description: 'Its name: peppol-bis-3, peppol-bis-3-self-billing, pint-sg, cii, edifact, cn-fapiao-json, html, pdf.' }) format: string;
  @Field(() => String, { nullable: true, description: 'Why this invoice cannot be said in it: what the format has no words for, or the rules that it would break. Null: it can be had.' }) problem: string | null;
}

@Resolver()
@Authenticated()
export class DocumentsResolver {
  constructor(private readonly documents: DocumentInvoice) {}

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => [InvoiceDocumentFormat], { nullable: true, description: 'The formats of an invoice, for its two sides and staff; null for others.' })
  async invoiceDocumentFormats(@CurrentActor() actor: Actor, @Args('invoiceId', { type: () => ID }) invoiceId: string): Promise<readonly InvoiceDocumentFormat[] | null> {
    return isId(invoiceId) ? this.documents.formats(actor, invoiceId) : null;
  }
}
