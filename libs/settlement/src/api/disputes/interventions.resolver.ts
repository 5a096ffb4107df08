import { Args, ArgsType, Field, ID, InputType, Mutation, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsBoolean, IsOptional, IsUUID, Length } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, enumOf, IsPlainText, PageArgs, pageCost, pageRequest, resultUnion, toConnection } from '#shared';
import { INTERVENTION_KINDS, INTERVENTION_STATES } from '../../domain/disputes/intervention.js';
import { Intervene } from '../../use-cases/interventions/intervene.js';

const InterventionKindEnum = enumOf(INTERVENTION_KINDS);
const InterventionStateEnum = enumOf(INTERVENTION_STATES);
registerEnumType(InterventionKindEnum, { name: 'InterventionKind', description: 'FREEZE: the trade stands still. UNWINDING: all of it goes back.' });
registerEnumType(InterventionStateEnum, { name: 'InterventionState', description: 'A freeze is IN_FORCE until another officer lifts it. An unwinding is PROPOSED until another has it DONE or REJECTED.' });

@ObjectType({ description: 'Where the exchange steps into a trade, by four eyes.' })
export class Intervention {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => InterventionKindEnum, { description: 'What is done.' }) kind: string;
  @Field(() => InterventionStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Why it was begun.' }) reason: string;
  @Field(() => String, { description: 'Who began it.' }) begunBy: string;
  @Field(() => Date, { description: 'When.' }) begunAt: Date;
  @Field(() => String, { nullable: true, description: 'Who ended it: another.' }) endedBy?: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was ended.' }) endReason?: string | null;
  @Field(() => Date, { nullable: true, description: 'When.' }) endedAt?: Date | null;
}
const InterventionConnection = connectionType(Intervention, 'Intervention');
const FreezeTradeResult = resultUnion('FreezeTradeResult', () => Intervention);
const LiftFreezeResult = resultUnion('LiftFreezeResult', () => Intervention);
const ProposeUnwindingResult = resultUnion('ProposeUnwindingResult', () => Intervention);
const ApproveUnwindingResult = resultUnion('ApproveUnwindingResult', () => Intervention);
const RejectUnwindingResult = resultUnion('RejectUnwindingResult', () => Intervention);

@InputType({ isAbstract: true })
class Intervening {
  @IsUUID() @Field(() => ID, { description: 'Which trade.' }) tradeId: string;
  @IsPlainText() @Length(3, 1_000) @Field(() => String, { description: 'Why; the sides of a trade that is frozen read it.' }) reason: string;
}
@InputType({ isAbstract: true })
class Ending {
  @IsUUID() @Field(() => ID, { description: 'Which intervention; another has begun it.' }) interventionId: string;
  @IsPlainText() @Length(3, 1_000) @Field(() => String, { description: 'Why.' }) reason: string;
}
@InputType() export class FreezeTradeInput extends Intervening {}
@InputType() export class ProposeUnwindingInput extends Intervening {}
@InputType() export class LiftFreezeInput extends Ending {}
@InputType() export class ApproveUnwindingInput extends Ending {}
@InputType() export class RejectUnwindingInput extends Ending {}
@ArgsType()
export class InterventionsArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those in this trade alone.' }) tradeId?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone that have not ended.' }) onlyOpen?: boolean | null;
}

@Resolver()
@Authenticated()
export class InterventionsResolver {
  constructor(private readonly desk: Intervene) {}

  @Asks('settlement:intervene', 'settlement:read-ledger', 'oversight:read')
  @Query(() => InterventionConnection, { nullable: true, complexity: pageCost, description: 'Where the exchange stepped in, newest first; null for whoever is no such staff.' })
  async interventions(@CurrentActor() actor: Actor, @Args() page: InterventionsArgs): Promise<ConnectionOf<Intervention> | null> {
    const found = await this.desk.page(actor, page.tradeId ?? null, page.onlyOpen ?? false, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (i) => i);
  }
  @Asks('settlement:intervene')
  @Mutation(() => FreezeTradeResult, { description: 'Freezes a trade at once: it is neither delivered on, accepted, cleared nor paid out, and no dispute over it is decided, until another officer lifts it. Both sides are told.' })
  freezeTrade(@CurrentActor() actor: Actor, @Args('input') input: FreezeTradeInput): Promise<object> {
    return this.desk.freeze(actor, input);
  }
  @Asks('settlement:intervene')
  @Mutation(() => LiftFreezeResult, { description: 'Another officer than the one who froze it has a trade go on where it stood.' })
  liftFreeze(@CurrentActor() actor: Actor, @Args('input') input: LiftFreezeInput): Promise<object> {
    return this.desk.lift(actor, input);
  }
  @Asks('settlement:intervene')
  @Mutation(() => ProposeUnwindingResult, { description: 'Proposes that all that is left of a paid trade goes back to its buyer.' })
  proposeUnwinding(@CurrentActor() actor: Actor, @Args('input') input: ProposeUnwindingInput): Promise<object> {
    return this.desk.proposeUnwinding(actor, input);
  }
  @Asks('settlement:intervene')
  @Mutation(() => ApproveUnwindingResult, { description: 'Another officer has it done: refund, credit notes, the vendor owes what he was paid. The licence of a purchase ends.' })
  approveUnwinding(@CurrentActor() actor: Actor, @Args('input') input: ApproveUnwindingInput): Promise<object> {
    return this.desk.approveUnwinding(actor, input);
  }
  @Asks('settlement:intervene')
  @Mutation(() => RejectUnwindingResult, { description: 'Another officer refuses an unwinding.' })
  rejectUnwinding(@CurrentActor() actor: Actor, @Args('input') input: RejectUnwindingInput): Promise<object> {
    return this.desk.rejectUnwinding(actor, input);
  }
}
