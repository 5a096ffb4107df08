import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Notices, organisationOf } from '#identity';
import { Clock, Commands, invalid, notFound, type Result, sha256Hex, Signer, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { ACKNOWLEDGEMENT_TYPE, acknowledgementPayload, CONTEST_DAYS, type ContestGround, mayContest, nextAt, type ReceiptAnswer } from '../../domain/receipts/receipt-answer.js';
import { type Answerable, ReceiptBook } from './receipt-book.js';

export interface Acknowledged {
  readonly receiptId: string;
  /** Of the file as the buyer holds it, or of the ids of his calls. */
  readonly sha256: string;
}
export interface ContestReceiptInput {
  readonly receiptId: string;
  readonly ground: ContestGround;
  readonly reason: string;
}


/** The buyer's word on a receipt: that he holds what it says, or that he does not. It is given once. */
@Injectable()
export class AnswerReceipt {
  constructor(private readonly commands: Commands, private readonly book: ReceiptBook, private readonly signer: Signer, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  /** All of them or none. Said again it is the same answer. */
  async acknowledge(actor: Actor, given: readonly Acknowledged[]): Promise<Result<readonly ReceiptAnswer[]>> {
    const refusal = authorise(actor, 'delivery:answer-receipt');
    if (refusal) return refusal;
    const found = await this.own(actor, given.map((g) => g.receiptId));
    for (const [index, { receiptId, sha256 }] of given.entries()) {
      const receipt = found.get(receiptId);
      if (!receipt) return notFound('receipt');
      if (receipt.sha256 !== sha256) return invalid(DELIVERY_ERRORS.RECEIPT_DIFFERS, `receipts.${index}.sha256`, `the receipt is of ${receipt.sha256}: whoever holds something else contests it`);
    }
    return this.commands.run<Result<readonly ReceiptAnswer[]>>(actor, 'delivery.acknowledge-receipts', given, async (tx) => {
      const answers: ReceiptAnswer[] = [];
      // In one order, so that two of these at once do not wait for each other.
      for (const receipt of [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
        const answer = await this.acknowledged(receipt, actor);
        const kept = (await this.book.answers.insert(tx, answer)) ? answer : (await this.book.answers.lock(tx, receipt.id))!;
        if (kept.state !== 'ACKNOWLEDGED') return answered(kept);
        if (kept === answer) await this.note(tx, actor, 'receipt.acknowledge', receipt, { sha256: receipt.sha256 });
        answers.push(kept);
      }
      return answers;
    });
  }

  async contest(actor: Actor, { receiptId, ground, reason }: ContestReceiptInput): Promise<Result<ReceiptAnswer>> {
    const refusal = authorise(actor, 'delivery:answer-receipt');
    if (refusal) return refusal;
    const receipt = (await this.own(actor, [receiptId])).get(receiptId);
    if (!receipt) return notFound('receipt');
    return this.commands.runAcross<Result<ReceiptAnswer>>(actor, 'delivery.contest-receipt', { receiptId, ground, reason }, async (tx) => {
      const now = this.clock.now();
      if (!mayContest(receipt.completedAt, now)) return stateConflict(DELIVERY_ERRORS.RECEIPT_STANDS, `a receipt is contested within ${CONTEST_DAYS} days`, 'STANDS');
      const { licenceId, vendorId, buyerId } = receipt;
      const answer: ReceiptAnswer = {
        receiptId, licenceId, vendorId, buyerId, state: 'CONTESTED', ground, reason, reply: null, verdict: null, answeredBy: actor.subject, answeredAt: now, nextAt: nextAt('CONTESTED', now), closedAt: null, jws: null,
      };
      if (!(await this.book.answers.insert(tx, answer))) return answered((await this.book.answers.lock(tx, receiptId))!);
      await this.note(tx, actor, 'receipt.contest', receipt, { ground, reason });
      await this.notices.tell(tx, [vendorId], { objectType: 'LICENCE', objectId: licenceId, kind: 'RECEIPT_CONTESTED', text: `The buyer contests receipt ${receiptId} (${ground}): ${reason}`, details: { receiptId, state: 'CONTESTED', ground } });
      return answer;
    });
  }

  private async acknowledged({ id, jws: signed, sha256, licenceId, vendorId, buyerId }: Answerable, actor: Actor): Promise<ReceiptAnswer> {
    const now = this.clock.now();
    const jws = await this.signer.sign(ACKNOWLEDGEMENT_TYPE, acknowledgementPayload({ id, digest: sha256Hex(signed), sha256 }, buyerId, actor.subject, now));
    return { receiptId: id, licenceId, vendorId, buyerId, state: 'ACKNOWLEDGED', ground: null, reason: null, reply: null, verdict: null, answeredBy: actor.subject, answeredAt: now, nextAt: null, closedAt: now, jws };
  }

  private async own(actor: Actor, ids: readonly string[]): Promise<Map<string, Answerable>> {
    const buyer = organisationOf(actor);
    return new Map([...(await this.book.find(ids))].filter(([, receipt]) => receipt.buyerId === buyer));
  }
  private note(tx: Tx, actor: Actor, act: string, { id, licenceId, buyerId }: Answerable, details: Record<string, unknown>): Promise<void> {
    return this.audit.append(tx, actor, { act, objectType: 'receipt', objectId: id, tenantId: buyerId, details: { licenceId, ...details } });
  }
}

const answered = ({ state }: ReceiptAnswer) => stateConflict(DELIVERY_ERRORS.RECEIPT_ANSWERED, `the receipt was answered already: ${state}`, state);
