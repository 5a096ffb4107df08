import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import type { CorrectionState, UsageCorrection } from '../../domain/usage-correction.js';
import { UsageCorrectionRepository } from '../../storage/usage-correction.repository.js';

@Injectable()
export class ReadCorrections {
  constructor(private readonly corrections: UsageCorrectionRepository, private readonly contracts: Contracts) {}

  /** Of a licence, newest first, for its two sides and the exchange's overseers; null for others. */
  async execute(actor: Actor, licenceId: string, state: CorrectionState | null, request: PageRequest): Promise<Page<UsageCorrection> | null> {
    const oversees = permits(actor, 'oversight:read');
    if (!oversees && !permits(actor, 'billing:read')) return null;
    const licence = await this.contracts.licenceById(licenceId);
    if (!licence || (!oversees && actor.tenantId !== licence.vendorId && actor.tenantId !== licence.buyerId)) return null;
    return this.corrections.page(licenceId, state, request);
  }
}
