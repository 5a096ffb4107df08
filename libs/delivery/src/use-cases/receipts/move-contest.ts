import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity, Notices } from '#identity';
import { Metering } from '#metering';
import { type Caller, Clock, isRefused, type Result, type Tx } from '#shared';
import { type ContestEvent, isClosed, nextAt, type ReceiptAnswer, receiptAnswerStates } from '../../domain/receipts/receipt-answer.js';
import { ReceiptBook } from './receipt-book.js';

export interface ContestMove {
  readonly event: ContestEvent;
  /** Whose words `text` are; null: time moves it. */
  readonly side: 'VENDOR' | 'BUYER' | 'EXCHANGE' | null;
  readonly text: string | null;
}

const TOLD: Readonly<Record<ContestEvent, string>> = {
  concede: 'The vendor concedes it: what it says was used counts no more', reject: 'The vendor rejects that', escalate: 'The buyer brings it before the exchange', withdraw: 'The buyer takes that back: the receipt stands',
  'pass-on': 'The vendor has not answered: it is before the exchange', settle: 'The buyer let the rejection be: the receipt stands', uphold: 'The exchange upholds that: what the receipt says was used counts no more', dismiss: 'The exchange dismisses that: the receipt stands',
};

/** Moves a contest on, in the transaction of its caller, who holds it: state, audit, both sides told; where it is upheld, metering is told that the use does not count. */
@Injectable()
export class MoveContest {
  constructor(private readonly book: ReceiptBook, private readonly metering: Metering, private readonly identity: Identity, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async move(tx: Tx, caller: Caller, contest: ReceiptAnswer, { event, side, text }: ContestMove): Promise<Result<ReceiptAnswer>> {
    const { receiptId, licenceId, vendorId, buyerId } = contest;
    const state = await this.audit.transition(tx, caller, { table: receiptAnswerStates, state: contest.state, event, objectType: 'receipt', objectId: receiptId, tenantId: buyerId, reason: text, details: { licenceId } });
    if (isRefused(state)) return state;
    const now = this.clock.now();
    const closed = isClosed(state);
    const moved: ReceiptAnswer = {
      ...contest, state, reply: side === 'VENDOR' ? text : contest.reply, verdict: side === 'EXCHANGE' ? text : contest.verdict, nextAt: closed ? null : nextAt(state, now), closedAt: closed ? now : null,
    };
    await this.book.answers.move(tx, moved);
    if (state === 'UPHELD') await this.disallow(tx, caller, moved);
    const told = state === 'ESCALATED' ? [vendorId, buyerId, await this.identity.exchangeId()] : [vendorId, buyerId];
    await this.notices.tell(tx, told, {
      objectType: 'LICENCE', objectId: licenceId, kind: 'RECEIPT_CONTESTED', text: `Receipt ${receiptId} was contested. ${TOLD[event]}${text ? `: ${text}` : '.'}`, details: { receiptId, state, ground: contest.ground },
    });
    return moved;
  }

  private async disallow(tx: Tx, caller: Caller, { receiptId, licenceId, reason, answeredBy }: ReceiptAnswer): Promise<void> {
    const receipt = (await this.book.find([receiptId])).get(receiptId)!;
    await this.metering.disallow(tx, caller, { licenceId, receiptId, occurredAt: receipt.completedAt, reason: `receipt ${receiptId} was contested, and that upheld: ${reason}`, contestedBy: answeredBy });
  }
}
