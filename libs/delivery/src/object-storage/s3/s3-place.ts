/** A bucket of an S3-compatible server. */
export interface S3Place {
  readonly kind: 's3';
  readonly bucket: string;
  /** Null: Amazon's own for the region. */
  readonly endpoint: string | null;
  /** The name that the server signs with, such as eu-central-1. */
  readonly awsRegion: string;
  /** The bucket in the path and not in the name of the host, as servers of one's own want it. */
  readonly forcePathStyle: boolean;
  /** Before every key, so that a bucket can be shared. */
  readonly prefix: string;
  /** JSON with accessKeyId, secretAccessKey and perhaps sessionToken. Null: what the AWS SDK finds by itself: AWS_* of the environment, or the role of the machine. */
  readonly credentialsFile: string | null;
}
