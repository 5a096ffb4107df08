import { Injectable } from '@nestjs/common';
import { type Actor, Identity, type Organisation } from '#identity';
import type { NotPermitted, StateConflict, Tx } from '#shared';
import type { Product } from '../../storage/product.repository.js';
import { GateDuties } from './gate-duties.js';
import { ListingObstacles } from './listing-obstacles.js';

/** Who may change a certificate, and whether it may go on. */
@Injectable()
export class CertificateJudgement {
  constructor(private readonly duties: GateDuties, private readonly obstacles: ListingObstacles, private readonly identity: Identity) {}

  async refusal(tx: Tx, actor: Actor, product: Product, goesOn: boolean): Promise<NotPermitted | StateConflict | undefined> {
    return (await this.duties.refusal(tx, actor, product, 'CERTIFICATE')) ?? (goesOn ? this.obstacles.first(tx, product) : undefined);
  }
  async days(tx: Tx, product: Product): Promise<number> {
    return (await this.duties.rule(tx, product, 'CERTIFICATE')).days!;
  }
  /** A verified organisation that may sell, or null. */
  async trader(id: string): Promise<Organisation | null> {
    const found = await this.identity.byId(id);
    return found?.kind === 'TRADER' && found.state === 'VERIFIED' ? found : null;
  }
}
