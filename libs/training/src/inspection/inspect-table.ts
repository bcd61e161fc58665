import type { Task } from '#bundle';
import { Database, loadTexts, malformedText, openDataSource, type TextTableColumn, type TextTable } from '#tables';
import { InputError, nearestName } from '#kit';
import { byCodePoint, MISSING_WORDS } from '#schema';
import type { ModelColumn, ModelFile } from '../model-file/model-file.js';
import { type ColumnFacts, columnFacts, ofWords, textsOf } from './column-facts.js';
import { columnOf, tokensOf } from './column-of.js';
import { giveaway } from './giveaway.js';
import { taskOf } from './task-of.js';

/** Sample size for the detection of leaking columns. */
const GIVEAWAY_ROWS = 20_000;
/** Rows times classes from which on cross-validation is too slow to pay off. */
const MANY_ROWS = 100_000;
const MEMORY_MEGABYTES = 800;

export interface InspectionRequest {
  /** CSV with a header, or Parquet. */
  readonly path: string;
  /** The path as written to the model's file. */
  readonly dataPath: string;
  readonly name: string;
  readonly target: string;
  readonly task?: Task;
}

/** The result of inspecting a table: a model's file, and notes for the user. */
export interface Inspection {
  readonly file: ModelFile;
  /** Alternatives by column, as lines of the file. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  readonly rows: number;
  readonly unlabelled: number;
  readonly notes: readonly string[];
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(', ') + (names.length > 20 ? `, ... (${names.length})` : '');

/** Checks a column for target leakage on a sample in random order. */
async function givesAway(
  database: Database,
  facts: ColumnFacts,
  target: ColumnFacts,
  task: Task,
  isNumber: boolean,
  decimal: TextTable['decimal'],
): Promise<string | undefined> {
  const number = (text: string): string =>
    decimal === ',' ? `TRY_CAST(replace(${text}, ',', '.') AS DOUBLE)` : `TRY_CAST(${text} AS DOUBLE)`;
  const value = isNumber ? number(facts.text) : facts.text;
  const pairs = await database.query<{ value: number | string | null; target: number | string }>(
    `SELECT CASE WHEN ${facts.isMissing} THEN NULL ELSE ${value} END AS value, ${task === 'regression' ? number(target.text) : target.text} AS target
     FROM sample WHERE NOT ${target.isMissing} ORDER BY place`,
  );
  return giveaway({ values: pairs.map((pair) => pair.value), targets: pairs.map((pair) => pair.target) });
}

/**
 * Inspects a table and determines its columns, the task, and the columns that a model should not use. All cells are examined, so
 * that the resulting file accepts every row.
 *
 * @throws InputError when the file cannot be read, has no such target, or the task is ambiguous
 */
export async function inspectTable(
  { path, dataPath, name, target, task: asked }: InspectionRequest,
  signal?: AbortSignal,
): Promise<Inspection> {
  const source = await openDataSource(path);
  return Database.use(MEMORY_MEGABYTES, signal, async (database) => {
    const table = await loadTexts(database, source);
    const { rows, columns, decimal, malformed } = table;
    if (malformed.count > 0) throw new InputError(malformedText(path, malformed));
    const label = columns.find((column) => column.name === target);
    if (!label) {
      const names = columns.map((one) => one.name);
      const meant = nearestName(target, names);
      throw new InputError(
        `${path} has no column "${target}". ${meant === undefined ? '' : `Did you mean "${meant}"? `}Its header is ${listed(names)}.`,
      );
    }
    const words = await columnFacts(database, ofWords(label), table);
    // In a numeric column, "None" is a missing token.
    const targetFacts = words.numbers > 0 ? await columnFacts(database, label, table) : words;
    let hasWord = targetFacts.isMissing === label.isMissingWord && (await nones(database, words)) > 0;
    const { task, because } = taskOf(path, targetFacts, asked);
    const labelled = rows - targetFacts.missing;
    const notes = [`task: ${task}, as ${because.replace(/^as /, '')}`];
    await database.query(
      `CREATE TABLE sample AS SELECT *, hash(rowid) AS place FROM texts ORDER BY place LIMIT ${GIVEAWAY_ROWS}`,
    );
    const found = new Map<string, ModelColumn>();
    const choices = new Map<string, readonly string[]>();
    const others: ColumnFacts[] = [];
    for (const column of columns) {
      if (column.name === target) continue;
      signal?.throwIfAborted();
      let facts = await columnFacts(database, column, table);
      let one = await columnOf(database, facts, decimal);
      const none = one.column.use !== false && (await nones(database, column)) > 0;
      if (none && (one.column.type === 'category' || one.column.type === 'text')) {
        facts = await columnFacts(database, ofWords(column), table);
        one = await columnOf(database, facts, decimal);
        hasWord = true;
      } else if (none) others.push(facts);
      const isNumber = one.column.type === 'integer' || one.column.type === 'float';
      const why =
        one.column.use === false ? undefined : await givesAway(database, facts, targetFacts, task, isNumber, decimal);
      found.set(column.name, why === undefined ? one.column : switchedOff(one.column, why));
      notes.push(...one.notes);
      if (one.choices) choices.set(column.name, one.choices);
    }
    if (hasWord) {
      notes.push('"None" is read as a value in text columns; data.missing lists what counts as missing');
      for (const facts of others) {
        const column = found.get(facts.name)!;
        if (!column.missing) found.set(facts.name, { ...column, missing: await tokensOf(database, facts) });
      }
    }
    for (const [column, { use, why }] of found) if (use === false) notes.push(`"${column}" is not used: ${why}`);
    if (![...found.values()].some(({ use }) => use !== false))
      throw new InputError(
        `${path} has no column that a model could learn "${target}" from: ${notes.slice(1).join('; ')}.`,
      );
    const classes = task === 'binary' ? (await textsOf(database, targetFacts)).map(({ text }) => text) : [];
    return {
      file: {
        name,
        data: { path: dataPath, target, split: { by: 'hash', test: 0.2 } },
        task,
        ...(classes.length > 0 && { positive: positiveOf(classes) }),
        columns: found,
        recipe: 'auto',
        sections: {
          ...(hasWord && { data: { missing: MISSING_WORDS } }),
          training: {
            algorithm: 'auto',
            hyperparameters: {},
            seed: 42,
            folds: rows * (task === 'multiclass' ? targetFacts.distinct : 1) > MANY_ROWS ? 0 : 5,
          },
          gate: { better_than_trivial: true, minimums: {}, maximums: {} },
        },
      },
      choices,
      rows,
      unlabelled: rows - labelled,
      notes,
    };
  });
}

/** Number of cells with the text "None". */
const nones = async (database: Database, { text }: TextTableColumn): Promise<number> =>
  (await database.one<{ count: number }>(`SELECT count(*) AS count FROM texts WHERE trim(${text}) = 'None'`)).count;

/** A leaking column stays in the file, but is not used. */
const switchedOff = ({ type, ...rest }: ModelColumn, why: string): ModelColumn =>
  ({ type, use: false, why, ...rest }) as ModelColumn;

const WHOLE = /^\s*-?\d+(\.0*)?\s*$/;

/** "Yes" in languages whose "no" sorts after it: German and similar, Russian, Hungarian, Czech, Turkish. */
const YES = /^(ja|да|igen|ano|evet)$/i;

/** The label that means yes, or the second of two labels in the bundle's order: numbers by size, texts by code point. */
function positiveOf(labels: readonly string[]): string | number {
  const yes = labels.find((label) => YES.test(label.trim()));
  if (yes !== undefined) return yes;
  const areWhole = labels.every((label) => WHOLE.test(label));
  return areWhole ? Math.max(...labels.map(Number)) : [...labels].sort(byCodePoint)[1];
}
