import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toDecisionType } from '#compliance';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { Config, type ConnectionOf, isRefused, pageCost, pageRequest, toConnection } from '#shared';
import { Delivery } from '../delivery.facade.js';
import { Receipt, ReceiptConnection, ReceiptsArgs, RequestDownloadInput, RequestDownloadResult, toReceiptType } from './delivery.types.js';

@Resolver()
@Authenticated()
export class DeliveryResolver {
  constructor(private readonly delivery: Delivery, private readonly config: Config) {}

  @Asks('delivery:download')
  @Mutation(() => RequestDownloadResult, { description: "Opens one delivery of an asset to the buyer of an active licence; the decision is made again with today's facts." })
  async requestDownload(@CurrentActor() actor: Actor, @Args('input') input: RequestDownloadInput): Promise<object> {
    const result = await this.delivery.requestDownload(actor, input);
    if (isRefused(result)) return result.kind === 'DownloadRefused' ? { ...result, decision: toDecisionType(result.decision, actor) } : result;
    const { token, byteLength, baseUrl, ...grant } = result;
    return { ...grant, byteLength: String(byteLength), url: token === null ? null : `${baseUrl ?? this.config.publicUrl}/v1/downloads/${token}` };
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => ReceiptConnection, { nullable: true, complexity: pageCost, description: 'The receipts of a licence, newest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async receipts(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: ReceiptsArgs): Promise<ConnectionOf<Receipt> | null> {
    const found = await this.delivery.receiptsFor(actor, licenceId, pageRequest(first, after, 2));
    return found && toConnection(found, toReceiptType);
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => Receipt, { nullable: true, description: 'A receipt, for the same readers.' })
  async receipt(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'Which receipt.' }) id: string): Promise<Receipt | null> {
    const found = await this.delivery.receiptFor(actor, id);
    return found && toReceiptType(found);
  }
}
