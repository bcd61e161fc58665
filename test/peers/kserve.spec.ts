import { readFileSync } from 'node:fs';
import { readManifests } from './helper/helm.js';
import { kubernetesFaults, type Manifest } from './helper/kubernetes-faults.js';

it('the example for KServe has a container as Kubernetes knows them', () => {
  const [runtime] = readManifests(readFileSync('deploy/kserve/serving-runtime.yaml', 'utf8'));
  const pod: Manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'runtime' },
    spec: { containers: runtime.spec.containers },
  };
  expect(kubernetesFaults([pod])).toEqual([]);
});
