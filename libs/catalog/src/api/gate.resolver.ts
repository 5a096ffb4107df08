import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { GateDesk } from '../use-cases/desks.js';
import { CertifyProductInput, ListProductInput, RecordOpinionInput, ReinstateProductInput, ReviewProductInput, SubmitProductInput, SuspendProductInput, WithdrawProductInput } from './catalog.inputs.js';
import { shown, toProductType } from './catalog.mapping.js';
import * as T from './catalog.types.js';

@Resolver()
@Authenticated()
export class GateResolver {
  constructor(private readonly desk: GateDesk) {}

  @Asks('catalog:manage')
  @Mutation(() => T.SubmitProductResult, { description: 'Hands a draft in. The platform tests it by itself.' })
  async submitProduct(@CurrentActor() actor: Actor, @Args('input') input: SubmitProductInput): Promise<object> {
    return shown(await this.desk.submit.execute(actor, input), toProductType);
  }

  @Asks('catalog:opine')
  @Mutation(() => T.RecordOpinionResult, { description: 'Files the signed opinion of an accredited assessor. Compliance officers.' })
  async recordOpinion(@CurrentActor() actor: Actor, @Args('input') input: RecordOpinionInput): Promise<object> {
    return shown(await this.desk.opinion.execute(actor, input), toProductType);
  }

  @Asks('catalog:review')
  @Mutation(() => T.ReviewProductResult, { description: 'Approves, which opens the public notice, or sends back. Reviewers other than who filed the opinion.' })
  async reviewProduct(@CurrentActor() actor: Actor, @Args('input') input: ReviewProductInput): Promise<object> {
    return shown(await this.desk.review.execute(actor, input), toProductType);
  }

  @Asks('catalog:certify')
  @Mutation(() => T.CertifyProductResult, { description: 'Issues the numbered certificate after the public notice. Reviewers.' })
  async certifyProduct(@CurrentActor() actor: Actor, @Args('input') input: CertifyProductInput): Promise<object> {
    return shown(await this.desk.certify.execute(actor, { productId: input.productId, number: input.number ?? null }), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.ListProductResult, { description: 'The vendor puts a certified product before buyers.' })
  async listProduct(@CurrentActor() actor: Actor, @Args('input') input: ListProductInput): Promise<object> {
    return shown(await this.desk.availability.execute(actor, 'list', input), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.WithdrawProductResult, { description: 'The vendor takes a product back for good.' })
  async withdrawProduct(@CurrentActor() actor: Actor, @Args('input') input: WithdrawProductInput): Promise<object> {
    return shown(await this.desk.availability.execute(actor, 'withdraw', input), toProductType);
  }

  @Asks('catalog:suspend')
  @Mutation(() => T.SuspendProductResult, { description: 'Stops sale and delivery at once. Staff.' })
  async suspendProduct(@CurrentActor() actor: Actor, @Args('input') input: SuspendProductInput): Promise<object> {
    return shown(await this.desk.availability.execute(actor, 'suspend', input), toProductType);
  }

  @Asks('catalog:suspend')
  @Mutation(() => T.ReinstateProductResult, { description: 'Lets a suspended product be sold again. Staff.' })
  async reinstateProduct(@CurrentActor() actor: Actor, @Args('input') input: ReinstateProductInput): Promise<object> {
    return shown(await this.desk.availability.execute(actor, 'reinstate', input), toProductType);
  }
}
