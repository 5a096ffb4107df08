import { Injectable } from '@nestjs/common';
import { accepted, Clock, systemCaller, UnitOfWork } from '#shared';
import { dueEvent } from '../../domain/receipts/receipt-answer.js';
import { ReceiptBook } from './receipt-book.js';
import { MoveContest } from './move-contest.js';

const BATCH = 50;

/** A contest that the vendor does not answer comes before the exchange, one whose rejection the buyer lets be is over; safe when several processes do it at once. */
@Injectable()
export class FollowContests {
  constructor(private readonly uow: UnitOfWork, private readonly book: ReceiptBook, private readonly moving: MoveContest, private readonly clock: Clock) {}

  execute(): Promise<void> {
    return this.uow.run(async (tx) => {
      for (const contest of await this.book.answers.due(tx, this.clock.now(), BATCH)) {
        const event = dueEvent(contest.state);
        if (event) accepted(await this.moving.move(tx, systemCaller('receipt-contests'), contest, { event, side: null, text: null }));
      }
    });
  }
}
