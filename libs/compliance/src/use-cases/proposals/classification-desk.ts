import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import type { Caller, Page, PageRequest, Tx } from '#shared';
import type { CheckState } from '../../domain/detection/check-states.js';
import type { Comparison, DeclaredDataset } from '../../domain/detection/declared.js';
import type { RevisionProfile } from '../../domain/detection/profile.js';
import type { Proposal } from '../../domain/detection/proposal.js';
import { type ClassificationCheck, ClassificationCheckRepository } from '../../storage/classification-check.repository.js';
import { ClassificationProposalRepository, type StoredProposal } from '../../storage/classification-proposal.repository.js';
import { CheckDeclaration } from './check-declaration.js';
import { ProposeClassification, type ReadRevision } from './propose-classification.js';

/** The tags that a dataset's files speak for, beside those that its vendor declares. What other rooms may ask. */
@Injectable()
export class ClassificationDesk {
  constructor(
    private readonly proposing: ProposeClassification, private readonly declarations: CheckDeclaration,
    private readonly proposals: ClassificationProposalRepository, private readonly checks: ClassificationCheckRepository,
  ) {}

  /** Tags from the columns of a revision: takes seconds for large samples, works outside a transaction, keeps nothing. Cells do not leave it. */
  propose(profile: RevisionProfile): Promise<Proposal> {
    return this.proposing.propose(profile);
  }
  /** Puts a proposal on record in the caller's transaction; repeated, it changes nothing. Tells `compliance.classification-proposed.v1`. */
  keep(tx: Tx, caller: Caller, of: ReadRevision, proposal: Proposal): Promise<void> {
    return this.proposing.keep(tx, caller, of, proposal);
  }
  /** Where a vendor's word is milder than the newest proposal of each revision, with his reasons, and which revisions nobody has read yet. */
  compare(tx: Tx, declared: DeclaredDataset): Promise<Comparison> {
    return this.declarations.compare(tx, declared);
  }
  /** Lays a milder word before staff. Nothing happens where it is none, or this very word was accepted or lies there already. */
  open(tx: Tx, caller: Caller, declared: DeclaredDataset, owner: { readonly productId: string; readonly vendorId: string }): Promise<void> {
    return this.declarations.open(tx, caller, declared, owner);
  }
  /** Why a dataset cannot be listed on this word, for people; null when it can. */
  unsettled(tx: Tx, declared: DeclaredDataset): Promise<string | null> {
    return this.declarations.unsettled(tx, declared);
  }

  /** The proposals of a dataset, newest first; for its vendor and for staff, empty for other vendors, null for everybody else. */
  async proposalsOf(actor: Actor, datasetId: string, page: PageRequest): Promise<Page<StoredProposal> | null> {
    const vendor = whose(actor);
    return vendor && this.proposals.ofDataset(datasetId, vendor.id, page);
  }
  /** Checks of classifications, oldest first, for the same readers. */
  async checksOf(actor: Actor, filter: { readonly state: CheckState | null; readonly datasetId: string | null }, page: PageRequest): Promise<Page<ClassificationCheck> | null> {
    const vendor = whose(actor);
    return vendor && this.checks.page({ ...filter, vendorId: vendor.id }, page);
  }
}

/** Whose classifications the actor sees: everybody's (`id` null), his own organisation's, or nobody's (null). */
function whose(actor: Actor): { readonly id: string | null } | null {
  if (permits(actor, 'compliance:review-classification') || permits(actor, 'catalog:read-all')) return { id: null };
  return permits(actor, 'catalog:manage') ? { id: organisationOf(actor) } : null;
}
