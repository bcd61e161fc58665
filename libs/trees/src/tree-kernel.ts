import { LayoutMemory, linkTreeKernels } from '#kernels';
import type { TreeEnsemble } from '#onnx';
import { bitVectorBytes, MOST_LEAVES, putBitVectors } from './bit-vectors.js';
import { codesOf } from './codes.js';
import { type FeatureCells, featureCells } from './feature-cells.js';
import { putLeafTable } from './leaf-table.js';
import { MemoryImage } from './memory-image.js';
import { putNodes, putPaths } from './paths.js';
import { perfectDepth, putPerfect } from './perfect.js';
import { ensembleStruct, placeEnsemble, type PlacedEnsemble } from './placed-ensemble.js';
import { putRanks, RANKED_ROWS } from './ranks.js';
import { shapesOf } from './tree-shape.js';

/** Walks that go on at once are of so many rows, even where there are fewer. */
const ROWS_AT_ONCE = 8;
const MOST_BYTES = 2 ** 30;
/** Laying out more would take more memory than WebAssembly has addresses for. */
const MOST_NODES = 2 ** 25;
/** Bit vectors beyond this no longer fit the caches. */
const MOST_VECTOR_BYTES = 2 ** 24;
/** How leaves' values add up, by `add-leaves.ts` of the kernels. */
const MODE = { one: 0, two: 1, any: 2 } as const;
const WIDE_FEATURES = 1;
const WIDE_SUMS = 2;
const SEGMENT = { bitVectors: 0, paths: 1, perfect: 2 } as const;

export interface TreeKernelOptions {
  /** Rows of one run, at most. */
  readonly rows: number;
  /** The type that leaves add up in, tree after tree. */
  readonly sums: 'float32' | 'float64';
}

/** Which trees stand in which layout. */
interface Segment {
  readonly kind: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Sums of the leaves that rows reach, by WebAssembly: of small trees from bit vectors or ranks, of large ones by walking down.
 * Not re-entrant, which costs nothing as every call is synchronous.
 */
export class TreeKernel {
  private constructor(
    /** Column by column: feature `f` of row `i` at `f * rows + i`. */
    readonly features: Float32Array | Float64Array,
    /** What {@link run} leaves: row by row the sums of each output, without base values. */
    readonly sums: Float32Array | Float64Array,
    /** Rows of one run, at most. */
    readonly rows: number,
    /** Where its plan is in its memory: the buffer of both arrays. */
    readonly plan: number,
    /** Where its trees part each feature. */
    readonly cells: readonly FeatureCells[],
    private readonly predict: (rows: number) => void,
  ) {}

  /** @returns what keeps the ensemble from it, in words */
  static of(ensemble: TreeEnsemble, options: TreeKernelOptions): TreeKernel | string {
    if (ensemble.left.length >= MOST_NODES) return `has ${MOST_NODES} nodes or more`;
    return LayoutMemory.use((memory) => TreeKernel.ofPlaced(placeEnsemble(memory, ensemble), options));
  }

  /** As {@link of}, of an ensemble that is in the memory of layouts. */
  static ofPlaced(ensemble: PlacedEnsemble, { rows, sums }: TreeKernelOptions): TreeKernel | string {
    const { memory: layout, nodes: count, trees, features, outputs, input, leafWidth } = ensemble;
    if (count >= MOST_NODES) return `has ${MOST_NODES} nodes or more`;
    const Values = sums === 'float32' ? Float32Array : Float64Array;
    const Features = input === 'float32' ? Float32Array : Float64Array;
    const valueBytes = Values.BYTES_PER_ELEMENT;
    const capacity = Math.ceil(rows / ROWS_AT_ONCE) * ROWS_AT_ONCE;

    const struct = ensembleStruct(ensemble);
    const shapes = shapesOf(ensemble, struct);
    const asked = featureCells(ensemble, struct);
    const { cells } = asked;
    const segments = segmentsOf(ensemble, shapes.bounds, bitVectorBytes(ensemble, cells));
    const large = treesOf(segments.filter(({ kind }) => kind === SEGMENT.paths));
    const isRanked = large.length === 0 && rows >= RANKED_ROWS;
    const codes = large.length > 0 || isRanked ? codesOf(ensemble, struct, asked) : undefined;
    if (typeof codes === 'string' && large.length > 0) return codes;
    const known = typeof codes === 'string' ? undefined : codes;
    const depth = perfectDepth(shapes, cells, large, leafWidth * valueBytes);

    const image = new MemoryImage(layout);
    const hasValues = depth === undefined || large.length < trees;
    const leaves = putLeafTable(image, ensemble, struct, shapes, valueBytes, hasValues);
    const nodes =
      large.length > 0 && depth === undefined ? putNodes(image, ensemble, struct, known!, shapes, leaves) : undefined;
    const laid = segments.flatMap(({ kind, from, to }) => {
      if (kind === SEGMENT.bitVectors) {
        const { start, count } = putBitVectors(image, ensemble, struct, shapes, asked, leaves, from, to);
        return [kind, start, count];
      }
      const { start, count } = nodes
        ? putPaths(image, nodes, shapes, leaves, from, to)
        : putPerfect(image, ensemble, struct, known!, leaves, depth!, valueBytes, from, to);
      return [nodes ? kind : SEGMENT.perfect, start, count];
    });
    const ranks = isRanked && known && putRanks(image, ensemble, struct, shapes, cells, known, leaves, capacity);
    const featuresAt = image.reserve(features * capacity * Features.BYTES_PER_ELEMENT);
    const searched = cells.flatMap(({ feature, breaks, missing }, place) => [
      featuresAt + feature * capacity * Features.BYTES_PER_ELEMENT,
      image.put(Features.from(breaks)),
      breaks.length,
      missing,
      ranks ? ranks.ends[place] : 0,
    ]);
    const cellBytes = 4 * cells.length;
    const cellsAt = image.reserve(cellBytes * capacity);
    const tables = (large.length > 0 ? known!.tables : []).flatMap(({ place, codes }) => [4 * place, image.put(codes)]);
    const codeBytes = tables.length > 0 ? 2 * tables.length : cellBytes;
    const codesAt = tables.length > 0 ? image.reserve(codeBytes * capacity) : cellsAt;
    const sumsAt = image.reserve(outputs * capacity * Values.BYTES_PER_ELEMENT);
    const mode = leafWidth === 1 ? MODE.one : leafWidth === 2 && outputs === 2 ? MODE.two : MODE.any;
    const plan = image.put(
      Uint32Array.of(
        (input === 'float64' ? WIDE_FEATURES : 0) + (sums === 'float64' ? WIDE_SUMS : 0),
        image.put(Uint32Array.from(searched)),
        cellBytes,
        cellsAt,
        tables.length / 2,
        image.put(Uint32Array.from(tables)),
        codesAt,
        segments.length,
        image.put(Uint32Array.from(laid)),
        sumsAt,
        outputs,
        mode === MODE.one && outputs > 1 ? MODE.any : mode,
        image.put(new Values(outputs)),
        codeBytes,
        nodes?.nodes ?? 0,
        nodes?.leaves ?? 0,
        leaves.start,
        cells.length,
        leafWidth,
        ...(ranks
          ? [ranks.blocks, ranks.start, ranks.tables, ranks.stride, ranks.ranks, ranks.leaves]
          : [0, 0, 0, 0, 0, 0]),
      ),
    );
    if (image.bytes > MOST_BYTES) return `would take ${image.bytes} bytes of memory for ${trees} trees`;
    const memory = image.build();
    return new TreeKernel(
      new Features(memory.buffer, featuresAt, features * capacity),
      new Values(memory.buffer, sumsAt, outputs * capacity),
      capacity,
      plan,
      cells,
      predictor(memory, plan),
    );
  }

  /** Computes the sums of the first `rows` rows of {@link features}. */
  run(rows: number): void {
    this.predict(rows);
  }
}

/** Apart from the layout, all of whose memory its closure would keep. */
function predictor(memory: WebAssembly.Memory, plan: number): (rows: number) => void {
  const kernels = linkTreeKernels(memory);
  return (rows) => kernels.predict(plan, rows);
}

const treesOf = (segments: readonly Segment[]): number[] =>
  segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));

/**
 * The rule: trees of at most 64 leaves as bit vectors, as long as these stay small, and for each 64 rows of a run by
 * ranks, where all trees are small; all others as paths, or as perfect trees where that takes no more memory. Where more
 * than a quarter are large, all are. Runs of one kind follow each other in the order of trees, in which leaves add up.
 */
function segmentsOf({ nodes, trees }: PlacedEnsemble, bounds: Int32Array, vectorBytes: number): Segment[] {
  const isLarge = Array.from({ length: trees }, (_, tree) => (bounds[tree + 1] - bounds[tree] + 1) / 2 > MOST_LEAVES);
  const large = isLarge.filter(Boolean).length;
  const all = { from: 0, to: trees };
  if (large * 4 > trees || vectorBytes > MOST_VECTOR_BYTES || nodes === 0) return [{ kind: SEGMENT.paths, ...all }];
  const segments: Segment[] = [];
  let from = 0;
  for (let tree = 1; tree <= trees; tree++) {
    if (tree < trees && isLarge[tree] === isLarge[from]) continue;
    segments.push({ kind: isLarge[from] ? SEGMENT.paths : SEGMENT.bitVectors, from, to: tree });
    from = tree;
  }
  return segments;
}
