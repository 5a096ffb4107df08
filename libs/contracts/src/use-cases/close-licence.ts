import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import type { Caller, Tx } from '#shared';
import type { LicenceTerms } from '../domain/terms/licence-terms.js';
import type { Licence } from '../storage/contracts.repository.js';
import { OpenDeletion } from './deletions/open-deletion.js';
import { HoldLicence } from './hold-licence.js';
import { HandOver } from './succession/hand-over.js';

/** What else is over with a licence, or begins: in the transaction of its end. */
@Injectable()
export class CloseLicence {
  constructor(private readonly holds: HoldLicence, private readonly compliance: Compliance, private readonly deletions: OpenDeletion, private readonly handing: HandOver) {}

  /** Nothing holds it any more. Before its state changes. */
  async release(tx: Tx, licenceId: string, reason: string): Promise<void> {
    await this.holds.release(tx, licenceId, reason);
  }

  /** The declared end use has not to be renewed, volume that was reserved is free again, and where the terms ask for it the data is to be deleted. */
  async execute(tx: Tx, caller: Caller, licence: Licence, agreed: { readonly decisionId: string; readonly terms: LicenceTerms }, ended: Date, reason: string): Promise<void> {
    await this.compliance.declarations.end(tx, caller, licence.agreementId);
    await this.compliance.volume.release(tx, caller, { orderDecisionId: agreed.decisionId, reason });
    if (!(await this.handing.goesOn(tx, licence))) await this.deletions.execute(tx, caller, licence, agreed.terms, ended);
    if (licence.state === 'PENDING') await this.handing.calledOff(tx, caller, licence.agreementId);
  }
}
