import { LawResolver } from './api/law.resolver.js';
import { LawRepository } from './storage/law.repository.js';
import { LawChangeRepository } from './storage/law-change.repository.js';
import { LawDocumentsRepository } from './storage/law-documents.repository.js';
import { ChangeLaw } from './use-cases/law/change-law.js';
import { CurrentLaw } from './use-cases/law/current-law.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { SubmitLawDocument } from './use-cases/law/submit-law-document.js';

/** Documents of the law, what is in force, and how that changes. */
export const LAW_PROVIDERS = [LawRepository, LawDocumentsRepository, LawChangeRepository, CurrentLaw, LoadLaw, SubmitLawDocument, ChangeLaw, LawResolver];
