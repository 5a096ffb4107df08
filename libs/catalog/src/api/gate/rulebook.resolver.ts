import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { StoredRulebook } from '../../storage/gate-rulebook.repository.js';
import { RulebookDesk } from '../../use-cases/desks.js';
import { shown } from '../catalog.mapping.js';
import { DecideGateRulebookInput, ProposeGateRulebookInput } from './gate.inputs.js';
import * as T from './gate.types.js';

const toType = ({ rulebook, ...stored }: StoredRulebook): T.GateRulebookType => ({ ...stored, title: rulebook.title, steps: rulebook.steps.map((s) => ({ ...s, when: s.when && JSON.stringify(s.when) })) });

@Resolver()
@Authenticated()
export class RulebookResolver {
  constructor(private readonly desk: RulebookDesk) {}

  @Asks('AUTHENTICATED')
  @Query(() => T.GateRulebookConnection, { complexity: pageCost, description: 'Rulebooks of the gate that count, or did; for staff also those that were proposed and rejected. Latest version first.' })
  async gateRulebooks(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.GateRulebookType>> {
    return toConnection(await this.desk.page(actor, pageRequest(page.first, page.after, 1)), toType);
  }

  @Asks('catalog:propose-rulebook')
  @Mutation(() => T.ProposeGateRulebookResult, { description: 'Hands in a version of the rulebook of the gate. It counts once another member of staff has confirmed it.' })
  async proposeGateRulebook(@CurrentActor() actor: Actor, @Args('input') input: ProposeGateRulebookInput): Promise<object> {
    return shown(await this.desk.changing.propose(actor, input), toType);
  }

  @Asks('catalog:confirm-rulebook')
  @Mutation(() => T.DecideGateRulebookResult, { description: 'Confirms or rejects what somebody else proposed. Products that were handed in before keep their version.' })
  async decideGateRulebook(@CurrentActor() actor: Actor, @Args('input') input: DecideGateRulebookInput): Promise<object> {
    return shown(await this.desk.changing.decide(actor, input), toType);
  }
}
