import type { OpenAPIObject } from '@nestjs/swagger';
import type { ListedVersion, ServedModel } from '#registry';
import type { RawSchema } from '#features';
import { describeBatch } from '../prediction/formats/describe-batch.js';
import type { InputContract } from '../prediction/input-contract.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

/** A version that takes rows, and what callers must send it. */
export interface DescribedModel {
  readonly name: string;
  readonly version: string;
  readonly isChampion: boolean;
  readonly inputs: RawSchema;
  readonly contract: InputContract;
}

/** The loaded versions that take rows. */
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

/** Classes are named after their model, so that their schemas keep apart; the default model's keep the plain name. */
export function nameContracts(models: readonly DescribedModel[], standard: InputContract | undefined): void {
  const rename = (type: object, value: string): unknown => Object.defineProperty(type, 'name', { value });
  for (const { name, version, isChampion, contract } of models) {
    const suffix = contract === standard ? '' : `${isChampion ? '' : version}_${name}`;
    rename(contract.predictDto, `PredictRequest${suffix}`);
    rename(contract.batchDto, `BatchPredictRequest${suffix}`);
  }
}

/** Adds each model's own routes, typed by its own schema, before those that take any model's name. */
export function describeModels(document: OpenAPIObject, models: readonly DescribedModel[]): void {
  const paths: OpenAPIObject['paths'] = {};
  for (const { name, version, isChampion, inputs, contract } of models) {
    const base = `/models/${name}${isChampion ? '' : `/versions/${version}`}`;
    const generic = isChampion ? '/models/{model}' : '/models/{model}/versions/{version}';
    const [single, batch] = ['/predict', '/predict/batch'].map((path) => document.paths[`${generic}${path}`]?.post);
    if (!single || !batch) continue;
    paths[`${base}/predict`] = { post: concrete(single, base, contract.predictDto.name) };
    const post = concrete(batch, base, contract.batchDto.name);
    describeBatch(post, contract.batchDto.name, inputs);
    paths[`${base}/predict/batch`] = { post };
  }
  document.paths = { ...document.paths, ...paths };
}

function concrete(operation: Operation, base: string, schema: string): Operation {
  const $ref = `#/components/schemas/${schema}`;
  return {
    ...operation,
    operationId: `${operation.operationId}${base.replace(/\W/g, '_')}`,
    summary: `${operation.summary}: ${base.slice('/models/'.length)}`,
    parameters: [],
    requestBody: { required: true, content: { 'application/json': { schema: { $ref } } } },
  };
}
