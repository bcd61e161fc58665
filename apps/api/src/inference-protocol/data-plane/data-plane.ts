import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ModelNotFoundError, ModelNotReadyError, VersionNotLoadedError } from '#bundle';
import { rowsOf } from '#runtime';
import { inSteps } from '../../http/steps.js';
import type { TensorSpec } from '../tensors/tensor.js';
import { checkInputs, checkOutputs, convertInputs } from './check-tensors.js';
import { DATA_PLANE_OPTIONS, type DataPlaneOptions } from './data-plane.options.js';
import type { InferRequest, InferResult } from './infer-request.js';
import {
  type CatalogEntry,
  MODEL_CATALOG,
  type ModelCatalog,
  type CatalogLease,
  type CatalogModel,
} from './model-catalog.js';
import { checkNamed, type NamedRows, namedRows } from './named-rows.js';
import { ModelStatistics, type ModelStatisticsDocument } from './model-statistics.js';

/** The protocol's name for ONNX models. */
const PLATFORM = 'onnx_onnxv1';

/** Supported extensions of the protocol. */
const EXTENSIONS = ['binary_tensor_data', 'model_repository', 'statistics'];

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** The Open Inference Protocol without its transport: knows neither HTTP nor gRPC. */
@Injectable()
export class DataPlane implements OnModuleDestroy {
  private readonly statisticsByVersion = new Map<string, ModelStatistics>();
  private draining = false;

  constructor(
    @Inject(MODEL_CATALOG) private readonly catalog: ModelCatalog,
    @Inject(DATA_PLANE_OPTIONS) private readonly options: DataPlaneOptions,
  ) {}

  onModuleDestroy(): void {
    this.draining = true;
  }

  /** Whether all required models serve and the server is not draining. */
  isReady(): boolean {
    return !this.draining && this.catalog.isReady();
  }

  /**
   * Open to callers without a key, so the error does not list the other models.
   * @throws ModelNotFoundError
   */
  isModelReady(name: string, version?: string): boolean {
    try {
      this.catalog.find(name, version);
      return !this.draining;
    } catch (error) {
      if (error instanceof ModelNotReadyError || error instanceof VersionNotLoadedError) return false;
      if (!(error instanceof ModelNotFoundError)) throw error;
      const what = version === undefined ? `model "${name}"` : `version or alias "${version}" of a model "${name}"`;
      throw new ModelNotFoundError(`Request for unknown model: There is no ${what}`);
    }
  }

  serverMetadata(): ServerMetadata {
    return { name: 'skewless', version: this.options.version, extensions: EXTENSIONS };
  }

  /** @throws ModelNotFoundError, ModelNotReadyError */
  modelMetadata(name: string, version?: string): ModelMetadata {
    const model = this.catalog.find(name, version);
    const versions = this.readyVersions().filter((entry) => entry.name === model.name);
    return {
      name: model.name,
      versions: versions.map((entry) => entry.version),
      platform: PLATFORM,
      inputs: model.inputs,
      outputs: model.outputs,
    };
  }

  /**
   * The inputs of a model.
   * @throws ModelNotFoundError, ModelNotReadyError
   */
  inputsOf(name: string, version?: string): readonly TensorSpec[] {
    return this.catalog.find(name, version).inputs;
  }

  /** Whether the requests of any model are split between two versions. */
  get isRolling(): boolean {
    return this.catalog.isRolling;
  }

  /** Holds a version until its lease is released. @throws ModelNotFoundError, ModelNotReadyError */
  lease(name: string, version?: string, key?: string): CatalogLease {
    return this.catalog.lease(name, version, key);
  }

  /**
   * @param model held by the caller
   * @throws InvalidTensorError if the tensors do not match the model's metadata
   * @throws OverloadedError if too many rows are in progress
   */
  async infer(model: CatalogModel, request: InferRequest): Promise<InferResult> {
    const statistics = this.statisticsOf(model);
    const started = performance.now();
    try {
      const named: NamedRows = model.takesExternalIds ? namedRows(request) : request;
      const given = checkInputs(named.inputs, model);
      const inputs = model.reads ? given : await inSteps(convertInputs(given, model));
      if (request.outputs) checkOutputs(request.outputs, model);
      const checked = performance.now();
      const rows = rowsOf(inputs, model.inputs);
      checkNamed(named, rows);
      const outputs = await model.infer(inputs, request.outputs, named.externalIds);
      const durations = { input: checked - started, infer: performance.now() - checked };
      statistics.succeeded(rows, durations);
      return { modelName: model.name, modelVersion: model.version, outputs };
    } catch (error) {
      statistics.failed(performance.now() - started);
      throw error;
    }
  }

  /**
   * Statistics of models in this process.
   *
   * @throws ModelNotFoundError, ModelNotReadyError
   */
  statistics(name?: string, version?: string): ({ name: string; version: string } & ModelStatisticsDocument)[] {
    const models =
      name === undefined
        ? this.readyVersions()
        : version === undefined
          ? this.readyVersions().filter((entry) => entry.name === this.catalog.find(name).name)
          : [this.catalog.find(name, version)];
    return models.map((model) => ({
      name: model.name,
      version: model.version,
      ...this.statisticsOf(model).toJSON(),
    }));
  }

  /** All versions, or only those that can answer. */
  index(onlyReady: boolean): readonly CatalogEntry[] {
    return onlyReady ? this.readyVersions() : this.catalog.list();
  }

  load(name: string): Promise<void> {
    return this.catalog.load(name);
  }

  unload(name: string): Promise<void> {
    return this.catalog.unload(name);
  }

  private readyVersions(): readonly CatalogEntry[] {
    return this.catalog.list().filter(({ state }) => state === 'READY');
  }

  private statisticsOf({ name, version }: Pick<CatalogModel, 'name' | 'version'>): ModelStatistics {
    const key = `${name}/${version}`;
    let statistics = this.statisticsByVersion.get(key);
    if (!statistics) this.statisticsByVersion.set(key, (statistics = new ModelStatistics()));
    return statistics;
  }
}
