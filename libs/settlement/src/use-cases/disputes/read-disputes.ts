import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { EMPTY_PAGE, isId, type Page, type PageRequest } from '#shared';
import type { Dispute, DisputeEntry } from '../../domain/disputes/dispute.js';
import { type DisputeFilter, DisputeRepository } from '../../storage/dispute.repository.js';
import { seesAllTrades, seesTrade } from '../read-trades.js';

/** Disputes, for the two sides of their trade and for staff. */
@Injectable()
export class ReadDisputes {
  constructor(private readonly disputes: DisputeRepository) {}

  async one(actor: Actor, id: string): Promise<Dispute | null> {
    const dispute = isId(id) ? await this.disputes.byId(id) : null;
    return dispute && seesTrade(actor, dispute) ? dispute : null;
  }
  async page(actor: Actor, filter: DisputeFilter, request: PageRequest): Promise<Page<Dispute>> {
    if (seesAllTrades(actor)) return this.disputes.page(null, filter, request);
    return permits(actor, 'settlement:read') && actor.tenantId ? this.disputes.page(actor.tenantId, filter, request) : EMPTY_PAGE;
  }
  /** Whoever has a dispute may see what was said in it. */
  entriesOf(ids: readonly string[]): Promise<Map<string, DisputeEntry[]>> {
    return this.disputes.entriesOf(ids);
  }
}
