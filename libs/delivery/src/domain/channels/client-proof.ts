import { X509Certificate } from 'node:crypto';
import { allows } from '#identity';
import { type AccessPoint, type Channel, pointsOn } from './channel.js';

/** What of a connection tells where it comes from. */
export interface ClientProof {
  /** As far as trusted proxies vouch for it. */
  readonly address: string;
  /** Of its holder, who has proven that he has the key; null: none was shown. */
  readonly certificate: X509Certificate | null;
}

/** SHA-256 of a certificate, lower-case hex. */
export const fingerprintOf = (certificate: X509Certificate): string => certificate.fingerprint256.replaceAll(':', '').toLowerCase();

/** A certificate of PEM or DER; null where it is none. */
export function readCertificate(bytes: string | Buffer): X509Certificate | null {
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}

export const issuedByOneOf = (certificate: X509Certificate, authorities: readonly string[]): boolean =>
  authorities.some((pem) => {
    const authority = new X509Certificate(pem);
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  });

/** Why a connection is not on this channel for this buyer and destination; undefined where it is. */
export function offChannel(channel: Channel, proof: ClientProof, points: readonly AccessPoint[], destination: string, now: Date): string | undefined {
  const own = pointsOn(channel, points, destination, now);
  if (own === null) return undefined;
  if (channel.kind === 'networks') {
    const inside = own.some((p) => allows([p.value], proof.address)) && (channel.within === null || allows(channel.within, proof.address));
    return inside ? undefined : `${proof.address} is in no network that the buyer registered for ${destination}`;
  }
  const { certificate } = proof;
  if (!certificate) return 'a client certificate is needed here (mutual TLS)';
  if (!own.some((p) => p.value === fingerprintOf(certificate)) || now < certificate.validFromDate || now >= certificate.validToDate) return `this client certificate is not one that the buyer registered for ${destination}, or not valid now`;
  return channel.authorities && !issuedByOneOf(certificate, channel.authorities) ? 'this client certificate was not issued by an authority of this channel' : undefined;
}
