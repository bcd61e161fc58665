interface Range {
  readonly minimum?: number | string;
  readonly maximum?: number | string;
}

/** Describes a range as a suffix of a noun; empty where it is unlimited. */
export function rangeInWords({ minimum, maximum }: Range): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}
