import { defineStateTable } from '#shared';

export const CERTIFICATE_STATES = ['ACTIVE', 'CANCELLED', 'REVOKED'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];
export const CERTIFICATE_ACTS = ['issue', 'change', 'transfer', 'cancel', 'revoke'] as const;
export type CertificateAct = (typeof CERTIFICATE_ACTS)[number];

/** The life of a numbered certificate. Cancelled: given back by its holder. Revoked: taken by the exchange. Neither comes back. */
export const certificateStates = defineStateTable<CertificateState, Exclude<CertificateAct, 'issue'>>('listing-certificate', ['ACTIVE'], CERTIFICATE_STATES, [
  { from: 'ACTIVE', event: 'change', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'transfer', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'cancel', to: 'CANCELLED' },
  { from: 'ACTIVE', event: 'revoke', to: 'REVOKED' },
]);

export interface ListingCertificate {
  readonly number: bigint;
  /** What it is good for; null between a transfer and the listing of its new holder. */
  readonly productId: string | null;
  readonly productTitle: string;
  readonly holderId: string;
  readonly holderName: string;
  readonly gateVersion: string;
  readonly state: CertificateState;
  readonly issuedAt: Date;
  readonly validUntil: Date;
}
/** A line of its life. */
export interface CertificateEvent {
  readonly act: CertificateAct;
  readonly reason: string | null;
  readonly holderName: string;
  readonly validUntil: Date;
  readonly recordedAt: Date;
}

export const CERTIFICATE_TYPE = 'entrepot-listing-certificate+jws';
const DIGITS = 8;
/** Numbers are said with leading zeros: 00000042. */
export const certificateNumber = (number: bigint): string => number.toString().padStart(DIGITS, '0');
export const readCertificateNumber = (text: string): bigint | null => (/^\d{1,18}$/.test(text) ? BigInt(text) : null);

export const isInForce = ({ state, validUntil }: Pick<ListingCertificate, 'state' | 'validUntil'>, now: Date): boolean => state === 'ACTIVE' && validUntil > now;

/** What the exchange's signature covers: how the certificate stands at a moment. Plain JSON, so that an outsider needs nothing of ours to read it. */
export const statement = (certificate: ListingCertificate, events: readonly CertificateEvent[], listed: boolean, now: Date): Record<string, unknown> => ({
  type: 'entrepot-listing-certificate', version: '1', number: certificateNumber(certificate.number), state: certificate.state, inForce: isInForce(certificate, now),
  product: certificate.productId === null ? null : { id: certificate.productId, title: certificate.productTitle, listed },
  holder: { id: certificate.holderId, legalName: certificate.holderName }, gateVersion: certificate.gateVersion,
  issuedAt: certificate.issuedAt.toISOString(), validUntil: certificate.validUntil.toISOString(),
  history: events.map((e) => ({ act: e.act, reason: e.reason, holder: e.holderName, validUntil: e.validUntil.toISOString(), at: e.recordedAt.toISOString() })), statedAt: now.toISOString(),
});
