import { SuccessionResolver } from './api/succession/succession.resolver.js';
import { SupersessionRepository } from './storage/supersession.repository.js';
import { FindPredecessor } from './use-cases/succession/find-predecessor.js';
import { GoneOn, HandOver } from './use-cases/succession/hand-over.js';

/** What the module of this room provides for agreements that take the place of others. */
export const successionProviders = [SupersessionRepository, FindPredecessor, GoneOn, HandOver, SuccessionResolver];
