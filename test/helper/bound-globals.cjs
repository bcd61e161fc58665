const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createTransformer } = require('@swc/jest');

/** No spec replaces them; `Date` and timers are none of them. */
const GLOBALS = [
  ...['Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'Boolean', 'Buffer', 'DataView', 'Error', 'Infinity', 'JSON', 'Map'],
  ...['Math', 'NaN', 'Number', 'Object', 'Promise', 'RegExp', 'Set', 'String', 'Symbol', 'WeakMap'],
  ...[
    'Int8Array',
    'Int16Array',
    'Int32Array',
    'Uint8Array',
    'Uint16Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
  ],
];
const OWN_DIGEST = createHash('sha256').update(readFileSync(__filename)).digest('hex');

/** Whether a module names a global without making or importing something of that name. */
const uses = (code, name) =>
  new RegExp(`(?<![.\\w$])${name}\\b`).test(code) &&
  !new RegExp(
    `\\b(?:const|let|var|function|class|as)\\s+${name}\\b|\\bimport\\b[^;]*\\b${name}\\b[^;]*\\bfrom\\b`,
  ).test(code);

/** On the first line, so that all lines keep their numbers. */
function withBoundGlobals({ code, ...result }) {
  const used = code.startsWith('#!') ? [] : GLOBALS.filter((name) => uses(code, name));
  return { ...result, code: used.length > 0 ? `const { ${used.join(', ')} } = globalThis; ${code}` : code };
}

/**
 * SWC, and globals as constants of each module: Jest's global object is asked by interceptors at each use of `Math` or
 * `Float64Array`, which makes loops over numbers three times as slow.
 */
exports.createTransformer = (options) => {
  const swc = createTransformer(options);
  return {
    ...swc,
    getCacheKey: (...args) => swc.getCacheKey(...args) + OWN_DIGEST,
    process: (...args) => withBoundGlobals(swc.process(...args)),
    processAsync: async (...args) => withBoundGlobals(await swc.processAsync(...args)),
  };
};
