import { DryRunResolver } from './api/dry-run.resolver.js';
import { GuidelineResolver } from './api/guideline.resolver.js';
import { LawResolver } from './api/law.resolver.js';
import { GuidelineRepository } from './storage/guideline.repository.js';
import { LawRepository } from './storage/law.repository.js';
import { LawChangeRepository } from './storage/law-change.repository.js';
import { LawDocumentsRepository } from './storage/law-documents.repository.js';
import { ChangeLaw } from './use-cases/law/change-law.js';
import { CurrentLaw } from './use-cases/law/current-law.js';
import { DryRun } from './use-cases/law/dry-run.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { ReadLaw } from './use-cases/law/read-law.js';
import { ReplayDecision } from './use-cases/law/replay-decision.js';
import { SubmitLawDocument } from './use-cases/law/submit-law-document.js';

/** Documents of the law, what is in force, how that changes, and what it would say. */
export const LAW_PROVIDERS = [
  LawRepository, LawDocumentsRepository, LawChangeRepository, GuidelineRepository, CurrentLaw, LoadLaw, ReadLaw, SubmitLawDocument, ChangeLaw, DryRun, ReplayDecision,
  LawResolver, GuidelineResolver, DryRunResolver,
];
