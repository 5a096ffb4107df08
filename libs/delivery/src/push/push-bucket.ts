import { type Readable, Transform } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { LIMITS } from '#shared';
import type { S3Sdk } from '../object-storage/s3/s3-client.js';

/** Enough for the slowest line that is worth it: 8 MiB at 64 KiB a second. */
const CALL_MS = 130_000;

export interface PushedObject {
  readonly bytes: number;
  readonly sha256: string | null;
}

/** A bucket of a licensee, for one attempt. Every call ends, and no answer is longer than those of other strangers. */
export class PushBucket {
  constructor(private readonly sdk: S3Sdk, private readonly client: S3Client, private readonly bucket: string) {
    client.middlewareStack.add((next) => async (args) => {
      const answer = await next(args);
      const { response } = answer as unknown as { response: { body?: Readable } };
      if (response.body && typeof response.body.pipe === 'function') response.body = bounded(response.body);
      return answer;
    }, { step: 'deserialize', name: 'entrepotBounded', priority: 'low' });
  }

  /** Writes and removes a small object: what a push needs, and that it is let. */
  async tryOut(key: string): Promise<void> {
    await this.client.send(new this.sdk.PutObjectCommand({ ...this.object(key), Body: 'Entrepot checks that it may write here, and removes this.\n' }), within());
    await this.client.send(new this.sdk.DeleteObjectCommand(this.object(key)), within());
  }

  async begin(key: string, mediaType: string, metadata: Record<string, string>): Promise<string> {
    const { UploadId } = await this.client.send(new this.sdk.CreateMultipartUploadCommand({ ...this.object(key), ContentType: mediaType, Metadata: metadata }), within());
    return UploadId!;
  }
  /** Answers the tag that the part is named by at the end. The server holds its bytes against the digest that the request is signed with. */
  async part(key: string, uploadId: string, number: number, body: Buffer, signal: AbortSignal): Promise<string> {
    const { ETag } = await this.client.send(new this.sdk.UploadPartCommand({ ...this.object(key), UploadId: uploadId, PartNumber: number, Body: body, ContentLength: body.length }), within(signal));
    if (!ETag) throw new Error('the bucket named no part');
    return ETag;
  }
  async complete(key: string, uploadId: string, etags: readonly string[], signal: AbortSignal): Promise<void> {
    const Parts = etags.map((ETag, i) => ({ ETag, PartNumber: i + 1 }));
    await this.client.send(new this.sdk.CompleteMultipartUploadCommand({ ...this.object(key), UploadId: uploadId, MultipartUpload: { Parts } }), within(signal));
  }
  /** What lies there now, by our own mark of it. */
  async find(key: string): Promise<PushedObject | null> {
    try {
      const { ContentLength, Metadata } = await this.client.send(new this.sdk.HeadObjectCommand(this.object(key)), within());
      return { bytes: ContentLength ?? -1, sha256: Metadata?.['entrepot-sha256'] ?? null };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }
  /** What was not completed is nobody's. */
  async abort(key: string, uploadId: string): Promise<void> {
    await this.client.send(new this.sdk.AbortMultipartUploadCommand({ ...this.object(key), UploadId: uploadId }), within()).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw error;
    });
  }
  close(): void {
    this.client.destroy();
  }

  private object(Key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key };
  }
}

export const statusOf = (error: unknown): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
const within = (signal?: AbortSignal): { abortSignal: AbortSignal } => ({ abortSignal: signal ? AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]) : AbortSignal.timeout(CALL_MS) });

/** A stranger's server may answer without end. */
function bounded(body: Readable): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > LIMITS.outgoingAnswerBytes) done(new Error('the answer is too long'));
      else done(null, chunk);
    },
  });
  body.on('error', (error) => limit.destroy(error));
  limit.on('close', () => body.destroy());
  return body.pipe(limit);
}
