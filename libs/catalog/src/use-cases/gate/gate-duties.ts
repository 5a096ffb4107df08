import { Injectable } from '@nestjs/common';
import { type Actor, Identity } from '#identity';
import { type NotPermitted, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { type GateRulebook, ruleOf, type StepRule } from '../../domain/gate/rulebook.js';
import type { GateStep } from '../../domain/listing-gate.js';
import type { Product } from '../../storage/product.repository.js';
import { GateRulebooks } from './gate-rulebooks.js';

/** Who of the staff may do a step on a product, and within which period. */
@Injectable()
export class GateDuties {
  constructor(private readonly rulebooks: GateRulebooks, private readonly identity: Identity) {}

  /** Nobody judges what is, or was, his own house's; and a rulebook may leave a step to fewer roles than the table of permissions. */
  async refusal(tx: Tx, actor: Actor, product: Product, step: GateStep): Promise<NotPermitted | StateConflict | undefined> {
    if (product.vendorId === actor.tenantId || (await this.identity.everBelongedTo(actor, product.vendorId))) return stateConflict(CATALOG_ERRORS.FOUR_EYES, 'whoever belongs, or belonged, to the vendor does not judge his product', product.state);
    return this.rulebooks.roleRefusal(actor, await this.rulebookOf(tx, product), step);
  }

  async rule(tx: Tx, product: Product, step: GateStep): Promise<StepRule> {
    return ruleOf(await this.rulebookOf(tx, product), step);
  }

  /** Of a product that was never handed in, that of today. */
  private rulebookOf(tx: Tx, { gateVersion }: Product): Promise<GateRulebook> {
    return gateVersion === null ? this.rulebooks.today(tx) : this.rulebooks.of(tx, gateVersion);
  }
}
