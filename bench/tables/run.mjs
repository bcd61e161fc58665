import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../contestants.mjs';
import { environment } from '../environment.mjs';
import { writeTablesPage } from './markdown.mjs';
import { measureTable } from './one-table.mjs';
import { CACHE, script, Worker } from './python.mjs';
import { keptResult, RESULTS } from './results.mjs';

const { values } = parseArgs({
  options: {
    table: { type: 'string', multiple: true },
    again: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

const TABLES = JSON.parse(readFileSync(new URL('tables.json', import.meta.url), 'utf8'));
const names = TABLES.map(({ name }) => name);
const asked = values.table ?? names;
const unknown = asked.find((name) => !names.includes(name));
if (unknown) throw new Error(`There is no table "${unknown}"; there are ${names.join(', ')}`);

const lineOf = ({ name, loss, peers, better, ratio, interval, runSeconds, isProven, algorithm }) =>
  `${name}: run ${runSeconds.toFixed(0)} s, ${algorithm}${isProven ? '' : ', not proven by the gate'}` +
  (ratio === undefined
    ? ''
    : `, ${loss.toPrecision(4)} / ${peers[better].loss.toPrecision(4)} (${better}) = ${ratio.toFixed(3)}, ` +
      `difference ${interval.map((bound) => bound.toPrecision(2)).join(' to ')}`);

mkdirSync(RESULTS, { recursive: true });
const due = TABLES.filter(({ name }) => asked.includes(name) && (values.again || !keptResult(name)));
if (due.length > 0) {
  const python = new Worker();
  const folder = join(CACHE, 'tables');
  const server = values['no-peers'] ? undefined : await startServer('pickles', ...script('serve.py', folder));
  for (const table of due) {
    try {
      const result = await measureTable(table, python, server);
      if (server)
        writeFileSync(join(RESULTS, `${table.name}.json`), JSON.stringify({ ...result, ...environment() }, null, 2));
      console.log(lineOf(result));
    } catch (error) {
      process.exitCode = 1;
      console.log(`${table.name}: FAILED ${error.message.slice(0, 2_000)}`);
    }
  }
  await server?.stop();
  python.end();
}

if (values.page) writeTablesPage(names);
