/** For whom a product is: everybody, or organisations that its vendor names. */
export interface Audience {
  readonly audience: 'PUBLIC' | 'NAMED';
  readonly audienceIds: readonly string[];
}
export const MOST_NAMED = 100;

/** Whether this organisation finds and opens it; null: somebody without one. */
export const isFor = ({ audience, audienceIds }: Audience, organisationId: string | null): boolean => audience === 'PUBLIC' || (organisationId !== null && audienceIds.includes(organisationId));
