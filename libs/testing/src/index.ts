export {
  adder,
  halves,
  identity,
  likeness,
  lowers,
  unranked,
  writeForeignModel,
  zippedWithData,
} from './foreign-models.js';
export {
  EXAMPLE,
  GOLDEN,
  readGolden,
  type RecordedExchange,
  recordedExchanges,
  type RecordedRow,
  recordedRows,
} from './golden.js';
export {
  runOnnx,
  temporaryFolder,
  TINY_FOREST,
  TINY_RECIPE,
  TINY_ROWS,
  tinyBundle,
  type TinyBundle,
  TURNED_FOREST,
  writeTinyBundle,
  writeWholeNumberBundle,
} from './tiny-bundle.js';
