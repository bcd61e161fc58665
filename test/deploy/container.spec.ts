import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { runNode } from '../helper/run-node.js';

const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', ' ');
const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]+ /.test(line));
const last = (name: string): string =>
  instructions.findLast((line) => line.startsWith(`${name} `))!.slice(name.length + 1);
const { scripts, imports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
  imports: Record<string, { readonly default: string }>;
};

const API = 'dist/apps/api/src/main.js';
const COMMAND_LINE = 'dist/cli/main.js';
const WORKER = 'dist/worker/main.js';

/** The built file that a name in `imports` of package.json stands for. */
const named = (name: string): string => resolve((imports[name] ?? imports['#*']).default.replace('*', name.slice(1)));

/** All that the built API, command line and worker import of packages, by whatever path. */
function imported(): Set<string> {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const specifiers = readFileSync(file, 'utf8').matchAll(
      /(?:from|import|resolve|require)\s*\(?\s*['"]([^'"\n]+)['"]/g,
    );
    for (const [, specifier] of specifiers) {
      const target = specifier.startsWith('#') ? named(specifier) : resolve(dirname(file), specifier);
      if (target.endsWith('.js') && existsSync(target)) visit(target);
      else packages.add(specifier);
    }
  };
  for (const main of [API, 'dist/apps/cli/src/main.js', 'dist/apps/worker/src/main.js']) visit(resolve(main));
  expect(files.size).toBeGreaterThan(100);
  return packages;
}

describe('The image', () => {
  it('leaves out nothing that the API, the command line or the worker imports', () => {
    const removed = runNode(['deploy/prune.mjs', '--list']).stdout.trim().split('\n');
    const all = [...imported()];
    expect(all).toEqual(expect.arrayContaining(['express', 'commander', 'echarts/core', '@duckdb/node-api']));
    expect(removed).toContain('typescript');
    expect(all.filter((path) => removed.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
  });

  it('has the command line under its name', () => {
    const link = instructions.find((line) => line.startsWith('RUN ') && line.endsWith(' /usr/local/bin/skewless'))!;
    expect(link).toContain(`chmod 0755 ${COMMAND_LINE}`);
    expect(link).toContain(`ln -s /app/${COMMAND_LINE} `);
    expect(readFileSync(COMMAND_LINE, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('has the worker, which the command line starts', () => {
    expect(instructions).toContain('COPY --from=build /app/dist dist');
    expect(readFileSync('apps/cli/src/commands/worker.command.ts', 'utf8')).toContain(`'${WORKER}'`);
    expect(existsSync(WORKER)).toBe(true);
  });

  it('copies only what is there, and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .match(/^!.*$/gm)!
      .map((line) => line.slice(1));
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(copied.filter((path) => !allowed.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
    expect(allowed.filter((one) => !copied.some((path) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
  });

  it('starts what npm start starts, without a shell between it and its signals', () => {
    expect(scripts.start).toBe(`node tools/build.mjs && ${(JSON.parse(last('ENTRYPOINT')) as string[]).join(' ')}`);
    expect(last('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('is nobody: a user by number, as the chart says, and none that could write to its files', () => {
    const { runAsUser, runAsGroup } = (
      parse(readFileSync('deploy/kubernetes/deployment.yaml', 'utf8')) as {
        spec: { template: { spec: { securityContext: Record<string, number> } } };
      }
    ).spec.template.spec.securityContext;
    expect(last('USER')).toBe(`${runAsUser}:${runAsGroup}`);
    expect(dockerfile).not.toContain('--chown');
  });

  it('keeps ONNX Runtime from reporting its use', () => {
    expect(dockerfile).toMatch(/^ENV .*\bORT_DISABLE_TELEMETRY=1\b/m);
  });

  it('has a health check that asks for readiness and tells no from yes', () => {
    const [command, ...args] = JSON.parse(last('HEALTHCHECK').replace(/^.*CMD /, '')) as string[];
    expect(command).toBe('node');
    expect(args.join(' ')).toContain('/health/ready');
    const nobody = runNode(args, { env: { PORT: '1' } });
    expect(nobody.status).toBe(1);
  });
});

describe('compose.yaml', () => {
  interface Service {
    readonly image?: string;
    readonly build?: string;
    readonly ports?: string[];
    readonly volumes: string[];
    readonly environment?: Record<string, string>;
    readonly depends_on?: Record<string, { readonly condition: string }>;
    readonly healthcheck?: object;
  }
  const { services, volumes } = parse(readFileSync('compose.yaml', 'utf8')) as {
    services: Record<string, Service>;
    volumes: object;
  };

  it('has the API, PostgreSQL, MLflow, Prometheus and Grafana, each of a fixed version, open to this machine only', () => {
    expect(Object.keys(services)).toEqual(['api', 'postgres', 'mlflow', 'prometheus', 'grafana']);
    for (const { image, build, ports = [] } of Object.values(services)) {
      expect(image ?? build).toMatch(/^\.$|:v?\d+\.\d+(\.\d+)?$/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('keeps predictions in its PostgreSQL, which only its services reach and which is there before the API', () => {
    const { environment, ports, healthcheck } = services.postgres;
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = environment!;
    const { MONITOR_STORE } = services.api.environment!;
    expect(MONITOR_STORE).toBe(`postgres://${user}:${password}@postgres/${database}`);
    expect([ports, healthcheck !== undefined]).toEqual([undefined, true]);
    expect(services.api.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  });

  it('mounts only files that are there, and volumes that it declares', () => {
    const sources = Object.values(services).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0]));
    for (const source of sources)
      expect(source.startsWith('.') ? existsSync(join(source)) : source in volumes).toBe(true);
  });

  it('scrapes the port on which the API shows its metrics', () => {
    const { scrape_configs: jobs } = parse(readFileSync('deploy/compose/prometheus.yaml', 'utf8')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const { METRICS_PORT } = services.api.environment!;
    expect(jobs).toEqual([{ job_name: 'skewless', static_configs: [{ targets: [`api:${METRICS_PORT}`] }] }]);
  });
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
(promtool ? it : it.skip)(`promtool takes Prometheus's settings${promtool ? '' : ' (skipped: no promtool)'}`, () => {
  const { status, stderr } = spawnSync(
    'promtool',
    ['check', 'config', '--syntax-only', 'deploy/compose/prometheus.yaml'],
    {
      encoding: 'utf8',
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
