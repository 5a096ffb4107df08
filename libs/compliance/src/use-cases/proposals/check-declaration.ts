import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, canonicalHash, Clock, newId, type Tx } from '#shared';
import { checkStates } from '../../domain/detection/check-states.js';
import type { Comparison, DeclaredDataset } from '../../domain/detection/declared.js';
import { deviations } from '../../domain/detection/deviations.js';
import { type ClassificationCheck, ClassificationCheckRepository } from '../../storage/classification-check.repository.js';
import { ClassificationProposalRepository } from '../../storage/classification-proposal.repository.js';

/** Sets a vendor's word beside the proposals, and before staff where it is milder. */
@Injectable()
export class CheckDeclaration {
  constructor(private readonly proposals: ClassificationProposalRepository, private readonly checks: ClassificationCheckRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async compare(tx: Tx, { revisionIds, classification, reasons, report }: DeclaredDataset): Promise<Comparison> {
    const newest = await this.proposals.newest(tx, revisionIds);
    const read = new Set(newest.map((p) => p.revisionId));
    return {
      waiting: revisionIds.filter((id) => !read.has(id)),
      deviations: deviations(newest.map((p) => p.content), classification, report).map((d) => ({ ...d, reason: reasons[d.field] ?? null })),
    };
  }

  /** Opens a check where the word is milder and this very word was not accepted or handed in before. */
  async open(tx: Tx, caller: Caller, declared: DeclaredDataset, owner: { readonly productId: string; readonly vendorId: string }): Promise<void> {
    const comparison = await this.compare(tx, declared);
    const declaredHash = hashOf(declared, comparison);
    const newest = await this.checks.newest(tx, declared.datasetId);
    if (comparison.deviations.length > 0 && newest?.declaredHash === declaredHash && (newest.state === 'ACCEPTED' || newest.state === 'AWAITING_REVIEW')) return;
    if (newest?.state === 'AWAITING_REVIEW') await this.supersede(tx, caller, newest);
    if (comparison.deviations.length === 0) return;
    const check: ClassificationCheck = {
      id: newId(), datasetId: declared.datasetId, ...owner, declaredHash, deviations: comparison.deviations, state: 'AWAITING_REVIEW', reviewedBy: null, reason: null, reviewedAt: null, createdAt: this.clock.now(),
    };
    await this.checks.insert(tx, check);
    await this.audit.append(tx, caller, {
      act: 'compliance.open-classification-check', objectType: 'classification-check', objectId: check.id, tenantId: owner.vendorId, details: { datasetId: declared.datasetId, deviations: check.deviations },
    });
  }

  /** Why the dataset cannot be listed on this word, or null: unread revisions, or a milder word that staff has not accepted. */
  async unsettled(tx: Tx, declared: DeclaredDataset): Promise<string | null> {
    const comparison = await this.compare(tx, declared);
    if (comparison.waiting.length) return 'its files were not read for a proposal yet';
    if (comparison.deviations.length === 0) return null;
    const newest = await this.checks.newest(tx, declared.datasetId);
    if (newest?.state === 'ACCEPTED' && newest.declaredHash === hashOf(declared, comparison)) return null;
    return `its classification is milder than the proposal in ${comparison.deviations.map((d) => d.field).join(', ')} and was not accepted by the compliance staff`;
  }

  private async supersede(tx: Tx, caller: Caller, check: ClassificationCheck): Promise<void> {
    const { id, vendorId } = check;
    const state = accepted(await this.audit.transition(tx, caller, { table: checkStates, state: check.state, event: 'supersede', objectType: 'classification-check', objectId: id, tenantId: vendorId }));
    await this.checks.decide(tx, { id, state, reviewedBy: null, reason: null, reviewedAt: null });
  }
}

const hashOf = ({ classification, report }: DeclaredDataset, { deviations: found }: Comparison): string => canonicalHash({ classification, report, deviations: found });
