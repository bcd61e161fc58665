import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FittedPipeline, PipelineRecipe } from '#features';
import type { Aliases, Baseline, Golden, Manifest, TensorManifest } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { recipeSchemaOf } from './recipe-schema.js';
import type { Rollout } from './rollout.js';

interface BundleDocuments {
  manifest: Manifest;
  'tensor-manifest': TensorManifest;
  pipeline: FittedPipeline;
  recipe: PipelineRecipe;
  golden: Golden;
  baseline: Baseline;
  aliases: Aliases;
  rollout: Rollout;
}

const ajv = new Ajv({
  allErrors: false,
  verbose: true,
  discriminator: true,
  allowUnionTypes: true,
  strictTypes: false,
  // Each schema is compiled once and validates a few documents: compiling fast matters more than fast code.
  code: { optimize: false },
  inlineRefs: false,
  // A test checks the schemas: compiling the meta-schema takes twice as long as compiling one of these.
  validateSchema: false,
});
const validators = new Map<string, ValidateFunction>();

function schemaOf(document: keyof BundleDocuments): object {
  if (document === 'recipe') return recipeSchemaOf(schemaOf('pipeline') as Parameters<typeof recipeSchemaOf>[0]);
  return JSON.parse(readFileSync(new URL(`./schemas/${document}.schema.json`, import.meta.url), 'utf8')) as object;
}

function validatorOf(document: keyof BundleDocuments): ValidateFunction {
  let validator = validators.get(document);
  if (!validator) {
    validator = ajv.compile(schemaOf(document));
    validators.set(document, validator);
  }
  return validator;
}

/** The allowed values, where the schema lists them. */
function allowedAt({ keyword, params, parentSchema }: ErrorObject): string {
  if ('allowedValues' in params) return ` (${(params.allowedValues as unknown[]).join(', ')})`;
  if (keyword !== 'discriminator') return '';
  const { tag } = params as { tag: string };
  const kinds = (parentSchema as { oneOf: { properties: Record<string, { const?: string; enum?: string[] }> }[] }).oneOf
    .map(({ properties }) => properties[tag])
    .flatMap(({ const: one, enum: several = [] }) => (one === undefined ? several : [one]));
  return ` (${kinds.join(', ')})`;
}

function inWords(error: ErrorObject): string {
  const { instancePath, message, params } = error;
  const where = instancePath.slice(1).replaceAll('/', '.') || 'the document';
  if ('allowedValue' in params) return `${where} must be ${JSON.stringify(params.allowedValue)}`;
  const unknown = 'additionalProperty' in params ? ` ("${String(params.additionalProperty)}")` : '';
  return `${where} ${message}${unknown}${allowedAt(error)}`;
}

/**
 * Parses one JSON file of a bundle, or a recipe as JSON, and checks it against its schema.
 *
 * @throws BundleError when the text is no JSON or does not match
 */
export function parseDocument<K extends keyof BundleDocuments>(
  document: K,
  text: string,
  file: string,
): BundleDocuments[K] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BundleError(
      file,
      `is not valid JSON (${(error as Error).message})`,
      document === 'aliases' ? 'Correct the file, or restore it' : 'Import or register the version again',
    );
  }
  const validate = validatorOf(document);
  if (!validate(value)) {
    throw new BundleError(
      file,
      inWords(validate.errors![0]),
      `Compare it with ${document}.schema.json, or import the version again`,
    );
  }
  return value as BundleDocuments[K];
}
