import { BundleError, type NewBundle, packBundle } from '#bundle';
import { FeaturePipeline, readersOf } from '#features';
import { ServedModel } from '#runtime';

const isNear = (a: number, b: number, tolerance: number): boolean =>
  a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

/** Rows replayed one by one; more would be redundant. */
const SINGLES = 256;

/** The golden inputs, one float64 column per raw input. */
function columnsOf({ pipeline, golden }: NewBundle): Float64Array[] {
  const inputs = pipeline.inputs.map((column) => ({ ...column, nullable: true }));
  return readersOf({ ...pipeline, inputs }).map((reader, c) =>
    Float64Array.from(golden.rows, ({ input }) => {
      const value = input[inputs[c].name];
      return reader.isFlat && typeof value === 'number' ? value : reader.fromJson(value)!;
    }),
  );
}

/**
 * Opens a bundle with more golden rows than it will keep. All are replayed as a batch, and the first ones also alone,
 * which must give the same answers.
 *
 * @param tolerance relative difference allowed between a row alone and in a batch; 0 requires identical bits
 * @throws BundleError naming the row whose answer differs
 */
export async function proveBundle(path: string, bundle: NewBundle, tolerance: number): Promise<void> {
  const { manifest } = packBundle(bundle);
  const opened = { ...bundle, manifest, directory: path };
  const model = await ServedModel.open(opened, new FeaturePipeline(), { threads: 1, maxPendingRows: Infinity });
  try {
    const raw = columnsOf(bundle);
    const rows = Math.min(SINGLES, bundle.golden.rows.length);
    const batch = await model.predictBatch(raw, rows);
    for (let row = 0; row < rows; row++) {
      const single = await model.predict(raw.map((column) => column[row]));
      const inBatch = batch.values ? batch.values[row] : batch.probabilities[row];
      const alone = batch.values ? single.label : single.probability;
      if (!isNear(Number(alone), Number(inBatch), tolerance)) {
        throw new BundleError(
          path,
          `row ${row + 1} of the proof: expected ${inBatch} as in a batch, got ${alone} alone`,
          'This is a fault of the import: report it',
        );
      }
    }
  } finally {
    await model.close();
  }
}
