import { type Act, type Asked, MEANING, PERMISSIONS, type Relation, type Role } from '#identity';
import type { GraphClient } from './client.js';
import type { Operation } from './operations.js';

/** Somebody who calls: with what credential, and what the exchange should know of him. */
export interface Subject {
  readonly name: string;
  readonly client: GraphClient;
  /** `rejected`: with a credential that is not good. */
  readonly kind: 'nobody' | 'rejected' | 'newcomer' | 'member' | 'key';
  readonly organisationId: string | null;
  readonly standing: 'PENDING_VERIFICATION' | 'VERIFIED' | 'SUSPENDED' | null;
  readonly roles: readonly Role[];
  readonly scopes: readonly Act[];
}

/** REFUSED: for lack of permission, or as if the object were not there. */
export type Outcome = 'LET_IN' | 'REFUSED' | 'UNAUTHENTICATED' | `BROKEN ${string}`;

/** Whose the object is that an operation is asked for: the organisation that it belongs to, or the sides of its trade. None: it is the caller's own, whoever calls. */
export type Sides = Readonly<Partial<Record<'owner' | 'vendor' | 'buyer', string>>>;

export interface Observation {
  readonly operation: Operation;
  readonly subject: Subject;
  readonly outcome: Outcome;
  /** What it asks for in this case, where it asks for several. */
  readonly asks?: Operation['asks'];
  readonly sides?: Sides;
}

/** The permission table, or a copy with a fault planted in it. */
export interface Table {
  readonly permissions: Readonly<Record<Act, { readonly roles: readonly Role[]; readonly verified: boolean; readonly key: boolean }>>;
  readonly meaning: Readonly<Record<Act, readonly [Relation, string]>>;
}
export const TABLE: Table = { permissions: PERMISSIONS, meaning: MEANING };

/** The table read once more, apart from the code that decides by it. */
export function carries({ permissions }: Table, { kind, standing, roles, scopes }: Subject, asked: Asked): boolean {
  if (asked === 'AUTHENTICATED') return true;
  if (asked === 'PERSON') return kind === 'newcomer' || kind === 'member';
  if (asked === 'MEMBER') return kind === 'member';
  const row = permissions[asked];
  if (standing === null || standing === 'SUSPENDED' || (row.verified && standing !== 'VERIFIED')) return false;
  return kind === 'key' ? row.key && scopes.includes(asked) : row.roles.some((role) => roles.includes(role));
}

/** Whether the subject stands to these sides as the act demands. */
export function related({ meaning }: Table, { organisationId }: Subject, asked: Asked, sides: Sides | undefined): boolean {
  if (sides === undefined || !(asked in meaning)) return true;
  const is = (side: keyof Sides): boolean => sides[side] !== undefined && sides[side] === organisationId;
  switch (meaning[asked as Act][0]) {
    case 'ANY': case 'NONE': return true;
    case 'OWN': return is('owner');
    case 'BUYER': return is('buyer');
    case 'PARTY': return is('owner') || is('vendor') || is('buyer');
  }
}

export function expected(table: Table, { operation, subject, asks = operation.asks, sides }: Omit<Observation, 'outcome'>): Outcome {
  if (asks === undefined) return 'REFUSED';
  if (subject.kind === 'rejected') return 'UNAUTHENTICATED';
  if (asks === 'PUBLIC') return 'LET_IN';
  if (subject.kind === 'nobody') return 'UNAUTHENTICATED';
  return asks.some((asked) => carries(table, subject, asked) && related(table, subject, asked, sides)) ? 'LET_IN' : 'REFUSED';
}

/** Where what was seen is not what the table says. */
export function differences(observations: readonly Observation[], table: Table = TABLE): string[] {
  return observations.flatMap((o) => {
    const should = expected(table, o);
    return o.outcome === should ? [] : [`${o.operation.name} as ${o.subject.name}: ${o.outcome}, the table says ${should}`];
  });
}

/** Calls side by side, so many at a time, in the order of the list. */
export async function inTurns<T, R>(list: readonly T[], work: (item: T) => Promise<R>, atOnce = 12): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let i = next++; i < list.length; i = next++) results[i] = await work(list[i]!);
  }));
  return results;
}

let addresses = 0;
/** Another address for each call: what strangers and wrong credentials may ask for is limited by address. */
export const elsewhere = (): Record<string, string> => ({ 'x-forwarded-for': `10.${(++addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}` });
