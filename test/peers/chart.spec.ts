import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ENVIRONMENT } from '#config';
import { temporaryFolder } from '#testing';
import { CHART, describeWithHelm, helm, readManifests, reason, render } from './helper/helm.js';
import { kubernetesFaults, type Manifest } from './helper/kubernetes-faults.js';

const KEY_LINE = `shop:predict:${'a'.repeat(64)}`;
const ONE_POD = 'autoscaling.enabled=false,replicaCount=1';
const POSTGRES = 'monitor.store=postgres,monitor.postgres.existingSecret=database';
const SHARED_MODELS = 'models.from=claim,models.claim.accessModes={ReadWriteMany}';
const RENEWAL = `renewal.enabled=true,renewal.home.existingClaim=project,${POSTGRES},${SHARED_MODELS}`;
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
  'predictions in a new claim': ['--set', `monitor.embedded.claim.enabled=true,monitor.alerts=true,${ONE_POD}`],
  'predictions in an existing claim': [
    ...['--set', `monitor.embedded.claim.enabled=true,monitor.embedded.claim.existing=kept,${ONE_POD}`],
  ],
  'predictions in PostgreSQL': ['--set', `${POSTGRES},monitor.alerts=true,prometheusRule.enabled=true`],
  'no predictions kept': ['--set', 'monitor.store=none'],
  renewal: [
    ...['--set', `${RENEWAL},networkPolicy.egress[0].ports[0].port=5432,extraEnv[0].name=AWS_REGION`],
    ...['--set', 'extraEnv[0].value=eu-central-1,nodeSelector.disk=ssd,imagePullSecrets[0].name=pull'],
    ...['--set', 'extraVolumes[0].name=ca,extraVolumes[0].secret.secretName=ca'],
    ...['--set', 'extraVolumeMounts[0].name=ca,extraVolumeMounts[0].mountPath=/ca'],
    ...['--set', 'tolerations[0].key=ml,extraEnvFrom[0].secretRef.name=s3'],
  ],
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
const settingsOf = (manifests: Manifest[]) => ofKind(manifests, 'ConfigMap').data!;
const volumeOf = (pod: any, name: string) => pod.volumes.find((volume: any) => volume.name === name);
const mountOf = (pod: any, name: string) => pod.containers[0].volumeMounts.find((mount: any) => mount.name === name);
/** Of the servers, and of the job that renews models where there is one. */
const podsOf = (manifests: Manifest[]) => {
  const job = ofKind(manifests, 'CronJob') as Manifest | undefined;
  return [podOf(manifests), ...(job ? [job.spec.jobTemplate.spec.template.spec] : [])];
};

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
    const { groups } = parse(rules) as { groups: { name: string }[] };
    const groupsOf = (variant: string) => ofKind(render(...VARIANTS[variant]), 'PrometheusRule').spec.groups;
    expect(groupsOf('predictions in PostgreSQL')).toEqual(groups);
    const others = groups.filter(({ name }) => name !== 'skewless-drift-and-quality');
    expect(others).toHaveLength(groups.length - 1);
    expect(groupsOf('everything')).toEqual(others);
  });

  it('keeps predictions in a folder of each pod, which the server may write', () => {
    const manifests = render();
    expect(settingsOf(manifests)).toMatchObject({ MONITOR_STORE: '/monitor' });
    expect(mountOf(podOf(manifests), 'monitor')).toEqual({ name: 'monitor', mountPath: '/monitor' });
    expect(volumeOf(podOf(manifests), 'monitor')).toEqual({ name: 'monitor', emptyDir: { sizeLimit: '3Gi' } });
  });

  it.each([
    ['new', 'skewless-monitor'],
    ['existing', 'kept'],
  ])('keeps predictions in a claim (%s), which one pod has at a time', (which, claimName) => {
    const manifests = render(...VARIANTS[`predictions in ${which === 'new' ? 'a new' : 'an existing'} claim`]);
    expect(volumeOf(podOf(manifests), 'monitor')).toEqual({ name: 'monitor', persistentVolumeClaim: { claimName } });
    expect(mountOf(podOf(manifests), 'monitor')).toEqual({ name: 'monitor', mountPath: '/monitor' });
    expect(ofKind(manifests, 'Deployment').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const made = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(made.map(({ metadata, spec }) => [metadata.name, spec.resources.requests.storage])).toEqual(
      which === 'new' ? [[claimName, '3Gi']] : [],
    );
  });

  it('keeps predictions in PostgreSQL, whose URL only a secret holds', () => {
    const manifests = render(...VARIANTS['predictions in PostgreSQL']);
    expect(podOf(manifests).containers[0].env).toEqual([
      { name: 'MONITOR_STORE', valueFrom: { secretKeyRef: { name: 'database', key: 'url' } } },
    ]);
    expect(settingsOf(manifests)).not.toHaveProperty('MONITOR_STORE');
    expect(volumeOf(podOf(manifests), 'monitor')).toBeUndefined();
  });

  it('keeps nothing of predictions where it is told so', () => {
    const manifests = render(...VARIANTS['no predictions kept']);
    expect(settingsOf(manifests)).toMatchObject({ MONITOR_ENABLED: 'false' });
    expect(volumeOf(podOf(manifests), 'monitor')).toBeUndefined();
  });

  it('renews models by one job at a time, which writes where the servers read', () => {
    const manifests = render(...VARIANTS.renewal);
    const { spec } = ofKind(manifests, 'CronJob');
    expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid', schedule: '*/5 * * * *' });
    const { template, ...job } = spec.jobTemplate.spec;
    expect(job).toEqual({ backoffLimit: 1, activeDeadlineSeconds: 21_600 });
    const [server, worker] = podsOf(manifests);
    const [container] = worker.containers;
    expect(container.command).toEqual(['skewless', 'worker', '--once']);
    expect(container.image).toBe(server.containers[0].image);
    expect(container.envFrom).toEqual(server.containers[0].envFrom);
    expect(container.env).toEqual([{ name: 'SKEWLESS_HOME', value: '/project' }, ...server.containers[0].env]);
    expect(settingsOf(manifests)).toMatchObject({ RENEWAL_MODE: 'manual', RENEWAL_JOBS: '/models/.renewal' });
    const asModelsSay = render(...VARIANTS.renewal, '--set', 'renewal.mode=');
    expect(settingsOf(asModelsSay)).not.toHaveProperty('RENEWAL_MODE');
    expect(volumeOf(worker, 'models')).toEqual(volumeOf(server, 'models'));
    for (const pod of [server, worker])
      expect(mountOf(pod, 'models')).toEqual({ name: 'models', mountPath: '/models' });
    expect(volumeOf(worker, 'project').persistentVolumeClaim).toEqual({ claimName: 'project' });
    // No request is sent to it, and it reaches what the servers may.
    const { selector } = ofKind(manifests, 'Service').spec;
    expect(template.metadata.labels).not.toMatchObject(selector);
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map((policy) => policy.spec);
    const own = policies.find(({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/name'] !== 'skewless');
    expect(own.podSelector.matchLabels).toEqual(template.metadata.labels);
    expect(own).toMatchObject({ ingress: [], egress: [{ ports: [{ port: 5432 }] }] });
  });

  it('renews nothing unless it is asked to, and servers then cannot write models', () => {
    const manifests = render(...VARIANTS['models of a new claim']);
    expect(ofKind(manifests, 'CronJob')).toBeUndefined();
    expect(settingsOf(manifests)).not.toHaveProperty('RENEWAL_MODE');
    expect(mountOf(podOf(manifests), 'models').readOnly).toBe(true);
    expect(volumeOf(podOf(manifests), 'models').persistentVolumeClaim.readOnly).toBe(true);
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
    for (const pod of podsOf(render(...args))) {
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
    }
  });

  it.each(Object.entries(VARIANTS))(
    'sets only variables that the server reads, and mounts what it names: %s',
    (_, args) => {
      const manifests = render(...args);
      const known = Object.keys(ENVIRONMENT).concat('GRPC_ENABLED', 'GRPC_PORT');
      for (const name of Object.keys(ofKind(manifests, 'ConfigMap').data!)) expect(known).toContain(name);
      for (const { containers, volumes } of podsOf(manifests)) {
        const mounted = containers[0].volumeMounts.map(({ name }: { name: string }) => name).sort();
        expect(volumes.map(({ name }: { name: string }) => name).sort()).toEqual(mounted);
      }
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
    ['config.MONITOR_STORE=monitor', 'MONITOR_STORE'],
    ['monitor.store=sqlite', 'store'],
    ['monitor.store=postgres', 'which secret holds the URL of the database'],
    ['monitor.store=none,monitor.alerts=true', 'nothing can be judged'],
    ['monitor.alerts=true', 'set monitor.store=postgres, or autoscaling.enabled=false with replicaCount=1'],
    ['monitor.alerts=true,autoscaling.enabled=false,replicaCount=2', 'judge a part of the rows each'],
    ['monitor.embedded.claim.enabled=true', 'one folder is for one machine'],
    [RENEWAL.replace('ReadWriteMany', 'ReadWriteOnce'), 'models.claim.accessModes={ReadWriteMany}'],
    [RENEWAL.replace('models.from=claim', 'models.from=bundled'), 'set models.from=claim'],
    [RENEWAL.replace('store=postgres', 'store=embedded'), 'the worker has to see what the servers answered'],
    [RENEWAL.replace('=project', '='), 'which claim holds config/models'],
  ])('refuses --set %s', (setting, words) => {
    const { status, output } = helm('template', 'skewless', CHART, '--set', setting);
    expect(status).not.toBe(0);
    expect(output).toContain(words);
  });
});
