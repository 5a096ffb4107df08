import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { HoldRepository, type LicenceHold } from '../storage/hold.repository.js';
import { SuspendLicence } from '../use-cases/suspend-licence.js';
import { ResumeLicenceInput, SuspendLicenceInput } from './contracts.inputs.js';
import * as T from './contracts.types.js';

/** Of one licence, newest first. */
const MOST_HOLDS = 20;

/** Who sees a licence sees why it rests or rested. */
@Resolver(() => T.Licence)
@Authenticated()
export class LicenceHoldsResolver {
  constructor(private readonly holds: HoldRepository, private readonly suspension: SuspendLicence) {}

  @ResolveField('holds', () => [T.LicenceHold], { complexity: ({ childComplexity }) => 5 + 5 * childComplexity, description: `Why it rests or rested, newest first, at most ${MOST_HOLDS}. It rests while one of them is not lifted.` })
  async holdsOf(@Parent() licence: T.Licence, @Context() context: LoaderHolder): Promise<T.LicenceHold[]> {
    return (await loader<LicenceHold[]>(context, 'contracts.holds', (ids) => this.holds.ofLicences(ids, MOST_HOLDS)).load(licence.id)) ?? [];
  }

  @Asks('contracts:suspend', 'contracts:offer')
  @Mutation(() => T.SuspendLicenceResult, { description: 'Has a licence rest at once: staff, or its vendor because the terms are not kept. Both sides are told why.' })
  async suspendLicence(@CurrentActor() actor: Actor, @Args('input') input: SuspendLicenceInput): Promise<object> {
    return this.suspension.execute(actor, 'suspend', input);
  }

  @Asks('contracts:suspend', 'contracts:offer')
  @Mutation(() => T.ResumeLicenceResult, { description: 'Takes away what the caller placed; staff also what a vendor did. The licence goes on once nothing else holds it.' })
  async resumeLicence(@CurrentActor() actor: Actor, @Args('input') input: ResumeLicenceInput): Promise<object> {
    return this.suspension.execute(actor, 'resume', input);
  }
}
