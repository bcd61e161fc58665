import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PATIENCE_SECONDS, temporaryFolder } from '#testing';

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER).map((file) => join(FOLDER, file));
const projectScripts = (): string[] =>
  Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts);

const temporary = temporaryFolder();

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly permissions?: Record<string, string>;
  readonly uses?: string;
  readonly steps?: { readonly id?: string; readonly uses?: string; readonly run?: string }[];
  readonly 'timeout-minutes'?: number;
}
interface Workflow {
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}
const workflow = (file: string): Workflow => parse(readFileSync(file, 'utf8')) as Workflow;
const jobs = (file: string): Job[] => Object.values(workflow(file).jobs);
const steps = (file: string) => jobs(file).flatMap((job) => job.steps ?? []);

describe('Workflows', () => {
  it.each(files)('%s pins every action by digest and says its version', (file) => {
    const used = readFileSync(file, 'utf8').match(/^\s*-? ?uses: .*$/gm) ?? [];
    for (const line of used.filter((text) => !text.includes('./.github/'))) {
      expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it.each(files)('%s may only read, unless a job says otherwise', (file) => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
  });

  it.each(files)('%s bounds the time of every job', (file) => {
    for (const job of jobs(file)) expect(job.uses ?? job['timeout-minutes']).toBeDefined();
  });

  it.each(files)('%s calls scripts that exist', (file) => {
    const called = steps(file).flatMap(({ run = '' }) => [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)]);
    for (const [, script] of called) expect(projectScripts()).toContain(script);
  });

  it.each(files)('%s puts no expression into a shell, where its text would be executed', (file) => {
    for (const { run = '' } of steps(file)) expect(run).not.toContain('${{');
  });

  it('test every supported Node.js', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    const test = parse(readFileSync(join(FOLDER, 'test.yml'), 'utf8')) as {
      jobs: { test: { strategy: { matrix: { node: number[] } } } };
    };
    const majors = [...engines.node.matchAll(/(?:\^|>=)(\d+)/g)].map(([, major]) => Number(major));
    expect(test.jobs.test.strategy.matrix.node).toEqual(majors);
  });

  describe('retrain.yml', () => {
    const file = join(FOLDER, 'retrain.yml');
    const script = steps(file).find(({ id }) => id === 'due')!.run!;

    /** Runs the question as GitHub does; npm answers with these exit codes, one after the other. */
    function ask(folder: string, codes: readonly number[], store: string) {
      const home = join(temporary, folder);
      mkdirSync(home);
      writeFileSync(join(home, 'codes'), codes.map((code) => `${code}\n`).join(''));
      const npm = 'echo "$@" >> asked; code=$(head -n 1 codes); tail -n +2 codes > rest; mv rest codes; exit "$code"';
      for (const [name, text] of Object.entries({ npm, sleep: 'echo "$@" >> slept' })) {
        writeFileSync(join(home, name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(home, name), 0o755);
      }
      for (const name of ['output', 'asked']) writeFileSync(join(home, name), '');
      const env = { PATH: `${home}:${process.env.PATH}`, GITHUB_OUTPUT: join(home, 'output'), MONITOR_STORE: store };
      const { status } = spawnSync('bash', ['-e', '-c', script], { cwd: home, env, timeout: PATIENCE_SECONDS * 1_000 });
      const read = (name: string) => readFileSync(join(home, name), 'utf8');
      return { status, output: read('output'), asked: read('asked').split('\n').slice(0, -1) };
    }
    const question = 'run --silent pipeline -- monitor run --once --fail-on-alarm';

    it('trains only where that is due', () => {
      const { train } = workflow(file).jobs;
      expect([train.needs, train.if]).toEqual(['due', 'needs.due.outputs.due']);
    });

    it.each([
      ['no alarm', [0], { status: 0, output: '', asked: [question] }],
      ['an alarm', [3], { status: 0, output: 'due=true\n', asked: [question] }],
      ['a server at it, then an alarm', [75, 3], { status: 0, output: 'due=true\n', asked: [question, question] }],
      ['a server at it for too long', [75, 75, 75, 75, 75], { status: 75, output: '', asked: Array(5).fill(question) }],
      ['a store that fails', [1], { status: 1, output: '', asked: [question] }],
    ])('tells %s', (name, codes, told) => {
      expect(ask(name, codes, 'postgres://u:p@host/d')).toEqual(told);
    });

    it('asks nobody, and trains nothing, where it does not know the store', () => {
      expect(ask('no store', [3], '')).toEqual({ status: 0, output: '', asked: [] });
    });
  });
});
