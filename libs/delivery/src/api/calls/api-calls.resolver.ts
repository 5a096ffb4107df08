import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, pageCost, pageRequest, toConnection } from '#shared';
import { ReadCalls } from '../../use-cases/api/read-calls.js';
import { SetCredential } from '../../use-cases/api/set-credential.js';
import { ApiCall, ApiCallConnection, ApiCallsArgs, ApiHealth, CallReceipt, CallReceiptConnection, SetApiCredentialInput, SetApiCredentialResult, toApiCall, toCallReceipt } from './api-calls.types.js';

@Resolver()
@Authenticated()
export class ApiCallsResolver {
  constructor(private readonly reading: ReadCalls, private readonly setting: SetCredential) {}

  @Asks('delivery:serve')
  @Mutation(() => SetApiCredentialResult, { description: 'Gives the exchange what opens your API, or something new in its place: calls that begin from then on use it.' })
  setApiCredential(@CurrentActor() actor: Actor, @Args('input') { name, ...input }: SetApiCredentialInput): Promise<object> {
    return this.setting.execute(actor, { ...input, name: name ?? null });
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => ApiCallConnection, { nullable: true, complexity: pageCost, description: 'Calls under a licence that ended, newest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async apiCalls(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: ApiCallsArgs): Promise<ConnectionOf<ApiCall> | null> {
    const found = await this.reading.ofLicence(actor, licenceId, pageRequest(first, after, 2));
    return found && toConnection(found, toApiCall);
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => CallReceiptConnection, { nullable: true, complexity: pageCost, description: 'The receipts over charged calls of a licence, newest first, for the same readers.' })
  async callReceipts(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: ApiCallsArgs): Promise<ConnectionOf<CallReceipt> | null> {
    const found = await this.reading.receipts(actor, licenceId, pageRequest(first, after, 2));
    return found && toConnection(found, toCallReceipt);
  }

  @Asks('delivery:serve')
  @Query(() => ApiHealth, { nullable: true, complexity: 50, description: 'How your API does: the calls of the last hour by how they ended; null where the product is not yours, or has no API.' })
  async apiHealth(@CurrentActor() actor: Actor, @Args('productId', { type: () => ID, description: 'The product.' }) productId: string): Promise<ApiHealth | null> {
    return this.reading.health(actor, productId);
  }
}
