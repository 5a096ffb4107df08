import { DataRequestAnswerResolver } from './api/data-requests/answer.resolver.js';
import { DataRequestResolver } from './api/data-requests/data-request.resolver.js';
import { AnswerRepository } from './storage/data-requests/answer.repository.js';
import { DataRequestRepository } from './storage/data-requests/data-request.repository.js';
import { AnswerDataRequest } from './use-cases/data-requests/answer-data-request.js';
import { CloseDataRequest } from './use-cases/data-requests/close-data-request.js';
import { DataRequestDesk } from './use-cases/data-requests/data-request-desk.js';
import { DataRequestStore } from './use-cases/data-requests/data-request-store.js';
import { DecideAnswer } from './use-cases/data-requests/decide-answer.js';
import { EndDataRequest } from './use-cases/data-requests/end-data-request.js';
import { ExpireDataRequests } from './use-cases/data-requests/expire-data-requests.js';
import { PostDataRequest } from './use-cases/data-requests/post-data-request.js';

/** What the module of this room provides for data that nobody lists yet. */
export const dataRequestProviders = [
  DataRequestRepository, AnswerRepository, DataRequestStore, PostDataRequest, EndDataRequest, CloseDataRequest, ExpireDataRequests, AnswerDataRequest, DecideAnswer, DataRequestDesk, DataRequestResolver, DataRequestAnswerResolver,
];
