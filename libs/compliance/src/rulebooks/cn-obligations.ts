import type { Condition } from '../domain/condition.js';
import type { Obligation } from '../domain/rulebook.js';
import { DSL, NDSMR, ORDER_16, ORDER_20, PIPL } from './cn-sources.js';

const PERSONAL: Condition = { fact: 'personalData', eq: 'personal' };
const SENSITIVE: Condition = { fact: 'sensitivePersons', gte: 1 };
const IMPORTANT: Condition = { fact: 'importantDataNotified', eq: true };
const ALWAYS: Condition = { all: [] };

/** Duties that no exemption lifts, and those that come with a mechanism. */
export const CN_OBLIGATIONS: readonly Obligation[] = [
  {
    id: 'notice', when: PERSONAL,
    text: "Before the export tell each individual the recipient's name and contact, the purpose, method and categories, and how to exercise rights against the recipient",
    citations: [PIPL('Art. 39', 'verified'), ORDER_16('Art. 10', 'general-knowledge')],
  },
  {
    id: 'separate-consent', when: PERSONAL, text: "Obtain the individuals' separate consent to the export where consent is the legal basis",
    citations: [PIPL('Art. 39', 'verified'), PIPL('Art. 39, limit to consent as the legal basis', 'general-knowledge'), ORDER_16('Art. 10', 'general-knowledge')],
  },
  {
    id: 'sensitive-consent', when: SENSITIVE, text: 'Obtain separate consent to the processing of sensitive personal information, in writing where law says so',
    citations: [PIPL('Art. 29', 'verified')],
  },
  {
    id: 'impact-assessment', when: PERSONAL, text: 'Assess the impact on personal information (PIPIA) before the export; keep the report and the records for 3 years',
    citations: [PIPL('Art. 55, 56', 'verified'), ORDER_16('Art. 10', 'general-knowledge')],
  },
  {
    id: 'provision-consent', when: PERSONAL, text: 'Tell the individuals who receives their data and obtain their separate consent to its provision',
    citations: [PIPL('Art. 23', 'verified')],
  },
  {
    id: 'provision-assessment', when: PERSONAL, text: 'Assess the impact on personal information (PIPIA) before providing it to another processor; keep the report and the records for 3 years',
    citations: [PIPL('Art. 55, 56', 'verified')],
  },
  {
    id: 'recipient-contract', when: { any: [PERSONAL, IMPORTANT] }, text: 'Agree purpose, method, scope and security duties with the recipient by contract and keep the records for 3 years',
    citations: [NDSMR('Art. 12', 'verified')],
  },
  {
    id: 'important-data-risk', when: IMPORTANT, text: 'Assess the risk before providing important data and report each year',
    citations: [NDSMR('Art. 31, 33', 'verified'), DSL('Art. 31', 'verified')],
  },
  {
    id: 'stay-within-assessment', when: ALWAYS, text: 'Once assessed, do not exceed the purpose, method, scope, categories and scale that were assessed',
    citations: [NDSMR('Art. 38', 'verified')],
  },
  {
    id: 'no-splitting', when: ALWAYS, text: 'Do not split the volume to stay below the threshold of the security assessment',
    citations: [ORDER_20('(certification measures)', 'verified')],
  },
  {
    id: 'prc-representative', when: { fact: 'exporterHasPRCEntity', eq: false }, text: 'An overseas processor acts through a mainland institution or appointed representative',
    citations: [PIPL('Art. 53', 'verified')],
  },
];
