const onlyFrom = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

/** The import rules of the architecture: who may import whom. */
module.exports = {
  forbidden: [
    onlyFrom('no-circular', {}, { circular: true }, 'A cycle hides which part owns a concept'),
    onlyFrom(
      'features-alone',
      { path: '^libs/features/' },
      { path: '^(apps|config|libs/(?!features/))' },
      'features imports nothing internal',
    ),
    onlyFrom(
      'forest-alone',
      { path: '^libs/forest/' },
      { path: '^(apps|config|libs/(?!forest/))' },
      'forest imports nothing internal',
    ),
    onlyFrom(
      'tables-alone',
      { path: '^libs/tables/' },
      { path: '^(apps|config|libs/(?!tables/))' },
      'tables imports nothing internal',
    ),
    onlyFrom(
      'tracking-alone',
      { path: '^libs/tracking/' },
      { path: '^(apps|config|libs/(?!tracking/))' },
      'tracking imports nothing internal',
    ),
    onlyFrom(
      'kit-alone',
      { path: '^libs/kit/' },
      { path: '^(apps|config|libs/(?!kit/))' },
      'kit imports nothing internal',
    ),
    onlyFrom(
      'registry-features',
      { path: '^libs/registry/' },
      { path: '^(apps|config|libs/(?!registry/|features/|kit/))' },
      'registry imports features and kit only',
    ),
    onlyFrom(
      'libs-no-swagger',
      { path: '^libs/' },
      { path: 'node_modules/@nestjs/swagger' },
      'libs know no HTTP documentation',
    ),
    onlyFrom(
      'api-not-pipeline',
      { path: '^apps/api/' },
      { path: '^apps/pipeline/' },
      'applications never import each other',
    ),
    onlyFrom(
      'pipeline-not-api',
      { path: '^apps/pipeline/' },
      { path: '^apps/api/' },
      'applications never import each other',
    ),
    onlyFrom(
      'one-onnxruntime',
      { pathNot: '^libs/registry/src/onnx-runtime\\.ts$' },
      { path: 'node_modules/onnxruntime' },
      'exactly one file imports onnxruntime-node',
    ),
    onlyFrom(
      'config-in-composition',
      { path: '^apps/api/src/', pathNot: '^apps/api/src/(start|app\\.module|create-app|openapi)\\.ts$' },
      { path: '^config/', dependencyTypesNot: ['type-only'] },
      'only composition reads the configuration',
    ),
    onlyFrom(
      'product-not-test',
      { path: '^(apps|libs|config)/', pathNot: '\\.spec\\.ts$' },
      { path: '^(test|bench)/' },
      'the product never reaches into tests',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.paths.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
