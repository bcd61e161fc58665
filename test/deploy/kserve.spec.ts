import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const runtime = parse(readFileSync('deploy/kserve/serving-runtime.yaml', 'utf8'));
const service = parse(readFileSync('deploy/kserve/inference-service.yaml', 'utf8'));

describe('The example for KServe', () => {
  it('names the runtime, and a format and a protocol that the runtime has', () => {
    const { runtime: name, modelFormat, protocolVersion } = service.spec.predictor.model;
    expect(name).toBe(runtime.metadata.name);
    expect(runtime.spec.supportedModelFormats).toContainEqual(expect.objectContaining(modelFormat));
    expect(runtime.spec.protocolVersions).toContain(protocolVersion);
  });

  it('calls its container as KServe wants it called', () => {
    expect(runtime.spec.containers.map(({ name }: { name: string }) => name)).toEqual(['kserve-container']);
  });
});
