import { defineStateTable, isCountry, isDay } from '#shared';

export const CERTIFICATE_STATES = ['SUBMITTED', 'CHECKED', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED', 'REFUSED'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];
export type CertificateEvent = 'check' | 'confirm' | 'refuse' | 'suspend' | 'reinstate' | 'revoke' | 'expire';

/** Two officers put a certificate in force; one is enough to take it away. */
export const certificateStates = defineStateTable<CertificateState, CertificateEvent>('certificate', ['SUBMITTED'], CERTIFICATE_STATES, [
  { from: 'SUBMITTED', event: 'check', to: 'CHECKED' },
  { from: 'SUBMITTED', event: 'refuse', to: 'REFUSED' },
  { from: 'CHECKED', event: 'refuse', to: 'REFUSED' },
  { from: 'CHECKED', event: 'confirm', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'suspend', to: 'SUSPENDED' },
  { from: 'ACTIVE', event: 'revoke', to: 'REVOKED' },
  { from: 'ACTIVE', event: 'expire', to: 'EXPIRED' },
  { from: 'SUSPENDED', event: 'reinstate', to: 'ACTIVE' },
  { from: 'SUSPENDED', event: 'revoke', to: 'REVOKED' },
  { from: 'SUSPENDED', event: 'expire', to: 'EXPIRED' },
]);

/** What has been in force once is a fact that other members may know. */
export const KNOWN_STATES: readonly CertificateState[] = ['ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED'];

export const SCHEME = /^[A-Z][A-Z0-9_]{1,39}$/;
export const DATA_KIND = /^[a-z][a-z0-9_]{1,59}$/;
export const MOST_DATA_KINDS = 20;

/** What the paper says. */
export interface CertificatePaper {
  /** GLOBAL_CBPR, DPF, PIPC, ISO27001 ...: an open set of words. */
  readonly scheme: string;
  readonly number: string;
  readonly issuingBody: string;
  /** ISO 3166-1 alpha-2: under whose system it was granted. */
  readonly grantedIn: string;
  readonly scope: string;
  readonly dataKinds: readonly string[];
  /** First and last day; without a last day it holds until it is taken away. */
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** A certificate in force, for decisions. Whoever asks compares the days; `validUntil` is the last one. */
export interface HeldCertificate {
  readonly scheme: string;
  readonly grantedIn: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** What is wrong with a paper, or undefined. `today` in UTC: one that ran out before is not handed in. */
export function paperProblem(paper: CertificatePaper, today: string): { readonly path: string; readonly message: string } | undefined {
  const { scheme, grantedIn, dataKinds, validFrom, validUntil } = paper;
  if (!SCHEME.test(scheme)) return { path: 'scheme', message: 'a word in upper case such as GLOBAL_CBPR' };
  if (!isCountry(grantedIn)) return { path: 'grantedIn', message: 'an ISO 3166-1 alpha-2 code' };
  if (dataKinds.length > MOST_DATA_KINDS || new Set(dataKinds).size !== dataKinds.length || !dataKinds.every((k) => DATA_KIND.test(k))) return { path: 'dataKinds', message: `at most ${MOST_DATA_KINDS} words in lower case, each once` };
  if (!isDay(validFrom)) return { path: 'validFrom', message: 'a day, YYYY-MM-DD' };
  if (validUntil === null) return undefined;
  if (!isDay(validUntil) || validUntil < validFrom) return { path: 'validUntil', message: 'a day, YYYY-MM-DD, not before validFrom' };
  return validUntil < today ? { path: 'validUntil', message: 'it has run out' } : undefined;
}

/** The schemes of certificates that hold on a day and were granted in a country. */
export const schemesHeld = (certificates: readonly HeldCertificate[], day: string, country: string): string[] =>
  [...new Set(certificates.filter((c) => c.grantedIn === country && c.validFrom <= day && (c.validUntil === null || day <= c.validUntil)).map((c) => c.scheme))];
