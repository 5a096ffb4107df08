import { Args, ArgsType, Field, ID, Query, Resolver } from '@nestjs/graphql';
import type { AuditEntry, LogFilter } from '#audit';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, IsPlainText, pageCost, pageRequest, toConnection, WindowArgs } from '#shared';
import { IsOptional, IsUUID, Length } from 'class-validator';
import { Oversight } from '../oversight.facade.js';
import { AuditEntryConnection, AuditEntryType, AuditVerificationType, TradeLineageType } from './oversight.types.js';

export const toAuditEntryType = (entry: AuditEntry): AuditEntryType => ({ ...entry, details: JSON.stringify(entry.details) });

@ArgsType()
class LogArgs extends WindowArgs {
  @IsOptional() @IsPlainText() @Length(1, 100) @Field(() => ID, { nullable: true, description: 'Lines of this object alone.' }) objectId?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 60) @Field(() => String, { nullable: true, description: 'Lines of objects of this kind alone.' }) objectType?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 100) @Field(() => String, { nullable: true, description: 'Lines of this act alone, `<object>.<verb>`.' }) act?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 300) @Field(() => String, { nullable: true, description: 'What this subject did alone.' }) subject?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Lines of objects of this organisation alone.' }) tenantId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Lines of this trade alone.' }) tradeId?: string | null;
}
const filterOf = (a: LogArgs): LogFilter => ({
  objectId: a.objectId ?? null, objectType: a.objectType ?? null, act: a.act ?? null, subject: a.subject ?? null, tenantId: a.tenantId ?? null, tradeId: a.tradeId ?? null, from: a.from ?? null, until: a.until ?? null,
});

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
  @Query(() => AuditEntryConnection, { nullable: true, complexity: pageCost, description: 'The log, newest first. Lines of an object, a trade or an organisation are found at once; subject and act are looked for along the time, so name a window with them. Null for whoever does not oversee.' })
  async auditEntries(@CurrentActor() actor: Actor, @Args() page: LogArgs): Promise<ConnectionOf<AuditEntryType> | null> {
    const found = await this.oversight.auditLog(actor, filterOf(page), pageRequest(page.first, page.after, 2));
    return found && toConnection(found, toAuditEntryType);
  }

  @Asks('oversight:read')
  @Query(() => AuditVerificationType, { nullable: true, complexity: 500, description: 'Recomputes the sealed log and names every place where its past was changed. Null for whoever does not oversee.' })
  async verifyAuditLog(@CurrentActor() actor: Actor): Promise<AuditVerificationType | null> {
    const found = await this.oversight.verifyAuditLog(actor);
    return found && { ...found, seals: found.seals.toString(), entries: found.entries.toString(), findings: found.findings.map((f) => ({ ...f, sealNumber: f.sealNumber?.toString() ?? null })) };
  }
}
