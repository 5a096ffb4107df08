import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RevisionRevoked } from '#catalog';
import { Subscriptions, Sweeps } from '#shared';
import { PartFileRepository } from './storage/part-file.repository.js';
import { LicensedFiles } from './use-cases/parts/licensed-files.js';
import { MakeParts } from './use-cases/parts/make-parts.js';
import { PartStoring, WritePartFile } from './use-cases/parts/write-part-file.js';

/** When parts are written, and when they go. */
@Injectable()
class PartWork implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions, private readonly making: MakeParts) {}

  onModuleInit(): void {
    this.subscriptions.on(RevisionRevoked, 'delivery.drop-parts', (tx, { payload }) => this.making.drop(tx, payload.revisionId));
    this.sweeps.add({ name: 'delivery.parts', everyMs: 200, run: () => this.making.execute(), stop: () => this.making.stop() });
  }
}

/** What the module of this room provides for licences that are limited to a part of a dataset. */
export const partProviders = [PartFileRepository, LicensedFiles, WritePartFile, PartStoring, MakeParts, PartWork];
