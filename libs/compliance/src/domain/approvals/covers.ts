import type { Day } from '../calendar/days.js';
import { ALWAYS_ENDS, type Approval, type Scope } from './approval.js';

/** A transfer, or what has been transferred together with it, that an approval is asked to carry. */
export interface ApprovalUse {
  readonly recipientId: string;
  readonly purpose: string;
  readonly destination: string;
  readonly productId: string;
  /** Everybody whose data goes under the approval, this transfer included. */
  readonly persons: bigint;
  readonly sensitivePersons: bigint;
  readonly day: Day;
}

type Held = Scope & Pick<Approval, 'type' | 'state' | 'validFrom' | 'validUntil'>;

/**
 * Whether an approval carries this use: in force on the day, its first and last day included, and every limit of its scope kept (after an
 * assessment purpose, scope and scale are not exceeded: Network Data Security Management Regulations Art. 38). Whether its type is the one
 * that the law asks for, the caller looks at.
 */
export function covers(approval: Held, use: ApprovalUse): boolean {
  const { type, state, validFrom, validUntil, recipientId, purposes, destinations, productIds } = approval;
  if (state !== 'ACTIVE' || use.day < validFrom) return false;
  if (validUntil === null ? ALWAYS_ENDS.has(type) : use.day > validUntil) return false;
  return (recipientId === null || recipientId === use.recipientId)
    && among(purposes, use.purpose) && among(destinations, use.destination) && among(productIds, use.productId)
    && within(approval.persons, use.persons) && within(approval.sensitivePersons, use.sensitivePersons);
}

const among = (list: readonly string[] | null, item: string): boolean => list === null || list.includes(item);
const within = (limit: bigint | null, count: bigint): boolean => count >= 0n && (limit === null || count <= limit);
