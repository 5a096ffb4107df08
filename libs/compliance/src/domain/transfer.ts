import { type Classification, isAnonymised, LEVELS, MAX_PERSONS } from './classification.js';

/** What is known about one transfer. Other rooms gather it; this room asks nobody. */
export interface TransferFacts {
  /** The organisation whose yearly volume the transfer counts in. */
  readonly exporterId: string;
  /** ISO 3166-1 alpha-2: from where the data leaves. Its rulebook decides. */
  readonly origin: string;
  /** ISO 3166-2. */
  readonly originProvince: string | null;
  /** ISO 3166-2 of the exporter's registration. */
  readonly registeredIn: string | null;
  /** ISO 3166-1 alpha-2: where the data goes. */
  readonly destination: string;
  /** ISO 3166-1 alpha-2 of the organisation that receives it. */
  readonly recipientJurisdiction: string;
  readonly purpose: 'data_product_sale';
  readonly sellerVerified: boolean;
  readonly buyerVerified: boolean;
  /** The vendor's own declaration that it operates critical information infrastructure. */
  readonly exporterIsCIIO: boolean;
  /** Whether there is a mainland legal entity that can file. */
  readonly exporterHasPRCEntity: boolean;
  readonly datasets: readonly Classification[];
}

/** Two counters of natural persons; the stricter one decides. */
export interface Volume {
  readonly persons: bigint;
  readonly sensitivePersons: bigint;
}
export const NO_VOLUME: Volume = { persons: 0n, sensitivePersons: 0n };

/** The facts as a decision stands on them: with what the exporter has exported in this calendar year by other orders. */
export interface DecisionFacts extends TransferFacts {
  readonly prior: Volume;
}

/** Persons of whom a transfer carries personal information. Anonymised data with evidence counts nobody; datasets are added up. */
export const volumeOf = ({ datasets }: TransferFacts): Volume => addVolumes(...datasets.filter((d) => !isAnonymised(d)));

export const addVolumes = (...volumes: readonly Volume[]): Volume => ({
  persons: volumes.reduce((sum, v) => sum + v.persons, 0n), sensitivePersons: volumes.reduce((sum, v) => sum + v.sensitivePersons, 0n),
});
/** What is left of a volume after another, never below zero. */
export const beyond = (volume: Volume, other: Volume): Volume => ({
  persons: positive(volume.persons - other.persons), sensitivePersons: positive(volume.sensitivePersons - other.sensitivePersons),
});
export const isEmpty = (volume: Volume): boolean => volume.persons === 0n && volume.sensitivePersons === 0n;

/** Why no rulebook can decide on these facts, or null. A negative count would lower the year's volume. */
export function undecidable({ datasets }: TransferFacts): string | null {
  if (datasets.length === 0) return 'the transfer names no dataset';
  if (datasets.some((d) => [d.persons, d.sensitivePersons].some((n) => n < 0n || n > MAX_PERSONS))) return 'a count of persons is out of range';
  if (datasets.some((d) => !LEVELS.includes(d.level))) return 'a level is unknown';
  return null;
}

const positive = (n: bigint): bigint => (n > 0n ? n : 0n);
