/** How the rows of a version were split: `lineage.split` of its manifest. */
export interface RecordedSplit {
  /** By keys made of the rows' contents. */
  readonly by: 'row_key';
  readonly seed: number;
  readonly test_share: number;
  /** For each class, the largest key that went to the test part; null for none. */
  readonly cuts: readonly (string | null)[];
}
