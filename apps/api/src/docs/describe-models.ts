import type { OpenAPIObject } from '@nestjs/swagger';
import type { ListedVersion } from '#registry';
import type { ServedModel } from '#runtime';
import type { RawSchema } from '#schema';
import { describeBatch } from '../prediction/formats/describe-batch.js';
import type { InputContract } from '../prediction/input-contract.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

/** A version that accepts rows, and its input contract. */
export interface DescribedModel {
  readonly name: string;
  readonly version: string;
  readonly isChampion: boolean;
  readonly inputs: RawSchema;
  readonly contract: InputContract;
}

/** The loaded versions that accept rows. */
export function servedModels(
  versions: readonly ListedVersion[],
  contractOf: (model: ServedModel) => InputContract,
): DescribedModel[] {
  return versions.flatMap(({ name, version, aliases, state }) =>
    state.status === 'ready' && state.model.kind === 'pipeline'
      ? [
          {
            name,
            version,
            isChampion: aliases.includes('champion'),
            inputs: state.model.inputs,
            contract: contractOf(state.model),
          },
        ]
      : [],
  );
}

/**
 * Names DTO classes after their model, so that their schemas do not collide; those of the default model keep the plain
 * name.
 */
export function nameContracts(models: readonly DescribedModel[], defaultContract: InputContract | undefined): void {
  const rename = (type: object, value: string): unknown => Object.defineProperty(type, 'name', { value });
  for (const { name, version, isChampion, contract } of models) {
    const suffix = contract === defaultContract ? '' : `${isChampion ? '' : version}_${name}`;
    rename(contract.predictDto, `PredictRequest${suffix}`);
    rename(contract.batchDto, `BatchPredictRequest${suffix}`);
  }
}

/** Adds routes for each model, typed by its schema, before the generic routes with a model parameter. */
export function describeModels(document: OpenAPIObject, models: readonly DescribedModel[]): void {
  const paths: OpenAPIObject['paths'] = {};
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Operation>));
  const ids = new Set(operations.map(({ operationId }) => operationId));
  for (const { name, version, isChampion, inputs, contract } of models) {
    const base = `/models/${name}${isChampion ? '' : `/versions/${version}`}`;
    const model = capitalized(isChampion ? name : `${name} version ${version}`);
    const generic = isChampion ? '/models/{model}' : '/models/{model}/versions/{version}';
    const [single, batch] = ['/predict', '/predict/batch'].map((path) => document.paths[`${generic}${path}`]?.post);
    if (!single || !batch) continue;
    paths[`${base}/predict`] = {
      post: concrete(single, unused(ids, `predictWith${model}`), base, contract.predictDto.name),
    };
    const post = concrete(batch, unused(ids, `predictBatchWith${model}`), base, contract.batchDto.name);
    describeBatch(post, contract.batchDto.name, inputs);
    paths[`${base}/predict/batch`] = { post };
  }
  document.paths = { ...document.paths, ...paths };
}

/** `random_forest` as `RandomForest`: the suffix of a model's operation ids. */
const capitalized = (words: string): string =>
  words.replace(
    /[^A-Za-z0-9]*([A-Za-z0-9]+)[^A-Za-z0-9]*/g,
    (_, word: string) => word[0].toUpperCase() + word.slice(1),
  );

/** The name, with a number if another model already has it: `a_b` and `a-b` collide. */
function unused(names: Set<string | undefined>, name: string): string {
  let free = name;
  for (let n = 2; names.has(free); n++) free = `${name}${n}`;
  names.add(free);
  return free;
}

function concrete(operation: Operation, operationId: string, base: string, schema: string): Operation {
  const $ref = `#/components/schemas/${schema}`;
  return {
    ...operation,
    operationId,
    summary: `${operation.summary}: ${base.slice('/models/'.length)}`,
    parameters: operation.parameters?.filter((parameter) => 'in' in parameter && parameter.in === 'query'),
    responses: { ...operation.responses },
    requestBody: { required: true, content: { 'application/json': { schema: { $ref } } } },
  };
}
