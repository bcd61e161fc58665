import { Breaks } from './breaks';
import { BELOW, Ensemble, i32At, MEMBER, putI32 } from './ensemble';

/** Bytes of a line: a mask of 64 leaves for each of 8 trees. */
const LINE_BITS = 6;

/** Whether a node sends a number, NaN where missing, to the left. */
function goesLeft(ensemble: Ensemble, node: i32, x: f64): bool {
  if (x != x) return load<u8>(ensemble.missingLeft + <usize>node) == 1;
  const asked = load<u8>(ensemble.comparison + <usize>node);
  if (asked != MEMBER) {
    const threshold = load<f64>(ensemble.threshold + (<usize>node << 3));
    return asked == BELOW ? x < threshold : x <= threshold;
  }
  const end = i32At(ensemble.setStart, node + 1);
  for (let i = i32At(ensemble.setStart, node); i < end; i++) if (<f64>i32At(ensemble.setCodes, i) == x) return true;
  return false;
}

/** A number of a cell; NaN of that of missing values alone. */
function numberIn(breaks: usize, count: i32, cell: i32): f64 {
  if (cell > count) return NaN;
  return cell == 0 ? -Infinity : load<f64>(breaks + (<usize>(cell - 1) << 3));
}

/**
 * Lays a block of at most 8 trees out as `bit-vectors.ts` of the kernels that walk reads it.
 *
 * @param all where all trees part the features
 * @param own where those of the block do, which have fewer breaks: cells between two of them share a line
 * @param isOrdered uint8 of each feature: whether missing values have no cell of their own
 * @param bounds where each tree begins, then where the last one ends
 * @param leaves of each node, and `firstLeaf`, as {@link shapes} finds them
 * @param first the first tree of the block, `last` behind the last one
 * @param lineStart room for an int32 for each feature
 * @param asked of each feature that the block asks, by feature: itself, and how many cells it has; int32s
 * @param lineOfCell uint16s: the line of each of these cells
 * @param lines of 16 uint32s
 * @returns how many lines
 */
export function layBitVectors(
  ensemble: Ensemble,
  all: Breaks,
  own: Breaks,
  isOrdered: usize,
  bounds: usize,
  leaves: usize,
  firstLeaf: usize,
  first: i32,
  last: i32,
  lineStart: usize,
  asked: usize,
  lineOfCell: usize,
  lines: usize,
): i32 {
  let count = 0;
  for (let f = 0; f < ensemble.features; f++) {
    if (load<u8>(own.facts + <usize>f) == 0) continue;
    const before = f == 0 ? 0 : i32At(own.ends, f - 1);
    const breaks = own.breaks + (<usize>before << 3);
    const ownBreaks = i32At(own.ends, f) - before;
    const allBefore = f == 0 ? 0 : i32At(all.ends, f - 1);
    const allBreaks = i32At(all.ends, f) - allBefore;
    const others = all.breaks + (<usize>allBefore << 3);
    const missing = load<u8>(isOrdered + <usize>f) ? 0 : 1;
    let line = 0;
    for (let cell = 0; cell <= allBreaks; cell++) {
      if (cell > 0) {
        const edge = numberIn(others, allBreaks, cell);
        while (line < ownBreaks && numberIn(breaks, ownBreaks, line + 1) <= edge) line++;
      }
      store<u16>(lineOfCell, <u16>(count + line));
      lineOfCell += 2;
    }
    if (missing) {
      store<u16>(lineOfCell, <u16>(count + ownBreaks + 1));
      lineOfCell += 2;
    }
    putI32(asked, 0, f);
    putI32(asked, 1, allBreaks + 1 + missing);
    asked += 8;
    putI32(lineStart, f, count);
    count += ownBreaks + 1 + missing;
  }
  memory.fill(lines, 0xff, <usize>count << LINE_BITS);
  for (let tree = first; tree < last; tree++) {
    const end = i32At(bounds, tree + 1);
    for (let node = i32At(bounds, tree); node < end; node++) {
      const left = i32At(ensemble.left, node);
      if (left < 0) continue;
      const f = i32At(ensemble.feature, node);
      const before = f == 0 ? 0 : i32At(own.ends, f - 1);
      const breaks = own.breaks + (<usize>before << 3);
      const ownBreaks = i32At(own.ends, f) - before;
      // A node that goes right leaves all leaves of its tree but those below its left child.
      const start: u64 = i32At(firstLeaf, node) - i32At(firstLeaf, i32At(bounds, tree));
      const kept = ~(((<u64>1 << <u64>i32At(leaves, left)) - 1) << start);
      const cells = ownBreaks + (load<u8>(isOrdered + <usize>f) ? 1 : 2);
      let mask = lines + (<usize>i32At(lineStart, f) << LINE_BITS) + (<usize>(tree - first) << 3);
      for (let cell = 0; cell < cells; cell++, mask += 1 << LINE_BITS) {
        if (!goesLeft(ensemble, node, numberIn(breaks, ownBreaks, cell))) store<u64>(mask, load<u64>(mask) & kept);
      }
    }
  }
  return count;
}
