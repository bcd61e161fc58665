import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { STEP_KINDS } from '#features';
import { COLUMN_TYPES } from '#schema';
import { tinyBundle } from '#testing';
import { BUNDLE_FILES } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';

const { pipeline, golden, baseline, manifest } = JSON.parse(JSON.stringify(tinyBundle()));
const digest = { sha256: 'a'.repeat(64), bytes: 1 };
manifest.files = Object.fromEntries(BUNDLE_FILES.map((file) => [file, { ...digest }]));
const documents = { pipeline, golden, baseline, manifest, aliases: { champion: '1', challenger: '2' } };
type Document = keyof typeof documents;
const SCHEMAS = 'libs/bundle/src/schemas';
/** The kinds of steps as the schema lists them, grouped by equal shape. */
const STEPS = [
  ...[
    'square',
    'log1p',
    'product',
    'ratio',
    'bins',
    'impute',
    'standardize',
    'minmax',
    'robust',
    'clip',
    'kbins',
    'arithmetic',
  ],
  ...[
    'abs',
    'cbrt',
    'ceil',
    'cos',
    'exp',
    'expm1',
    'floor',
    'log',
    'log10',
    'log2',
    'negative',
    'reciprocal',
    'rint',
    'sign',
  ],
  ...[
    'sin',
    'sqrt',
    'tan',
    'tanh',
    'trunc',
    'zero_to_missing',
    'missing_indicator',
    'one_hot',
    'ordinal',
    'target_encode',
    'count_encode',
  ],
  ...['lookup', 'date_parts', 'cyclical', 'elapsed', 'string_normalize'],
];

/** A copy of a document with the value at one path changed; `undefined` removes it. */
function changed(document: Document, path: string, value: unknown): string {
  const copy = structuredClone(documents[document]);
  const keys = path.split('/');
  const parent = keys.slice(0, -1).reduce((at, key) => at[key], copy);
  parent[keys.at(-1)!] = value;
  return JSON.stringify(copy);
}

describe('parseDocument', () => {
  it.each(Object.keys(documents) as Document[])('takes a sound %s.json', (document) => {
    expect(parseDocument(document, JSON.stringify(documents[document]), 'x')).toEqual(documents[document]);
  });

  it.each<[Document, string, unknown, string]>([
    ['manifest', 'name', '../tiny', 'name must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"'],
    ['manifest', 'name', 'my model', 'name must match pattern "^[A-Za-z0-9][A-Za-z0-9_.-]*$"'],
    ['manifest', 'version', '0', 'version must match pattern "^[1-9][0-9]*$"'],
    ['manifest', 'format_version', 2, 'format_version must be 1'],
    ['manifest', 'classes', ['a'], 'classes must NOT have fewer than 2 items'],
    ['manifest', 'classes', ['a', 'b', 'a'], 'classes must NOT have duplicate items (items ## 0 and 2 are identical)'],
    ['manifest', 'classes', ['a', 1], 'classes.0 must be integer'],
    ['manifest', 'metrics/test_accuracy', '0.9', 'metrics.test_accuracy must be number'],
    ['manifest', 'files/model.onnx', undefined, "files must have required property 'model.onnx'"],
    ['manifest', 'files/other.json', digest, 'files must NOT have additional properties ("other.json")'],
    [
      'manifest',
      'files/model.onnx/sha256',
      'A'.repeat(64),
      'files.model.onnx.sha256 must match pattern "^[0-9a-f]{64}$"',
    ],
    ['pipeline', 'steps/0/kind', 'cube', `steps.0 value of tag "kind" must be in oneOf (${STEPS.join(', ')})`],
    ['pipeline', 'steps/0/value', undefined, "steps.0 must have required property 'value'"],
    ['pipeline', 'steps/1/offest', 1, 'steps.1 must NOT have additional properties ("offest")'],
    ['pipeline', 'steps/1', null, 'steps.1 must be object'],
    ['pipeline', 'steps/2/edges', [0, 1], 'steps.2.edges must NOT have fewer than 3 items'],
    [
      'pipeline',
      'inputs/0/type',
      'double',
      'inputs.0 value of tag "type" must be in oneOf (float, integer, boolean, category, text, date, datetime)',
    ],
    ['pipeline', 'inputs', [], 'inputs must NOT have fewer than 1 items'],
    ['golden', 'rows', [], 'rows must NOT have fewer than 1 items'],
    ['golden', 'rows/0/features/1', '1', 'rows.0.features.1 must be number,null'],
    ['golden', 'rows/0/probabilities/0', 1.5, 'rows.0.probabilities.0 must be <= 1'],
    ['baseline', 'columns/weight_kg/mean', null, 'columns.weight_kg.mean must be number'],
    ['aliases', 'champion', undefined, "the document must have required property 'champion'"],
    ['aliases', 'champion', 1, 'champion must be string'],
    ['aliases', 'champion', '../1', 'champion must match pattern "^[1-9][0-9]*$"'],
    ['aliases', 'shadow', '1', 'the document must NOT have additional properties ("shadow")'],
  ])('refuses a %s with %s = %j', (document, path, value, problem) => {
    expect(() => parseDocument(document, changed(document, path, value), 'somewhere.json')).toThrow(
      new BundleError(
        'somewhere.json',
        problem,
        `Compare it with ${document}.schema.json, or import the version again`,
      ),
    );
  });

  it('refuses what is no document at all', () => {
    expect(() => parseDocument('aliases', '"1"', 'aliases.json')).toThrow(
      'aliases.json: the document must be object. Compare it with aliases.schema.json, or import the version again.',
    );
  });

  it.each(readdirSync(SCHEMAS))('are checked by a schema that is one itself: %s', (file) => {
    const ajv = new Ajv();
    void ajv.validateSchema(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as object);
    expect(ajv.errors).toBeNull();
  });

  it('knows the kinds of steps that there are', () => expect([...STEPS].sort()).toEqual([...STEP_KINDS].sort()));

  it('knows the kinds of columns that there are', () => {
    const words = `inputs.0 value of tag "type" must be in oneOf (${COLUMN_TYPES.join(', ')})`;
    expect(() => parseDocument('pipeline', changed('pipeline', 'inputs/0/type', 'none'), 'x')).toThrow(words);
  });
});
