import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ENVIRONMENT } from '#config';
import { STEP_KINDS } from '#features';
import { resolveHyperparameters } from '#learners';
import { feedbackCommand } from '../apps/cli/src/commands/feedback.command.js';
import { dataCommand, monitorCommand } from '../apps/cli/src/commands/monitor.command.js';
import { replayCommand } from '../apps/cli/src/commands/replay.command.js';
import { ENDPOINTS } from '../apps/api/src/docs/root.dto.js';
import { PROBLEM_TYPES } from '../apps/api/src/problem/problem-types.js';
import { configYaml, withSettings } from '../config/settings-text.js';

const read = (file: string) => readFileSync(file, 'utf8');

/** The cells of a Markdown table's rows, without its head, code marks removed. */
const tableRows = (markdown: string): string[][] =>
  [...markdown.matchAll(/^\| (.*) \|$/gm)]
    .map(([, row]) => row.split(' | ').map((cell) => cell.replaceAll('`', '').trim()))
    .filter(([first]) => !first.startsWith('---'));

const withoutCode = (markdown: string): string =>
  markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/^    .*$|`[^`\n]*`/gm, '');

/** Where links and pictures lead that are no URLs. */
const linksIn = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

/** The anchors of the headings, as GitHub makes them. */
const anchorsIn = (markdown: string): string[] =>
  [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** What looks like a path of the repository, between code marks. */
const pathsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/`((?:apps|libs|config|test|tools|docs|bench|models|examples|deploy|data)\/[\w./-]*)`/g)].map(
    ([, path]) => path,
  );
/** Written by commands, or by the reader. */
const WRITTEN_LATER =
  /^(data\/processed|config\/models\/(NAME|bookings|customers|deliveries)\.yaml|models\/(NAME|my_model|renewals)|models\/random_forest\/2|bench\/train\/results\.json)/;

describe('The documentation agrees with the code', () => {
  it('on the types of problems', () => {
    const [, ...rows] = tableRows(read('docs/problems.md'));
    const documented = rows.slice(0, Object.keys(PROBLEM_TYPES).length).map(([type, status]) => [type, Number(status)]);
    expect(documented).toEqual(Object.entries(PROBLEM_TYPES).map(([type, { status }]) => [type, status]));
  });

  it('on the settings: config.yaml and docs/configuration.md are those that `npm run settings` writes', () => {
    const page = read('docs/configuration.md');
    expect(read('config/config.yaml').split('\n')).toEqual(configYaml().split('\n'));
    expect(page.split('\n')).toEqual(withSettings(page).split('\n'));
    expect(Object.keys(ENVIRONMENT).filter((variable) => !page.includes(`| \`${variable}\` `))).toEqual([]);
  });

  it('on the settings that messages name, and on their variables', () => {
    const sources = execFileSync('git', ['ls-files', '*.ts'], { encoding: 'utf8' }).trim().split('\n');
    const named = sources
      .filter((file) => /^(apps|libs)\//.test(file) && !file.endsWith('.spec.ts') && existsSync(file))
      .flatMap((file) => [...read(file).matchAll(/\b(\w+\.\w+) \(([A-Z][A-Z_]{3,})\)/g)])
      .map(([, setting, variable]) => [variable, setting]);
    expect(named.length).toBeGreaterThan(20);
    expect(named).toEqual(named.map(([variable]) => [variable, ENVIRONMENT[variable]]));
  });

  it('on the endpoints', () => {
    const { paths } = JSON.parse(read('openapi.json')) as { paths: Record<string, object> };
    // Each model has routes of its own, typed by its schema; the table names them once.
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      path.startsWith('/models/random_forest')
        ? []
        : Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const documented = tableRows(read('docs/endpoints.md')).map(([first]) => first);
    expect(documented.filter((cell) => /^(GET|POST) \/\S*$/.test(cell)).sort()).toEqual(
      [...operations, 'GET /docs', 'GET /redoc', 'GET /openapi.json'].sort(),
    );
  });

  it('on the endpoints that GET / lists', () => {
    const { paths } = JSON.parse(read('openapi.json')) as { paths: Record<string, object> };
    const listed = Object.values<string>(ENDPOINTS);
    const documented = Object.keys(paths).filter((path) => !path.startsWith('/models/random_forest'));
    expect(listed.sort()).toEqual([...documented, '/docs', '/redoc', '/openapi.json'].sort());
  });

  it('in every relative link: the file is there, and so is the heading', () => {
    const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');
    const broken = files.flatMap((file) =>
      linksIn(read(file)).flatMap((link) => {
        const [path, anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), decodeURI(path));
        if (!existsSync(target)) return [`${file}: ${link}`];
        if (!anchor || !target.endsWith('.md')) return [];
        return anchorsIn(read(target)).includes(anchor) ? [] : [`${file}: ${link}`];
      }),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });

  it('in the index of the README: every page of docs is there', () => {
    const pages = readdirSync('docs').filter((file) => file.endsWith('.md'));
    const index = tableRows(read('README.md').split('## Documentation')[1].split('\n## ')[0]).slice(1);
    expect(index.map(([page]) => /\(docs\/(.*)\)/.exec(page)?.[1]).sort()).toEqual(pages.sort());
  });

  it('on the commands of the watch', () => {
    const documented = tableRows(read('docs/monitoring.md').split('## Commands')[1]).slice(1);
    const commands = [monitorCommand(), dataCommand(), feedbackCommand(), replayCommand()].flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((own) => `${command.name()} ${own.name()}`),
    );
    expect(documented.map(([command]) => command).sort()).toEqual(commands.sort());
  });

  it('on the steps of a pipeline', () => {
    const documented = tableRows(read('docs/features.md').split('## Steps')[1]).slice(1);
    expect(documented.flatMap(([kinds]) => kinds.split(', ')).sort()).toEqual([...STEP_KINDS].sort());
  });

  it('on the hyperparameters and their defaults', () => {
    const kinds = ['random_forest', 'gradient_boosting', 'logistic_regression', 'ridge'] as const;
    const documented = tableRows(read('docs/training.md').split('## Learners')[1].split('\n## ')[0]).slice(1);
    expect(documented.map(([name, value]) => [name, JSON.parse(value) as unknown])).toEqual(
      kinds.flatMap((kind) =>
        Object.entries(resolveHyperparameters(kind)).map(([name, value]) => [`${kind}.${name}`, value]),
      ),
    );
  });

  it('on the files that the architecture tells to read', () => {
    const order = read('docs/architecture.md').split('## Reading order')[1].split('\n## ')[0];
    const files = pathsIn(order);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('on every path of the repository that a page names', () => {
    const pages = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');
    const named = pages
      .filter((page) => page !== 'CHANGELOG.md')
      .flatMap((page) => pathsIn(read(page)).map((path) => [page, path]));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([, path]) => !existsSync(path) && !WRITTEN_LATER.test(path))).toEqual([]);
  });

  it('on the tests that notice when a trick of the runtime is no longer needed', () => {
    const [, ...rows] = tableRows(read('docs/performance.md'));
    expect(rows.length).toBeGreaterThan(10);
    for (const [trick, where, gain, versions, notices] of rows) {
      expect([trick, where, gain, versions]).toEqual([
        trick,
        expect.any(String),
        expect.stringMatching(/./),
        expect.stringMatching(/./),
      ]);
      expect([trick, existsSync(where)]).toEqual([trick, true]);
      expect([trick, notices]).toEqual([trick, expect.stringMatching(/\.spec\.ts|no test/)]);
    }
  });

  it('on the speed of serving: the tables are those of the results kept', async () => {
    const { markdownTables } = (await import(resolve('bench/markdown.mjs'))) as { markdownTables: () => string[] };
    for (const table of markdownTables()) expect(read('docs/benchmarks.md')).toContain(table);
  });

  it('on the speed of trees: the tables are those of the results kept', async () => {
    const { treesTable, xgboostTable } = (await import(resolve('bench/trees/markdown.mjs'))) as Record<
      'treesTable' | 'xgboostTable',
      (file: string) => string
    >;
    const benchmarks = read('docs/benchmarks.md');
    expect(benchmarks).toContain(treesTable('bench/trees/results.json'));
    expect(benchmarks).toContain(xgboostTable('bench/trees/xgboost.json'));
  });

  it('on imported models: the tables are those of the results kept', async () => {
    const { parityTables } = (await import(resolve('bench/models/page.mjs'))) as {
      parityTables: () => {
        sources: string;
        converters: string;
        mutated: string;
        speed: string;
        details: Record<string, string>;
      };
    };
    const { sources, converters, mutated, speed, details } = parityTables();
    const page = read('docs/model-parity.md');
    expect(Object.keys(details)).toEqual(['sklearn', 'xgboost', 'lightgbm']);
    for (const table of [sources, converters, mutated, speed, ...Object.values(details)]) expect(page).toContain(table);
  });

  it('on drift: the tables are those of the results kept', async () => {
    const { withTables } = (await import(resolve('bench/drift/markdown.mjs'))) as {
      withTables: (text: string) => string;
    };
    expect(read('docs/monitoring.md')).toBe(withTables(read('docs/monitoring.md')));
  });

  it('on the rate at which predictions are kept: the figures are those of the results kept', () => {
    type Kept = Record<'folder' | 'postgresql', { figures: { what: string; is: number; met: boolean }[] }>;
    const { folder, postgresql } = JSON.parse(readFileSync('bench/log-rate.json', 'utf8')) as Kept;
    expect([...folder.figures, ...postgresql.figures].every(({ met }) => met)).toBe(true);
    const grown = [folder, postgresql].map(({ figures }) => figures.find(({ what }) => what.startsWith('memory'))!.is);
    expect(read('docs/monitoring.md')).toContain(`memory grew by ${grown.map(Math.round).join(' and ')} MiB`);
  });

  it('on renewal: the table is that of the results kept', async () => {
    const { withTable } = (await import(resolve('bench/renewal/markdown.mjs'))) as {
      withTable: (text: string) => string;
    };
    expect(read('docs/renewal.md')).toBe(withTable(read('docs/renewal.md')));
  });

  it('on public tables: the table is that of the results kept, and there is no page where none are', async () => {
    const { tablesTable } = (await import(resolve('bench/tables/markdown.mjs'))) as {
      tablesTable: (results: object) => string;
    };
    const results = JSON.parse(readFileSync('bench/tables/results.json', 'utf8')) as object;
    const page = existsSync('docs/tables.md') ? read('docs/tables.md') : '';
    expect(page).toContain(Object.keys(results).length > 0 ? tablesTable(results) : '');
  });

  it('on the speed of training: the table is that of the results kept, and there is none where none are', async () => {
    const { markdownRows } = (await import(resolve('bench/train/markdown.mjs'))) as {
      markdownRows: (file: string) => string[][];
    };
    const results = 'bench/train/results.json';
    const documented = tableRows(read('docs/training.md')).filter(([first]) => /^(forest|boosting), /.test(first));
    expect(documented).toEqual(existsSync(results) ? markdownRows(results) : []);
  });
});
