import type { Day } from '../calendar/days.js';
import { ALWAYS_ENDS, type Approval, type Scope } from './approval.js';

/** A transfer, or what has been transferred together with it, that an approval is asked to carry. */
export interface ApprovalUse {
  readonly recipientId: string;
  /** What it is for, by the agreement and by the declaration of the end use. */
  readonly purposes: readonly string[];
  /** Every place that it goes to, passed on or used elsewhere included. ISO 3166-1 alpha-2. */
  readonly destinations: readonly string[];
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
    && use.purposes.every((purpose) => among(purposes, purpose)) && use.destinations.every((place) => among(destinations, place)) && among(productIds, use.productId)
    && within(approval.persons, use.persons) && within(approval.sensitivePersons, use.sensitivePersons);
}

const among = (list: readonly string[] | null, item: string): boolean => list === null || list.includes(item);
const within = (limit: bigint | null, count: bigint): boolean => count >= 0n && (limit === null || count <= limit);
