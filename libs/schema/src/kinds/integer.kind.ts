import { numericKind } from './numeric-kind.js';

/** Whole numbers, within the precision of float64. */
export const integerKind = numericKind({
  noun: 'a whole number',
  misfit: 'not a whole number',
  jsonType: 'integer',
  datatype: 'INT64',
  isWhole: true,
  nearest: Math.round,
  sqlUnfit: (value) => `${value} <> floor(${value})`,
});
