import { COMPARISON, type Link, type TreeEnsemble } from '#onnx';
import { DumpFlaw } from './dump-flaw.js';
import { onGrid } from './leaf-grid.js';

/** More nodes would make a graph of some 300 MB. */
export const MAX_NODES = 4_194_304;
/** Deeper than any trained tree, and safe for recursive walks. */
const MAX_DEPTH = 1_000;

/** A leaf or an inner node, as in the source. */
export type SourceNode =
  | { readonly leaf: number | readonly number[]; readonly cover?: number }
  | {
      readonly feature: number;
      /** Rows at most the threshold go left or, where there are codes, rows with one of these. */
      readonly threshold: number;
      readonly codes?: readonly number[];
      readonly missingLeft: boolean;
      readonly left: number;
      readonly right: number;
      readonly cover?: number;
    };

export interface SourceTree {
  /** Its name in messages. */
  readonly name: string;
  readonly output: number;
  readonly root: number;
  /** Nodes are numbered from 0 to before this. */
  readonly size: number;
  readonly nodeAt: (index: number) => SourceNode;
}

/** No finite number is smaller, and no categorical feature has this value. */
const NEVER = -Number.MAX_VALUE;

/**
 * Builds one ensemble from trees with their source's node numbers. It follows each tree from its root, visits each node
 * once, and leaves out unreachable nodes.
 */
export class EnsembleBuilder {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly comparison: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly cover: number[] = [];
  private readonly setStart: number[] = [];
  private readonly setCodes: number[] = [];
  private readonly roots: number[] = [];
  private readonly firstOutput: number[] = [];
  private readonly leaves: number[][] = [];
  private leafCount = 0;
  private hasCover = true;

  /** @param width number of values of a leaf */
  constructor(
    private readonly features: number,
    private readonly width = 1,
  ) {}

  /** @throws DumpFlaw on a missing child, a child of two nodes, and numbers that are not finite */
  add({ name, output, root, size, nodeAt }: SourceTree): void {
    if (this.left.length + size > MAX_NODES) {
      throw new DumpFlaw(
        name,
        `brings the ensemble to more than ${MAX_NODES.toLocaleString('en')} nodes`,
        'Train fewer or smaller trees',
      );
    }
    const seen = new Uint8Array(size);
    const values: number[] = [];
    this.roots.push(this.left.length);
    this.firstOutput.push(output);
    // A right child waits until all nodes of the left subtree are added.
    const waiting: { index: number; depth: number; parent: number; isRight: boolean }[] = [
      { index: root, depth: 0, parent: -1, isRight: false },
    ];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { index, depth, parent, isRight } = next;
      if (!(Number.isInteger(index) && index >= 0 && index < size))
        throw new DumpFlaw(name, `names node ${index} of ${size}`);
      if (seen[index]) throw new DumpFlaw(name, `comes to node ${index} twice`);
      if (depth > MAX_DEPTH) throw new DumpFlaw(name, `is deeper than ${MAX_DEPTH} nodes`, 'Train shallower trees');
      seen[index] = 1;
      const node = nodeAt(index);
      const where = `${name}, node ${index}`;
      // The set is empty and missing values go right, too: all rows go right, so the node decides nothing.
      if (!('leaf' in node) && node.codes?.length === 0 && !node.missingLeft) {
        waiting.push({ index: node.right, depth: depth + 1, parent, isRight });
        continue;
      }
      const place = this.left.length;
      if (parent >= 0) (isRight ? this.right : this.left)[parent] = place;
      this.hasCover &&= Number.isFinite(node.cover);
      this.cover.push(node.cover ?? NaN);
      this.setStart.push(this.setCodes.length);
      if ('leaf' in node) {
        this.push(0, 0, COMPARISON.atMost, false, -1, this.leafCount++);
        this.addLeaf(node.leaf, values, where);
        continue;
      }
      this.decide(node, where);
      waiting.push({ index: node.right, depth: depth + 1, parent: place, isRight: true });
      waiting.push({ index: node.left, depth: depth + 1, parent: place, isRight: false });
    }
    this.leaves.push(values);
  }

  /**
   * @param baseValues initial value of each output
   * @param join whether leaves are summed or averaged
   */
  finish(
    input: TreeEnsemble['input'],
    baseValues: readonly number[],
    link: Link,
    join: TreeEnsemble['join'] = 'sum',
  ): TreeEnsemble {
    return {
      features: this.features,
      outputs: baseValues.length,
      input,
      feature: Int32Array.from(this.feature),
      threshold: Float64Array.from(this.threshold),
      comparison: Uint8Array.from(this.comparison),
      missingLeft: Uint8Array.from(this.missingLeft),
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      cover: Float64Array.from(this.hasCover ? this.cover : []),
      setStart: Int32Array.from(this.setCodes.length > 0 ? [...this.setStart, this.setCodes.length] : []),
      setCodes: Int32Array.from(this.setCodes),
      roots: Int32Array.from(this.roots),
      firstOutput: Int32Array.from(this.firstOutput),
      leafWidth: this.width,
      leafValues: onGrid(this.leaves),
      baseValues: Float64Array.from(baseValues),
      join,
      link,
    };
  }

  private addLeaf(leaf: number | readonly number[], values: number[], where: string): void {
    const own = typeof leaf === 'number' ? [leaf] : leaf;
    const wrong = own.find((value) => !Number.isFinite(value));
    if (wrong !== undefined || own.length !== this.width)
      throw new DumpFlaw(where, `is a leaf of ${wrong ?? `${own.length} values`}`);
    values.push(...own);
  }

  private decide(node: Exclude<SourceNode, { leaf: unknown }>, where: string): void {
    const { feature, threshold, codes, missingLeft } = node;
    if (!(Number.isInteger(feature) && feature >= 0 && feature < this.features)) {
      throw new DumpFlaw(where, `asks for feature ${feature} of ${this.features}`);
    }
    if (codes === undefined) {
      if (Number.isNaN(threshold)) throw new DumpFlaw(where, 'compares with NaN');
      this.push(feature, threshold, COMPARISON.atMost, missingLeft);
    } else if (codes.length === 0) {
      this.push(feature, NEVER, COMPARISON.atMost, missingLeft);
    } else {
      for (const code of codes) this.setCodes.push(code);
      this.push(feature, 0, COMPARISON.member, missingLeft);
    }
  }

  private push(feature: number, threshold: number, comparison: number, missing: boolean, left = -1, right = -1): void {
    this.feature.push(feature);
    this.threshold.push(threshold);
    this.comparison.push(comparison);
    this.missingLeft.push(Number(missing));
    this.left.push(left);
    this.right.push(right);
  }
}
