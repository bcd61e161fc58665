/** Each floor's libs, the lowest first: a lib imports lower floors only. The one list from which these rules are made. */
const FLOORS = require('./libs/floors.json');
const APPS = ['api', 'cli'];

/** The engine that one lib alone touches. */
const ENGINES = {
  '@duckdb': 'tables',
  'onnxruntime-node': 'runtime',
  'onnx-buf': 'onnx',
  'pg/': 'monitoring',
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const floorRules = FLOORS.flatMap((libs, floor) =>
  libs.map((lib) =>
    forbid(
      `floor-${floor}-${lib}`,
      `${lib} is on floor ${floor} and imports lower floors only`,
      { path: `^libs/${lib}/`, pathNot: '\\.spec\\.ts$|/testing/' },
      { path: `^(?:apps|config|test|libs/(?!(?:${[lib, ...FLOORS.slice(0, floor).flat()].join('|')})/))` },
    ),
  ),
);

const engineRules = Object.entries(ENGINES).map(([engine, lib]) =>
  forbid(
    `engine-${engine.replace(/\W+/g, '-')}`,
    `only libs/${lib} touches ${engine}`,
    { pathNot: `^libs/(?:${lib}|testing)/|\\.spec\\.ts$|^test/` },
    { path: `node_modules/${engine}` },
  ),
);

const doorRules = APPS.map((app) =>
  forbid(`door-${app}`, 'apps never import each other', { path: `^apps/${app}/` }, { path: `^apps/(?!${app}/)` }),
);

/** Who may import whom. */
module.exports = {
  forbidden: [
    forbid('no-circular', 'A circle hides which file owns a concept', {}, { circular: true }),
    ...floorRules,
    ...engineRules,
    ...doorRules,
    forbid(
      'index-only',
      "A lib's index.ts is its whole public face",
      { path: '^(apps|config|libs/([^/]+))/' },
      {
        path: '^libs/',
        pathNot: '^libs/$2/|^libs/[^/]+/src/index\\.ts$|/testing/',
      },
    ),
    forbid(
      'lib-specs-alone',
      'Specs of libs, and what they are made of, need no app',
      { path: '^libs/.*(?:\\.spec\\.ts$|/testing/)|^libs/testing/' },
      { path: '^(?:apps|test)/' },
    ),
    forbid('libs-no-http', 'Libs know no HTTP', { path: '^libs/' }, { path: 'node_modules/(@nestjs/swagger|express)' }),
    forbid(
      'config-in-composition',
      'Only composition reads the settings',
      { path: '^apps/api/src/', pathNot: '^apps/api/src/(start|command-line|app\\.module|create-app|openapi)\\.ts$' },
      { path: '^config/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'product-not-test',
      'The product never reaches into tests',
      { path: '^(apps|libs|config)/', pathNot: '\\.spec\\.ts$|/testing/' },
      { path: '^(test|bench)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
