/** What a value must be, in words, where it may be null. */
export const orNull = (expected: string, { nullable }: { readonly nullable: boolean }): string =>
  nullable ? `${expected}, or null` : expected;
