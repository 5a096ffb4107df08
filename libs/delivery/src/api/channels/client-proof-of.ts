import type { TLSSocket } from 'node:tls';
import { allows } from '#identity';
import type { FastifyRequest } from 'fastify';
import { type ClientProof, readCertificate } from '../../domain/channels/client-proof.js';
import type { CertificateHeader } from '../../object-storage/regions/read-channels.js';

/** A certificate of a few kilobytes, escaped. */
const LONGEST = 16_384;

/** Where a request comes from: its address, and the certificate of the connection, or of the one that a proxy of ours ended. */
export function clientProofOf(request: FastifyRequest, header: CertificateHeader | null): ClientProof {
  const { socket } = request.raw;
  const direct = (socket as Partial<TLSSocket>).getPeerX509Certificate?.();
  if (direct) return { address: request.ip, certificate: direct };
  const given = header && allows(header.from, socket.remoteAddress ?? '') ? request.headers[header.name] : undefined;
  return { address: request.ip, certificate: typeof given === 'string' && given.length <= LONGEST ? certificateIn(given) : null };
}

/** `Client-Cert` of RFC 9440 (a byte sequence, DER), or PEM in percent-encoding as nginx writes `$ssl_client_escaped_cert`. */
function certificateIn(field: string): ClientProof['certificate'] {
  const der = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(field.trim())?.[1];
  if (der) return readCertificate(Buffer.from(der, 'base64'));
  try {
    return readCertificate(decodeURIComponent(field));
  } catch {
    return null;
  }
}
