import { Args, ArgsType, Field, ID, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, enumOf, MoneyType, PageArgs, pageCost, pageRequest, toConnection, toMoneyType } from '#shared';
import { CHARGEBACK_STATES, type ChargebackRecord, type ChargebackState } from '../domain/chargeback.js';
import { ReadBilling } from '../use-cases/read-billing.js';

const ChargebackStateEnum = enumOf(CHARGEBACK_STATES);
registerEnumType(ChargebackStateEnum, { name: 'ChargebackState', description: 'OPEN: the provider has taken the money and not decided. WON: it gave it back. LOST: it is gone, and goes back of the trade.' });

@ObjectType({ description: 'A payment that its payer takes back at the provider. Its trade is frozen until the provider has decided.' })
export class Chargeback {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => MoneyType, { description: 'What was taken.' }) amount: MoneyType;
  @Field(() => String, { description: "The payer's reason, in the provider's word." }) reason: string;
  @Field(() => ChargebackStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Who carries the money.' }) provider: string;
  @Field(() => String, { description: "The provider's reference." }) providerReference: string;
  @Field(() => Date, { description: 'When the exchange learned of it.' }) openedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When the provider had decided.' }) endedAt?: Date | null;
}
const ChargebackConnection = connectionType(Chargeback, 'Chargeback');

@ArgsType()
export class ChargebacksArgs extends PageArgs {
  @IsOptional() @IsIn(CHARGEBACK_STATES) @Field(() => ChargebackStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: ChargebackState | null;
}
const toChargebackType = ({ amount, ...c }: ChargebackRecord): Chargeback => ({
  id: c.id, tradeId: c.tradeId, amount: toMoneyType(amount), reason: c.reason, state: c.state, provider: c.provider, providerReference: c.providerReference, openedAt: c.openedAt, endedAt: c.endedAt,
});

@Resolver()
@Authenticated()
export class ChargebacksResolver {
  constructor(private readonly read: ReadBilling) {}

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => ChargebackConnection, { complexity: pageCost, description: "Chargebacks of the trades of the caller's organisation, on either side, newest first; all of them for staff." })
  async chargebacks(@CurrentActor() actor: Actor, @Args() page: ChargebacksArgs): Promise<ConnectionOf<Chargeback>> {
    return toConnection(await this.read.chargebacks(actor, page.state ?? null, pageRequest(page.first, page.after, 1)), toChargebackType);
  }
}
