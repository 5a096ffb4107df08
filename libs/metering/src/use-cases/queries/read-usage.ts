import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import { EMPTY_PAGE, type Page, type PageRequest } from '#shared';
import type { MeterTotal, UsageEvent } from '../../domain/usage-event.js';
import { type UsageQuestion, type UsageSum, wholeWindows } from '../../domain/usage-query.js';
import { UsageRepository } from '../../storage/usage.repository.js';
import { UsageSumRepository } from '../../storage/usage-sum.repository.js';

/** What was used, as both sides of a licence and the exchange's overseers see it. */
@Injectable()
export class ReadUsage {
  constructor(private readonly events: UsageRepository, private readonly sums: UsageSumRepository, private readonly contracts: Contracts) {}

  /** The events of a licence; null for all others than its readers. */
  async eventsFor(actor: Actor, licenceId: string, request: PageRequest): Promise<Page<UsageEvent> | null> {
    return (await this.mayRead(actor, licenceId)) ? this.events.page(licenceId, request) : null;
  }
  /** Sums per meter, for the same readers. */
  async totalsFor(actor: Actor, licenceId: string): Promise<MeterTotal[] | null> {
    return (await this.mayRead(actor, licenceId)) ? this.sums.totals(licenceId) : null;
  }

  /** Sums by window of one licence, or of all that the caller's organisation is a side of. Overseers name one: null where they do not. */
  async sumsFor(actor: Actor, question: UsageQuestion, request: PageRequest): Promise<Page<UsageSum> | null> {
    const { licenceId } = question;
    if (licenceId === null && !permits(actor, 'metering:read')) return null;
    if (licenceId !== null && !(await this.mayRead(actor, licenceId))) return null;
    const whole = wholeWindows(question);
    return whole.from < whole.until ? this.sums.page(whole, actor.tenantId!, request) : EMPTY_PAGE;
  }

  private async mayRead(actor: Actor, licenceId: string): Promise<boolean> {
    const oversees = permits(actor, 'oversight:read');
    if (!oversees && !permits(actor, 'metering:read')) return false;
    const licence = await this.contracts.licenceById(licenceId);
    return licence !== null && (oversees || actor.tenantId === licence.vendorId || actor.tenantId === licence.buyerId);
  }
}
