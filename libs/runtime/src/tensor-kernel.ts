import { CHUNK_ROWS } from '#features';
import { GraphKernel, probeRows } from '#trees';
import type { EngineChoice, EngineSetting } from './choose-engine.js';
import { PROBABILITY_TOLERANCE } from './parity.js';
import type { NamedTensor, TensorData, TensorSpec } from './tensor.js';

type Outputs = ReadonlyMap<string, NamedTensor>;

/** Runs a tensor model that consists of trees in WebAssembly, with the results of ONNX Runtime. */
export class TensorKernel {
  private constructor(
    private readonly kernel: GraphKernel,
    private readonly input: TensorSpec,
    private readonly outputs: readonly TensorSpec[],
  ) {}

  /** @returns a string that says why no kernel can run the model */
  static of(model: Uint8Array, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): TensorKernel | string {
    const kernel = GraphKernel.of(
      model,
      outputs.map(({ name }) => name),
      CHUNK_ROWS,
    );
    if (typeof kernel === 'string') return kernel;
    const [input] = inputs;
    if (inputs.length !== 1 || input.shape.length !== 2 || input.shape[1] !== kernel.input.width) {
      return 'it reads other shapes in its graph than ONNX Runtime';
    }
    for (const { name, datatype, shape } of outputs) {
      const { type, labels, isFlat, width } = kernel.output(name);
      const due = labels ? (typeof labels[0] === 'string' ? ['BYTES'] : ['INT64']) : TYPES[type];
      if (!due.includes(datatype)) return `its output "${name}" is of type ${datatype}`;
      const fits = isFlat ? shape.length === 1 : shape.length === 2 && (shape[1] === width || shape[1] === -1);
      if (!fits) return `its output "${name}" is of a shape that does not fit`;
    }
    return new TensorKernel(kernel, input, outputs);
  }

  get isExact(): boolean {
    return this.kernel.isExact;
  }

  /** Rows that could reveal a difference from ONNX Runtime: one tensor, or several where the model has a fixed number of rows. */
  probes(): NamedTensor[] {
    const { name, datatype, shape } = this.input;
    const [size, width] = shape;
    const cells = probeRows(width, this.kernel.splits, datatype === 'FP64' ? 'float64' : 'float32');
    const rows = cells.length / width;
    const each = size === -1 ? rows : size;
    const tensors: NamedTensor[] = [];
    for (let start = 0; start < rows; start += each) {
      const data = new (datatype === 'FP64' ? Float64Array : Float32Array)(each * width);
      for (let i = 0; i < data.length; i++) data[i] = cells[(start * width + i) % cells.length];
      tensors.push({ name, datatype, shape: [each, width], data });
    }
    return tensors;
  }

  /**
   * @param pause awaited between runs of {@link CHUNK_ROWS} rows
   * @throws Error when the tensor has another width than the model
   */
  async run({ shape, data }: NamedTensor, names: readonly string[], pause: () => Promise<unknown>): Promise<Outputs> {
    const { width, data: features, rows: stride } = this.kernel.input;
    const [rows] = shape;
    if (shape.length !== 2 || shape[1] !== width) throw new Error(`It takes [N, ${width}], not [${shape.join(', ')}]`);
    const given = data as Float32Array | Float64Array;
    const wanted = this.outputs.filter(({ name }) => names.includes(name));
    const results = wanted.map(({ name, datatype }) => {
      const { isFlat, width } = this.kernel.output(name);
      return { name, datatype, shape: isFlat ? [rows] : [rows, width], data: allocate(datatype, rows * width) };
    });
    for (let start = 0; start < rows; start += CHUNK_ROWS) {
      if (start > 0) await pause();
      const count = Math.min(CHUNK_ROWS, rows - start);
      for (let f = 0; f < width; f++) {
        for (let i = 0, at = start * width + f; i < count; i++, at += width) features[f * stride + i] = given[at];
      }
      this.kernel.run(count);
      for (const { name, data } of results) this.keep(name, count, start, data);
    }
    return new Map(results.map((tensor) => [tensor.name, tensor]));
  }

  private keep(name: string, rows: number, start: number, into: TensorData): void {
    const { data, labels, width } = this.kernel.output(name);
    if (into instanceof Float32Array || into instanceof Float64Array) {
      into.set(data.subarray(0, rows * width), start * width);
    } else {
      const all = into as (string | bigint)[];
      const named = labels?.map((label) => (typeof label === 'string' ? label : BigInt(label)));
      for (let i = 0; i < rows * width; i++) all[start * width + i] = named ? named[data[i]] : BigInt(data[i]);
    }
  }
}

const TYPES = { float32: ['FP32'], float64: ['FP64'], whole: ['INT64'] };

function allocate(datatype: TensorSpec['datatype'], size: number): TensorData {
  if (datatype === 'FP32') return new Float32Array(size);
  if (datatype === 'FP64') return new Float64Array(size);
  return datatype === 'INT64' ? new BigInt64Array(size) : new Array<string>(size).fill('');
}

/** @returns a description of the first difference of two results */
function differenceOf(got: Outputs, expected: Outputs, tolerance: number): string | undefined {
  for (const [name, { data: due, shape: dueShape }] of expected) {
    const { data, shape } = got.get(name)!;
    if (shape.join() !== dueShape.join()) return `"${name}" is of shape [${shape.join(', ')}]`;
    for (let i = 0; i < due.length; i++) {
      const [a, b] = [data[i], due[i]];
      const isSame =
        typeof a === 'number' && typeof b === 'number'
          ? Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
          : a === b;
      if (!isSame) return `element ${i} of "${name}" is ${a}, not ${b}`;
    }
  }
  return undefined;
}

/**
 * Chooses the engine of a tensor model: a kernel where it reproduces ONNX Runtime on all rows that could reveal a difference,
 * bit for bit where the result is exact.
 *
 * @param reference computes ONNX Runtime's results
 * @param threads of ONNX Runtime; several threads sum the trees in another order, so the last bits differ from the kernel's
 * @param open creates the kernel; replaced in tests
 */
export async function chooseTensorKernel(
  open: () => TensorKernel | string,
  reference: (probe: NamedTensor) => Promise<Outputs>,
  threads: number,
  setting: EngineSetting,
): Promise<EngineChoice & { readonly kernel?: TensorKernel }> {
  const runtime = (engine_reason: string): EngineChoice => ({ engine: 'onnxruntime', engine_reason });
  if (setting === 'onnxruntime') return runtime('inference.engine (INFERENCE_ENGINE) asks for it');
  const kernel = open();
  if (typeof kernel === 'string') return runtime(`No kernel computes this model, so ONNX Runtime does: ${kernel}`);
  const tolerance = kernel.isExact && threads === 1 ? 0 : PROBABILITY_TOLERANCE;
  let rows = 0;
  for (const probe of kernel.probes()) {
    const expected = await reference(probe);
    const got = await kernel.run(probe, [...expected.keys()], () => Promise.resolve());
    const difference = differenceOf(got, expected, tolerance);
    if (difference !== undefined) {
      const reason = `The kernel is not used: it answers otherwise than ONNX Runtime: ${difference}`;
      return { ...runtime(reason), isRefused: true };
    }
    rows += probe.shape[0];
  }
  const how = tolerance === 0 ? 'bit for bit' : `to ${tolerance}`;
  return { engine: 'kernel', engine_reason: `It answers ${rows} rows as ONNX Runtime does, ${how}`, kernel };
}
