import { Injectable } from '@nestjs/common';
import { AddressGuard, Config, LIMITS, OutgoingRefusedError, SecretBox } from '#shared';
import type { PushDestination } from '../storage/push/push-destination.repository.js';
import { PushBucket, statusOf } from './push-bucket.js';

/** Secrets of push destinations open for nothing else. */
export const PUSH_SECRET_PURPOSE = 'push-destination';
/** A bucket that takes nothing for so long is not there. */
const SOCKET_IDLE_MS = 30_000;

export type BucketPlace = Pick<PushDestination, 'endpoint' | 'awsRegion' | 'bucket' | 'pathStyle' | 'accessKeyId'>;

/** The one way into buckets of licensees: their addresses are guarded as every other that the exchange calls, at each connection. */
@Injectable()
export class PushBuckets {
  private readonly guard: AddressGuard;

  constructor(config: Config, private readonly box: SecretBox) {
    this.guard = new AddressGuard(config.outgoingAllow, config.OUTGOING_ONLY);
  }

  /** Whether the address would be refused for what is written in it; where a name leads is seen at each connection. */
  refuses(place: BucketPlace): boolean {
    try {
      this.check(place);
      return false;
    } catch (error) {
      if (error instanceof OutgoingRefusedError) return true;
      throw error;
    }
  }

  seal(secret: string): Promise<string> {
    return this.box.seal(PUSH_SECRET_PURPOSE, secret);
  }

  /** Throws `OutgoingRefusedError`. The caller closes it. */
  async open(place: BucketPlace, sealed: string): Promise<PushBucket> {
    this.check(place);
    const secretAccessKey = await this.box.open(PUSH_SECRET_PURPOSE, sealed);
    const sdk = await import('@aws-sdk/client-s3');
    const agent = { keepAlive: true, maxSockets: 4, lookup: this.guard.lookup as never };
    const client = new sdk.S3Client({
      region: place.awsRegion, forcePathStyle: place.pathStyle, maxAttempts: 2, followRegionRedirects: false, ...(place.endpoint ? { endpoint: place.endpoint } : {}),
      requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: LIMITS.outgoingMs, socketTimeout: SOCKET_IDLE_MS, httpAgent: agent, httpsAgent: agent },
      // Nothing of the machine's own: neither its role nor its environment is asked.
      credentials: { accessKeyId: place.accessKeyId, secretAccessKey },
    });
    return new PushBucket(sdk, client, place.bucket);
  }

  private check({ endpoint, awsRegion, bucket, pathStyle }: BucketPlace): void {
    const url = new URL(endpoint ?? `https://s3.${awsRegion}.amazonaws.com`);
    this.guard.checkTarget(url.hostname, url.protocol);
    // Where the bucket is part of the name: a name that ends in one that may be called is checked for what it leads to.
    if (!pathStyle && /^[\d.]+$/.test(bucket)) throw new OutgoingRefusedError('a bucket of digits and points alone needs the path style');
  }
}

/** Why a call failed, in words of our own: what a stranger's server says is repeated to nobody. */
export function whyRefused(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof OutgoingRefusedError || (cause as { code?: string }).code === 'OUTGOING_REFUSED') return 'its address is not one that the exchange calls';
  const [status, name] = [statusOf(error), (error as Error).name];
  if (status === 401 || status === 403) return 'the bucket refuses these credentials';
  if (status === 404) return name === 'NoSuchUpload' ? 'the bucket has lost what was begun' : 'there is no such bucket';
  if (status !== undefined) return `the bucket answered ${status}`;
  return name === 'TimeoutError' || name === 'AbortError' ? 'the bucket did not answer in time' : 'the bucket cannot be reached';
}
