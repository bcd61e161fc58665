import { BELOW, Ensemble, MEMBER } from './ensemble';
import { numberAbove, smallestFrom } from './next-number';

/** What {@link breaks} finds, and room for its sort. */
@unmanaged
export class Breaks {
  /** For each feature what its nodes do: uint8. */
  facts: usize;
  /** For each node how many breaks of its feature are below its own: uint32. */
  largest: usize;
  /** For each feature how many breaks there are up to its last: uint32. */
  ends: usize;
  /** Float64, ascending for each feature. */
  breaks: usize;
  /** Room for as many keys as there may be breaks, of as many bits as a feature, and as many uint32s; both twice. */
  keys: usize;
  owners: usize;
  otherKeys: usize;
  otherOwners: usize;
  /** Room for 2,048 uint32s for each digit of a key. */
  buckets: usize;
}

/** What nodes of a feature do. */
const MISSING_RIGHT: u8 = 1;
const MISSING_LEFT: u8 = 2;
const ASKS_SET: u8 = 4;
const SENDS_ALL_LEFT: u8 = 8;
/** Bits that one pass of the sort looks at. */
const DIGIT: i32 = 11;
const BUCKETS: i32 = 1 << DIGIT;

/** Numbers of type `F` in their order as whole numbers `K` of as many bits; both zeros as one. */
function keyOf<F, K>(x: F): K {
  if (x == 0) return keyOfBits<K>(0);
  return keyOfBits<K>(reinterpret<K>(x));
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function keyOfBits<K>(bits: K): K {
  const sign: K = (<K>1) << <K>(8 * sizeof<K>() - 1);
  return bits & sign ? ~bits : bits | sign;
}

function numberOf<F, K>(key: K): F {
  const sign: K = (<K>1) << <K>(8 * sizeof<K>() - 1);
  return reinterpret<F>(key & sign ? key ^ sign : ~key);
}

/** Where the bucket of a key is, by the digit at a bit. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function bucketOf<K>(key: K, buckets: usize, shift: K): usize {
  return buckets + ((<usize>(key >> shift) & (BUCKETS - 1)) << 2);
}

/** Keeps a key and its node, and counts it by each digit. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function addItem<K>(found: Breaks, count: usize, key: K, node: i32): void {
  store<K>(found.keys + (count << alignof<K>()), key);
  store<u32>(found.owners + (count << 2), node);
  let buckets = found.buckets;
  for (let shift = 0; shift < <i32>(8 * sizeof<K>()); shift += DIGIT, buckets += BUCKETS << 2) {
    const bucket = bucketOf<K>(key, buckets, <K>shift);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
}

/** Puts the items where `starts` says for their bucket, in the order in which they come. */
function scatter<K>(keys: usize, owners: usize, toKeys: usize, toOwners: usize, count: usize, starts: usize, shift: K): void {
  for (let i: usize = 0; i < count; i++) {
    const key = load<K>(keys + (i << alignof<K>()));
    const bucket = bucketOf<K>(key, starts, shift);
    const to: usize = load<u32>(bucket);
    store<u32>(bucket, <u32>to + 1);
    store<K>(toKeys + (to << alignof<K>()), key);
    store<u32>(toOwners + (to << 2), load<u32>(owners + (i << 2)));
  }
}

/** Turns how many there are in each bucket into where each begins. */
function addUp(counts: usize, buckets: i32): void {
  let before: u32 = 0;
  for (const end = counts + (<usize>buckets << 2); counts < end; counts += 4) {
    const own = load<u32>(counts);
    store<u32>(counts, before);
    before += own;
  }
}

function breaksOf<F, K>(ensemble: Ensemble, from: i32, to: i32, found: Breaks, allLeft: u32): void {
  const nodes = to - from;
  const features = ensemble.features;
  const left = ensemble.left + (<usize>from << 2);
  const feature = ensemble.feature + (<usize>from << 2);
  const threshold = ensemble.threshold + (<usize>from << 3);
  const comparison = ensemble.comparison + <usize>from;
  const missingLeft = ensemble.missingLeft + <usize>from;
  const setStart = ensemble.setStart + (<usize>from << 2);
  const setCodes = ensemble.setCodes;
  const facts = found.facts;
  const largest = found.largest;
  const ends = found.ends;
  const breaks = found.breaks;
  let keys = found.keys;
  let owners = found.owners;
  let toKeys = found.otherKeys;
  let toOwners = found.otherOwners;
  let buckets = found.buckets;

  memory.fill(facts, 0, features);
  memory.fill(ends, 0, <usize>features << 2);
  memory.fill(buckets, 0, <usize>(BUCKETS << 2) * ((8 * sizeof<K>() + DIGIT - 1) / DIGIT));
  let count: usize = 0;
  for (let node = 0; node < nodes; node++) {
    store<u32>(largest + (<usize>node << 2), allLeft);
    if (load<i32>(left + (<usize>node << 2)) < 0) continue;
    const asks: usize = load<u32>(feature + (<usize>node << 2));
    const own = facts + asks;
    const before = count;
    let fact = load<u8>(own) | (load<u8>(missingLeft + <usize>node) ? MISSING_LEFT : MISSING_RIGHT);
    const asked = load<u8>(comparison + <usize>node);
    if (asked == MEMBER) {
      fact |= ASKS_SET;
      const end = load<i32>(setStart + (<usize>node << 2), 4);
      for (let c = load<i32>(setStart + (<usize>node << 2)); c < end; c++) {
        const code = <f64>load<i32>(setCodes + (<usize>c << 2));
        // A number that the type does not have belongs to no row.
        if (<f64>(<F>code) != code) continue;
        addItem<K>(found, count++, keyOf<F, K>(<F>code), node);
        addItem<K>(found, count++, keyOf<F, K>(numberAbove<F>(code)), node);
      }
    } else {
      const t = load<f64>(threshold + (<usize>node << 3));
      if (asked != BELOW && t == Infinity) {
        fact |= SENDS_ALL_LEFT;
        store<u32>(largest + (<usize>node << 2), allLeft - 1);
      } else {
        // Nothing is below NaN, nor at most.
        const edge = t != t ? <F>-Infinity : asked == BELOW ? smallestFrom<F>(t) : numberAbove<F>(t);
        addItem<K>(found, count++, keyOf<F, K>(edge), node);
      }
    }
    store<u8>(own, fact);
    const end = ends + (asks << 2);
    store<u32>(end, load<u32>(end) + <u32>(count - before));
  }

  // By radix: digit by digit from the last one, at last by feature.
  for (let shift = 0; shift < <i32>(8 * sizeof<K>()); shift += DIGIT, buckets += BUCKETS << 2) {
    // A digit that all keys share parts none of them.
    if (count == 0 || load<u32>(bucketOf<K>(load<K>(keys), buckets, <K>shift)) == <u32>count) continue;
    addUp(buckets, BUCKETS);
    scatter<K>(keys, owners, toKeys, toOwners, count, buckets, <K>shift);
    let other = keys;
    keys = toKeys;
    toKeys = other;
    other = owners;
    owners = toOwners;
    toOwners = other;
  }
  addUp(ends, features);
  for (let i: usize = 0; i < count; i++) {
    const node: usize = load<u32>(owners + (i << 2));
    const at = ends + (<usize>load<u32>(feature + (node << 2)) << 2);
    const to: usize = load<u32>(at);
    store<u32>(at, <u32>to + 1);
    store<K>(toKeys + (to << alignof<K>()), load<K>(keys + (i << alignof<K>())));
    store<u32>(toOwners + (to << 2), <u32>node);
  }

  let item: usize = 0;
  let kept: usize = 0;
  for (let f = 0; f < features; f++) {
    const end: usize = load<u32>(ends + (<usize>f << 2));
    const first = kept;
    let last: K = 0;
    for (; item < end; item++) {
      const key = load<K>(toKeys + (item << alignof<K>()));
      if (kept == first || key != last) {
        store<f64>(breaks + (kept << 3), <f64>numberOf<F, K>(key));
        kept++;
        last = key;
      }
      const node: usize = load<u32>(toOwners + (item << 2));
      if (load<u8>(comparison + node) != MEMBER) store<u32>(largest + (node << 2), <u32>(kept - first - 1));
    }
    store<u32>(ends + (<usize>f << 2), <u32>kept);
  }
}

/**
 * Finds where nodes part each feature.
 *
 * @param from the first node, `to` behind the last one
 * @param allLeft the number of a leaf; that of a node that sends all numbers to the left is one less
 */
export function breaks(ensemble: Ensemble, from: i32, to: i32, found: Breaks, allLeft: u32): void {
  if (ensemble.isWide) breaksOf<f64, u64>(ensemble, from, to, found, allLeft);
  else breaksOf<f32, u32>(ensemble, from, to, found, allLeft);
}
