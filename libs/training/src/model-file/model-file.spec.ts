import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { temporaryFolder } from '#testing';
import type { ModelFile } from './model-file.js';
import { MODEL_FILE_SCHEMA } from './model-file-schema.js';
import { readModelFile } from './read-model-file.js';
import { modelFileText } from './write-model-file.js';

const folder = temporaryFolder();
const path = join(folder, 'm.yaml');

const FILE: ModelFile = {
  name: 'm',
  data: { path: 'a b.csv', target: 'y: "z"', split: { by: 'hash', test: 0.2 } },
  task: 'binary',
  positive: 'yes',
  columns: new Map([
    ['10', { type: 'integer', seen: [0, 1] }],
    ['9', { type: 'float', nullable: true, missing: ['', '?', 'NA'] }],
    [
      '__proto__',
      { type: 'category', codes: 'text', values: ['no', 'y', 'it\'s, "so"', '#1', '1.0', 'null'], unknown: 'other' },
    ],
    ['a.b: {c}\n"d"', { type: 'text', use: false, why: '7,043 different values in 7,043 rows' }],
    ['true', { type: 'date', seen: ['2020-01-01', '2021-01-01'] }],
    ['at', { type: 'datetime', timezone: 'UTC', seen: ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'] }],
  ] as [string, never][]),
  recipe: 'auto',
  sections: {
    data: { path: 'a b.csv', target: 'y: "z"' },
    training: { algorithm: 'gradient_boosting', hyperparameters: {}, seed: 42, folds: 5 },
    gate: { better_than_trivial: true, minimums: {}, maximums: {} },
    renewal: { mode: 'off' },
  },
};

function refusal(change: (text: string) => string): string {
  writeFileSync(path, change(modelFileText(FILE, 'model.schema.json')));
  try {
    readModelFile(path, 'm');
  } catch (error) {
    return (error as Error).message.replace(path, 'm.yaml');
  }
  return 'nothing';
}

describe('A model file', () => {
  it('is read as it was written, whatever columns are called', () => {
    writeFileSync(path, modelFileText(FILE, 'model.schema.json'));
    const read = readModelFile(path, 'm');
    expect(read).toEqual(FILE);
    expect([...read.columns.keys()]).toEqual([...FILE.columns.keys()]);
    expect(readFileSync(path, 'utf8')).toMatch(/^# yaml-language-server: \$schema=model\.schema\.json\n/);
  });

  it.each([
    [
      'a kind that is none',
      ['type: integer', 'type: int'],
      'm.yaml: columns.10.type is "int"; it must be one of float, integer, boolean, category, text, date, datetime.',
    ],
    ['a key that is none', ['nullable: true', 'nulable: true'], 'm.yaml: columns.9 has no key "nulable".'],
    ['another name', ['name: m', 'name: n'], 'm.yaml: name is "n"; it must be the file name, "m".'],
    [
      'groups of nothing',
      ['by: hash', 'by: group'],
      'm.yaml: data.split.by is group; set data.split.column to the column to split by.',
    ],
    ['no target', [/ {2}target: .*\n/, ''], "m.yaml: data must have required property 'target'."],
    [
      'both recipes',
      ['recipe: auto', 'recipe: auto\nsteps: []\noutputs: [a]'],
      'm.yaml: recipe: auto and steps exclude each other; give one of them.',
    ],
    [
      'gaps that the chosen recipe decides',
      ['recipe: auto', 'recipe: auto\naccepts_missing: true'],
      'm.yaml: accepts_missing needs steps and outputs; with recipe: auto it is decided automatically.',
    ],
    [
      'the target among its columns',
      ['"10":', '"y: \\"z\\"":'],
      'm.yaml: columns has the target "y: "z""; a model must not see the target.',
    ],
    [
      'slices by a column that is none',
      ['slices: []', 'slices: [at, art]'],
      'm.yaml: monitor.slices names "art", which is not one of the columns.',
    ],
    [
      'a column to exclude that is none',
      ['slices: []', 'excluded: at adress'],
      'm.yaml: monitor.excluded names "adress", which is not one of the columns.',
    ],
  ] as const)('is refused with %s', (_what, [before, after], message) => {
    expect(refusal((text) => text.replace(before, () => after))).toBe(message);
  });

  it('is checked by the schema that editors read', () => {
    const { $schema, title, ...schema } = JSON.parse(readFileSync('config/model.schema.json', 'utf8')) as Record<
      string,
      unknown
    >;
    expect([$schema, title]).toEqual(['http://json-schema.org/draft-07/schema#', "A model's file"]);
    expect(schema).toEqual(JSON.parse(JSON.stringify(MODEL_FILE_SCHEMA)));
    const ajv = new Ajv();
    void ajv.validateSchema(MODEL_FILE_SCHEMA);
    expect(ajv.errors).toBeNull();
  });

  it('is refused where it is no YAML, or not there', () => {
    expect(refusal(() => 'a: [')).toMatch(/^m\.yaml: .* at line 1/);
    expect(() => readModelFile(join(folder, 'none.yaml'), 'none')).toThrow(
      /There is no model file .*none\.yaml; create it from a table: npx skewless init FILE --target COLUMN --name none/,
    );
  });
});
