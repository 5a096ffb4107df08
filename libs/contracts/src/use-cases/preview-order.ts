import { Injectable } from '@nestjs/common';
import { Compliance, type Verdict } from '#compliance';
import { type Actor, organisationOf, permits } from '#identity';
import { isRefused, type Result, UnitOfWork } from '#shared';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import { type PlaceOrderInput, TakeOffer } from './take-offer.js';

export interface OrderPreview {
  readonly verdict: Verdict;
  readonly plan: PricePlan;
}

/** What the law would say if the buyer ordered now, with what the exchange knows of both sides: nothing is recorded, declared or reserved. */
@Injectable()
export class PreviewOrder {
  constructor(private readonly uow: UnitOfWork, private readonly taking: TakeOffer, private readonly compliance: Compliance) {}

  /** Null for those who may not order. */
  async execute(actor: Actor, input: PlaceOrderInput): Promise<Result<OrderPreview> | null> {
    if (!permits(actor, 'contracts:order')) return null;
    return this.uow.runAcross<Result<OrderPreview>>(async (tx) => {
      const buyerId = organisationOf(actor);
      const order = await this.taking.check(tx, buyerId, input);
      if (isRefused(order)) return order;
      const endUse = await this.taking.wouldDeclare(buyerId, input);
      return isRefused(endUse) ? endUse : { plan: order.plan, verdict: await this.compliance.evaluate(tx, order.sides.facts, endUse) };
    });
  }
}
