import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Aliases, BundleError, readAliases, writeAliases } from '#bundle';
import { AllowedHosts, type Reach } from './allowed-hosts.js';
import { BlobStore } from './blob-store.js';
import type { SourceCache } from './fetch-version.js';
import { FileFolder } from './file-folder.js';
import { HttpFolder } from './http-folder.js';
import type { RemoteFolder } from './remote-folder.js';
import type { SourceOptions } from './source-options.js';
import { type FolderSource, type MlflowSource, parseSource } from './source-url.js';
import { syncFolder } from './sync-folder.js';

/** One source, and the result of its last read. */
interface Source {
  readonly url: string;
  failure?: string;
  /** Resolves when it has been read; absent while it is not being read. */
  reading?: Promise<void>;
}

/** Fetches models from remote sources into a local folder, which the registry reads like any models folder. */
export class ModelSources {
  /** Has the layout of a models folder. */
  readonly directory: string;
  private readonly stop = new AbortController();
  private readonly reach: Reach;
  private readonly cache: Omit<SourceCache, 'claim'>;
  private readonly sources: readonly Source[];
  /** The source of each model: two must not overwrite each other. */
  private readonly owners = new Map<string, Source>();
  private readAt = -Infinity;

  constructor(private readonly options: SourceOptions) {
    // One folder per set of sources: models of an earlier configuration must not keep serving.
    const sources = createHash('sha256').update(options.urls.join('\n')).digest('hex').slice(0, 16);
    this.directory = join(options.cache, sources);
    this.reach = { hosts: new AllowedHosts(options.allowedHosts), signal: this.stop.signal };
    const { cache, areSigned = false } = options;
    this.cache = { models: this.directory, blobs: new BlobStore(join(cache, 'blobs')), areSigned };
    this.sources = [...new Set(options.urls)].map((url) => ({ url }));
    for (const source of this.sources) this.expect(source);
  }

  /** Why sources could not be read; empty when all is well. */
  get failures(): readonly string[] {
    return this.sources.flatMap(({ failure }) => failure ?? []);
  }

  /** Whether the polling interval has elapsed. */
  get isDue(): boolean {
    const { seconds } = this.options;
    return seconds > 0 && performance.now() - this.readAt >= seconds * 1_000;
  }

  /** Whether a source is being read. */
  get isReading(): boolean {
    return this.sources.some(({ reading }) => reading !== undefined);
  }

  /**
   * Fetches new champions and challengers from all sources concurrently, so that a slow one delays no other. When a
   * source fails, its cached versions stay.
   *
   * @param ended called whenever a source has been read, or has failed
   * @returns the failures of all sources
   */
  async refresh(ended: () => void = () => undefined): Promise<readonly string[]> {
    this.readAt = performance.now();
    await Promise.all(this.sources.map((source) => (source.reading ??= this.read(source, ended))));
    return this.failures;
  }

  /** Aborts running requests. */
  close(): void {
    this.stop.abort();
  }

  private async read(source: Source, ended: () => void): Promise<void> {
    try {
      await this.fetch(source);
      source.failure = undefined;
    } catch (error) {
      source.failure = (error as Error).message;
    }
    source.reading = undefined;
    ended();
  }

  private async fetch(source: Source): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const parsed = parseSource(source.url);
    const cache = { ...this.cache, claim: (name: string) => this.claim(name, source) };
    const [name, aliases] =
      parsed.kind === 'mlflow' ? await this.fromMlflow(parsed, cache) : await this.fromFolder(parsed, cache);
    const before = await readAliases(this.directory, name);
    const isSame = JSON.stringify(before) === JSON.stringify(aliases);
    if (!isSame) await writeAliases(this.directory, name, aliases);
  }

  /** The first source listed for a model supplies it, whichever is read first. */
  private expect(source: Source): void {
    try {
      const { name } = parseSource(source.url);
      if (!this.owners.has(name)) this.owners.set(name, source);
    } catch {
      // Reported when it is read.
    }
  }

  private claim(name: string, source: Source): void {
    const owner = this.owners.get(name) ?? source;
    if (owner !== source) {
      throw new BundleError(
        `The model "${name}"`,
        'comes from two sources',
        'Name each model once in MODELS_SOURCE, or models.source in config/config.yaml',
      );
    }
    this.owners.set(name, source);
  }

  private async fromFolder(source: FolderSource, cache: SourceCache): Promise<[string, Aliases]> {
    const folder = await this.folderOf(source);
    try {
      return [source.name, await syncFolder(source, folder, cache)];
    } finally {
      folder.close?.();
    }
  }

  private async fromMlflow(source: MlflowSource, cache: SourceCache): Promise<[string, Aliases]> {
    if (this.options.mlflowUri === undefined) {
      throw new BundleError(
        `mlflow://${source.registered}`,
        'needs an MLflow server, and none is set',
        'Set tracking.uri (MLFLOW_TRACKING_URI)',
      );
    }
    // Lazy, because most servers have no such source.
    const { syncMlflow } = await import('./sync-mlflow.js');
    const { name, version } = await syncMlflow(source, new URL(this.options.mlflowUri), this.reach, cache);
    return [name, { champion: version }];
  }

  private async folderOf({ kind, url }: FolderSource): Promise<RemoteFolder> {
    if (kind === 'file') return new FileFolder(url);
    if (kind === 'http') return new HttpFolder(url, this.reach);
    // Lazy, because the AWS client takes longer to load than the rest of the server.
    const { S3Folder } = await import('./s3-folder.js');
    return new S3Folder(url, this.reach, this.options.s3Endpoint);
  }
}
