import { isAnonymised, isSourceStated, LEVELS } from './classification.js';
import { addVolumes, type DecisionFacts, isEmpty, volumeOf } from './transfer.js';

/** The words that a rulebook may use in its conditions, and what kind of value each stands for. */
export const FACT_KINDS = {
  destination: 'text', recipientJurisdiction: 'text', originProvince: 'text', registeredIn: 'text', purpose: 'text',
  sellerVerified: 'flag', buyerVerified: 'flag', exporterIsCIIO: 'flag', exporterHasPRCEntity: 'flag',
  /** Every dataset says where it comes from. */
  sourceStated: 'flag',
  /** The strictest level among the datasets. */
  level: 'text',
  importantDataNotified: 'flag',
  /** none: no dataset is about persons. anonymised: those that are, are anonymised with evidence. personal: otherwise. */
  personalData: 'text',
  /** All personal data was collected overseas and no mainland personal or important data was added to it. */
  personalDataFromAbroad: 'flag',
  sensitivePersons: 'count',
  /** Persons exported by this exporter in this calendar year, this transfer included. */
  yearPersons: 'count', yearSensitivePersons: 'count',
} as const;
export type FactName = keyof typeof FACT_KINDS;
export type FactKind = (typeof FACT_KINDS)[FactName];
export type NamedFacts = Readonly<Record<FactName, boolean | string | bigint | null>>;

/** Says what is known in the words of the rulebooks. Over several datasets the strictest value stands. */
export function nameFacts(facts: DecisionFacts): NamedFacts {
  const { datasets } = facts;
  const volume = volumeOf(facts);
  const year = addVolumes(facts.prior, volume);
  const aboutPersons = datasets.filter((d) => !isEmpty(d));
  const personal = aboutPersons.filter((d) => !isAnonymised(d));
  return {
    destination: facts.destination, recipientJurisdiction: facts.recipientJurisdiction, originProvince: facts.originProvince, registeredIn: facts.registeredIn,
    purpose: facts.purpose, sellerVerified: facts.sellerVerified, buyerVerified: facts.buyerVerified, exporterIsCIIO: facts.exporterIsCIIO, exporterHasPRCEntity: facts.exporterHasPRCEntity,
    sourceStated: datasets.every(isSourceStated),
    level: LEVELS.findLast((level) => datasets.some((d) => d.level === level)) ?? null,
    importantDataNotified: datasets.some((d) => d.importantDataNotified),
    personalData: personal.length ? 'personal' : aboutPersons.length ? 'anonymised' : 'none',
    personalDataFromAbroad: personal.every((d) => d.collectedIn === 'overseas') && datasets.every((d) => !d.domesticDataAdded),
    sensitivePersons: volume.sensitivePersons, yearPersons: year.persons, yearSensitivePersons: year.sensitivePersons,
  };
}
