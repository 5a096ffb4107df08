import { ProposalsResolver } from './api/proposals.resolver.js';
import { ClassificationCheckRepository } from './storage/classification-check.repository.js';
import { ClassificationProposalRepository } from './storage/classification-proposal.repository.js';
import { CheckDeclaration } from './use-cases/proposals/check-declaration.js';
import { ClassificationDesk } from './use-cases/proposals/classification-desk.js';
import { ProposeClassification } from './use-cases/proposals/propose-classification.js';
import { ReviewClassification } from './use-cases/proposals/review-classification.js';

export const CLASSIFICATION_PROPOSALS_PROVIDERS = [ClassificationDesk, ProposeClassification, CheckDeclaration, ReviewClassification, ClassificationProposalRepository, ClassificationCheckRepository, ProposalsResolver];
