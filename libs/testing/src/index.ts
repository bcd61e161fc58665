export { anyEnsemble, rowsFor } from './any-ensemble.js';
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
export { priceBundle, writePriceBundle } from './price-bundle.js';
export { MIXED_ROWS, writeMixedBundle } from './mixed-bundle.js';
export { freePort, portOf, takePort } from './ports.js';
export { until } from './until.js';
export { PATIENCE_SECONDS, within } from './within.js';
export { temporaryFolder } from './temporary-folder.js';
export { HostedWorkspace } from './hosted-workspace.js';
export { Workspace } from './workspace.js';
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
  TINY_FOREST,
  TINY_RECIPE,
  TINY_ROWS,
  tinyBundle,
  type TinyBundle,
  TURNED_FOREST,
  writeTinyBundle,
  writeWholeNumberBundle,
} from './tiny-bundle.js';
