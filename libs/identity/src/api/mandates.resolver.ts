import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, isRefused, PageArgs, pageCost, pageRequest, type Result, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import type { Mandate } from '../storage/mandate.repository.js';
import { ManageMandates } from '../use-cases/manage-mandates.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { GrantMandateInput, RevokeMandateInput } from './members.inputs.js';
import * as T from './members.types.js';

const toMandateType = (m: Mandate): T.Mandate => ({ ...m, maxMinor: m.maxMinor?.toString() ?? null });
const show = (result: Result<Mandate>): object => (isRefused(result) ? result : toMandateType(result));

@Resolver()
@Authenticated()
export class MandatesResolver {
  constructor(private readonly desk: ManageMandates) {}

  @Asks('identity:read-mandates')
  @Query(() => T.MandateConnection, { nullable: true, complexity: pageCost, description: "Who may sign for the caller's organisation, newest first; for its members." })
  async mandates(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.Mandate> | null> {
    const found = await this.desk.page(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toMandateType);
  }

  @Asks('identity:grant-mandates')
  @Mutation(() => T.GrantMandateResult, { description: 'Lets a member sign. From the first grant on only holders of a mandate sign for the organisation. Administrators, not to themselves while there is another.' })
  async grantMandate(@CurrentActor() actor: Actor, @Args('input') input: GrantMandateInput): Promise<object> {
    return show(await this.desk.grant(actor, { ...input, maxMinor: input.maxMinor ? BigInt(input.maxMinor) : null }));
  }

  @Asks('identity:grant-mandates')
  @Mutation(() => T.RevokeMandateResult, { description: 'Ends an authority to sign at once; what was signed stays. Administrators.' })
  async revokeMandate(@CurrentActor() actor: Actor, @Args('input') input: RevokeMandateInput): Promise<object> {
    return show(await this.desk.revoke(actor, input));
  }
}
