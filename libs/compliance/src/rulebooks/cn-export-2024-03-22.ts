import type { Rule, Rulebook } from '../domain/rulebook.js';
import { CERTIFICATION_FILING, SECURITY_ASSESSMENT_FILING, STANDARD_CONTRACT_FILING } from './cn-filings.js';
import { CN_OBLIGATIONS } from './cn-obligations.js';
import { CSL, DSL, LINGANG_MEASURES, NDSMR, ORDER_11, ORDER_13, ORDER_16, ORDER_20, PIPL, POLICY } from './cn-sources.js';

const SINCE = { effectiveFrom: '2024-03-22', effectiveTo: null } as const;
const COUNTED: Rule['volume'] = { counted: true, confidence: 'verified' };
const NOT_COUNTED: Rule['volume'] = { counted: false, confidence: 'verified' };
const PERSONAL_DUTIES = ['notice', 'separate-consent', 'sensitive-consent', 'impact-assessment', 'recipient-contract'];

const GATES: readonly Rule[] = [
  {
    id: 'cn.gate.source-and-identity', ...SINCE, summary: 'A data source that is not explained, or a party whose identity is not verified', outcome: 'prohibited',
    when: { any: [{ fact: 'sourceStated', eq: false }, { fact: 'sellerVerified', eq: false }, { fact: 'buyerVerified', eq: false }] },
    mechanisms: [], filings: [], obligations: [], volume: NOT_COUNTED, citations: [DSL('Art. 33', 'verified'), DSL('Art. 47', 'verified')],
  },
  {
    id: 'cn.level.core-or-secret', ...SINCE, summary: 'Core data and state secrets', outcome: 'prohibited', when: { fact: 'level', in: ['core', 'state_secret'] },
    mechanisms: [], filings: [], obligations: [], volume: NOT_COUNTED,
    citations: [DSL('Art. 21', 'verified'), LINGANG_MEASURES('(core above important above general)', 'secondary'), POLICY('core data and state secrets are never traded', 'general-knowledge')],
  },
  {
    id: 'cn.domestic', ...SINCE, summary: 'Data and recipient stay in the mainland: no export', outcome: 'free',
    when: { all: [{ fact: 'destination', eq: 'CN' }, { fact: 'recipientJurisdiction', eq: 'CN' }] },
    mechanisms: [], filings: [], obligations: ['provision-consent', 'sensitive-consent', 'provision-assessment', 'recipient-contract', 'important-data-risk'], volume: NOT_COUNTED,
    citations: [PIPL('Art. 23, 55', 'verified'), PIPL('Art. 38, 39 (export only)', 'verified'), NDSMR('Art. 12', 'verified')],
  },
  {
    id: 'cn.important-data', ...SINCE, summary: 'Important data that an authority notified or published: no exemption reaches it', outcome: 'security_assessment',
    when: { fact: 'importantDataNotified', eq: true }, mechanisms: ['security_assessment'], filings: [SECURITY_ASSESSMENT_FILING],
    obligations: [...PERSONAL_DUTIES, 'important-data-risk', 'stay-within-assessment'], volume: COUNTED,
    citations: [DSL('Art. 31', 'verified'), ORDER_16('Art. 7', 'verified'), NDSMR('Art. 37', 'verified')],
  },
];

const WITHOUT_FORMALITY: readonly Rule[] = [
  {
    id: 'cn.no-personal-data', ...SINCE, summary: 'Neither personal information nor notified important data', outcome: 'free', when: { fact: 'personalData', eq: 'none' },
    mechanisms: [], filings: [], obligations: [], volume: NOT_COUNTED,
    citations: [ORDER_16('Art. 3', 'verified'), ORDER_16('Art. 2', 'secondary'), NDSMR('Art. 37', 'verified')],
  },
  {
    id: 'cn.anonymised', ...SINCE, summary: 'Anonymised with evidence: not personal information', outcome: 'free', when: { fact: 'personalData', eq: 'anonymised' },
    mechanisms: [], filings: [], obligations: [], volume: NOT_COUNTED, citations: [PIPL('Art. 4, 73(4)', 'verified'), ORDER_16('Art. 3', 'verified')],
  },
  {
    id: 'cn.collected-overseas', ...SINCE, summary: 'Personal information collected overseas, no mainland personal or important data added', outcome: 'exempt',
    when: { fact: 'personalDataFromAbroad', eq: true }, mechanisms: ['overseas_collection_exemption'], filings: [], obligations: PERSONAL_DUTIES,
    // That exempted flows stay out of the yearly volume is nowhere quoted: a parameter for the operator's lawyer.
    volume: { counted: false, confidence: 'general-knowledge' }, citations: [ORDER_16('Art. 4', 'verified')],
  },
];

const WITH_MECHANISM: readonly Rule[] = [
  {
    id: 'cn.ciio', ...SINCE, summary: 'Operator of critical information infrastructure, any volume of personal information', outcome: 'security_assessment',
    when: { fact: 'exporterIsCIIO', eq: true }, mechanisms: ['security_assessment'], filings: [SECURITY_ASSESSMENT_FILING],
    obligations: [...PERSONAL_DUTIES, 'stay-within-assessment'], volume: COUNTED,
    citations: [ORDER_16('Art. 7(1)(1)', 'verified'), PIPL('Art. 40', 'verified'), CSL('Art. 37', 'verified')],
  },
  {
    id: 'cn.volume.persons-1000000', ...SINCE, summary: '1,000,000 persons or more in the calendar year, without their sensitive information', outcome: 'security_assessment',
    when: { fact: 'yearPersons', gte: 1_000_000 }, mechanisms: ['security_assessment'], filings: [SECURITY_ASSESSMENT_FILING],
    obligations: [...PERSONAL_DUTIES, 'stay-within-assessment'], volume: COUNTED, citations: [ORDER_16('Art. 7(1)(2)', 'verified'), ORDER_11('as changed by Order 16', 'verified')],
  },
  {
    id: 'cn.volume.sensitive-10000', ...SINCE, summary: 'Sensitive information of 10,000 persons or more in the calendar year', outcome: 'security_assessment',
    when: { fact: 'yearSensitivePersons', gte: 10_000 }, mechanisms: ['security_assessment'], filings: [SECURITY_ASSESSMENT_FILING],
    obligations: [...PERSONAL_DUTIES, 'stay-within-assessment'], volume: COUNTED, citations: [ORDER_16('Art. 7(1)(2)', 'secondary'), ORDER_11('as changed by Order 16', 'verified')],
  },
  {
    id: 'cn.volume.filed-by-prc-entity', ...SINCE, summary: '100,000 persons or more, or sensitive information of one person or more, in the calendar year; a mainland entity files', outcome: 'standard_contract',
    when: { all: [{ fact: 'exporterHasPRCEntity', eq: true }, { any: [{ fact: 'yearPersons', gte: 100_000 }, { fact: 'yearSensitivePersons', gte: 1 }] }] },
    mechanisms: ['standard_contract', 'certification'], filings: [STANDARD_CONTRACT_FILING], obligations: [...PERSONAL_DUTIES, 'no-splitting'], volume: COUNTED,
    citations: [ORDER_16('Art. 8', 'verified'), PIPL('Art. 38', 'verified'), ORDER_13('(standard contract)', 'secondary')],
  },
  {
    id: 'cn.volume.no-prc-entity', ...SINCE, summary: 'The same volume; the exporter has no mainland entity that could file a standard contract', outcome: 'certification',
    when: { any: [{ fact: 'yearPersons', gte: 100_000 }, { fact: 'yearSensitivePersons', gte: 1 }] },
    mechanisms: ['certification'], filings: [CERTIFICATION_FILING], obligations: [...PERSONAL_DUTIES, 'no-splitting', 'prc-representative'], volume: COUNTED,
    citations: [ORDER_16('Art. 8', 'verified'), PIPL('Art. 38', 'verified'), ORDER_20('(certification)', 'verified')],
  },
  {
    id: 'cn.volume.small', ...SINCE, summary: 'Fewer than 100,000 persons in the calendar year and no sensitive information', outcome: 'exempt', when: { all: [] },
    mechanisms: ['small_volume_exemption'], filings: [], obligations: [...PERSONAL_DUTIES, 'prc-representative'], volume: COUNTED, citations: [ORDER_16('Art. 5(1)(4)', 'verified')],
  },
];

/**
 * Export of data from mainland China: CAC Order 16 of 2024-03-22 with what it stands on. Order of the rules: gates, level,
 * route, exemptions, operator, volume. Engineering material, not legal advice; each entry says how sure it is.
 */
export const CN_EXPORT: Rulebook = {
  id: 'cn-export', version: '2024-03-22', origin: 'CN', title: 'Export of data from mainland China', timeZone: 'Asia/Shanghai', ...SINCE,
  obligations: CN_OBLIGATIONS, rules: [...GATES, ...WITHOUT_FORMALITY, ...WITH_MECHANISM],
};
