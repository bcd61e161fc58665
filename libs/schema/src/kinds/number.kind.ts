import { numericKind } from './numeric-kind.js';

/** Finite numbers. */
export const numberKind = numericKind({
  noun: 'a finite number',
  misfit: 'not a number',
  jsonType: 'number',
  datatype: 'FP64',
  isWhole: false,
  nearest: (value) => value,
});
