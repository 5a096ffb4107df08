import { CallReceiptAnswersResolver, ReceiptAnswersResolver } from './api/receipts/receipt-answers.resolver.js';
import { ReceiptAnswerRepository } from './storage/receipt-answer.repository.js';
import { ReceiptRepository } from './storage/receipt.repository.js';
import { AnswerContest } from './use-cases/receipts/answer-contest.js';
import { AnswerReceipt } from './use-cases/receipts/answer-receipt.js';
import { FollowContests } from './use-cases/receipts/follow-contests.js';
import { MoveContest } from './use-cases/receipts/move-contest.js';
import { ReceiptBook } from './use-cases/receipts/receipt-book.js';

/** What receipts say, and what buyers say to them. */
export const receiptProviders = [ReceiptRepository, ReceiptAnswerRepository, ReceiptBook, AnswerReceipt, MoveContest, AnswerContest, FollowContests, ReceiptAnswersResolver, CallReceiptAnswersResolver];
