/** Completes the description of valid values of a nullable column. */
export const orNull = (expected: string, { nullable }: { readonly nullable: boolean }): string =>
  nullable ? `${expected}, or null` : expected;
