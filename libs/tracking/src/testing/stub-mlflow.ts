import {
  checkBatch,
  checkInputs,
  type Entity,
  invalid,
  missing,
  type StubBatch,
  StubError,
  type StubRun,
  writeBatch,
} from './stub-store.js';

export interface StubVersion {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly run_id: string;
  readonly tags: readonly Entity[];
}

type Body = Record<string, unknown>;
const HISTORY_PAGE = 300;

const page = <T>(all: readonly T[], query: URLSearchParams, size: number): [T[], { next_page_token?: string }] => {
  const start = Number(query.get('page_token') ?? 0);
  const next = start + size;
  return [all.slice(start, next), next < all.length ? { next_page_token: String(next) } : {}];
};

/** The state and responses of an MLflow server. Where real stores differ, it is as strict as the strictest. */
export class StubMlflow {
  readonly experiments = new Map<string, { experiment_id: string; name: string; lifecycle_stage: string }>();
  readonly runs: StubRun[] = [];
  readonly artifacts = new Map<string, Buffer>();
  readonly models = new Set<string>();
  readonly versions: StubVersion[] = [];
  readonly aliases = new Map<string, string>();
  artifactRoot = 'mlflow-artifacts:/';
  isSql = false;

  answer(endpoint: string, query: URLSearchParams, body: Body, bytes: number): object {
    const answer = this.endpoints[endpoint];
    if (!(endpoint in this.endpoints)) throw new StubError(404, 'ENDPOINT_NOT_FOUND', endpoint);
    return answer(body, query, bytes);
  }

  private readonly endpoints: Record<string, (body: Body, query: URLSearchParams, bytes: number) => object> = {
    'GET experiments/get-by-name': (_, query) => {
      const experiment = this.experiments.get(query.get('experiment_name')!);
      if (!experiment) throw missing('Could not find experiment');
      return { experiment };
    },
    'POST experiments/create': ({ name }) => {
      if (this.experiments.has(name as string)) throw this.exists(`Experiment '${name as string}'`);
      const experiment_id = String(this.experiments.size + 1);
      this.experiments.set(name as string, { experiment_id, name: name as string, lifecycle_stage: 'active' });
      return { experiment_id };
    },
    'POST runs/create': ({ experiment_id, tags, ...rest }) => {
      const run_id = `run${this.runs.length + 1}`;
      const artifact_uri = `${this.artifactRoot}${experiment_id as string}/${run_id}/artifacts`;
      const info = { ...rest, run_id, artifact_uri, experiment_id: experiment_id as string, lifecycle_stage: 'active' };
      const entries = (tags as Entity[]).map(({ key, value }) => [key, value] as const);
      this.runs.push({ info, params: new Map(), tags: new Map(entries), metrics: [], inputs: [] });
      return { run: { info } };
    },
    'POST runs/search': ({ filter, experiment_ids }) => {
      const [, key, value] = /^tags\.`(.+)` = '(.+)'$/.exec(filter as string)!;
      const found = this.runs.filter(
        ({ info, tags }) => (experiment_ids as string[]).includes(info.experiment_id) && tags.get(key) === value,
      );
      return found.length > 0 ? { runs: found.map(({ info }) => ({ info })) } : {};
    },
    'GET runs/get': (_, query) => ({ run: { info: this.run(query.get('run_id')).info } }),
    'POST runs/update': ({ run_id, ...changes }) => Object.assign(this.run(run_id).info, changes),
    'POST runs/log-batch': (body, _, bytes) => {
      const batch = body as unknown as StubBatch;
      checkBatch(batch, bytes);
      writeBatch(this.run(batch.run_id), batch, this.isSql);
      return {};
    },
    'POST runs/log-inputs': ({ run_id, datasets }) => {
      checkInputs(datasets as { dataset: { name: string; digest: string } }[]);
      const { inputs } = this.run(run_id);
      for (const input of datasets as unknown[]) {
        if (!inputs.some((other) => JSON.stringify(other) === JSON.stringify(input))) inputs.push(input);
      }
      return {};
    },
    'GET metrics/get-history': (_, query) => {
      const all = this.run(query.get('run_id')).metrics.filter(({ key }) => key === query.get('metric_key'));
      // As in MLflow 3: without `max_results`, an empty page with a token that is rejected.
      if (query.get('page_token') === '0') throw invalid(`Invalid page token, parsed value={'offset': 0}`);
      const [metrics, token] = page(all, query, Math.min(Number(query.get('max_results')), HISTORY_PAGE));
      return { ...(metrics.length > 0 && { metrics }), ...token };
    },
    'POST registered-models/create': ({ name }) => {
      if (this.models.has(name as string)) throw this.exists(`Registered Model (name=${name as string})`);
      this.models.add(name as string);
      return { registered_model: { name } };
    },
    'POST model-versions/create': (body) => {
      const { name } = body as { name: string };
      if (!this.models.has(name)) throw missing(`Registered Model with name=${name} not found`);
      const version = String(this.versions.filter((other) => other.name === name).length + 1);
      this.versions.push({ ...(body as unknown as StubVersion), version });
      return { model_version: { name, version } };
    },
    'GET model-versions/search': (_, query) => {
      const [, name] = /^name = '(.+)'$/.exec(query.get('filter')!)!;
      const [model_versions, token] = page(
        this.versions.filter((version) => version.name === name),
        query,
        1,
      );
      return { model_versions, ...token };
    },
    'POST registered-models/alias': ({ name, alias, version }) => {
      if (!this.versions.some((other) => other.name === name && other.version === version)) {
        throw missing(`Model Version (name=${name as string}, version=${version as string}) not found`);
      }
      this.aliases.set(`${name as string}@${alias as string}`, version as string);
      return {};
    },
  };

  private run(id: unknown): StubRun {
    const run = this.runs.find(({ info }) => info.run_id === id);
    if (!run) throw missing(`Run with id=${id as string} not found`);
    return run;
  }

  private exists(what: string): StubError {
    if (!what) throw invalid('Missing value');
    return new StubError(400, 'RESOURCE_ALREADY_EXISTS', `${what} already exists`);
  }
}
