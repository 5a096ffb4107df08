import type { FilingRule } from '../domain/rulebook.js';

/** What is handed to the Cyberspace Administration of China (CAC), and what to a certification body. */
export const SECURITY_ASSESSMENT_FILING: FilingRule = {
  type: 'security_assessment', filer: 'PRC data processor (domestic legal entity)', to: 'national CAC via provincial CAC',
  deadline: 'before the export', reply: '45 working days from acceptance', validity: 'P3Y', renewal: 'apply 60 working days before expiry; may extend 3 years',
  confidence: 'verified', effectiveFrom: '2024-03-22', effectiveTo: null,
};

export const STANDARD_CONTRACT_FILING: FilingRule = {
  type: 'standard_contract_filing', filer: 'PRC personal information processor', to: 'provincial CAC',
  deadline: '10 working days from contract effective date', reply: '15 working days', validity: null, renewal: 're-assess and file again on change',
  confidence: 'secondary', effectiveFrom: '2023-06-01', effectiveTo: null,
};

export const CERTIFICATION_FILING: FilingRule = {
  type: 'certification', filer: 'overseas processor through a PRC institution or representative', to: 'accredited certification body',
  deadline: 'before the export', reply: null, validity: 'P3Y', renewal: 'apply again 6 months before expiry',
  confidence: 'secondary', effectiveFrom: '2026-01-01', effectiveTo: null,
};
