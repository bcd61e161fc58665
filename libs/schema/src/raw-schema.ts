/** One raw column of a model's input. Ranges are inclusive. */
export interface RawColumn {
  readonly name: string;
  /** `integer` values are carried as float64 too, but must be whole. */
  readonly type: 'float' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  /** A null is carried as NaN; an `impute` step must then fill it. */
  readonly nullable: boolean;
  readonly description?: string;
  /** A value that documentation can show and a client can send. */
  readonly example?: number;
}

/** The raw columns of a model, in the order in which they enter its pipeline. */
export type RawSchema = readonly RawColumn[];
