import { join } from 'node:path';
import ts from 'typescript';
import { maintainersPackages } from '../../../tools/maintain/install.mjs';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

const { require } = maintainersPackages();
const OPERATOR = 'monitoring.coreos.com/v1';

/** The module that describes a kind: types for TypeScript, and a class that validates. */
const moduleOf = ({ apiVersion, kind }: Manifest): string =>
  `${apiVersion === OPERATOR ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}/${kind}`;

const named = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

const sourceOf = (manifest: Manifest): string =>
  `import type { I${manifest.kind} } from '${moduleOf(manifest)}';\nexport const it: I${manifest.kind} = ${JSON.stringify(manifest, null, 1)};`;

/**
 * What Kubernetes would not take in these manifests: unknown fields and wrong types, which TypeScript finds in an object
 * literal at any depth, and values out of bounds or missing, which the models' own JSON schemas find.
 */
export function kubernetesFaults(manifests: readonly Manifest[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const sources = new Map(
    manifests.map((manifest, i) => [join(process.cwd(), `tools/maintain/manifest-${i}.cts`), sourceOf(manifest)]),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => sources.has(file) || disk.fileExists(file),
    readFile: (file) => sources.get(file) ?? disk.readFile(file),
    getSourceFile: (file, target) =>
      sources.has(file) ? ts.createSourceFile(file, sources.get(file)!, target) : disk.getSourceFile(file, target),
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host));
  const nameOf = (file = '') => named(manifests[[...sources.keys()].indexOf(file)]);
  const typed = diagnostics.map(
    ({ file, messageText }) => `${nameOf(file?.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
  return [...typed, ...manifests.flatMap(schemaFaults)];
}

function schemaFaults(manifest: Manifest): string[] {
  const models = require(moduleOf(manifest)) as Record<string, new (data: Manifest) => { validate(): void }>;
  try {
    new models[manifest.kind](manifest).validate();
    return [];
  } catch (error) {
    return [`${named(manifest)}: ${(error as Error).message}`];
  }
}
