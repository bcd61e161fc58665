import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

type Locked = { path: string; md5: string; size: number; hash?: string; cache?: boolean };

/**
 * The output of `dvc status` by DVC 3's own rules, written from its sources and not from ours: `Stage.status`,
 * `Output.status`, `ParamsDependency.workspace_status`. Empty if everything is as recorded.
 *
 * @param root a folder with `.dvc/`, `dvc.yaml`, `dvc.lock` and `.dvc` files
 */
export function dvcStatus(root: string): Record<string, string> {
  if (!existsSync(join(root, '.dvc'))) throw new Error('you are not inside of a DVC repository');
  const yaml = (path: string) => parse(readFileSync(join(root, path), 'utf8'));
  const changes: Record<string, string> = {};

  /** Output.status: an output that DVC caches must be in the cache too; here none is. */
  const file = (stage: string, path: string, cached: boolean, locked?: Locked) => {
    const at = join(root, path);
    const state =
      locked?.md5 && cached
        ? 'not in cache'
        : !existsSync(at)
          ? 'deleted'
          : locked === undefined
            ? 'new'
            : locked.hash !== 'md5'
              ? 'modified (the digest is that of DVC 2, of converted line ends)'
              : locked.md5 === createHash('md5').update(readFileSync(at)).digest('hex')
                ? undefined
                : 'modified';
    if (state) changes[`${stage}: ${path}`] = state;
  };

  // DataResolver: `${a.b}` anywhere in the stages is a value from the files in `vars`.
  const { vars, stages } = yaml('dvc.yaml');
  const values = Object.assign({}, ...vars.map(yaml));
  const resolved = JSON.stringify(stages).replace(/\$\{([^}]+)\}/g, (_, key: string) =>
    key.split('.').reduce((at: any, part) => at[part], values),
  );
  for (const [name, stage] of Object.entries<any>(JSON.parse(resolved))) {
    const lock = yaml('dvc.lock').stages[name];
    if (lock && lock.cmd !== stage.cmd) changes[`${name}: cmd`] = 'changed command';
    const find = (part: 'deps' | 'outs', path: string): Locked | undefined =>
      lock?.[part]?.find((entry: Locked) => entry.path === path);
    for (const path of stage.deps) file(name, path, false, find('deps', path));
    for (const part of ['outs', 'metrics', 'plots']) {
      for (const entry of stage[part] ?? []) {
        const [path, flags] = typeof entry === 'string' ? [entry, {}] : Object.entries<any>(entry)[0];
        file(name, path, flags.cache !== false, find('outs', path));
      }
    }
    for (const [path, keys] of stage.params.flatMap((one: object) => Object.entries(one))) {
      for (const key of keys) {
        const actual = key.split('.').reduce((at: any, part: string) => at?.[part], yaml(path));
        const known = lock?.params?.[path] ?? {};
        const state =
          actual === undefined
            ? 'deleted'
            : !Object.hasOwn(known, key)
              ? 'new'
              : isDeepStrictEqual(actual, known[key])
                ? undefined
                : 'modified';
        if (state) changes[`${name}: ${path}: ${key}`] = state;
      }
    }
  }
  for (const path of readdirSync(join(root, 'data'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.dvc')) continue;
    const added = join('data', path);
    for (const out of yaml(added).outs as Locked[])
      file(added, join(dirname(added), out.path), out.cache !== false, out);
  }
  return changes;
}
