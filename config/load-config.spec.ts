import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config.error.js';
import { loadConfig } from './load-config.js';
import { ENVIRONMENT, SERVER_SETTINGS } from './settings/index.js';
import { projectRoot } from '#kit';

const DEFAULTS = {
  server: {
    host: '0.0.0.0',
    port: 8000,
    workers: 1,
    bodyLimitBytes: 33_554_432,
    maxRequests: 1_024,
    headersTimeoutSeconds: 10,
    requestTimeoutSeconds: 60,
    keepAliveSeconds: 65,
    maxHeaderBytes: 16_384,
    trustedProxies: 0,
    maxConnections: 10_000,
    maxRequestsPerConnection: 0,
  },
  models: {
    directory: join(projectRoot(), 'models'),
    default: 'random_forest',
    load: 'aliases',
    watchSeconds: 2,
    sourceSeconds: 60,
    proofSeconds: 30,
    cache: join(projectRoot(), '.cache', 'models'),
  },
  inference: { engine: 'auto', threads: 1, batchThreads: 2, maxPendingRows: 400_000 },
  batch: { maxInstances: 100_000 },
  logging: { level: 'info', format: 'auto' },
  shutdown: { drainSeconds: 1, graceSeconds: 25 },
  metrics: { enabled: true },
  monitor: {
    enabled: true,
    store: join(projectRoot(), 'monitor'),
    schema: 'skewless_monitor',
    maxBytes: 2_147_483_648,
    rows: 'off',
    sampleShare: 0.01,
    page: true,
  },
  renewal: {
    mode: 'off',
    jobs: join(projectRoot(), 'renewal'),
    pollSeconds: 5,
    atMaxHold: 'keep_champion',
    cooldownHours: 24,
    errorBudget: 0.05,
    everyHours: 0,
    labelDelayHours: 0,
    latencyRatio: 1.2,
    lookbackDays: 90,
    keepVersions: 20,
    lossMargin: 0.02,
    maxHoldHours: 168,
    minimumRequests: 200,
    newLabels: 0,
    onDrift: true,
    scoreShift: 0.25,
    shadowHours: 1,
    stepHours: 1,
    steps: [1, 5, 25, 50],
    watchHours: 24,
  },
  tracing: { serviceName: 'skewless', sampleRatio: 1 },
  security: {},
  jwt: { algorithms: 'RS256, ES256, EdDSA', scopeClaim: 'scope' },
  cors: {},
  rateLimit: { requests: 0, seconds: 60 },
  tracking: { experiment: 'skewless', directory: 'runs' },
  grpc: { enabled: true, port: 8001 },
};

/** The configuration as plain data. */
const load = (...args: Parameters<typeof loadConfig>): unknown => JSON.parse(JSON.stringify(loadConfig(...args)));

/** These settings disable the default model in the file, which applies only to the file's own folder. */
const ELSEWHERE = ['models.directory', 'models.source'];

const withSetting = (path: string, value: unknown): unknown => {
  const [section, key] = path.split('.') as ['models', string];
  const { default: named, ...models } = DEFAULTS.models;
  const before = ELSEWHERE.includes(path)
    ? { ...DEFAULTS, models }
    : { ...DEFAULTS, models: { ...models, default: named } };
  return { ...before, [section]: { ...before[section], [key]: value } };
};

describe('loadConfig', () => {
  it('takes the values of config.yaml', () => {
    expect(load({})).toEqual(DEFAULTS);
  });

  it('ignores other variables', () => {
    expect(load({ PATH: '/bin', PORTS: '1', port: '2' })).toEqual(DEFAULTS);
  });

  it.each([
    ['HOST', 'server.host', '127.0.0.1', '127.0.0.1'],
    ['PORT', 'server.port', '0', 0],
    ['WORKERS', 'server.workers', '256', 256],
    ['BODY_LIMIT_BYTES', 'server.bodyLimitBytes', '1024', 1_024],
    ['MAX_REQUESTS', 'server.maxRequests', '64', 64],
    ['HEADERS_TIMEOUT_SECONDS', 'server.headersTimeoutSeconds', '0.5', 0.5],
    ['REQUEST_TIMEOUT_SECONDS', 'server.requestTimeoutSeconds', '300', 300],
    ['KEEP_ALIVE_SECONDS', 'server.keepAliveSeconds', '5', 5],
    ['MAX_HEADER_BYTES', 'server.maxHeaderBytes', '8192', 8_192],
    ['TRUSTED_PROXIES', 'server.trustedProxies', '1', 1],
    ['MAX_CONNECTIONS', 'server.maxConnections', '500', 500],
    ['MAX_REQUESTS_PER_CONNECTION', 'server.maxRequestsPerConnection', '1000', 1_000],
    ['MODELS_DIR', 'models.directory', '/srv/models', '/srv/models'],
    ['DEFAULT_MODEL', 'models.default', '7', '7'],
    ['MODELS_LOAD', 'models.load', 'all', 'all'],
    ['MODELS_LABELS', 'models.labels', 'argmax', 'argmax'],
    ['MODELS_WATCH_SECONDS', 'models.watchSeconds', '0', 0],
    ['MODELS_PROOF_SECONDS', 'models.proofSeconds', '0', 0],
    ['MODELS_SOURCE', 'models.source', 's3://b/m file:///m', 's3://b/m file:///m'],
    ['MODELS_SOURCE_SECONDS', 'models.sourceSeconds', '0', 0],
    ['MODELS_ALLOWED_HOSTS', 'models.allowedHosts', 'a b:1', 'a b:1'],
    ['MODELS_CACHE', 'models.cache', '/var/cache/models', '/var/cache/models'],
    ['MODELS_S3_ENDPOINT', 'models.s3Endpoint', 'http://s3', 'http://s3'],
    ['MODELS_PUBLIC_KEY', 'models.publicKey', '7', '7'],
    ['INFERENCE_ENGINE', 'inference.engine', 'onnxruntime', 'onnxruntime'],
    ['INFERENCE_THREADS', 'inference.threads', '4', 4],
    ['BATCH_THREADS', 'inference.batchThreads', '4', 4],
    ['MAX_PENDING_ROWS', 'inference.maxPendingRows', '1', 1],
    ['MAX_BATCH_INSTANCES', 'batch.maxInstances', '10000000', 10_000_000],
    ['LOG_LEVEL', 'logging.level', 'silent', 'silent'],
    ['LOG_FORMAT', 'logging.format', 'json', 'json'],
    ['DRAIN_SECONDS', 'shutdown.drainSeconds', '0.5', 0.5],
    ['GRACE_SECONDS', 'shutdown.graceSeconds', '3600', 3_600],
    ['METRICS_ENABLED', 'metrics.enabled', 'false', false],
    ['METRICS_PORT', 'metrics.port', '9464', 9_464],
    ['METRICS_HOST', 'metrics.host', '::1', '::1'],
    ['MONITOR_ENABLED', 'monitor.enabled', 'false', false],
    ['MONITOR_STORE', 'monitor.store', 'postgres://u:p@h/d', 'postgres://u:p@h/d'],
    ['MONITOR_SCHEMA', 'monitor.schema', '7', '7'],
    ['MONITOR_MAX_BYTES', 'monitor.maxBytes', '1048576', 1_048_576],
    ['MONITOR_ROWS', 'monitor.rows', 'all', 'all'],
    ['MONITOR_SAMPLE_SHARE', 'monitor.sampleShare', '0.5', 0.5],
    ['MONITOR_SLICES', 'monitor.slices', 'contract region', 'contract region'],
    ['MONITOR_EXCLUDED', 'monitor.excluded', 'name', 'name'],
    ['MONITOR_PAGE', 'monitor.page', 'false', false],
    ['RENEWAL_MODE', 'renewal.mode', 'manual', 'manual'],
    ['RENEWAL_JOBS', 'renewal.jobs', '/srv/jobs', '/srv/jobs'],
    ['RENEWAL_POLL_SECONDS', 'renewal.pollSeconds', '0.5', 0.5],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'tracing.endpoint', 'http://collector:4318', 'http://collector:4318'],
    ['OTEL_SERVICE_NAME', 'tracing.serviceName', '7', '7'],
    ['OTEL_TRACES_SAMPLER_ARG', 'tracing.sampleRatio', '0.1', 0.1],
    ['API_KEYS_FILE', 'security.keysFile', '/run/keys', '/run/keys'],
    ['API_KEYS', 'security.keys', '7', '7'],
    ['MLFLOW_TRACKING_URI', 'tracking.uri', 'http://mlflow', 'http://mlflow'],
    ['JWT_JWKS_URL', 'jwt.jwksUrl', 'https://a.example/keys', 'https://a.example/keys'],
    ['JWT_ISSUER', 'jwt.issuer', '7', '7'],
    ['JWT_AUDIENCE', 'jwt.audience', '7', '7'],
    ['JWT_ALGORITHMS', 'jwt.algorithms', 'PS512,Ed25519', 'PS512,Ed25519'],
    ['JWT_SCOPE_CLAIM', 'jwt.scopeClaim', '7', '7'],
    ['CORS_ORIGINS', 'cors.origins', 'https://a.example', 'https://a.example'],
    ['RATE_LIMIT_REQUESTS', 'rateLimit.requests', '100', 100],
    ['RATE_LIMIT_SECONDS', 'rateLimit.seconds', '1', 1],
    ['GRPC_ENABLED', 'grpc.enabled', 'false', false],
    ['GRPC_HOST', 'grpc.host', '::1', '::1'],
    ['GRPC_PORT', 'grpc.port', '0', 0],
  ] as const)('%s overrides %s alone', (variable, setting, text, value) => {
    expect(ENVIRONMENT[variable]).toBe(setting);
    expect(load({ [variable]: text })).toEqual(withSetting(setting, value));
  });

  it.each([
    ['LOG_LEVEL', 'INFO', 'logging.level', 'info'],
    ['LOG_LEVEL', 'WARNING', 'logging.level', 'warn'],
    ['LOG_LEVEL', 'critical', 'logging.level', 'fatal'],
    ['LOG_FORMAT', 'Json', 'logging.format', 'json'],
    ['MODELS_LOAD', 'ALL', 'models.load', 'all'],
    ['METRICS_ENABLED', 'False', 'metrics.enabled', false],
  ] as const)('reads %s=%s as other services write it', (variable, text, setting, value) => {
    expect(load({ [variable]: text })).toEqual(withSetting(setting, value));
  });

  it('has a variable for every setting of the server, for renewal and for the MLflow server', () => {
    const settings = Object.entries(SERVER_SETTINGS).flatMap(([section, { settings }]) =>
      Object.keys(settings).map((key) => `${section}.${key}`),
    );
    expect(settings.length).toBeGreaterThan(50);
    expect(Object.values(ENVIRONMENT)).toEqual([
      ...settings,
      'renewal.mode',
      'renewal.jobs',
      'renewal.pollSeconds',
      'tracking.uri',
    ]);
  });

  it('takes an empty variable as not set', () => {
    expect(load(Object.fromEntries(Object.keys(ENVIRONMENT).map((name) => [name, ''])))).toEqual(DEFAULTS);
  });

  it('lays the command line over the environment', () => {
    const config = loadConfig(
      { PORT: '1', HOST: 'here' },
      { '--port': ['server.port', '2'], '--workers': ['server.workers', '3'] },
    );
    expect(config.server).toEqual({ ...DEFAULTS.server, host: 'here', port: 2, workers: 3 });
  });

  it('names the flag, not the variable, as the source of a wrong value', () => {
    expect(() => loadConfig({ PORT: '1' }, { '--port': ['server.port', 'x'] })).toThrow(
      new ConfigError('server.port (from --port) is "x": must be a whole number from 0 to 65535'),
    );
  });

  it('reports every wrong value at once: what, from where, and what is allowed', () => {
    const environment = {
      PORT: '65536',
      WORKERS: '0',
      BODY_LIMIT_BYTES: '1023',
      INFERENCE_THREADS: '1.5',
      MAX_PENDING_ROWS: 'many',
      MAX_BATCH_INSTANCES: '-1',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      DRAIN_SECONDS: '-0.5',
      GRACE_SECONDS: 'Infinity',
    };
    const message = `\
server.port (from PORT) is 65536: must be a whole number from 0 to 65535
server.workers (from WORKERS) is 0: must be a whole number from 1 to 256
server.bodyLimitBytes (from BODY_LIMIT_BYTES) is 1023: must be a whole number from 1024 to 268435456
inference.threads (from INFERENCE_THREADS) is 1.5: must be a whole number from 1 to 256
inference.maxPendingRows (from MAX_PENDING_ROWS) is "many": must be a whole number from 1 to 1000000000
batch.maxInstances (from MAX_BATCH_INSTANCES) is -1: must be a whole number from 1 to 10000000
logging.level (from LOG_LEVEL) is "loud": must be one of fatal, error, warn, info, debug, trace, silent
logging.format (from LOG_FORMAT) is "xml": must be one of auto, json, pretty
shutdown.drainSeconds (from DRAIN_SECONDS) is -0.5: must be a number of seconds from 0 to 3600
shutdown.graceSeconds (from GRACE_SECONDS) is "Infinity": must be a number of seconds from 0 to 3600`;
    expect(() => loadConfig(environment)).toThrow(new ConfigError(message));
  });

  it('refuses a setting that does not exist', () => {
    expect(() => loadConfig({}, { '--speed': ['server.speed', '9'] })).toThrow(
      new ConfigError('server.speed (from --speed) is 9: there is no such setting; see config/config.yaml'),
    );
  });

  it('refuses an empty host from the command line', () => {
    expect(() => loadConfig({}, { '--host': ['server.host', ''] })).toThrow(
      new ConfigError('server.host (from --host) is "": must not be blank'),
    );
  });

  describe('in another working directory', () => {
    const before = process.cwd();
    let elsewhere: string;
    beforeAll(() => {
      process.chdir(tmpdir());
      elsewhere = process.cwd();
    });
    afterAll(() => process.chdir(before));

    it('takes MODELS_DIR relative to it', () => {
      expect(loadConfig({ MODELS_DIR: 'my/models' }).models.directory).toBe(join(elsewhere, 'my/models'));
    });

    it('keeps the default model of the file for its own folder, however that is named, and one that is named itself', () => {
      expect(loadConfig({ MODELS_DIR: join(before, 'models') }).models.default).toBe('random_forest');
      expect(loadConfig({ MODELS_DIR: 'my/models', DEFAULT_MODEL: 'mine' }).models.default).toBe('mine');
      expect(loadConfig({ MODELS_DIR: 'my/models' }).models.default).toBeUndefined();
      expect(loadConfig({ MODELS_SOURCE: 'file:///mnt/models' }).models.default).toBeUndefined();
    });

    it('still finds the models of config.yaml in the project', () => {
      expect(loadConfig({}).models.directory).toBe(join(before, 'models'));
    });
  });
});
