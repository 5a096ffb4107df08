import { Args, ArgsType, Field, ID, Mutation, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, DAY_PATTERN, enumOf, isRefused, PageArgs, pageCost, pageRequest, resultUnion, toConnection } from '#shared';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import type { Approval, ApprovalState } from '../domain/approvals/approval.js';
import type { ApprovalFilter } from '../storage/approval.repository.js';
import { EndApproval } from '../use-cases/approvals/end-approval.js';
import { ReadApprovals } from '../use-cases/approvals/read-approvals.js';
import { RevokeApprovalInput } from './case.inputs.js';
import { toScopeType } from './case.mapping.js';
import { ApprovalScope } from './case.types.js';

const STATES = ['ACTIVE', 'REVOKED', 'EXPIRED'] as const satisfies readonly ApprovalState[];
const ApprovalStateEnum = enumOf(STATES);
registerEnumType(ApprovalStateEnum, {
  name: 'ApprovalState', description: 'Whether an approval counts.',
  valuesMap: { ACTIVE: { description: 'It counts within its days.' }, REVOKED: { description: 'Staff took it back.' }, EXPIRED: { description: 'Its last day is over.' } },
});

@ObjectType('Approval', { description: 'A held result that satisfies a mechanism of the law: an assessment passed, a contract on file, a certificate.' })
export class ApprovalType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'A word of the rulebooks: `standard_contract`.' }) type: string;
  @Field(() => ID, { description: 'The exporter.' }) holderId: string;
  @Field(() => ApprovalScope, { description: 'What a transfer has to lie in.' }) scope: ApprovalScope;
  @Field(() => String, { description: 'Its first day, `YYYY-MM-DD`.' }) validFrom: string;
  @Field(() => String, { nullable: true, description: 'Its last day, `YYYY-MM-DD`; null where it has none.' }) validUntil: string | null;
  @Field(() => ApprovalStateEnum, { description: 'Whether it counts.' }) state: string;
  @Field(() => ID, { description: 'The case that led to it.' }) caseId: string;
  @Field(() => String, { description: 'The number that the authority or body gave it.' }) reference: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the document that shows it; null where a person of the exchange decided.' }) documentSha256: string | null;
  @Field(() => Date, { description: 'When it was recorded here.' }) grantedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When its holder was told that renewal is due.' }) renewalNotedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was revoked or had expired.' }) endedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was revoked.' }) endReason: string | null;
}
const ApprovalConnection = connectionType(ApprovalType, 'Approval');
const RevokeApprovalResult = resultUnion('RevokeApprovalResult', () => ApprovalType);

const toApprovalType = (a: Approval): ApprovalType => ({
  id: a.id, type: a.type, holderId: a.holderId, scope: toScopeType(a), validFrom: a.validFrom, validUntil: a.validUntil, state: a.state, caseId: a.caseId, reference: a.reference, documentSha256: a.documentSha256, grantedAt: a.grantedAt,
  renewalNotedAt: a.renewalNotedAt, endedAt: a.endedAt, endReason: a.endReason,
});

@ArgsType()
class ApprovalsArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Of this exporter alone.' }) holderId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'For this recipient alone.' }) recipientId?: string | null;
  @IsOptional() @Matches(/^[a-z][a-z0-9_]{1,59}$/) @Field(() => String, { nullable: true, description: 'Of this type alone.' }) type?: string | null;
  @IsOptional() @IsIn(STATES) @Field(() => ApprovalStateEnum, { nullable: true, description: 'In this state alone.' }) state?: ApprovalState | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those alone that name this product, or no product at all.' }) productId?: string | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'Those alone whose last day is before this one, `YYYY-MM-DD`.' }) endsBefore?: string | null;
}
const filterOf = ({ holderId, recipientId, type, state, productId, endsBefore }: ApprovalsArgs): ApprovalFilter => ({
  holderId: holderId ?? null, recipientId: recipientId ?? null, type: type ?? null, state: state ?? null, productId: productId ?? null, endsBefore: endsBefore ?? null,
});

@Resolver()
@Authenticated()
export class ApprovalsResolver {
  constructor(private readonly reading: ReadApprovals, private readonly ending: EndApproval) {}

  @Asks('compliance:counter', 'compliance:assess', 'compliance:handle-cases', 'compliance:read-cases')
  @Query(() => ApprovalType, { nullable: true, description: 'An approval, for its holder, its recipient and for staff; null for everybody else.' })
  async approval(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<ApprovalType | null> {
    const found = await this.reading.byId(actor, id);
    return found && toApprovalType(found);
  }

  @Asks('compliance:counter', 'compliance:assess')
  @Query(() => ApprovalConnection, { nullable: true, complexity: pageCost, description: "Approvals that the caller's organisation holds or receives data under, newest first." })
  async approvals(@CurrentActor() actor: Actor, @Args() page: ApprovalsArgs): Promise<ConnectionOf<ApprovalType> | null> {
    const found = await this.reading.mine(actor, filterOf(page), pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toApprovalType);
  }

  @Asks('compliance:handle-cases', 'compliance:read-cases')
  @Query(() => ApprovalConnection, { nullable: true, complexity: pageCost, description: 'Every approval, newest first; for staff.' })
  async approvalRegister(@CurrentActor() actor: Actor, @Args() page: ApprovalsArgs): Promise<ConnectionOf<ApprovalType> | null> {
    const found = await this.reading.page(actor, filterOf(page), pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toApprovalType);
  }

  @Asks('compliance:handle-cases')
  @Mutation(() => RevokeApprovalResult, { description: 'Takes an approval back, at once and for good. Compliance officers.' })
  async revokeApproval(@CurrentActor() actor: Actor, @Args('input') input: RevokeApprovalInput): Promise<object> {
    const result = await this.ending.revoke(actor, input);
    return isRefused(result) ? result : toApprovalType(result);
  }
}
