import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, newId, type Tx } from '#shared';
import { nextAt } from '../../domain/deletions/deletion.js';
import { deletionDuty, type LicenceTerms } from '../../domain/terms/licence-terms.js';
import type { Licence } from '../../storage/contracts.repository.js';
import { type Deletion, DeletionRepository } from '../../storage/deletion.repository.js';
import { MoveDeletion } from './move-deletion.js';

/** A licence has ended whose terms demand deletion, and something was handed out under it: the buyer is asked to delete it, in the transaction of the end. */
@Injectable()
export class OpenDeletion {
  constructor(private readonly deletions: DeletionRepository, private readonly moving: MoveDeletion, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, licence: Licence, { policy }: LicenceTerms, ended: Date): Promise<void> {
    const duty = deletionDuty(policy, ended);
    if (!duty || !licence.firstDeliveredAt) return;
    const requestedAt = this.clock.now();
    const { id: licenceId, agreementId, productId, vendorId, buyerId } = licence;
    const deletion: Deletion = { id: newId(), licenceId, agreementId, productId, vendorId, buyerId, clause: duty.clause, state: 'REQUESTED', requestedAt, dueAt: duty.dueAt, nextAt: nextAt('REQUESTED', duty.dueAt, requestedAt), closedAt: null };
    await this.deletions.insert(tx, deletion);
    await this.moving.note(tx, deletion, 'request', 'EXCHANGE', null, null);
    await this.audit.append(tx, caller, { act: 'deletion.request', objectType: 'deletion', objectId: deletion.id, tenantId: buyerId, details: { licenceId, clause: duty.clause, dueAt: duty.dueAt } });
    await this.moving.tell(tx, deletion, 'DELETION_REQUESTED', `The licence has ended: by clause ${duty.clause} of its terms the data is to be deleted, and that certified, by ${duty.dueAt.toISOString()}`, false);
  }
}
