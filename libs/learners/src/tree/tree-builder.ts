import type { FlatTree } from './flat-tree.js';

/** Collects the nodes of a tree, in growing buffers that are reused for the next one. */
export class TreeBuilder {
  private size = 0;
  private capacity = 256;
  private feature = new Int16Array(this.capacity);
  private threshold = new Float32Array(this.capacity);
  private missingLeft = new Uint8Array(this.capacity);
  private left = new Int32Array(this.capacity);
  private right = new Int32Array(this.capacity);
  private gain = new Float64Array(this.capacity);
  private value: Float32Array | Float64Array;

  /**
   * @param outputs number of values of a leaf
   * @param type of the values
   */
  constructor(
    private readonly outputs: number,
    private readonly type: Float32ArrayConstructor | Float64ArrayConstructor = Float32Array,
  ) {
    this.value = new type(this.capacity * outputs);
  }

  clear(): void {
    this.size = 0;
  }

  /** Adds a leaf of zeros, as the child of a node if one is given. */
  add(parent: number, isLeft: boolean): number {
    const node = this.size++;
    if (this.size > this.capacity) this.grow();
    this.feature[node] = 0;
    this.threshold[node] = 0;
    this.missingLeft[node] = 0;
    this.gain[node] = 0;
    this.left[node] = this.right[node] = -1;
    this.value.fill(0, node * this.outputs, this.size * this.outputs);
    if (parent >= 0) (isLeft ? this.left : this.right)[parent] = node;
    return node;
  }

  setSplit(node: number, feature: number, threshold: number, gain: number, missingLeft = false): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.gain[node] = gain;
    this.missingLeft[node] = Number(missingLeft);
  }

  setValue(node: number, output: number, value: number): void {
    this.value[node * this.outputs + output] = value;
  }

  build(): FlatTree {
    return {
      feature: this.feature.slice(0, this.size),
      threshold: this.threshold.slice(0, this.size),
      missingLeft: this.missingLeft.slice(0, this.size),
      left: this.left.slice(0, this.size),
      right: this.right.slice(0, this.size),
      gain: this.gain.slice(0, this.size),
      value: this.value.slice(0, this.size * this.outputs),
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const bigger = <T extends { set(from: T): void }>(to: T, from: T): T => (to.set(from), to);
    this.feature = bigger(new Int16Array(this.capacity), this.feature);
    this.threshold = bigger(new Float32Array(this.capacity), this.threshold);
    this.missingLeft = bigger(new Uint8Array(this.capacity), this.missingLeft);
    this.left = bigger(new Int32Array(this.capacity), this.left);
    this.right = bigger(new Int32Array(this.capacity), this.right);
    this.gain = bigger(new Float64Array(this.capacity), this.gain);
    this.value = bigger<Float32Array | Float64Array>(new this.type(this.capacity * this.outputs), this.value);
  }
}
