import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, newId, Outbox, type Result, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import { type Holding, holdingsProblem } from '../domain/ownership.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { OwnershipChanged } from '../identity.events.js';
import { OrganisationRepository } from '../storage/organisation.repository.js';
import { type Ownership, OwnershipRepository } from '../storage/ownership.repository.js';

export interface DeclareOwnershipInput {
  /** From when on this is so; not in the future. */
  readonly asOf: Date;
  readonly holdings: readonly Holding[];
  readonly evidence?: string | null;
}

/** Groups the tables of a declaration. */
@Injectable()
export class OwnershipBooks {
  constructor(readonly organisations: OrganisationRepository, readonly declarations: OwnershipRepository) {}
}

/** An administrator says who owns and controls his organisation. What was declared before stays on record, as of its time. */
@Injectable()
export class DeclareOwnership {
  constructor(private readonly commands: Commands, private readonly books: OwnershipBooks, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(actor: Actor, input: DeclareOwnershipInput): Promise<Result<Ownership>> {
    const refusal = authorise(actor, 'identity:declare-ownership');
    if (refusal) return refusal;
    const holdings = input.holdings.map((h) => ({ ...h, name: h.name.normalize('NFC').trim(), registryNumber: h.registryNumber?.normalize('NFKC').trim() || null }));
    const wrong = holdingsProblem(holdings);
    if (wrong) return invalid(IDENTITY_ERRORS.OWNERSHIP, wrong.path, wrong.message);
    const organisationId = organisationOf(actor);
    return this.commands.run<Result<Ownership>>(actor, 'identity.declare-ownership', input, async (tx) => {
      // The organisation is held, so that two first declarations follow each other.
      await this.books.organisations.lock(tx, organisationId);
      const now = this.clock.now();
      if (input.asOf > now) return invalid(IDENTITY_ERRORS.OWNERSHIP_DATE, 'asOf', 'not in the future');
      const before = await this.books.declarations.lockCurrent(tx, organisationId);
      if (before && input.asOf < before.validFrom) return stateConflict(IDENTITY_ERRORS.OWNERSHIP_DATE, `the declaration in force holds from ${before.validFrom.toISOString()} on: no earlier date`, before.state);
      if (before) await this.books.declarations.update(tx, before.id, { validTo: input.asOf });
      const ownership: Ownership = {
        id: newId(), organisationId, validFrom: input.asOf, validTo: null, state: 'DECLARED', declaredBy: actor.subject, declaredAt: now, evidence: input.evidence ?? null,
        provenBy: null, provenAt: null, proof: null, holdings,
      };
      await this.books.declarations.insert(tx, ownership);
      await this.audit.append(tx, actor, { act: 'ownership.declare', objectType: 'ownership', objectId: ownership.id, details: { asOf: input.asOf, holdings: holdings.length, replaces: before?.id ?? null } });
      await this.outbox.publish(tx, actor, OwnershipChanged, organisationId, { organisationId, declarationId: ownership.id, state: ownership.state });
      return ownership;
    });
  }
}
