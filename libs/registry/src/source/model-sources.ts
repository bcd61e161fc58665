import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aliases } from '../bundle/bundle.js';
import { BundleError } from '../bundle/bundle.error.js';
import { readAliases } from '../bundle/locate-bundle.js';
import { writeAliases } from '../bundle/write-bundle.js';
import { AllowedHosts, type Reach } from './allowed-hosts.js';
import { BlobStore } from './blob-store.js';
import type { SourceCache } from './fetch-version.js';
import { FileFolder } from './file-folder.js';
import { HttpFolder } from './http-folder.js';
import type { RemoteFolder } from './remote-folder.js';
import { S3Folder } from './s3-folder.js';
import type { SourceOptions } from './source-options.js';
import { type FolderSource, type MlflowSource, parseSource } from './source-url.js';
import { syncFolder } from './sync-folder.js';
import { syncMlflow } from './sync-mlflow.js';

/** Brings models from elsewhere into a folder of this machine, where the registry reads them as any others. */
export class ModelSources {
  /** Laid out as any models folder. */
  readonly directory: string;
  private readonly stop = new AbortController();
  private readonly reach: Reach;
  private readonly cache: SourceCache;
  private readAt = -Infinity;
  private lastFailures: readonly string[] = [];

  constructor(private readonly options: SourceOptions) {
    // A folder for each set of sources: what an earlier configuration named must not serve on.
    const sources = createHash('sha256').update(options.urls.join('\n')).digest('hex').slice(0, 16);
    this.directory = join(options.cache, sources);
    this.reach = { hosts: new AllowedHosts(options.allowedHosts), signal: this.stop.signal };
    const { cache, areSigned = false } = options;
    this.cache = { models: this.directory, blobs: new BlobStore(join(cache, 'blobs')), areSigned };
  }

  /** Why sources could not be read; empty when all is well. */
  get failures(): readonly string[] {
    return this.lastFailures;
  }

  /** Whether it is time to look again. */
  get isDue(): boolean {
    const { seconds } = this.options;
    return seconds > 0 && performance.now() - this.readAt >= seconds * 1_000;
  }

  /**
   * Fetches what has become the champion or the challenger since. What was fetched stays when a source fails.
   *
   * @returns its failures
   */
  async refresh(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const url of this.options.urls) {
      await this.fetch(url).catch((error: Error) => failures.push(error.message));
    }
    this.readAt = performance.now();
    return (this.lastFailures = failures);
  }

  /** Ends whatever is under way. */
  close(): void {
    this.stop.abort();
  }

  private async fetch(text: string): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const source = parseSource(text);
    const [name, aliases] = source.kind === 'mlflow' ? await this.fromMlflow(source) : await this.fromFolder(source);
    const before = await readAliases(this.directory, name);
    const isSame = JSON.stringify(before) === JSON.stringify(aliases);
    if (!isSame) await writeAliases(this.directory, name, aliases);
  }

  private async fromFolder(source: FolderSource): Promise<[string, Aliases]> {
    const folder = this.folderOf(source);
    try {
      return [source.name, await syncFolder(source, folder, this.cache)];
    } finally {
      await folder.close?.();
    }
  }

  private async fromMlflow(source: MlflowSource): Promise<[string, Aliases]> {
    if (this.options.mlflowUri === undefined) {
      throw new BundleError(
        `mlflow://${source.name}`,
        'names a model of no server',
        'Set MLFLOW_TRACKING_URI, or tracking.uri in config/config.yaml',
      );
    }
    const { name, version } = await syncMlflow(source, new URL(this.options.mlflowUri), this.reach, this.cache);
    return [name, { champion: version }];
  }

  private folderOf({ kind, url }: FolderSource): RemoteFolder {
    if (kind === 'file') return new FileFolder(url);
    return kind === 's3' ? new S3Folder(url, this.reach, this.options.s3Endpoint) : new HttpFolder(url, this.reach);
  }
}
