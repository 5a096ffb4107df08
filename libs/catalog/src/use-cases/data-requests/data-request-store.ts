import { Injectable } from '@nestjs/common';
import { AnswerRepository } from '../../storage/data-requests/answer.repository.js';
import { DataRequestRepository } from '../../storage/data-requests/data-request.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';

/** What requests for data and their answers are kept by. */
@Injectable()
export class DataRequestStore {
  constructor(readonly requests: DataRequestRepository, readonly answers: AnswerRepository, readonly products: ProductRepository) {}
}
