import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER).map((file) => join(FOLDER, file));
const projectScripts = (): string[] =>
  Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts);

interface Job {
  readonly permissions?: Record<string, string>;
  readonly uses?: string;
  readonly steps?: { readonly uses?: string; readonly run?: string }[];
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
});
