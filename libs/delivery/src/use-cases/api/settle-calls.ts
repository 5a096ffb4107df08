import { Injectable } from '@nestjs/common';
import { Metering, type UsageEventInput } from '#metering';
import { asExchange, Clock, Grouped, newId, Signer, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type ApiCall, type CallOutcome, type CallReceipt, callReceiptPayload, callsDigest, type EndedCall } from '../../domain/api/api-call.js';
import { RECEIPT_TYPE } from '../../domain/delivery.js';
import { ApiCallRepository } from '../../storage/api/api-call.repository.js';
import { callerOf } from './api-decision.js';
import { CallTables } from './call-tables.js';

/** What became of a call. */
export interface CallEnd {
  readonly outcome: CallOutcome;
  readonly status: number | null;
  readonly bytes: number;
}
interface Item {
  readonly call: ApiCall;
  /** Null: its answer begins, and its calls are charged now; it goes on. */
  readonly end: CallEnd | null;
  /** What is charged where the call is still open. */
  readonly calls: bigint;
  readonly bytes: bigint;
}
/** What a transaction found open, and so may charge. */
type Charge = Item & { readonly charged: boolean };

/** Names the calls of this room among all that is metered. */
const SOURCE = 'urn:entrepot:api';
/** Each is two events at the most, and a transaction records a thousand. */
const AT_ONCE = 400;
/** Rating, receipts and rollups of two licences never wait for each other; of one they do. */
const BESIDE = 2;

/**
 * Ends calls and charges those that succeeded, before their last byte leaves: usage, receipt, audit and the list of calls in one transaction (I3). Calls that end at once share
 * it, and those of one licence share a receipt, so the disk and the signature are paid for once. A call that is not open any more is not charged: its lease is the ticket.
 */
@Injectable()
export class SettleCalls {
  private readonly grouped = new Grouped<Item, boolean>((items) => asExchange(() => this.settle(items)), { most: AT_ONCE, atOnce: BESIDE, keyOf: (i) => i.call.licenceId });

  constructor(
    private readonly uow: UnitOfWork, private readonly tables: CallTables, private readonly calls: ApiCallRepository, private readonly metering: Metering, private readonly signer: Signer, private readonly clock: Clock,
  ) {}

  /** The whole answer is here: false where the call's time is over and it was not charged. */
  complete(call: ApiCall, status: number, bytes: number): Promise<boolean> {
    return this.grouped.add({ call, end: { outcome: 'CHARGED', status, bytes }, calls: call.cost, bytes: BigInt(bytes) });
  }
  /** The answer begins, of an operation that is charged then. */
  begin(call: ApiCall): Promise<boolean> {
    return this.grouped.add({ call, end: null, calls: call.cost, bytes: 0n });
  }
  /** It is over. `paid`: it was charged when it began, and its bytes are. Free else. */
  end(call: ApiCall, end: CallEnd, paid: boolean): Promise<boolean> {
    return this.grouped.add({ call, end, calls: 0n, bytes: paid ? BigInt(end.bytes) : 0n });
  }

  private settle(items: readonly Item[]): Promise<boolean[]> {
    return this.uow.run(async (tx) => {
      if (items.every((i) => i.calls === 0n && i.bytes === 0n)) await tx.query('set local synchronous_commit = off');
      // Whoever lets calls in counts what is open and what was used at one moment.
      for (const licenceId of [...new Set(items.map((i) => i.call.licenceId))].sort()) await this.tables.deliveries.lockTaking(tx, licenceId);
      const at = this.clock.now();
      const begun = await this.tables.open.begun(tx, items.filter((i) => !i.end).map((i) => i.call.id));
      const ended = await this.tables.open.take(tx, items.filter((i) => i.end).map((i) => i.call.id));
      const found: Charge[] = items.map((i) => ({ ...i, charged: i.end ? ended.has(i.call.id) : begun.has(i.call.id) }));
      for (const own of Map.groupBy(found.filter((i) => i.charged && (i.calls > 0n || i.bytes > 0n)), (i) => i.call.licenceId).values()) await this.charge(tx, own, at);
      const over = found.flatMap((i) => (i.end && i.charged ? [toEnded(i, i.end, at)] : []));
      if (over.length) await this.calls.insert(tx, over);
      return found.map((i) => i.charged);
    });
  }

  private async charge(tx: Tx, own: readonly Charge[], at: Date): Promise<void> {
    const { licenceId, agreementId, agreementHash, decisionId, vendorId, buyerId } = own.at(-1)!.call;
    const ids = own.map((i) => i.call.id);
    const sum = (of: (i: Charge) => bigint): bigint => own.reduce((total, i) => total + of(i), 0n);
    const unsigned = { id: newId(), licenceId, agreementId, decisionId, vendorId, buyerId, calls: sum((i) => i.calls), bytes: sum((i) => i.bytes), digest: callsDigest(ids), completedAt: at };
    const receipt: CallReceipt = { ...unsigned, jws: await this.signer.sign(RECEIPT_TYPE, callReceiptPayload(unsigned, { agreementHash }, ids)) };
    await this.calls.insertReceipt(tx, receipt);
    const events = own.flatMap(({ call, calls, bytes }): UsageEventInput[] => {
      const use = { source: SOURCE, licenceId, agreementId, vendorId, buyerId, occurredAt: at, subjectId: null, receiptId: receipt.id, dimensions: { operation: call.operation.slice(0, 200) }, reportedBy: null };
      return [...(calls > 0n ? [{ ...use, meter: 'calls' as const, quantity: calls, eventId: call.id }] : []), ...(bytes > 0n ? [{ ...use, meter: 'bytes' as const, quantity: bytes, eventId: `${call.id}:bytes` }] : [])];
    });
    await this.metering.record(tx, callerOf({ id: licenceId, buyerId }, own[0]!.call.id), events);
    if (receipt.calls > 0n) await this.metering.tellFirst(tx, systemCaller('api', own[0]!.call.id), events.find((e) => e.meter === 'calls')!);
  }
}

const toEnded = ({ call: { id, licenceId, productId, vendorId, buyerId, operation, startedAt, cost } }: Item, { outcome, status, bytes }: CallEnd, endedAt: Date): EndedCall => ({
  id, licenceId, productId, vendorId, buyerId, operation, outcome, status, calls: outcome === 'CHARGED' ? cost : 0n, bytes: BigInt(bytes), startedAt, endedAt, durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
});
