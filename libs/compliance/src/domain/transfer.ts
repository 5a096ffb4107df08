import { type Classification, isAnonymised, isCount, isSourceStated, LEVELS } from './classification.js';
import type { Leg } from './law/engine.js';
import type { HeldScheme, NamedFacts } from './law/facts.js';

/** What is known about whoever receives the data. */
export interface RecipientFacts {
  /** On a list of restricted recipients (PIPL Art. 42). */
  readonly restricted: boolean;
  /** A confirmed finding stands against him, or against what he declared for this order: a false or stale declaration. */
  readonly finding: boolean;
  /** Certification schemes of his that are in force. */
  readonly schemes: readonly HeldScheme[];
  /** Found to be a covered person (28 CFR 202.211) by other facts than his owners. */
  readonly coveredPerson: boolean;
  /** Basis points of his equity by country; null: he has not declared his owners. */
  readonly ownership: Readonly<Record<string, number>> | null;
}

/** What is known about one transfer. */
export interface TransferFacts {
  /** The organisation whose yearly volume the transfer counts in. */
  readonly exporterId: string;
  /** ISO 3166-1 alpha-2: from where the data leaves. Its rulebook decides. */
  readonly origin: string;
  /** ISO 3166-2. */
  readonly originProvince: string | null;
  /** ISO 3166-2 of the exporter's registration. */
  readonly registeredIn: string | null;
  /** Free-trade zone of the exporter: `lingang`. */
  readonly zone: string | null;
  /** ISO 3166-1 alpha-2: where the data goes. */
  readonly destination: string;
  /** ISO 3166-1 alpha-2 of the organisation that receives it. */
  readonly recipientJurisdiction: string;
  /** Where end users are and where it is passed on to, ISO 3166-1 alpha-2. */
  readonly onward: readonly string[];
  readonly purpose: string;
  readonly sellerVerified: boolean;
  readonly buyerVerified: boolean;
  /** The vendor's own declaration that it operates critical information infrastructure. */
  readonly exporterIsCIIO: boolean;
  /** Whether there is a mainland legal entity that can file. */
  readonly exporterHasPRCEntity: boolean;
  /** In one of the nine mainland cities of the Greater Bay Area. */
  readonly exporterInGBA: boolean;
  readonly recipientInGBA: boolean;
  readonly recipient: RecipientFacts;
  /** Mechanisms that the parties hold (`arranged`) or have refused. */
  readonly mechanisms: Readonly<Record<string, 'arranged' | 'refused'>>;
  /** The approvals behind them. */
  readonly approvals: readonly { readonly id: string; readonly type: string }[];
  readonly datasets: readonly Classification[];
}

/** The part of it that other rooms gather and hand in; what is known of the recipient, and what the parties hold, stands in this room's own registers. */
export interface TradeFacts extends Omit<TransferFacts, 'onward' | 'recipient' | 'mechanisms' | 'approvals'> {
  /** The organisation that would receive the data. */
  readonly recipientId: string;
  /** What is traded; approvals can be limited to it. */
  readonly productId: string;
  /** What the recipient declares to do with it, `RESEARCH`. */
  readonly declaredPurpose: string;
  /** What his declaration of the end use stands under: the order, and later the agreement of it; null where none is made. */
  readonly orderId: string | null;
}

/** Facts as they lie on record: those of the first form lack what was not asked then. */
type Added = 'zone' | 'onward' | 'exporterInGBA' | 'recipientInGBA' | 'recipient' | 'mechanisms' | 'approvals';
export type KnownFacts = Omit<TransferFacts, Added> & Partial<Pick<TransferFacts, Added>>;

/** Two counters of natural persons; the stricter one decides. */
export interface Volume {
  readonly persons: bigint;
  readonly sensitivePersons: bigint;
}
export const NO_VOLUME: Volume = { persons: 0n, sensitivePersons: 0n };

/** What the exporter has exported before: in this calendar year, and by category to this recipient within twelve months. */
export interface Prior extends Volume {
  readonly categories?: Readonly<Record<string, bigint>>;
}

/** The facts as a decision stands on them: with what the exporter has exported by other orders. */
export type DecisionFacts = KnownFacts & { readonly prior: Prior };

/** Persons of whom a transfer carries personal information. Anonymised data with evidence counts nobody; datasets are added up. */
export const volumeOf = ({ datasets }: Pick<TransferFacts, 'datasets'>): Volume => addVolumes(...datasets.filter((d) => !isAnonymised(d)));

export const addVolumes = (...volumes: readonly Volume[]): Volume => ({
  persons: volumes.reduce((sum, v) => sum + v.persons, 0n), sensitivePersons: volumes.reduce((sum, v) => sum + v.sensitivePersons, 0n),
});
/** What is left of a volume after another, never below zero. */
export const beyond = (volume: Volume, other: Volume): Volume => ({
  persons: positive(volume.persons - other.persons), sensitivePersons: positive(volume.sensitivePersons - other.sensitivePersons),
});
export const isEmpty = (volume: Volume): boolean => volume.persons === 0n && volume.sensitivePersons === 0n;

/** US persons or devices of a transfer by category, anonymised or not; null where a dataset about persons does not say. */
export function categoriesOf({ datasets }: Pick<TransferFacts, 'datasets'>): Map<string, bigint> | null {
  const sum = new Map<string, bigint>();
  for (const d of datasets) {
    if (d.usCounts) for (const [category, count] of Object.entries(d.usCounts)) sum.set(category, (sum.get(category) ?? 0n) + count);
    else if (!isEmpty(d)) return null;
  }
  return sum;
}

/** Why no rulebook can decide on these facts, or null. A negative count would lower the year's volume. */
export function undecidable({ datasets }: Pick<TransferFacts, 'datasets'>): string | null {
  if (datasets.length === 0) return 'the transfer names no dataset';
  if (datasets.some((d) => ![d.persons, d.sensitivePersons, ...Object.values(d.usCounts ?? {})].every(isCount))) return 'a count of persons is out of range';
  if (datasets.some((d) => !LEVELS.includes(d.level))) return 'a level is unknown';
  return null;
}

/**
 * What the law is asked: for every dataset, every place that it came from and every place that it goes to. The strictest answer wins, so nothing is
 * summed up over datasets but the persons.
 */
export function legsOf(facts: DecisionFacts): Leg[] {
  const volume = volumeOf(facts);
  const year = addVolumes(facts.prior, volume);
  const categories = categoriesOf(facts);
  for (const [category, count] of Object.entries(facts.prior.categories ?? {})) categories?.set(category, (categories.get(category) ?? 0n) + count);
  const shared: NamedFacts = {
    recipientJurisdiction: facts.recipientJurisdiction, originProvince: facts.originProvince, registeredIn: facts.registeredIn, zone: facts.zone, purpose: facts.purpose,
    sellerVerified: facts.sellerVerified, buyerVerified: facts.buyerVerified, exporterIsCIIO: facts.exporterIsCIIO, exporterHasPRCEntity: facts.exporterHasPRCEntity,
    exporterInGBA: facts.exporterInGBA, recipientInGBA: facts.recipientInGBA, onwardOutsideGBA: facts.onward?.some((c) => c !== 'HK' && c !== facts.origin),
    recipientRestricted: facts.recipient?.restricted, recipientFinding: facts.recipient?.finding, recipientCoveredPerson: facts.recipient?.coveredPerson, recipientSchemes: facts.recipient?.schemes,
    recipientOwnership: facts.recipient?.ownership ? new Map(Object.entries(facts.recipient.ownership)) : undefined, usPersonSeller: facts.origin === 'US',
    actor: 'trader', service: 'data_trade', dgaLegalRep: undefined,
    sensitivePersons: volume.sensitivePersons, yearPersons: year.persons, yearSensitivePersons: year.sensitivePersons, categoryCounts: categories ?? undefined,
    mechanisms: facts.mechanisms ?? {},
  };
  const destinations = [...new Set([facts.destination, facts.recipientJurisdiction, ...(facts.onward ?? [])])];
  return facts.datasets.flatMap((dataset) => {
    const known = { ...shared, ...datasetFacts(dataset) };
    const origins = [{ origin: facts.origin, upstream: false, upstreamNoOnwardClause: undefined as boolean | undefined },
      ...(dataset.upstream ?? []).filter((u) => u.jurisdiction !== facts.origin).map((u) => ({ origin: u.jurisdiction, upstream: true, upstreamNoOnwardClause: u.noOnwardClause ?? undefined }))];
    return origins.flatMap((from) => destinations.map((destination) => ({ origin: from.origin, facts: { ...known, ...from, destination } })));
  });
}

export function datasetFacts(d: Classification): Partial<NamedFacts> {
  const personal = isEmpty(d) ? 'none' : isAnonymised(d) ? 'anonymised' : 'personal';
  return {
    sourceStated: isSourceStated(d), level: d.level, importantDataNotified: d.importantDataNotified, sector: d.sector, personalData: personal,
    personalDataFromAbroad: d.collectedIn === 'overseas' && !d.domesticDataAdded, inTransit: d.inTransit ?? false, publiclyAvailable: d.publiclyAvailable ?? false,
    includesRRN: d.includesRRN ?? false, governmentRelated: d.governmentRelated ?? false, sellerIsDataBroker: typeof d.collectedFirstHand === 'boolean' ? !d.collectedFirstHand : undefined,
    negativeList: d.listPosition ?? null,
  };
}

const positive = (n: bigint): bigint => (n > 0n ? n : 0n);
