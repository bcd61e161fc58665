import { readFileSync } from 'node:fs';
import { kubernetesFaults, type Manifest } from './helper/kubernetes-faults.js';
import { readManifests } from './helper/helm.js';

const [runtime] = readManifests(readFileSync('deploy/kserve/serving-runtime.yaml', 'utf8'));
const [service] = readManifests(readFileSync('deploy/kserve/inference-service.yaml', 'utf8'));

describe('The example for KServe', () => {
  it('has a container as Kubernetes knows them', () => {
    const pod: Manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'runtime' },
      spec: { containers: runtime.spec.containers },
    };
    expect(kubernetesFaults([pod])).toEqual([]);
  });

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
