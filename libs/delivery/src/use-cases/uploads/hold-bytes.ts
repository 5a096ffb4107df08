import { Injectable } from '@nestjs/common';
import { Clock, Config, type Refusal, stateConflict, type Tx, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { HeldBytesRepository } from '../../storage/held-bytes.repository.js';
import { keepSeen } from '../../storage/presence.js';

/** Who will hold so many bytes of a vendor's quota. */
export interface Holder {
  readonly holderId: string;
  readonly vendorId: string;
  readonly bytes: bigint;
  /** Those whose bytes these are already: they are not counted twice. */
  readonly insteadOf: readonly string[];
  /** They come in this request, and are held as long as it is there: see `present`. Else until they are released. */
  readonly coming: boolean;
}

/** A vendor's quota of stored bytes: held before the first byte comes, so that no number of uploads at once is more than it. */
@Injectable()
export class HoldBytes {
  constructor(private readonly held: HeldBytesRepository, private readonly uow: UnitOfWork, private readonly config: Config, private readonly clock: Clock) {}

  /** In the caller's transaction. Undefined: they are held now. */
  async hold(tx: Tx, { holderId, vendorId, bytes, insteadOf, coming }: Holder): Promise<Refusal | undefined> {
    const taken = await this.held.lockTotal(tx, vendorId, [...insteadOf, holderId]);
    const quota = BigInt(this.config.VENDOR_STORAGE_BYTES);
    if (taken + bytes > quota) return stateConflict(DELIVERY_ERRORS.STORAGE_QUOTA, `${taken} of ${quota} bytes are stored or on their way: ${bytes} more are too many`, 'FULL');
    await this.held.add(tx, { holderId, vendorId, bytes, since: this.clock.now(), coming });
    return undefined;
  }

  /** Without asking, for what was asked for before; what is held already stays so. */
  keep(tx: Tx, holder: Omit<Holder, 'insteadOf' | 'coming'>): Promise<void> {
    return this.held.add(tx, { ...holder, since: this.clock.now(), coming: false });
  }

  /** Says that the bytes still come, until the answer is called. */
  present(holderId: string): () => void {
    return keepSeen(() => this.held.seen(holderId));
  }

  run(holder: Holder): Promise<Refusal | undefined> {
    return this.uow.run((tx) => this.hold(tx, holder));
  }

  /** What held nothing is no error. */
  async release(...holderIds: string[]): Promise<void> {
    await this.uow.run((tx) => this.held.remove(tx, holderIds));
  }
}
