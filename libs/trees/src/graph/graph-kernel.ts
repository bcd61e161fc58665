import { LayoutMemory } from '#kernels';
import { COMPARISON, ELEMENT, NumberList, type ScannedGraph, type ScannedNode, scanModel } from '#onnx';
import { questionsOf } from '../placed-ensemble.js';
import type { Splits } from '../probe-rows.js';
import { TreeKernel } from '../tree-kernel.js';
import { roundTo, type Values } from './columns.js';
import { type Ending, type ReadEnsemble, readEnsemble } from './read-ensemble.js';
import { type Made, type Operand, type TailStep, TAIL_OPERATORS } from './tail-operators.js';
import { Unsupported } from './unsupported.js';

const TREES = new Set(['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor']);
/** ONNX Runtime computes them by approximations of its own. */
const APPROXIMATED = new Set(['Exp', 'Sigmoid', 'Softmax']);
const FLOATS: Readonly<Record<number, 'float32' | 'float64'>> = {
  [ELEMENT.float]: 'float32',
  [ELEMENT.double]: 'float64',
};

/** Features of rows in a kernel's memory, column by column. */
export interface KernelInput {
  readonly name: string;
  readonly width: number;
  readonly data: Float32Array | Float64Array;
  /** Rows of one run, at most: so far apart are two columns. */
  readonly rows: number;
}

/** A graph of trees and what usually stands behind them, computed without ONNX Runtime. */
export class GraphKernel {
  constructor(
    readonly input: KernelInput,
    private readonly values: ReadonlyMap<string, Values>,
    private readonly steps: readonly TailStep[],
    /** Where the trees part each feature. */
    readonly splits: ReadonlyMap<number, Splits>,
    /** Whether all that it computes has one right answer, to the bit: no power or exponential is among it. */
    readonly isExact: boolean,
    /** One for each operator of trees. */
    readonly trees: readonly TreeKernel[],
  ) {}

  /**
   * @param outputs the names of those to compute
   * @param rows of one run, at most
   * @returns what keeps the graph from it, in words
   */
  static of(model: Uint8Array, outputs: readonly string[], rows: number): GraphKernel | string {
    try {
      return LayoutMemory.use((memory) => new Builder(scanModel(model, memory), rows).build(outputs));
    } catch (error) {
      if (error instanceof Unsupported) return error.message;
      return `its graph could not be read (${(error as Error).message})`;
    }
  }

  /** Computes the first `rows` rows of {@link input}. */
  run(rows: number): void {
    for (const step of this.steps) step(rows);
  }

  /** What {@link run} left of an output. */
  output(name: string): Values {
    return this.values.get(name)!;
  }
}

/** Says of which operator it is that something cannot be computed. */
function placed<T>({ op, outputs }: ScannedNode, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unsupported)
      throw new Unsupported(`of the ${op} that gives "${outputs[0]}": ${error.message}`);
    throw error;
  }
}

/** Makes the steps that some outputs need, each value once. */
class Builder {
  private readonly makers: ReadonlyMap<string, ScannedNode>;
  private readonly made = new Map<string, Values>();
  private readonly steps: TailStep[] = [];
  private readonly splits = new Map<number, Splits>();
  private isExact = true;
  private readonly kernels: TreeKernel[] = [];

  constructor(
    private readonly graph: ScannedGraph,
    private readonly rows: number,
  ) {
    this.makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  }

  build(outputs: readonly string[]): GraphKernel {
    const [input, ...others] = this.graph.inputs;
    if (!input || others.length > 0) throw new Unsupported(`it takes ${this.graph.inputs.length} inputs`);
    const type = FLOATS[input.type];
    if (!type || input.dims.length !== 2)
      throw new Unsupported('its input is not a table of float32 or float64 numbers');
    for (const name of outputs) this.valueOf(name, 0);
    const [first, ...rest] = this.kernels;
    if (!first) throw new Unsupported('it holds no trees');
    const width = first.features.length / first.rows;
    // Further ensembles read the same features: theirs are copied.
    const copies = rest.map(
      (kernel): TailStep =>
        () =>
          kernel.features.set(first.features),
    );
    const steps = [...copies, ...this.steps];
    const given = { name: input.name, width, data: first.features, rows: first.rows };
    return new GraphKernel(given, this.made, steps, this.splits, this.isExact, this.kernels);
  }

  private valueOf(name: string, depth: number): Values {
    const known = this.made.get(name);
    if (known) return known;
    const node = this.makers.get(name);
    if (!node || depth > this.graph.nodes.length) throw new Unsupported(`"${name}" does not come from trees alone`);
    if (TREES.has(node.op)) this.addTrees(node);
    else {
      const operator = node.domain === '' || node.domain === 'ai.onnx.ml' ? TAIL_OPERATORS.get(node.op) : undefined;
      if (!operator) throw new Unsupported(`it has the operator ${node.op}, which gives "${name}"`);
      this.isExact &&= !APPROXIMATED.has(node.op);
      const operands = node.inputs.map((input): Operand => {
        const constant = this.graph.constants.get(input);
        return constant ? { constant } : { values: this.valueOf(input, depth + 1) };
      });
      this.keep(
        node.outputs[0],
        placed(node, () => operator(node, operands, this.rows)),
      );
    }
    const made = this.made.get(name);
    if (!made)
      throw new Unsupported(`the ${node.op} that gives "${name}" has outputs that the kernel does not compute`);
    return made;
  }

  private keep(name: string, { values, step }: Made): Values {
    this.made.set(name, values);
    if (step) this.steps.push(step);
    return values;
  }

  /** What features reach the trees as: casts may stand between. */
  private featuresOf(name: string): { width: number; input: 'float32' | 'float64'; wide: boolean } {
    const [{ name: input, type, dims }] = this.graph.inputs;
    const casts: ('float32' | 'float64')[] = [FLOATS[type]];
    for (let at = name; at !== input;) {
      const node = this.makers.get(at);
      const to = node && FLOATS[node.attributes.get('to')?.number ?? 0];
      if (node?.op !== 'Cast' || !to || casts.length > 8)
        throw new Unsupported('features are computed from the input before they reach the trees');
      casts.splice(1, 0, to);
      at = node.inputs[0];
    }
    return {
      width: dims[1],
      input: casts.includes('float32') ? 'float32' : 'float64',
      wide: casts.at(-1) === 'float64',
    };
  }

  private addTrees(node: ScannedNode): void {
    const { width, input, wide } = this.featuresOf(node.inputs[0]);
    if (width < 1) throw new Unsupported('it does not say how many features it takes');
    const read = readEnsemble(this.graph.memory, node, { features: width, input, wide });
    const { ensemble, sums } = read;
    const kernel = TreeKernel.ofPlaced(ensemble, { rows: this.rows, sums });
    if (typeof kernel === 'string') throw new Unsupported(`its ensemble ${kernel}`);
    const [first] = this.kernels;
    if (first && first.features.constructor !== kernel.features.constructor) {
      throw new Unsupported('its ensembles compare float32 and float64 numbers');
    }
    this.kernels.push(kernel);
    this.noteSplits(kernel, read);
    const joined = this.keep(`${node.outputs[0]} sums`, joinSums(kernel, read));
    const scores = this.endOf(read, joined);
    const isClassifier = node.op === 'TreeEnsembleClassifier';
    this.made.set(node.outputs[isClassifier ? 1 : 0], scores);
    if (isClassifier && node.outputs[0]) this.addLabels(node, read, joined);
  }

  /** What the operator makes of its sums. */
  private endOf({ ending, secondAlone, ensemble, given }: ReadEnsemble, sums: Values): Values {
    const apply = (op: string, of: Values): Values => {
      const node: ScannedNode = { op, domain: '', inputs: [], outputs: [], attributes: new Map() };
      return this.keep(`${op} of ${this.steps.length}`, TAIL_OPERATORS.get(op)!(node, [{ values: of }], this.rows));
    };
    const operators: Record<Ending, (of: Values) => Values> = {
      NONE: (of) => of,
      LOGISTIC: (of) => apply('Sigmoid', of),
      SOFTMAX: (of) => (ensemble.outputs === 1 ? of : apply('Softmax', of)),
    };
    this.isExact &&= ending === 'NONE';
    const ended = { ...operators[ending](sums), type: given };
    if (!secondAlone) return ended;
    const isShare = ending !== 'NONE' || secondAlone === 'share';
    const both: Values = { type: given, width: 2, isFlat: false, data: new Float64Array(2 * this.rows) };
    const round = roundTo(given);
    this.steps.push((rows) => {
      for (let row = 0; row < rows; row++) {
        both.data[2 * row] = isShare ? round(1 - ended.data[row]) : -ended.data[row];
        both.data[2 * row + 1] = ended.data[row];
      }
    });
    return both;
  }

  /** As ONNX Runtime tells them: from sums, before their ending. */
  private addLabels(node: ScannedNode, { labels, secondAlone }: ReadEnsemble, sums: Values): void {
    if (secondAlone) {
      const least = secondAlone === 'share' ? 0.5 : 0;
      const values: Values = { type: 'whole', width: 1, isFlat: true, data: new Float64Array(this.rows), labels };
      const step = (rows: number): void => {
        for (let row = 0; row < rows; row++) values.data[row] = Number(sums.data[row] > least);
      };
      this.keep(node.outputs[0], { values, step });
      return;
    }
    const argMax = TAIL_OPERATORS.get('ArgMax')!;
    const none = new NumberList(this.graph.memory);
    const lists = { numbers: none, texts: [], textPlaces: none };
    const attributes = new Map([
      ['axis', { number: 1, ...lists }],
      ['keepdims', { number: 0, ...lists }],
    ]);
    const { values, step } = argMax({ ...node, attributes }, [{ values: sums }], this.rows);
    this.keep(node.outputs[0], { values: { ...values, labels }, step });
  }

  private noteSplits({ cells }: TreeKernel, { ensemble }: ReadEnsemble): void {
    const { feature, left, comparison, setStart, setCodes } = questionsOf(ensemble);
    const hasBelow = comparison.includes(COMPARISON.below);
    for (const { feature, breaks } of cells) {
      const known = this.splits.get(feature);
      this.splits.set(feature, {
        breaks: known ? merged(known.breaks, breaks) : breaks,
        hasBelow: hasBelow || known?.hasBelow === true,
        categories: known?.categories ?? new Set(),
      });
    }
    if (setCodes.length === 0) return;
    for (let node = 0; node < feature.length; node++) {
      if (left[node] < 0) continue;
      const { categories } = this.splits.get(feature[node])!;
      for (let i = setStart[node]; i < setStart[node + 1]; i++) categories.add(setCodes[i]);
    }
  }
}

function merged(some: Float64Array, others: Float64Array): Float64Array {
  const all = new Float64Array(some.length + others.length);
  all.set(some);
  all.set(others, some.length);
  return all.sort();
}

/** Sums of leaves, divided and moved as the operator does, in the type of its scores. */
function joinSums(kernel: TreeKernel, { ensemble, baseValues, isMean, sums, given }: ReadEnsemble): Made {
  const { outputs, trees } = ensemble;
  const data = new Float64Array(kernel.rows * outputs);
  const [roundSum, roundGiven] = [roundTo(sums), roundTo(given)];
  const divisor = isMean ? trees : 1;
  const step = (rows: number): void => {
    kernel.run(rows);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let output = 0; output < outputs; output++, at++) {
        const joined = divisor === 1 ? kernel.sums[at] : roundSum(kernel.sums[at] / divisor);
        data[at] = roundGiven(roundSum(joined + baseValues[output]));
      }
    }
  };
  return { values: { type: given, width: outputs, isFlat: false, data }, step };
}
