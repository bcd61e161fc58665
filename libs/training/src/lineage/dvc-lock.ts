import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { fileMd5, type FileMd5, readStructured, writeFile } from '#kit';
import { settingAt, type Stage } from './stage-graph.js';

/** A file as DVC 3 records it. */
interface LockedFile extends FileMd5 {
  readonly path: string;
  readonly hash: 'md5';
}

/** A stage's inputs and outputs: an entry of `dvc.lock`, schema 2.0. */
interface LockedStage {
  readonly cmd: string;
  readonly deps?: readonly LockedFile[];
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly outs?: readonly LockedFile[];
}

/** Omits absent settings: YAML cannot express `undefined`, so the entry would never match. */
function lockParams(settings: unknown, params: Stage['params']): LockedStage['params'] {
  const files = Object.entries(params).map(([file, keys]) => {
    const values = [...keys].sort().map((key) => [key, settingAt(settings, key)] as const);
    return [file, Object.fromEntries(values.filter(([, value]) => value !== undefined))] as const;
  });
  return Object.fromEntries(files);
}

/** DVC's format since its version 2. */
const SCHEMA = {
  type: ['object', 'null'],
  required: ['schema', 'stages'],
  properties: {
    schema: { type: 'string', pattern: '^2\\.0$' },
    stages: { type: 'object', additionalProperties: { type: 'object' } },
  },
};

/** The known fields of the files that exist. */
const known = (files: readonly (LockedFile | null | undefined)[] = []): LockedFile[] =>
  files.flatMap((file) => (file ? [{ path: file.path, hash: file.hash, md5: file.md5, size: file.size }] : []));

/** The known fields of a stage: DVC may add others, such as `isexec`. */
const knownOf = ({ cmd, deps, params, outs }: LockedStage): LockedStage => ({
  cmd,
  deps: known(deps),
  params,
  outs: known(outs),
});

/** DVC's YAML style, so that neither tool changes lines only by rewriting them. */
const DVC_STYLE = { aliasDuplicateObjects: false, indentSeq: false, singleQuote: true, nullStr: '' } as const;

/** `dvc.lock`: which stages are up to date, in DVC's own format, so that `dvc status` agrees. */
export class DvcLock {
  private constructor(
    private readonly path: string,
    private readonly root: string,
    private readonly settings: unknown,
    /** By name. */
    readonly stages: Record<string, LockedStage>,
  ) {}

  /**
   * @param path of the lock file
   * @param root folder that its paths are relative to
   * @param settings the source of the stages' parameters
   * @throws InputError on an invalid file, such as after a merge with conflicts; a missing file is an empty lock
   */
  static async read(path: string, root: string, settings: object): Promise<DvcLock> {
    const lock = existsSync(path)
      ? await readStructured<{ stages: Record<string, LockedStage> } | null>(path, SCHEMA)
      : null;
    return new DvcLock(path, root, JSON.parse(JSON.stringify(settings)), lock?.stages ?? {});
  }

  /** Hashes a stage's current inputs. */
  inputs({ deps }: Stage): Promise<LockedFile[]> {
    return this.files(deps);
  }

  /** Whether the stage's command, inputs, parameters and outputs match its last run. */
  async isUpToDate(stage: Stage, inputs: readonly LockedFile[]): Promise<boolean> {
    const locked = this.stages[stage.name];
    return locked !== undefined && isDeepStrictEqual(knownOf(locked), await this.current(stage, inputs));
  }

  /**
   * Records the stage's current state, and writes the lock file.
   *
   * @param inputs as before it ran: if one changed meanwhile, the stage runs again
   */
  async record(stage: Stage, inputs: readonly LockedFile[]): Promise<void> {
    this.stages[stage.name] = knownOf(await this.current(stage, inputs));
    await writeFile(this.path, stringify({ schema: '2.0', stages: this.stages }, DVC_STYLE));
  }

  private async current({ cmd, params, outs }: Stage, deps: readonly LockedFile[]): Promise<LockedStage> {
    return {
      cmd,
      deps,
      params: lockParams(this.settings, params),
      outs: await this.files(outs),
    };
  }

  /** A missing file is undefined, which matches no locked file. */
  private async files(paths: readonly string[]): Promise<LockedFile[]> {
    const files = paths.map(async (path) => {
      const digest = await fileMd5(resolve(this.root, path));
      return digest && { path, hash: 'md5', ...digest };
    });
    return (await Promise.all(files)) as LockedFile[];
  }
}
