import type { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { BundleError } from '#bundle';
import type { AllowedHosts, Reach } from './allowed-hosts.js';
import { broken, type RemoteFolder } from './remote-folder.js';

/**
 * A client that only sends to allowed hosts. It finds region and credentials by the AWS SDK's default chain.
 *
 * @param endpoint an S3-compatible store; AWS when not given
 */
function openClient(endpoint: string | undefined, hosts: AllowedHosts): S3Client {
  const client = new S3Client({
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // The manifest has the hashes.
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const { hostname, port } = args.request as { hostname: string; port?: number };
      hosts.check(port ? `${hostname}:${port}` : hostname);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'allowedHosts' },
  );
  return client;
}

/** A folder in a bucket. */
export class S3Folder implements RemoteFolder {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor(
    url: URL,
    private readonly reach: Reach,
    endpoint?: string,
  ) {
    this.client = openClient(endpoint, reach.hosts);
    this.bucket = url.host;
    this.prefix = decodeURIComponent(url.pathname.slice(1));
  }

  locate(path: string): string {
    return `s3://${this.bucket}/${this.prefix}/${path}`;
  }

  async read(path: string): Promise<Readable | undefined> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.bucket, Key: `${this.prefix}/${path}` }),
        {
          abortSignal: this.reach.signal,
        },
      );
      return Body as Readable;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof BundleError) throw error;
      throw broken(this.locate(path), error);
    }
  }

  close(): void {
    this.client.destroy();
  }
}
