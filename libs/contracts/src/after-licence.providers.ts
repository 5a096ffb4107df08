import { DeletionsResolver } from './api/deletions/deletions.resolver.js';
import { DeletionCertificateRepository } from './storage/deletion-certificate.repository.js';
import { DeletionRepository } from './storage/deletion.repository.js';
import { CloseLicence } from './use-cases/close-licence.js';
import { AnswerDeletion } from './use-cases/deletions/answer-deletion.js';
import { CertificateSigning, CertifyDeletion, DeletionGround } from './use-cases/deletions/certify-deletion.js';
import { FollowDeletions } from './use-cases/deletions/follow-deletions.js';
import { MoveDeletion } from './use-cases/deletions/move-deletion.js';
import { OpenDeletion } from './use-cases/deletions/open-deletion.js';

/** What the module of this room provides for the time after a licence. */
export const afterLicenceProviders = [DeletionRepository, DeletionCertificateRepository, MoveDeletion, OpenDeletion, CloseLicence, FollowDeletions, AnswerDeletion, DeletionGround, CertificateSigning, CertifyDeletion, DeletionsResolver];
