import { readFile } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from './s3-place.js';

export type S3Sdk = typeof import('@aws-sdk/client-s3');
export interface S3 {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

const CONNECT_MS = 5_000;
/** Twice as long as a reader who reads nothing is borne: his connection ends before that to the bucket does. */
const SOCKET_IDLE_MS = 120_000;
/** Each download that runs holds one connection. */
const CONNECTIONS = 1_000;

/** The SDK is loaded with the first use of a bucket: an exchange without one starts as fast as it did. */
export async function openS3(place: S3Place): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  const { credentialsFile } = place;
  const client = new sdk.S3Client({
    region: place.awsRegion, forcePathStyle: place.forcePathStyle, maxAttempts: 4,
    ...(place.endpoint ? { endpoint: place.endpoint } : {}),
    // The newer checksums of the SDK are refused by servers that do not know them; what is stored is held against its sha-256 anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SOCKET_IDLE_MS, httpAgent: { keepAlive: true, maxSockets: CONNECTIONS }, httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS } },
    // Asked for again by the SDK where they expire; a file that was exchanged counts from the next start.
    ...(credentialsFile ? { credentials: () => readCredentials(credentialsFile) } : {}),
  });
  return { sdk, client };
}

/** The error names the file and never shows what is in it. */
export async function readCredentials(file: string): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> {
  const found = await readFile(file, 'utf8').then((text): unknown => JSON.parse(text)).catch(() => null) as Record<string, unknown> | null;
  const text = (name: string): string | undefined => (typeof found?.[name] === 'string' && found[name] !== '' ? found[name] : undefined);
  const [accessKeyId, secretAccessKey, sessionToken] = [text('accessKeyId'), text('secretAccessKey'), text('sessionToken')];
  if (!accessKeyId || !secretAccessKey) throw new Error(`${file}: JSON with accessKeyId and secretAccessKey is needed`);
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
