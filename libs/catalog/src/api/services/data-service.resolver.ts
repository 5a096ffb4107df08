import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isRefused } from '#shared';
import { DataServices } from '../../data-services.facade.js';
import { DescribeDataService } from '../../use-cases/services/describe-data-service.js';
import { DataServiceType, DescribeDataServiceInput, DescribeDataServiceResult, fromServiceInput, RemoveDataServiceInput, RemoveDataServiceResult, toDataServiceType } from './data-service.types.js';

@Resolver()
@Authenticated()
export class DataServiceResolver {
  constructor(private readonly describing: DescribeDataService, private readonly services: DataServices) {}

  @Asks('catalog:manage')
  @Mutation(() => DescribeDataServiceResult, { description: 'Says by which API a draft is served, in the place of what was said before. Its files are then samples of what the API answers: classification, opinion and profile rest on them. The credential follows with `setApiCredential`.' })
  async describeDataService(@CurrentActor() actor: Actor, @Args('input') input: DescribeDataServiceInput): Promise<object> {
    const service = await this.describing.execute(actor, fromServiceInput(input));
    return isRefused(service) ? service : toDataServiceType(service, true);
  }

  @Asks('catalog:manage')
  @Mutation(() => RemoveDataServiceResult, { description: 'A draft is not served by an API any more.' })
  async removeDataService(@CurrentActor() actor: Actor, @Args('input') input: RemoveDataServiceInput): Promise<object> {
    const service = await this.describing.remove(actor, input);
    return isRefused(service) ? service : toDataServiceType(service, true);
  }

  @Asks('AUTHENTICATED', 'catalog:manage', 'catalog:read-all')
  @Query(() => DataServiceType, { nullable: true, complexity: 20, description: 'The API that a product is served by; null: none, or the product is not to be seen.' })
  async dataService(@CurrentActor() actor: Actor, @Args('productId', { type: () => ID, description: 'The product.' }) productId: string): Promise<DataServiceType | null> {
    const found = await this.services.find(actor, productId);
    return found && toDataServiceType(found.service, found.endpoint);
  }
}
