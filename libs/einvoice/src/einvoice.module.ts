import { Module } from '@nestjs/common';
import { BillingModule } from '#billing';
import { IdentityModule } from '#identity';
import { DocumentsController } from './api/documents.controller.js';
import { DocumentsResolver } from './api/documents.resolver.js';
import { DocumentInvoice } from './use-cases/document-invoice.js';

@Module({
  imports: [IdentityModule, BillingModule],
  controllers: [DocumentsController],
  providers: [DocumentInvoice, DocumentsResolver],
})
export class EinvoiceModule {}
