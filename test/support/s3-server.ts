import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';
import { openS3 } from '../../libs/delivery/src/object-storage/s3/s3-client.js';
import type { S3Place } from '../../libs/delivery/src/object-storage/s3/s3-place.js';

export interface S3Server {
  readonly place: S3Place;
  /** How many objects there are, markers of half uploads among them. */
  objects(): Promise<number>;
  stop(): Promise<void>;
}

/** A server of the S3 protocol with one bucket and its objects in a folder, over real HTTP: multipart uploads, ranges and signatures are its own code, not the exchange's. */
export async function startS3(bucket: string): Promise<S3Server> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-s3-'));
  const credentialsFile = path.join(folder, 'credentials.json');
  await writeFile(credentialsFile, JSON.stringify({ accessKeyId: 'test', secretAccessKey: 'only-for-tests' }));
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false, s3StorageDir: path.join(folder, 'objects'), init: { buckets: [bucket] } });
  const place: S3Place = { kind: 's3', bucket, endpoint: `http://127.0.0.1:${server.port}`, awsRegion: 'us-east-1', forcePathStyle: true, prefix: '', credentialsFile };
  const { client } = await openS3(place);
  return {
    place,
    objects: async () => (await client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount ?? 0,
    stop: async () => {
      client.destroy();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
