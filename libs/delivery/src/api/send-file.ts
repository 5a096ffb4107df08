import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isRefused } from '#shared';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { CountDelivery } from '../use-cases/count-delivery.js';
import { EndResponse } from '../use-cases/end-response.js';
import { keepSeen } from '../storage/presence.js';
import { ResponseSlotRepository } from '../storage/response-slot.repository.js';
import type { Basis } from '../use-cases/licence-standing.js';
import type { Reservation } from '../use-cases/reserve-bytes.js';
import { SharedStanding } from '../use-cases/shared-standing.js';
import { BrokenTransferError, Outgoing } from './outgoing.js';

/** A repetition waits so long for the response before it to be written down; it would find the token not spent yet. */
const SETTLE_MS = 2_000;
/** A response that takes longer asks again so often whether it may go on: a suspension stops it within this time. */
const STANDING_MS = 2_000;

/** Sends a reserved range: up to its hold, then the transaction that counts it, then the rest. */
@Injectable()
export class SendFile {
  private readonly ending = new Map<string, Promise<void>>();

  constructor(private readonly regions: StorageRegions, private readonly counting: CountDelivery, private readonly endings: EndResponse, private readonly asking: SharedStanding, private readonly slots: ResponseSlotRepository) {}

  /** Waits for a response of this delivery whose last byte is with the client and whose end is not written down yet. */
  async settled(deliveryId: string): Promise<void> {
    const ending = this.ending.get(deliveryId);
    if (ending) await Promise.race([ending, pause(SETTLE_MS, undefined, { ref: false })]);
  }

  async execute(raw: ServerResponse, reservation: Reservation): Promise<void> {
    const { delivery, range, hold, responseId } = reservation;
    const standing = this.standing(reservation);
    const outgoing = new Outgoing(raw, this.regions.storage(delivery.region), delivery.objectKey, standing.mayGoOn);
    // A client that does not read keeps a write waiting, and with it the question before the next one: so it is asked by the clock too.
    const monitor = setInterval(() => void standing.watch()?.catch(() => raw.destroy()), STANDING_MS / 2).unref();
    const over = keepSeen(() => this.slots.seen(reservation.slotId));
    let counted = false;
    let failure: unknown = null;
    let release = (): void => {};
    const lastByte = (): void => void (release = this.hold(delivery.id));
    try {
      await outgoing.send({ from: range.from, to: hold }, responseId ? undefined : lastByte);
      if (responseId) {
        if (raw.destroyed) throw new BrokenTransferError('the client is gone');
        counted = await this.counting.execute({ ...reservation, responseId });
        if (!counted) throw new BrokenTransferError('the token was taken back');
        await outgoing.send({ from: hold, to: range.to }, lastByte);
      }
    } catch (error) {
      failure = error;
      raw.destroy();
    } finally {
      clearInterval(monitor);
      over();
    }
    try {
      await this.endings.execute(reservation, { sent: outgoing.sent, counted, finished: failure === null });
    } finally {
      // Only now is the response over: a server that stops waits for it, and so for the transaction before it.
      raw.end();
      release();
    }
    if (failure !== null && !clientLeft(failure)) throw failure;
  }

  /** Most responses are over before it is asked once; `undefined` lets them go on without a wait. `watch` asks for a chunk that waits; the next one is asked for all the same. */
  private standing({ delivery, requestId, proof }: Reservation): Record<'mayGoOn' | 'watch', () => Promise<void> | undefined> {
    let asked = performance.now();
    let known: Basis = delivery;
    const ask = async (): Promise<void> => {
      const standing = await this.asking.check(delivery, known, requestId, proof);
      if (isRefused(standing)) throw new BrokenTransferError(standing.message);
      known = standing;
    };
    const due = (): boolean => performance.now() - asked >= STANDING_MS;
    return { mayGoOn: () => (due() ? ask().then(() => void (asked = performance.now())) : undefined), watch: () => (due() ? ask() : undefined) };
  }

  private hold(deliveryId: string): () => void {
    let release!: () => void;
    const ending = new Promise<void>((resolve) => (release = resolve));
    this.ending.set(deliveryId, ending);
    return () => {
      if (this.ending.get(deliveryId) === ending) this.ending.delete(deliveryId);
      release();
    };
  }
}

/** A client that goes is no fault of ours. */
const clientLeft = (error: unknown): boolean =>
  error instanceof BrokenTransferError || ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR'].includes((error as { code?: string }).code ?? '');
