import { CHUNK_ROWS, FeaturePipeline, type FeatureTransform, type FittedPipeline } from '#features';
import { parseDocument } from '#bundle';
import { InputError, readText } from '#kit';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';
import { parquetTable, readColumns, withDuckDb } from '#tables';
import { readCells, targetOf } from './own-parts.js';

/** A prepared part of the data: raw columns, targets, and the features computed from them. */
export interface PreparedPart {
  readonly raw: readonly Float64Array[];
  /** Class indices; meaningless in a regression. */
  readonly labels: Int32Array;
  /** Class indices, or a regression's numbers. */
  readonly targets: Float64Array<ArrayBuffer>;
  /** The model's input: one float32 column per feature. */
  readonly features: readonly Float32Array<ArrayBuffer>[];
}

/** Reads the fitted pipeline that `preprocess` wrote. */
export async function readPipeline(path: string): Promise<FittedPipeline> {
  return parseDocument('pipeline', await readText(path), path);
}

/**
 * Computes features column by column, with the code that serving uses.
 *
 * @throws InputError naming the first row whose feature is not finite in float32
 */
export function computeFeatures(
  transform: FeatureTransform,
  raw: readonly Float64Array[],
  mayLack = false,
): Float32Array<ArrayBuffer>[] {
  const rows = raw[0].length;
  const columns = transform.outputs.map(() => new Float32Array(rows));
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const length = Math.min(CHUNK_ROWS, rows - start);
    transform.compute(raw, start, length).forEach((values, f) => columns[f].set(values.subarray(0, length), start));
  }
  columns.forEach((column, f) => {
    const row = column.findIndex((value) => !Number.isFinite(value) && !(mayLack && Number.isNaN(value)));
    if (row >= 0)
      throw new InputError(
        `The feature ${transform.outputs[f]} of row ${row} is ${column[row]}, which does not fit in float32.`,
      );
  });
  return columns;
}

interface PartOptions {
  readonly signal?: AbortSignal;
  /** Whether a model is trained on it: then features are cross-fitted where steps have learnt from the target. */
  readonly isTraining?: boolean;
}

/** Reads a part that `preprocess` wrote, and computes its features. */
export async function readPart(
  path: string,
  pipeline: FittedPipeline,
  prepared: PreparedData,
  { signal, isTraining = false }: PartOptions = {},
): Promise<PreparedPart> {
  const features = new FeaturePipeline();
  if (prepared.columns) {
    const own = prepared as PreparedOwn;
    const { raw, target } = await readCells(path, pipeline, own, signal);
    const transform = isTraining
      ? features.compileForTraining(pipeline, raw, targetOf(own, prepared.classes, target))
      : features.compile(pipeline);
    return {
      raw,
      labels: Int32Array.from(target),
      targets: target,
      features: computeFeatures(transform, raw, pipeline.accepts_missing),
    };
  }
  const columns = await withDuckDb({ signal }, (connection) =>
    readColumns(connection, `SELECT * FROM ${parquetTable(path)}`),
  ).catch((error: Error) => {
    signal?.throwIfAborted();
    throw new InputError(`${path} cannot be read (run preprocess first): ${error.message.split('\n')[0]}`);
  });
  const raw = columns.slice(0, pipeline.inputs.length);
  return {
    raw,
    labels: Int32Array.from(columns[columns.length - 1]),
    targets: columns[columns.length - 1],
    features: computeFeatures(features.compile(pipeline), raw),
  };
}
