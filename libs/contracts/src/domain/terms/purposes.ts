import type { Language } from './words.js';

/** Namespace of the W3C Data Privacy Vocabulary. */
export const DPV = 'https://w3id.org/dpv#';
/** Of purposes for which that has no word. */
const OWN = 'urn:entrepot:purpose:';

interface Purpose {
  /** Its name in the Data Privacy Vocabulary 2; null: the exchange's own. */
  readonly dpv: string | null;
  /** What it is a kind of. */
  readonly kindOf: string | null;
  readonly text: Readonly<Record<Language, string>>;
}

/** Purposes that are known by name. Any other word in upper case is one of its own, understood literally. */
export const PURPOSES: Readonly<Record<string, Purpose>> = {
  RESEARCH: { dpv: 'ResearchAndDevelopment', kindOf: null, text: { en: 'research and development', zh: '研究与开发' } },
  ACADEMIC_RESEARCH: { dpv: 'AcademicResearch', kindOf: 'RESEARCH', text: { en: 'academic research', zh: '学术研究' } },
  COMMERCIAL_RESEARCH: { dpv: 'CommercialResearch', kindOf: 'RESEARCH', text: { en: 'commercial research', zh: '商业研究' } },
  MARKETING: { dpv: 'Marketing', kindOf: null, text: { en: 'marketing', zh: '市场营销' } },
  ADVERTISING: { dpv: 'Advertising', kindOf: 'MARKETING', text: { en: 'advertising', zh: '广告' } },
  SERVICE_PROVISION: { dpv: 'ServiceProvision', kindOf: null, text: { en: 'providing services', zh: '提供服务' } },
  FRAUD_PREVENTION: { dpv: 'FraudPreventionAndDetection', kindOf: null, text: { en: 'preventing and detecting fraud', zh: '防范与侦测欺诈' } },
  LEGAL_COMPLIANCE: { dpv: 'LegalCompliance', kindOf: null, text: { en: 'complying with the law', zh: '履行法律义务' } },
  PUBLIC_BENEFIT: { dpv: 'PublicBenefit', kindOf: null, text: { en: 'the public benefit', zh: '公共利益' } },
  ANALYTICS: { dpv: null, kindOf: null, text: { en: 'analysis for own business', zh: '自身业务分析' } },
  MODEL_TRAINING: { dpv: null, kindOf: null, text: { en: 'training of models', zh: '模型训练' } },
  SUPPLY_CHAIN: { dpv: null, kindOf: null, text: { en: 'planning and running supply chains', zh: '供应链规划与运行' } },
  RESALE: { dpv: null, kindOf: null, text: { en: 'resale', zh: '转售' } },
};
const BY_DPV = new Map(Object.entries(PURPOSES).flatMap(([code, { dpv }]) => (dpv ? [[dpv, code] as const] : [])));
const CODE = /^[A-Z][A-Z_]{2,39}$/;

/** The code of a purpose that is given as code, as IRI of the Data Privacy Vocabulary or as the exchange's own; null for anything else. */
export function purposeCode(value: string): string | null {
  const dpv = value.startsWith(DPV) ? value.slice(DPV.length) : value.startsWith('dpv:') ? value.slice('dpv:'.length) : null;
  if (dpv !== null) return BY_DPV.get(dpv) ?? null;
  const code = value.startsWith(OWN) ? value.slice(OWN.length) : value;
  return CODE.test(code) ? code : null;
}
export function purposeIri(code: string): string {
  const dpv = Object.hasOwn(PURPOSES, code) ? PURPOSES[code]!.dpv : null;
  return dpv ? `${DPV}${dpv}` : `${OWN}${code}`;
}
export const purposeText = (code: string, language: Language): string => (Object.hasOwn(PURPOSES, code) ? PURPOSES[code]!.text[language] : code.toLowerCase().replaceAll('_', ' '));
/** Whether one purpose is the other, or a kind of it. */
export function isKindOf(code: string, wider: string): boolean {
  for (let at: string | null = code; at; at = Object.hasOwn(PURPOSES, at) ? PURPOSES[at]!.kindOf : null) if (at === wider) return true;
  return false;
}
