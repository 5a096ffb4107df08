import { type KeyObject, X509Certificate } from 'node:crypto';

const LONGEST_CHAIN = 5;

/** The certificate in this PEM, or undefined. */
export function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/**
 * The key of the first certificate of an `x5c` header (RFC 7515, section 4.1.6) when the chain leads to the pinned root, every link of it is
 * valid now, and it names the issuer: its address as URI, or the address's host as DNS name. Undefined for anything else.
 */
export function keyOfChain(x5c: unknown, rootPem: string, iss: string, now: Date): KeyObject | undefined {
  const root = certificateOf(rootPem);
  if (!root || !Array.isArray(x5c) || x5c.length < 1 || x5c.length > LONGEST_CHAIN) return undefined;
  try {
    const given = x5c.map((text) => new X509Certificate(Buffer.from(String(text), 'base64')));
    const chain = given.at(-1)!.fingerprint256 === root.fingerprint256 ? given : [...given, root];
    const leaf = chain[0]!;
    if (chain.length < 2 || leaf.ca || !names(leaf, iss)) return undefined;
    const sound = chain.every((certificate, i) => {
      const above = chain[i + 1];
      const inTime = new Date(certificate.validFrom) <= now && now < new Date(certificate.validTo);
      return inTime && (i === 0 || certificate.ca) && (!above || (certificate.checkIssued(above) && certificate.verify(above.publicKey)));
    });
    return sound ? leaf.publicKey : undefined;
  } catch {
    return undefined;
  }
}

const names = (leaf: X509Certificate, iss: string): boolean =>
  leaf.subjectAltName?.split(', ').includes(`URI:${iss}`) === true || leaf.checkHost(new URL(iss).hostname, { subject: 'never', wildcards: false }) !== undefined;
