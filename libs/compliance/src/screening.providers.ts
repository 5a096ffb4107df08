import { NoticeReasonsResolver, ScreeningResolver, ScreeningResultsResolver } from './api/screening.resolver.js';
import { Screenings } from './screening.facade.js';
import { Epoch } from './storage/epoch.repository.js';
import { ScreeningRepository } from './storage/screening.repository.js';
import { JudgeScreened } from './use-cases/screening/judge-screened.js';
import { RequestScreening, StaffScreening } from './use-cases/screening/request-screening.js';
import { RunScreening } from './use-cases/screening/run-screening.js';

/** The market looked at again after a change of the law or of a fact. */
export const SCREENING_PROVIDERS = [Screenings, Epoch, ScreeningRepository, RequestScreening, StaffScreening, RunScreening, JudgeScreened, ScreeningResolver, ScreeningResultsResolver, NoticeReasonsResolver];
