import { Injectable } from '@nestjs/common';
import type { Caller, Tx } from '#shared';
import type { YearVolume } from './domain/volume/movement.js';
import { VolumeRepository } from './storage/volume.repository.js';
import { type Confirmation, SettleVolume } from './use-cases/volume/settle-volume.js';

/** What exporters have exported, and what becomes of what their orders reserved. */
@Injectable()
export class VolumeLedger {
  constructor(private readonly settling: SettleVolume, private readonly volumes: VolumeRepository) {}

  /**
   * The first byte leaves: what the order of this decision, of an order or of a delivery, has reserved counts as exported. Again it changes nothing.
   * RELEASED: the order gave its volume back, so no byte may leave. NOTHING: the transfer counts nowhere.
   */
  confirm(tx: Tx, caller: Caller, { decisionId }: { readonly decisionId: string }): Promise<Confirmation> {
    return this.settling.confirm(tx, caller, decisionId);
  }
  /** The trade has ended: what was never confirmed is free for other orders again. Again, or for what is no order, it changes nothing. */
  release(tx: Tx, caller: Caller, { orderDecisionId, reason }: { readonly orderDecisionId: string; readonly reason: string }): Promise<void> {
    return this.settling.release(tx, caller, orderDecisionId, reason);
  }
  /** One exporter's account of one calendar year. For rooms; whoever shows it checks to whom. */
  of(exporterId: string, year: number): Promise<YearVolume> {
    return this.volumes.ofYear({ exporterId, year });
  }
}
