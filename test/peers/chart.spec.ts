import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ENVIRONMENT } from '#config';
import { temporaryFolder } from '#testing';
import { CHART, describeWithHelm, helm, readManifests, reason, render } from './helper/helm.js';
import { kubernetesFaults, type Manifest } from './helper/kubernetes-faults.js';

const KEY_LINE = `shop:predict:${'a'.repeat(64)}`;
const VARIANTS: Record<string, string[]> = {
  defaults: [],
  everything: [
    ...[
      '--set',
      'serviceMonitor.enabled=true,namespace.create=true,image.tag=1.2.3,serviceMonitor.labels.release=prometheus',
    ],
    ...['--set', `apiKeys.lines=${KEY_LINE},podAnnotations.a=b,nodeSelector.disk=ssd,imagePullSecrets[0].name=pull`],
    ...['--set', 'extraEnvFrom[0].secretRef.name=s3,tolerations[0].key=ml,serviceAccount.annotations.role=reader'],
    ...['--set', 'networkPolicy.from[0].podSelector.matchLabels.app=shop,networkPolicy.egress[0].ports[0].port=443'],
    ...['--set', 'prometheusRule.enabled=true,prometheusRule.labels.release=prometheus'],
    ...['--set', 'ingress.enabled=true,ingress.className=nginx,ingress.hosts[0].host=models.example.org'],
    ...['--set', 'ingress.annotations.limit=5,ingress.hosts[1].host=b.example.org,ingress.tls[0].secretName=tls'],
    ...['--set', 'ingress.hosts[1].paths[0].path=/predict,ingress.hosts[1].paths[0].pathType=Exact'],
    ...['--set', 'extraEnv[0].name=AWS_REGION,extraEnv[0].value=eu-central-1'],
    ...['--set', 'extraEnv[1].name=AWS_TOKEN,extraEnv[1].valueFrom.secretKeyRef.name=s3'],
    ...['--set', 'extraEnv[1].valueFrom.secretKeyRef.key=token'],
    ...['--set', 'extraVolumes[0].name=ca,extraVolumes[0].secret.secretName=ca'],
    ...['--set', 'extraVolumeMounts[0].name=ca,extraVolumeMounts[0].mountPath=/ca'],
  ],
  'models of a new claim': ['--set', 'models.from=claim,models.claim.storageClass=fast'],
  'models of an existing claim': ['--set', 'models.from=claim,models.claim.existing=bundles'],
  'models of an image': ['--set', 'models.from=image,models.image.reference=registry.example/models:3'],
  'models of a source': ['--set', 'models.from=source,config.MODELS_SOURCE=s3://models/random_forest'],
  'no extras': [
    ...['--set', 'autoscaling.enabled=false,podDisruptionBudget.enabled=false,networkPolicy.enabled=false'],
    ...['--set', 'grpc.enabled=false,apiKeys.existingSecret=keys'],
  ],
  'other names': ['--set', 'nameOverride=scoring,fullnameOverride=customers'],
  staging: ['--values', 'deploy/helm/environments/staging.yaml'],
  production: ['--values', 'deploy/helm/environments/production.yaml'],
};

const temporary = temporaryFolder();
const rendered = join(temporary, 'kubernetes');

const ofKind = (manifests: Manifest[], kind: string): Manifest => manifests.find((one) => one.kind === kind)!;
const podOf = (manifests: Manifest[]) => ofKind(manifests, 'Deployment').spec.template.spec;

describeWithHelm(`The Helm chart${reason}`, () => {
  it.each(Object.entries(VARIANTS))('lints: %s', (_, args) => {
    expect(helm('lint', CHART, '--strict', ...args)).toMatchObject({ status: 0 });
  });

  it('renders only what Kubernetes and the Prometheus Operator know', () => {
    const manifests = Object.values(VARIANTS).flatMap((args) => render(...args));
    expect(manifests.length).toBeGreaterThan(50);
    expect(kubernetesFaults(manifests)).toEqual([]);
  });

  it('would be caught with an unknown field, a wrong type, or a missing one', () => {
    const container = (manifest: any) => manifest.spec.template.spec.containers[0];
    const changes: Record<string, (manifest: any) => void> = {
      'unknown-in-spec': (it) => (it.spec.replica = 2),
      'unknown-in-container': (it) => (container(it).readinessProb = {}),
      'unknown-in-probe': (it) => (container(it).livenessProbe.httpGet.pth = '/'),
      'wrong-type': (it) => (it.spec.minReadySeconds = '2'),
      missing: (it) => delete container(it).name,
    };
    const spoilt = Object.entries(changes).map(([name, change]) => {
      const manifest = structuredClone(ofKind(render(), 'Deployment'));
      change(manifest);
      return { ...manifest, metadata: { name } };
    });
    const faults = kubernetesFaults(spoilt);
    const found = new Set(faults.map((fault) => /^Deployment (.*?):/.exec(fault)?.[1]));
    expect([...found].sort()).toEqual(Object.keys(changes).sort());
    expect(faults.join()).toContain('readinessProb');
  });

  /** Renders a chart of which this one is a part. */
  const asSubchart = (values: object): { status: number | null; output: string } => {
    const parent = join(temporary, 'parent');
    mkdirSync(parent, { recursive: true });
    cpSync(CHART, join(parent, 'charts/skewless'), { recursive: true });
    const dependencies = [{ name: 'skewless', version: '>=0.0.0', condition: 'skewless.enabled' }];
    const chart = { apiVersion: 'v2', name: 'parent', version: '0.1.0', dependencies };
    writeFileSync(join(parent, 'Chart.yaml'), JSON.stringify(chart));
    writeFileSync(join(parent, 'values.yaml'), JSON.stringify(values));
    return helm('template', 'shop', parent);
  };

  it('is a part of another chart, where that says so', () => {
    const values = { enabled: true, config: { BODY_LIMIT_BYTES: 67_108_864 } };
    const { status, output } = asSubchart({ global: { imageRegistry: 'registry.example' }, skewless: values });
    expect([status, status === 0 ? '' : output]).toEqual([0, '']);
    const manifests = readManifests(output);
    expect(kubernetesFaults(manifests)).toEqual([]);
    expect(new Set(manifests.map(({ metadata }) => metadata.name))).toEqual(new Set(['shop-skewless']));
    expect(ofKind(manifests, 'ConfigMap').data!.BODY_LIMIT_BYTES).toBe('67108864');
    const without = asSubchart({ skewless: { enabled: false } });
    expect([without.status, without.output.trim()]).toEqual([0, '']);
  });

  it('has the names that it is given', () => {
    const manifests = render(...VARIANTS['other names']);
    expect(new Set(manifests.map(({ metadata }) => metadata.name))).toEqual(new Set(['customers']));
    const labels = { 'app.kubernetes.io/name': 'scoring', 'app.kubernetes.io/instance': 'skewless' };
    expect(ofKind(manifests, 'Service').spec.selector).toEqual(labels);
    expect(ofKind(manifests, 'Deployment').spec.template.metadata.labels).toEqual(labels);
    expect(ofKind(render('--set', 'nameOverride=scoring'), 'Service').metadata.name).toBe('skewless-scoring');
  });

  it('writes numbers as they are, wherever Kubernetes wants a text', () => {
    const file = join(temporary, 'values.yaml');
    const numbers = {
      BODY_LIMIT_BYTES: 67_108_864,
      WORKERS: 1,
      OTEL_TRACES_SAMPLER_ARG: 0.25,
      CORS: true,
      TEXT: '007',
    };
    const values = {
      config: numbers,
      extraEnv: [{ name: 'LIMIT', value: 12_345_678 }],
      podAnnotations: { limit: 12_345_678, on: true },
      nodeSelector: { generation: 10_000_000 },
      serviceAccount: { annotations: { account: 123_456_789_012 } },
    };
    writeFileSync(file, JSON.stringify(values));
    const manifests = render('--values', file);
    expect(ofKind(manifests, 'ConfigMap').data).toMatchObject({
      ...{ BODY_LIMIT_BYTES: '67108864', WORKERS: '1', OTEL_TRACES_SAMPLER_ARG: '0.25', CORS: 'true', TEXT: '007' },
      ...{ GRPC_ENABLED: 'true', GRPC_PORT: '8001', DRAIN_SECONDS: '1' },
    });
    const { template } = ofKind(manifests, 'Deployment').spec;
    expect(template.metadata.annotations).toMatchObject({ limit: '12345678', on: 'true' });
    expect(template.spec.nodeSelector).toEqual({ generation: '10000000' });
    expect(template.spec.containers[0].env).toEqual([{ name: 'LIMIT', value: '12345678' }]);
    expect(kubernetesFaults(manifests)).toEqual([]);
    const flag = render('--set', 'config.WORKERS=2,config.BODY_LIMIT_BYTES=67108864');
    expect(ofKind(flag, 'ConfigMap').data).toMatchObject({ WORKERS: '2', BODY_LIMIT_BYTES: '67108864' });
  });

  it('lets in, by an ingress, what its hosts ask', () => {
    const { spec } = ofKind(render(...VARIANTS.everything), 'Ingress');
    const backend = { service: { name: 'skewless', port: { name: 'http' } } };
    expect(spec).toEqual({
      ingressClassName: 'nginx',
      rules: [
        { host: 'models.example.org', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
        { host: 'b.example.org', http: { paths: [{ path: '/predict', pathType: 'Exact', backend }] } },
      ],
      tls: [{ secretName: 'tls' }],
    });
  });

  it('has the alert rules of deploy/monitoring', () => {
    const rules = readFileSync('deploy/monitoring/alerts.yaml', 'utf8');
    expect(readFileSync(`${CHART}/files/alerts.yaml`, 'utf8')).toBe(rules);
    expect(ofKind(render(...VARIANTS.everything), 'PrometheusRule').spec).toEqual(parse(rules));
  });

  it('is what deploy/kubernetes holds', () => {
    const { status, stderr } = spawnSync(process.execPath, ['deploy/render.mjs', rendered], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const read = (root: string) =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return [path.slice(root.length), readFileSync(path, 'utf8')];
        })
        .sort();
    expect(read('deploy/kubernetes')).toEqual(read(rendered));
  });

  it('asks the probes that the API has', () => {
    const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: object };
    const [container] = podOf(render()).containers;
    const asked = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => container[probe].httpGet.path);
    expect(asked).toEqual(['/health/startup', '/health/live', '/health/ready']);
    for (const path of asked) expect(paths).toHaveProperty([path]);
  });

  it('gives a pod the time that preStop, drain and grace take', () => {
    const manifests = render('--set', 'shutdown.preStopSeconds=7,shutdown.drainSeconds=3,shutdown.graceSeconds=40');
    const { DRAIN_SECONDS, GRACE_SECONDS } = ofKind(manifests, 'ConfigMap').data!;
    expect([DRAIN_SECONDS, GRACE_SECONDS]).toEqual(['3', '40']);
    const pod = podOf(manifests);
    expect(pod.containers[0].lifecycle.preStop.sleep.seconds).toBe(7);
    expect(pod.terminationGracePeriodSeconds).toBe(7 + 3 + 40 + 5);
  });

  it.each(Object.entries(VARIANTS))('runs every container locked up: %s', (_, args) => {
    const pod = podOf(render(...args));
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.anything() },
        limits: { memory: expect.anything() },
      });
    }
  });

  it.each(Object.entries(VARIANTS))(
    'sets only variables that the server reads, and mounts what it names: %s',
    (_, args) => {
      const manifests = render(...args);
      const known = Object.keys(ENVIRONMENT).concat('GRPC_ENABLED', 'GRPC_PORT');
      for (const name of Object.keys(ofKind(manifests, 'ConfigMap').data!)) expect(known).toContain(name);
      const { containers, volumes } = podOf(manifests);
      const mounted = containers[0].volumeMounts.map(({ name }: { name: string }) => name).sort();
      expect(volumes.map(({ name }: { name: string }) => name).sort()).toEqual(mounted);
    },
  );

  it.each([
    ['config.PORT=80', 'PORT'],
    ['config.lower=1', 'lower'],
    ['replicaCont=2', 'replicaCont'],
    ['image.digest=latest', 'digest'],
    ['models.from=bucket', 'from'],
    ['models.from=image', 'which image holds the models'],
    ['ingress.enabled=true', 'which host does the ingress serve'],
    ['extraEnv[0].name=PORT,extraEnv[0].value=80', 'extraEnv'],
    ['extraEnv[0].name=REGION', 'extraEnv'],
  ])('refuses --set %s', (setting, words) => {
    const { status, output } = helm('template', 'skewless', CHART, '--set', setting);
    expect(status).not.toBe(0);
    expect(output).toContain(words);
  });
});
