import { Injectable } from '@nestjs/common';
import { Clock } from '#shared';
import { type Actor, permits } from '../domain/actor.js';
import { foreignShares, type Holding, undeclaredShare, WHOLE } from '../domain/ownership.js';
import { OrganisationRepository } from '../storage/organisation.repository.js';
import { type Ownership, OwnershipRepository } from '../storage/ownership.repository.js';

/** What rules about foreign ownership and control ask of an organisation, as it stands now. */
export interface ControlFacts {
  readonly holdings: readonly Holding[];
  /** Of 10,000, by ISO 3166-1 of each other country; see `foreignShares`. */
  readonly foreignShareBasisPoints: Readonly<Record<string, number>>;
  /** The part of the equity without a declared direct holder; the whole where nothing was declared. */
  readonly undeclaredBasisPoints: number;
  readonly controllers: readonly Holding[];
  /** Null: nothing was declared. */
  readonly declaredAt: Date | null;
  /** Staff has seen the registers behind it. */
  readonly proven: boolean;
}

@Injectable()
export class ReadOwnership {
  constructor(private readonly declarations: OwnershipRepository, private readonly organisations: OrganisationRepository, private readonly clock: Clock) {}

  /** For the organisation's own administrators, and for staff that reads all. */
  async of(actor: Actor, organisationId: string, asOf: Date | null): Promise<Ownership | null> {
    const own = organisationId === actor.tenantId && permits(actor, 'identity:read-ownership');
    return own || permits(actor, 'identity:read-all') ? this.declarations.at(organisationId, asOf ?? this.clock.now()) : null;
  }

  async facts(organisationId: string): Promise<ControlFacts> {
    const [declared, organisations] = await Promise.all([this.declarations.at(organisationId, this.clock.now()), this.organisations.byIds([organisationId])]);
    const home = organisations.get(organisationId)?.jurisdiction;
    if (!declared || !home) return { holdings: [], foreignShareBasisPoints: {}, undeclaredBasisPoints: WHOLE, controllers: [], declaredAt: null, proven: false };
    const { holdings, declaredAt, state } = declared;
    return {
      holdings, declaredAt, proven: state === 'PROVEN', foreignShareBasisPoints: foreignShares(holdings, home), undeclaredBasisPoints: undeclaredShare(holdings),
      controllers: holdings.filter((h) => h.control !== null),
    };
  }
}
