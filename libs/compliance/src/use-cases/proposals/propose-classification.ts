import { setImmediate as others } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, newId, Outbox, type Tx } from '#shared';
import { ClassificationProposed } from '../../compliance.events.js';
import type { RevisionProfile } from '../../domain/detection/profile.js';
import { proposing } from '../../domain/detection/propose-tags.js';
import type { Proposal } from '../../domain/detection/proposal.js';
import { ClassificationProposalRepository, type ProposalState, type StoredProposal } from '../../storage/classification-proposal.repository.js';

export interface ReadRevision {
  readonly datasetId: string;
  readonly revisionId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly inputDigest: string;
}

/** Tags from what the platform read in a revision's files. */
@Injectable()
export class ProposeClassification {
  constructor(private readonly proposals: ClassificationProposalRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  /** Looks at every column; others work in between. Ages are counted on the day of the exchange, UTC. */
  async propose(profile: RevisionProfile): Promise<Proposal> {
    const work = proposing(profile, this.clock.now().toISOString().slice(0, 10));
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      await others();
    }
  }

  /** Puts a proposal on record. The same files read again by the same detectors change nothing. */
  async keep(tx: Tx, caller: Caller, of: ReadRevision, content: Proposal): Promise<void> {
    const { datasetId, revisionId, productId, vendorId, inputDigest } = of;
    const stored: StoredProposal = { id: newId(), datasetId, revisionId, vendorId, state: stateOf(content), inputDigest, content, createdAt: this.clock.now() };
    if (!(await this.proposals.insert(tx, stored))) return;
    const { suggested, detectorVersion, findings, notProfiled } = content;
    await this.audit.append(tx, caller, {
      act: 'compliance.propose-classification', objectType: 'dataset', objectId: datasetId, tenantId: vendorId,
      details: { proposalId: stored.id, revisionId, state: stored.state, inputDigest, detectorVersion, findings: findings.length, notProfiled: notProfiled.length, persons: suggested.persons, sensitivePersons: suggested.sensitivePersons },
    });
    await this.outbox.publish(tx, caller, ClassificationProposed, productId, { datasetId, revisionId, productId, vendorId });
  }
}

const stateOf = ({ tables, notProfiled }: Proposal): ProposalState => (notProfiled.length === 0 ? 'PROPOSED' : tables.length ? 'PARTLY_PROFILED' : 'NOT_PROFILED');
