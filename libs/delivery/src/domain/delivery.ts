import type { ChannelKind } from '#contracts';
import { defineStateTable } from '#shared';
import type { Spans } from './spans.js';

export type DeliveryState = 'OPEN' | 'COMPLETED' | 'SPENT' | 'EXPIRED' | 'REVOKED';

/** Completed: every byte was handed out and the delivery is counted. Spent: it also went out, or was taken back, and the token is good for nothing more. */
export const deliveryStates = defineStateTable<DeliveryState, 'complete' | 'spend' | 'expire' | 'revoke'>('delivery', ['OPEN'], ['OPEN', 'COMPLETED', 'SPENT', 'EXPIRED', 'REVOKED'], [
  { from: 'OPEN', event: 'complete', to: 'COMPLETED' },
  { from: 'COMPLETED', event: 'spend', to: 'SPENT' },
  { from: 'OPEN', event: 'expire', to: 'EXPIRED' },
  { from: 'OPEN', event: 'revoke', to: 'REVOKED' },
  { from: 'COMPLETED', event: 'revoke', to: 'SPENT' },
]);

/** A token is good for so many copies of its file: one, and what broken connections cost. */
export const COPIES_PER_TOKEN = 2;
/** Unfinished deliveries of one asset under one licence in an hour, so that never finishing is no way to read for nothing. */
export const MAX_OPEN_PER_HOUR = 20;
/** A delivery that is counted may be resumed so long, however short its token lived. */
export const RESUME_SECONDS = 86_400;

export interface Delivery {
  readonly id: string;
  readonly licenceId: string;
  readonly agreementId: string;
  readonly agreementHash: string;
  readonly decisionId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly assetId: string;
  readonly objectKey: string;
  /** The storage region that the object lies in. */
  readonly region: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
  /** SHA-256 of the limit that the file was written for; null: it is the whole asset. */
  readonly partDigest: string | null;
  readonly state: DeliveryState;
  readonly budgetLeft: number;
  readonly owed: Spans;
  /** `member:` or `key:` and the id, as the audit log names him; null: opened before this was kept. */
  readonly askedBy: string | null;
  /** The delivery channel that it goes by, of what kind that was, and the destination of the decision (ISO 3166-1 alpha-2); null: opened before there were channels. */
  readonly channel: string | null;
  readonly channelKind: ChannelKind | null;
  readonly destination: string | null;
  readonly revokedAt: Date | null;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  /** What the law was last asked about this delivery; null: before this was kept. Another basis is another question. */
  readonly decidedBasis: string | null;
  /** The decision that refused it on this basis. */
  readonly refusalDecisionId: string | null;
}

/** The exchange's signed statement that one delivery was complete. */
export interface Receipt {
  readonly id: string;
  readonly licenceId: string;
  readonly deliveryId: string;
  readonly agreementId: string;
  readonly agreementHash: string;
  readonly decisionId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly assetId: string;
  /** Distinct bytes of the file that were handed out: all of them. */
  readonly bytes: bigint;
  readonly sha256: string;
  /** SHA-256 of the limit of the licence, whose part of the asset the file is; null: the whole asset. */
  readonly partDigest: string | null;
  /** First and last byte of each part, as HTTP counts them. */
  readonly ranges: readonly { readonly from: bigint; readonly to: bigint }[];
  readonly startedAt: Date;
  readonly completedAt: Date;
  readonly jws: string;
}

/** What usage of a delivery can be told apart by: the member, or the key, that asked for it. */
export function dimensionsOf({ askedBy }: Pick<Delivery, 'askedBy'>): Readonly<Record<string, string>> {
  const [kind, id] = askedBy?.split(':') ?? [];
  return kind && id ? { [kind]: id } : {};
}

export const RECEIPT_TYPE = 'entrepot-receipt+jws';

/** What the signature covers: plain JSON, so that an outsider needs nothing of ours to read it. */
export const receiptPayload = ({ partDigest, ...receipt }: Omit<Receipt, 'jws'>): Record<string, unknown> => ({
  ...receipt, ...(partDigest === null ? {} : { partDigest }), bytes: receipt.bytes.toString(), ranges: receipt.ranges.map((r) => ({ from: r.from.toString(), to: r.to.toString() })),
  startedAt: receipt.startedAt.toISOString(), completedAt: receipt.completedAt.toISOString(),
});
