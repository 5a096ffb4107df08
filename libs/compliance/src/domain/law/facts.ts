import type { ListPosition } from './lists.js';

/** The words that a rulebook may use in its conditions, and what kind of value each stands for. */
export const FACT_KINDS = {
  /** ISO 3166-1 alpha-2: whose law is asked; where the data goes; where the organisation that receives it is registered. */
  origin: 'text', destination: 'text', recipientJurisdiction: 'text',
  /** ISO 3166-2. */
  originProvince: 'text', registeredIn: 'text',
  zone: 'text', purpose: 'text', sector: 'text', level: 'text', actor: 'text', service: 'text',
  /** none: not about persons. anonymised: about persons, anonymised with evidence. personal: otherwise. */
  personalData: 'text',
  sourceStated: 'flag', sellerVerified: 'flag', buyerVerified: 'flag', recipientRestricted: 'flag', recipientFinding: 'flag', importantDataNotified: 'flag',
  /** The personal data was collected overseas and no mainland personal or important data was added to it. */
  personalDataFromAbroad: 'flag',
  exporterIsCIIO: 'flag', exporterHasPRCEntity: 'flag', exporterInGBA: 'flag', recipientInGBA: 'flag', onwardOutsideGBA: 'flag',
  inTransit: 'flag', publiclyAvailable: 'flag', includesRRN: 'flag',
  /** The law asked is not the exporter's own but that of a place where part of the data came from. */
  upstream: 'flag', upstreamNoOnwardClause: 'flag',
  usPersonSeller: 'flag', sellerIsDataBroker: 'flag', governmentRelated: 'flag', recipientCoveredPerson: 'flag', dgaLegalRep: 'flag',
  sensitivePersons: 'count',
  /** Persons exported by this exporter in this calendar year, this transfer included. */
  yearPersons: 'count', yearSensitivePersons: 'count',
  /** Persons or devices by category in the window of the rule, this transfer included. */
  categoryCounts: 'counts',
  /** Basis points of the recipient's equity by country, and under `?` the part whose holders are not known. */
  recipientOwnership: 'shares',
  /** Certification schemes of the recipient that are in force. */
  recipientSchemes: 'schemes',
  negativeList: 'position',
} as const;
export type FactName = keyof typeof FACT_KINDS;
export type FactKind = (typeof FACT_KINDS)[FactName];

/** The key of shares whose holders are not known. */
export const UNKNOWN_HOLDERS = '?';

export interface HeldScheme {
  readonly scheme: string;
  /** Where it was granted, ISO 3166-1 alpha-2. */
  readonly grantedIn: string;
}
interface Values {
  readonly text: string | null;
  readonly flag: boolean;
  readonly count: bigint;
  readonly counts: ReadonlyMap<string, bigint>;
  readonly shares: ReadonlyMap<string, number>;
  readonly schemes: readonly HeldScheme[];
  readonly position: ListPosition | null;
}
/** A fact that is not there is not known; null means that there is none. */
export type NamedFacts = { readonly [F in FactName]?: Values[(typeof FACT_KINDS)[F]] | undefined } & {
  /** What the parties have arranged, or refused to arrange. A word that is missing is open: it may still be arranged. */
  readonly mechanisms: Readonly<Record<string, 'arranged' | 'refused'>>;
  /** There is no transfer yet: what its parties will arrange is not known, whatever the word. */
  readonly mechanismsUnknown?: true;
};
export const MECHANISM_STATES = ['arranged', 'refused', 'open'] as const;
export type MechanismState = (typeof MECHANISM_STATES)[number];
export const mechanismState = (facts: NamedFacts, word: string): MechanismState => (Object.hasOwn(facts.mechanisms, word) ? facts.mechanisms[word]! : 'open');
