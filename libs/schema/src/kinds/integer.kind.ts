import { numericKind } from './numeric-kind.js';

/** Whole numbers, as far as float64 tells them apart. */
export const integerKind = numericKind({
  noun: 'a whole number',
  misfit: 'not a whole number',
  jsonType: 'integer',
  datatype: 'INT64',
  isWhole: true,
  nearest: Math.round,
  sqlUnfit: (value) => `${value} <> floor(${value})`,
});
