import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { isRefused, systemCaller, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { FileOpinion } from './file-opinion.js';

export interface DeliveredOpinion {
  readonly caseId: string;
  readonly productId: string;
  readonly assessorId: string;
  readonly favourable: boolean;
  readonly scope: string;
  readonly documentSha256: string;
  /** Its last day, `YYYY-MM-DD`, at the place of the exchange. */
  readonly validUntil: string;
}

/** An opinion that was ordered at the service counter reaches the gate. Where the product has gone on, or back, in the meantime, the log says that it was not used. */
@Injectable()
export class TakeOpinion {
  constructor(private readonly filing: FileOpinion, private readonly audit: Audit) {}

  async execute(tx: Tx, requestId: string, { caseId, validUntil, ...opinion }: DeliveredOpinion): Promise<void> {
    const caller = systemCaller('service-counter', requestId);
    const filed = await this.filing.execute(tx, caller, { ...opinion, validUntil: endOfDay(validUntil) });
    if (!isRefused(filed)) return;
    // Found only after something was written: nothing of it may stay.
    if (filed.code === CATALOG_ERRORS.GATE) throw new Error(`opinion of case ${caseId}: ${filed.message}`);
    await this.audit.append(tx, caller, { act: 'product.opinion-unused', objectType: 'product', objectId: opinion.productId, tenantId: opinion.assessorId, reason: filed.message, details: { caseId, code: filed.code } });
  }
}

/** Midnight in Shanghai. */
const endOfDay = (day: string): Date => new Date(`${day}T16:00:00Z`);
