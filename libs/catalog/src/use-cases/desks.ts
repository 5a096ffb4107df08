import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import { GateRulebookRepository, type StoredRulebook } from '../storage/gate-rulebook.repository.js';
import { AddAsset } from './add-asset.js';
import { AddDataset } from './add-dataset.js';
import { CertifyProduct } from './certify-product.js';
import { ChangeAvailability } from './change-availability.js';
import { ClassifyDataset } from './classify-dataset.js';
import { RemoveFromDraft } from './content/remove-from-draft.js';
import { UpdateDataset } from './content/update-dataset.js';
import { UpdateProduct } from './content/update-product.js';
import { Vocabularies } from './content/vocabularies.js';
import { CreateProduct } from './create-product.js';
import { CreateRevision } from './create-revision.js';
import { FinaliseRevision } from './finalise-revision.js';
import { ChangeRulebook } from './gate/change-rulebook.js';
import { RecordOpinion } from './record-opinion.js';
import { MarkAssetStored } from './mark-asset-stored.js';
import { RecordPlatformTest } from './record-platform-test.js';
import { ReviewProduct } from './review-product.js';
import { RecordRevisionTest } from './revisions/record-revision-test.js';
import { RevokeRevision } from './revisions/revoke-revision.js';
import { ScenarioPacks } from './scenario/scenario-packs.js';
import { SubmitProduct } from './submit-product.js';

/** What a vendor does before he hands a product in. */
@Injectable()
export class AuthoringDesk {
  constructor(readonly createProduct: CreateProduct, readonly addDataset: AddDataset, readonly addAsset: AddAsset, readonly classifyDataset: ClassifyDataset) {}
}

/** What he says of it. */
@Injectable()
export class ContentDesk {
  constructor(readonly updateProduct: UpdateProduct, readonly updateDataset: UpdateDataset, readonly removing: RemoveFromDraft, readonly vocabularies: Vocabularies, readonly packs: ScenarioPacks) {}
}

/** How the collection of a dataset goes on, before and after its product is listed. */
@Injectable()
export class RevisionDesk {
  constructor(readonly create: CreateRevision, readonly finalise: FinaliseRevision, readonly revoke: RevokeRevision) {}
}

/** What delivery tells of files. */
@Injectable()
export class PlatformTests {
  constructor(readonly submission: RecordPlatformTest, readonly revision: RecordRevisionTest, readonly stored: MarkAssetStored) {}
}

/** What vendor and staff do from then on. */
@Injectable()
export class GateDesk {
  constructor(readonly submit: SubmitProduct, readonly opinion: RecordOpinion, readonly review: ReviewProduct, readonly certify: CertifyProduct, readonly availability: ChangeAvailability) {}
}

/** The rulebook of the gate, and how it changes. */
@Injectable()
export class RulebookDesk {
  constructor(readonly changing: ChangeRulebook, private readonly rulebooks: GateRulebookRepository) {}

  /** Those that count, or did; for staff also those that were proposed and rejected. */
  page(actor: Actor, request: PageRequest): Promise<Page<StoredRulebook>> {
    return this.rulebooks.page(permits(actor, 'catalog:read-all') || permits(actor, 'catalog:propose-rulebook'), request);
  }
}
