import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FeaturePipeline, readersOf } from '../../dist/libs/features/src/index.js';
import { graphOf } from '../../dist/libs/importers/src/estimator/estimator.js';
import { translate } from '../../dist/libs/importers/src/read-dump.js';
import { readExport } from '../../dist/libs/importers/src/sklearn/read-export.js';
import { plainPipeline } from '../../dist/libs/importers/src/trees/plain-pipeline.js';
import { ensembleLeaves } from '../../dist/libs/onnx/src/index.js';

const FORMATS = { json: 'xgboost-json', ubj: 'xgboost-ubjson', txt: 'lightgbm' };
const CHUNK = 1_024;

/** Rows of numbers as Python wrote them. */
function matrix(folder, name, rows, Type = Float64Array) {
  const bytes = readFileSync(join(folder, `${name}.bin`));
  const all = new Type(bytes.buffer, bytes.byteOffset, bytes.byteLength / Type.BYTES_PER_ELEMENT);
  const width = all.length / rows;
  return { width, row: (i) => all.subarray(i * width, (i + 1) * width) };
}

async function imported(source, folder, file) {
  const path = join(folder, file);
  if (source === 'sklearn') {
    const { exported } = await readExport(path, 'best');
    return { pipeline: exported.pipeline, ensemble: exported.estimator.ensemble };
  }
  const model = translate(readFileSync(path), FORMATS[file.split('.').at(-1)], 'best');
  return { pipeline: plainPipeline(model), ensemble: model.ensemble };
}

/** What the pipeline makes of the raw rows, each cell read as one of JSON: columns of float64. */
function featuresOf(pipeline, columns, cells, rows) {
  const transform = new FeaturePipeline().compile(pipeline);
  const readers = readersOf(pipeline);
  const raw = pipeline.inputs.map(({ name, type }, c) => {
    const place = columns.findIndex((column) => column.name === name);
    const { values } = columns[place];
    return Float64Array.from({ length: rows }, (_, i) => {
      const cell = cells.row(i)[place];
      const value = Number.isNaN(cell) ? null : values ? values[cell] : type === 'boolean' ? cell === 1 : cell;
      const number = readers[c].fromJson(value);
      if (number === undefined) throw new Error(`${name} does not take ${value}`);
      return number;
    });
  });
  const features = transform.outputs.map(() => new Float64Array(rows));
  for (let start = 0; start < rows; start += CHUNK) {
    const count = Math.min(CHUNK, rows - start);
    transform.compute(raw, start, count).forEach((column, f) => features[f].set(column.subarray(0, count), start));
  }
  return features;
}

/** What ONNX Runtime answers by the graph that the import would write: a row's probabilities, or its number. */
async function served(ensemble, classes, features, rows) {
  const labels = Array.from({ length: classes }, (_, k) => k);
  const session = await InferenceSession.create(graphOf({ kind: 'trees', ensemble }, labels), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const width = features.length;
  const Type = ensemble.input === 'float32' ? Float32Array : Float64Array;
  const data = Type.from({ length: rows * width }, (_, i) => features[i % width][Math.floor(i / width)]);
  const output = classes > 0 ? 'probabilities' : session.outputNames.find((name) => name !== 'label');
  const found = await session.run({ [session.inputNames[0]]: new Tensor(ensemble.input, data, [rows, width]) }, [
    output,
  ]);
  await session.release();
  const { data: all } = found[output];
  const each = all.length / rows;
  return (i) => all.subarray(i * each, (i + 1) * each);
}

/** The place of the largest of several; of two classes the second from one half on, as a model answers a tie by its first. */
const labelOf = (shares) => shares.indexOf(Math.max(...shares));
const gapOf = (shares) => {
  const [first, second] = [...shares].sort((a, b) => b - a);
  return first - second;
};

/** The largest that a sum of one leaf a tree could be: leaves are rounded to 2^-52 of it, so that sums are exact in any order. */
function boundOf({ roots, left, right, leafWidth, leafValues }) {
  let bound = 0;
  roots.forEach((root, tree) => {
    const end = roots[tree + 1] ?? left.length;
    let largest = 0;
    for (let node = root; node < end; node++) {
      if (left[node] !== -1) continue;
      for (let w = 0; w < leafWidth; w++)
        largest = Math.max(largest, Math.abs(leafValues[right[node] * leafWidth + w]));
    }
    bound += largest;
  });
  return bound;
}

/**
 * How far an imported model and its source are apart, over all rows: leaves paired tree by tree, margins as a share of what the
 * source itself may be off (T x 2^-24 of its largest sum where it adds up float32, 1e-12 of the leaves' magnitudes else, and the
 * grid of the leaves),
 * labels where the source's two largest probabilities are not within that.
 */
export async function compare(source, folder, { file, columns, rows, classes }) {
  const { pipeline, ensemble } = await imported(source, folder, file);
  const [cells, margins, predictions, leaves] = [
    matrix(folder, 'rows', rows),
    matrix(folder, 'margins', rows),
    matrix(folder, 'predictions', rows),
    matrix(folder, 'leaves', rows, Int32Array),
  ];
  const features = featuresOf(pipeline, columns, cells, rows);
  const answers = await served(ensemble, classes, features, rows);
  const trees = ensemble.roots.length;
  if (leaves.width !== trees) throw new Error(`${trees} trees were imported, the source has ${leaves.width}`);
  const pairs = Array.from({ length: trees }, () => ({ ours: new Map(), theirs: new Map() }));
  const { leafWidth, leafValues, firstOutput, join: joined } = ensemble;
  const share = joined === 'mean' ? 1 / trees : 1;
  const ofGrid = trees * 2 ** -52 * boundOf(ensemble) * share;
  let [leavesDiffering, worstMargin, labelsDiffering, ties, worst] = [0, 0, 0, 0, 0];
  const row = new Float64Array(features.length);
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < row.length; f++) row[f] = features[f][i];
    const sums = Float64Array.from(ensemble.baseValues);
    let largest = Math.max(...sums.map(Math.abs));
    const magnitudes = new Float64Array(sums.length);
    const own = leaves.row(i);
    ensembleLeaves(ensemble, row).forEach((leaf, tree) => {
      const { ours, theirs } = pairs[tree];
      const their = own[tree];
      if (!ours.has(leaf)) ours.set(leaf, their);
      if (!theirs.has(their)) theirs.set(their, leaf);
      if (ours.get(leaf) !== their || theirs.get(their) !== leaf) leavesDiffering++;
      for (let w = 0; w < leafWidth; w++) {
        const output = firstOutput[tree] + w;
        const value = leafValues[leaf * leafWidth + w] * share;
        sums[output] += value;
        magnitudes[output] += Math.abs(value);
        largest = Math.max(largest, Math.abs(sums[output]));
      }
    });
    const allowed = (output) =>
      ofGrid +
      (source === 'xgboost'
        ? trees * 2 ** -24 * largest
        : 1e-12 * (magnitudes[output] + Math.abs(ensemble.baseValues[output])));
    const their = margins.row(i);
    sums.forEach((sum, output) => {
      worstMargin = Math.max(worstMargin, Math.abs(sum - their[output]) / Math.max(allowed(output), Number.MIN_VALUE));
    });
    const given = Array.from(predictions.row(i));
    const due = classes === 2 && given.length === 1 ? [1 - given[0], given[0]] : given;
    const got = answers(i);
    if (classes > 0) {
      const tolerance = Math.max(...Array.from(sums, (_, output) => allowed(output))) / 2 + 2 ** -24;
      if (gapOf(due) <= tolerance) ties++;
      else if (labelOf([...got]) !== labelOf(due)) labelsDiffering++;
    }
    due.forEach((value, k) => {
      worst = Math.max(worst, Math.abs(got[k] - value) / (classes > 0 ? 1 : Math.max(Math.abs(value), 1e-300)));
    });
  }
  return { trees, leavesDiffering, worstMargin, labelsDiffering, ties, worst };
}
