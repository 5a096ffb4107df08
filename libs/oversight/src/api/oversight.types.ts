import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { AuditFinding } from '#audit';
import { connectionType, enumOf } from '#shared';
import type { TradeStem } from '../oversight.facade.js';

const PROBLEMS: AuditFinding['problem'][] = ['entry_changed', 'entry_removed', 'entry_unqueued', 'seal_broken', 'seal_missing', 'signature_wrong'];
export const AuditProblemEnum = enumOf(PROBLEMS);
registerEnumType(AuditProblemEnum, { name: 'AuditProblem', description: 'In which way the past of the log was changed.' });

@ObjectType('AuditEntry', { description: 'One line of the log: who did what to which object.' })
export class AuditEntryType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => Date, { description: 'When it was written, in the transaction of the act.' }) recordedAt: Date;
  @Field(() => String, { description: 'Who: `member:<id>`, `key:<id>`, `identity:<issuer>|<subject>` or `system:<name>`.' }) subject: string;
  @Field(() => String, { description: 'What was done, `<object>.<verb>`.' }) act: string;
  @Field(() => String, { description: 'To what kind of object.' }) objectType: string;
  @Field(() => String, { description: 'To which one.' }) objectId: string;
  @Field(() => ID, { nullable: true, description: 'The organisation whose object it is.' }) tenantId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The trade that it belongs to.' }) tradeId?: string | null;
  @Field(() => String, { description: 'The request that it came with.' }) requestId: string;
  @Field(() => String, { nullable: true, description: 'Why, in the words of who did it.' }) reason?: string | null;
  @Field(() => String, { description: 'Details as JSON text.' }) details: string;
}

@ObjectType('AuditFinding', { description: 'A place where the past of the log was changed.' })
export class AuditFindingType {
  @Field(() => AuditProblemEnum, { description: 'In which way.' }) problem: string;
  @Field(() => String, { nullable: true, description: 'Number of the seal.' }) sealNumber?: string | null;
  @Field(() => ID, { nullable: true, description: 'The entry.' }) entryId?: string | null;
  @Field(() => String, { description: 'For people.' }) detail: string;
}

@ObjectType('AuditVerification', { description: 'What recomputing the sealed log found.' })
export class AuditVerificationType {
  @Field(() => Boolean, { description: 'Whether the sealed past is as it was sealed.' }) intact: boolean;
  @Field(() => String, { description: 'How many seals the chain has.' }) seals: string;
  @Field(() => String, { description: 'How many entries they cover.' }) entries: string;
  @Field(() => Int, { description: 'Entries that wait for the next seal.' }) unsealed: number;
  @Field(() => [AuditFindingType], { description: 'At most 100.' }) findings: readonly AuditFindingType[];
}

@ObjectType('TradeLineage', { description: 'One trade, whole: every link from the organisations to the payout, for staff that oversees.' })
export class TradeLineageType {
  stem: TradeStem;
}

export const AuditEntryConnection = connectionType(AuditEntryType, 'AuditEntry');
