import path from 'node:path';
import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { BillingModule } from '#billing';
import { IdentityModule } from '#identity';
import { Config, OutgoingHttp, Sweeps } from '#shared';
import { FolderAccessPoint } from './access-point/folder.access-point.js';
import { HttpAccessPoint } from './access-point/http.access-point.js';
import { DocumentsController } from './api/documents.controller.js';
import { DocumentsResolver } from './api/documents.resolver.js';
import { TransmissionsResolver } from './api/transmissions.resolver.js';
import { AccessPointPort } from './domain/access-point.port.js';
import { InboundRepository } from './storage/inbound.repository.js';
import { TransmissionRepository } from './storage/transmission.repository.js';
import { DeliverDocuments } from './use-cases/deliver-documents.js';
import { DocumentInvoice } from './use-cases/document-invoice.js';
import { DocumentTables, ReceiveDocuments } from './use-cases/receive-documents.js';
import { SendDocument } from './use-cases/send-document.js';

/** ACCESS_POINT_URL chooses the adapter; without it documents lie in a folder. */
const accessPoint = {
  provide: AccessPointPort, inject: [Config, OutgoingHttp],
  useFactory: (config: Config, outgoing: OutgoingHttp): AccessPointPort => (config.ACCESS_POINT_URL ? new HttpAccessPoint(outgoing, config.ACCESS_POINT_URL, config.ACCESS_POINT_TOKEN!) : new FolderAccessPoint(path.resolve(config.DATA_DIR, 'access-point'))),
};

@Module({
  imports: [AuditModule, IdentityModule, BillingModule],
  controllers: [DocumentsController],
  providers: [DocumentInvoice, DocumentsResolver, TransmissionRepository, InboundRepository, DocumentTables, SendDocument, DeliverDocuments, ReceiveDocuments, TransmissionsResolver, accessPoint],
})
export class EinvoiceModule implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly delivering: DeliverDocuments, private readonly receiving: ReceiveDocuments) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'einvoice.deliver', everyMs: 5_000, run: () => this.delivering.execute() });
    this.sweeps.add({ name: 'einvoice.receive', everyMs: 15_000, run: () => this.receiving.execute() });
  }
}
