import { defineStateTable, isCountry } from '#shared';

export const HOLDER_KINDS = ['ENTITY', 'PERSON'] as const;
export const INTERESTS = ['EQUITY', 'VOTING'] as const;
export const DIRECTNESS = ['DIRECT', 'INDIRECT'] as const;
export const CONTROL_KINDS = ['MAJORITY', 'BOARD_APPOINTMENT', 'CONTRACT', 'SENIOR_MANAGEMENT', 'TRUST', 'STATE', 'OTHER'] as const;
export type HolderKind = (typeof HOLDER_KINDS)[number];
export type Interest = (typeof INTERESTS)[number];
export type Directness = (typeof DIRECTNESS)[number];
export type ControlKind = (typeof CONTROL_KINDS)[number];

/** What somebody holds of an organisation, or by what he controls it. */
export interface Holding {
  readonly holder: HolderKind;
  readonly name: string;
  /** ISO 3166-1 of an entity's register; null for a person. */
  readonly jurisdiction: string | null;
  /** ISO 3166-1, of a person. */
  readonly nationality: string | null;
  /** ISO 3166-1 of where a person lives. */
  readonly residence: string | null;
  /** Of an entity, in its own register. */
  readonly registryNumber: string | null;
  /** Of 10,000; zero for a controller without a share. */
  readonly shareBasisPoints: number;
  readonly interest: Interest;
  /** INDIRECT: the holder at the end of a chain. */
  readonly directness: Directness;
  /** Of an indirect holding, the place in the list of the direct holder through whom it is held, where that is known. */
  readonly through: number | null;
  /** Set where the holder is a controller. */
  readonly control: ControlKind | null;
}

export type OwnershipState = 'DECLARED' | 'PROVEN';
export const ownershipStates = defineStateTable<OwnershipState, 'prove'>('ownership', ['DECLARED'], ['DECLARED', 'PROVEN'], [{ from: 'DECLARED', event: 'prove', to: 'PROVEN' }]);

export const WHOLE = 10_000;
export const MAX_HOLDINGS = 100;

export interface HoldingProblem {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a declaration, field by field first, then its sums: nobody holds more than the whole of one class. */
export function holdingsProblem(holdings: readonly Holding[]): HoldingProblem | undefined {
  for (const [i, h] of holdings.entries()) {
    const [field, message] = fieldProblem(h, holdings) ?? [];
    if (field) return { path: `holdings.${i}.${field}`, message: message! };
  }
  for (const interest of INTERESTS) {
    for (const directness of DIRECTNESS) {
      const total = sumOf(holdings.filter((h) => h.interest === interest && h.directness === directness));
      if (total > WHOLE) return { path: 'holdings', message: `${directness} ${interest} holdings sum to ${total} of ${WHOLE} basis points` };
    }
  }
  return undefined;
}

function fieldProblem(h: Holding, all: readonly Holding[]): [keyof Holding, string] | undefined {
  const isEntity = h.holder === 'ENTITY';
  for (const field of ['jurisdiction', 'nationality', 'residence'] as const) {
    const wanted = (field === 'jurisdiction') === isEntity;
    if (wanted ? !isCountry(h[field] ?? '') : h[field] !== null) return [field, wanted ? 'an ISO 3166-1 alpha-2 code' : `not for a holder of the kind ${h.holder}`];
  }
  if (!isEntity && h.registryNumber !== null) return ['registryNumber', 'not for a person'];
  if (h.shareBasisPoints === 0 && h.control === null) return ['shareBasisPoints', 'more than 0, or a kind of control'];
  if (h.through === null) return undefined;
  const carrier = all[h.through];
  if (h.directness !== 'INDIRECT' || carrier?.directness !== 'DIRECT' || carrier.holder !== 'ENTITY' || carrier.interest !== h.interest) return ['through', 'of an indirect holding: the place of a direct holding of the same interest by an entity'];
  return undefined;
}

const sumOf = (holdings: readonly Holding[]): number => holdings.reduce((sum, h) => sum + h.shareBasisPoints, 0);
/** A person counts for his nationality and for where he lives: rules ask for the one or the other. */
const belongsTo = (h: Holding, country: string): boolean => (h.holder === 'ENTITY' ? h.jurisdiction === country : h.nationality === country || h.residence === country);

/**
 * How much of an organisation holders of each other country have, directly or indirectly, in the aggregate (28 CFR 202.211), in basis points of the
 * interest in which they have more. A chain counts once: through a direct holder of the same country nothing is added, through another no more than that
 * one holds. An indirect holding whose way is not declared counts in full. One person may count for two countries.
 */
export function foreignShares(holdings: readonly Holding[], home: string): Record<string, number> {
  const countries = new Set(holdings.flatMap((h) => [h.jurisdiction, h.nationality, h.residence]).filter((c): c is string => c !== null && c !== home));
  return Object.fromEntries([...countries].sort().map((country) => [country, Math.max(...INTERESTS.map((interest) => shareOf(country, interest, holdings)))]));
}

function shareOf(country: string, interest: Interest, holdings: readonly Holding[]): number {
  const mine = holdings.map((h, place) => ({ ...h, place })).filter((h) => h.interest === interest);
  const indirect = (through: number | null): number => sumOf(mine.filter((h) => h.directness === 'INDIRECT' && h.through === through && belongsTo(h, country)));
  const direct = mine.filter((h) => h.directness === 'DIRECT').map((h) => (belongsTo(h, country) ? h.shareBasisPoints : Math.min(h.shareBasisPoints, indirect(h.place))));
  return Math.min(WHOLE, direct.reduce((sum, share) => sum + share, 0) + indirect(null));
}

/** The part of the equity of which nobody is said to be the direct holder. */
export const undeclaredShare = (holdings: readonly Holding[]): number => WHOLE - sumOf(holdings.filter((h) => h.interest === 'EQUITY' && h.directness === 'DIRECT'));
