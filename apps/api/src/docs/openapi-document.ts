import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ModelRegistry } from '#registry';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import {
  describeInference,
  type DocumentedModel,
  INFERENCE_COMPONENTS,
} from '../inference-protocol/rest/describe-inference.js';
import { describeInvocation } from '../mlflow/describe-invocation.js';
import { describeFeedback } from '../monitoring/describe-feedback.js';
import { describeBatch } from '../prediction/formats/describe-batch.js';
import { EXTERNAL_ID, EXTERNAL_ID_SCHEMA } from '../prediction/external-id.js';
import type { InputContract } from '../prediction/input-contract.js';
import { RouteTable } from '../routes/route-table.js';
import { describeSecurity } from '../security/describe-security.js';
import { AUTHENTICATOR } from '../security/security.module.js';
import { COMPONENTS } from './components.js';
import { describeErrors } from './describe-errors.js';
import { describeModels, nameContracts, servedModels } from './describe-models.js';
import { DOCS_OPTIONS, type DocsOptions } from './docs.options.js';
import { leaveForeignParameters } from './foreign-parameters.js';

const DESCRIPTION = `Predictions of tabular models, computed by the same feature pipeline as in training.

Open an operation and choose *Try it out*: the examples work. Errors are
[RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details and list every fault of the input.`;

/** While no model serves, the input schema is unknown: any object. */
const UNKNOWN_INPUT = { type: 'object' as const, additionalProperties: true };

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Builds the OpenAPI 3.1 document; request schemas come from the model that serves. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const { version } = app.get<DocsOptions>(DOCS_OPTIONS);
  const registry = app.get<ModelRegistry<InputContract>>(ModelRegistry);
  const { state } = registry;
  const model = state.status === 'ready' && state.model.kind === 'pipeline' ? state.model : undefined;
  const contract = model && registry.contractOf(model);
  const models = servedModels(registry.list(), (served) => registry.contractOf(served));
  nameContracts(models, contract);
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Skewless')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addTag('prediction', 'Predictions')
    .addTag('monitoring', 'Labels of predictions, drift and quality')
    .addTag('model', 'Models and versions')
    .addTag('open inference protocol', 'The protocol of Triton, KServe and MLServer')
    .addTag('mlflow', "MLflow's scoring protocol, for the default model")
    .addTag('health', 'Probes')
    .addTag('metrics', 'Prometheus metrics')
    .addTag('docs', 'Links and documents')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [...new Set(models.map((served) => served.contract))].flatMap((own) => [own.predictDto, own.batchDto]),
    operationIdFactory: (_controller, method) => method,
  });
  leaveForeignParameters(document);
  for (const [path, { post }] of Object.entries(document.paths)) {
    if (path === '/predict/batch') describeBatch(post, 'BatchPredictRequest', model?.inputs);
    else if (path.endsWith('/predict/batch')) describeBatch(post, 'AnyBatchPredictRequest', model?.inputs);
    else if (path === '/feedback') describeFeedback(post);
  }
  describeModels(document, models);
  const documented = documentedModel(registry, app.get(DataPlane));
  describeInvocation(document, documented);
  describeInference(document, documented);
  const routes = app.get(RouteTable);
  describeSecurity(document, routes, app.get(AUTHENTICATOR) !== null);
  describeErrors(document, routes);
  const schemas = { ...COMPONENTS, ...INFERENCE_COMPONENTS, ...document.components?.schemas };
  for (const name of ['PredictRequest', 'BatchPredictRequest']) schemas[name] ??= UNKNOWN_INPUT;
  for (const [name, schema] of Object.entries(schemas)) {
    if (!/^(Batch)?PredictRequest/.test(name)) continue;
    const closed = { additionalProperties: false, ...schema };
    schemas[name] = name.startsWith('Batch') ? closed : withExternalId(closed);
  }
  return { ...document, components: { ...document.components, schemas } };
}

/**
 * Adds `external_id` to rows if the model has no column of that name; examples omit it, because an id belongs to one
 * row only.
 */
function withExternalId(schema: Schema): Schema {
  const { properties } = schema as { readonly properties?: Readonly<Record<string, { readonly example?: unknown }>> };
  if (!properties || Object.hasOwn(properties, EXTERNAL_ID)) return schema;
  const description = "The caller's own id of the row, by which its label can be sent later";
  return {
    ...schema,
    properties: { ...properties, [EXTERNAL_ID]: { ...EXTERNAL_ID_SCHEMA, description } },
    example: Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example])),
  };
}

/** The default model as the protocols show it, whether it accepts rows or tensors. */
function documentedModel({ state }: ModelRegistry, plane: DataPlane): DocumentedModel | undefined {
  if (state.status !== 'ready') return undefined;
  const { manifest } = state.model;
  const columns = state.model.kind === 'pipeline' ? state.model.inputs : [];
  return {
    name: manifest.name,
    version: manifest.version,
    inputs: plane.inputsOf(manifest.name, manifest.version),
    columns,
  };
}

/** Caches the document until other models serve. */
export function documentSource(app: INestApplication): () => OpenAPIObject {
  const registry = app.get(ModelRegistry);
  let built: { revision: number; document: OpenAPIObject } | undefined;
  return () => {
    if (built?.revision !== registry.revision) built = { revision: registry.revision, document: buildDocument(app) };
    return built.document;
  };
}
