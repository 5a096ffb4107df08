import { LawRepository } from './storage/law.repository.js';
import { CurrentLaw } from './use-cases/law/current-law.js';
import { LoadLaw } from './use-cases/law/load-law.js';

/** Documents of the law, and what is in force. */
export const LAW_PROVIDERS = [LawRepository, CurrentLaw, LoadLaw];
