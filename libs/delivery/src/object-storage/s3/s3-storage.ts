import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isId } from '#shared';
import { type ObjectLink, StoragePort, type Temporary } from '../storage.port.js';
import { openS3, type S3 } from './s3-client.js';
import type { S3Place } from './s3-place.js';
import { sendParts } from './send-parts.js';

/** A multipart upload that is not complete: S3 shows nobody its parts. */
interface Half {
  readonly uploadId: string;
  readonly parts: { readonly PartNumber: number; readonly ETag: string | undefined }[];
}

/** An upload that goes on says so as often, so that nobody takes it for one that was left. */
const STILL_THERE_MS = 10 * 60_000;

/**
 * Objects in a bucket. A temporary is a multipart upload, `commit` completes it. What a crash left is found by a marker beside the objects that holds
 * the id of the upload: several servers do not list uploads, or only those of a known key.
 */
export class S3Storage extends StoragePort {
  private opened: Promise<S3> | null = null;
  private readonly halves = new WeakMap<Temporary, Half>();

  constructor(private readonly place: S3Place) {
    super();
  }

  override async writeTemporary(key: string, source: AsyncIterable<Buffer>, limit: number): Promise<Temporary> {
    const { sdk, client } = await this.s3();
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ ...this.object(key), ContentType: 'application/octet-stream' }));
    const half: Half = { uploadId: UploadId!, parts: [] };
    try {
      await this.mark(key, half);
      let markedAt = performance.now();
      const written = await sendParts(source, limit, async (part, number) => {
        const { ETag } = await client.send(new sdk.UploadPartCommand({ ...this.object(key), UploadId, PartNumber: number, Body: part, ContentLength: part.length }));
        half.parts.push({ PartNumber: number, ETag });
        if (performance.now() - markedAt < STILL_THERE_MS) return;
        await this.mark(key, half);
        markedAt = performance.now();
      });
      const temporary = { key, ...written };
      this.halves.set(temporary, half);
      return temporary;
    } catch (error) {
      // What cannot be taken back now is found by its marker.
      await this.abort(key, half.uploadId).catch(() => undefined);
      throw error;
    }
  }

  override async commit(temporary: Temporary): Promise<void> {
    const half = this.halves.get(temporary);
    if (!half) throw new Error('the upload is not one of this process, or over');
    const { sdk, client } = await this.s3();
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...this.object(temporary.key), UploadId: half.uploadId, MultipartUpload: { Parts: half.parts } }));
    this.halves.delete(temporary);
    await client.send(new sdk.DeleteObjectCommand(this.marker(temporary.key)));
  }

  override async discard(temporary: Temporary): Promise<void> {
    const half = this.halves.get(temporary);
    if (half) await this.abort(temporary.key, half.uploadId);
    this.halves.delete(temporary);
  }

  override async *open(key: string, span: { readonly from: number; readonly to: number }): AsyncGenerator<Buffer> {
    if (span.from >= span.to) return;
    const { sdk, client } = await this.s3();
    const { Body } = await client.send(new sdk.GetObjectCommand({ ...this.object(key), Range: `bytes=${span.from}-${span.to - 1}` }));
    yield* Body as Readable;
  }

  override async fileOf(key: string, folder: string): Promise<string> {
    const file = path.resolve(folder, key);
    await mkdir(folder, { recursive: true });
    await pipeline(Readable.from(this.open(key, { from: 0, to: Number.MAX_SAFE_INTEGER })), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return file;
  }

  override pathOf(): null {
    return null;
  }

  override async linkTo(key: string, { seconds, disposition, mediaType }: ObjectLink): Promise<string> {
    const [{ sdk, client }, { getSignedUrl }] = await Promise.all([this.s3(), import('@aws-sdk/s3-request-presigner')]);
    const command = new sdk.GetObjectCommand({ ...this.object(key), ResponseContentDisposition: disposition, ResponseContentType: mediaType, ResponseCacheControl: 'private, no-store' });
    return getSignedUrl(client, command, { expiresIn: seconds });
  }

  override async stat(key: string): Promise<{ bytes: number } | null> {
    const { sdk, client } = await this.s3();
    const found = await client.send(new sdk.HeadObjectCommand(this.object(key))).catch(nothingThere);
    return found && { bytes: found.ContentLength! };
  }

  override async remove(key: string): Promise<void> {
    const { sdk, client } = await this.s3();
    await client.send(new sdk.DeleteObjectCommand(this.object(key)));
  }

  override async removeTemporaries(before: Date): Promise<void> {
    const { sdk, client } = await this.s3();
    const folder = `${this.place.prefix}half/`;
    for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket: this.place.bucket, Prefix: folder })) {
      for (const { Key = '', LastModified } of Contents) {
        const key = Key.slice(folder.length);
        if (!isId(key) || !LastModified || LastModified >= before) continue;
        const marker = await client.send(new sdk.GetObjectCommand(this.marker(key))).catch(nothingThere);
        if (marker?.Body) await this.abort(key, await marker.Body.transformToString());
      }
    }
  }

  private async abort(key: string, uploadId: string): Promise<void> {
    const { sdk, client } = await this.s3();
    await client.send(new sdk.AbortMultipartUploadCommand({ ...this.object(key), UploadId: uploadId })).catch(nothingThere);
    await client.send(new sdk.DeleteObjectCommand(this.marker(key)));
  }

  private async mark(key: string, { uploadId }: Half): Promise<void> {
    const { sdk, client } = await this.s3();
    await client.send(new sdk.PutObjectCommand({ ...this.marker(key), Body: uploadId }));
  }

  private object(key: string): { Bucket: string; Key: string } {
    if (!isId(key)) throw new Error('an object key is an id');
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}objects/${key}` };
  }
  private marker(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}half/${key}` };
  }

  /** One that could not be opened is tried anew by whoever needs it next. */
  private s3(): Promise<S3> {
    return (this.opened ??= openS3(this.place).catch((error: unknown) => {
      this.opened = null;
      throw error;
    }));
  }
}

/** Null for an object or upload that is not there; every other error stays one. */
function nothingThere(error: unknown): null {
  if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return null;
  throw error;
}
