import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import type { AuditEntry } from '#audit';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Oversight } from '../oversight.facade.js';
import { AuditEntryConnection, AuditEntryType, AuditVerificationType, TradeLineageType } from './oversight.types.js';

export const toAuditEntryType = (entry: AuditEntry): AuditEntryType => ({ ...entry, details: JSON.stringify(entry.details) });

@Resolver()
@Authenticated()
export class OversightResolver {
  constructor(private readonly oversight: Oversight) {}

  @Asks('oversight:read')
  @Query(() => TradeLineageType, { nullable: true, description: 'One trade, whole. Null for whoever does not oversee.' })
  async tradeLineage(@CurrentActor() actor: Actor, @Args('tradeId', { type: () => ID, description: 'The trade.' }) tradeId: string): Promise<TradeLineageType | null> {
    const stem = await this.oversight.stem(actor, tradeId);
    return stem && { stem };
  }

  @Asks('oversight:read')
  @Query(() => AuditEntryConnection, { nullable: true, complexity: pageCost, description: 'The log, newest first. Null for whoever does not oversee.' })
  async auditEntries(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<AuditEntryType> | null> {
    const found = await this.oversight.auditLog(actor, pageRequest(page.first, page.after, 2));
    return found && toConnection(found, toAuditEntryType);
  }

  @Asks('oversight:read')
  @Query(() => AuditVerificationType, { nullable: true, complexity: 500, description: 'Recomputes the sealed log and names every place where its past was changed. Null for whoever does not oversee.' })
  async verifyAuditLog(@CurrentActor() actor: Actor): Promise<AuditVerificationType | null> {
    const found = await this.oversight.verifyAuditLog(actor);
    return found && { ...found, seals: found.seals.toString(), entries: found.entries.toString(), findings: found.findings.map((f) => ({ ...f, sealNumber: f.sealNumber?.toString() ?? null })) };
  }
}
