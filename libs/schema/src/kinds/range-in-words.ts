interface Range {
  readonly minimum?: number | string;
  readonly maximum?: number | string;
}

/** Between which values a value must be, in words that follow what it is; none where it may be any. */
export function rangeInWords({ minimum, maximum }: Range): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}
