import { section, setting } from './setting.js';
import { matching, oneOf, optional, SECONDS, SHARE, SIZE, SWITCH, TEXT, whole, word } from './setting-type.js';

const ORIGINS = /^(\*|https?:\/\/[^\s/,]+(\s*,\s*https?:\/\/[^\s/,]+)*)$/;
const ALGORITHM = '(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)';
const ALGORITHMS = new RegExp(`^${ALGORITHM}(\\s*,\\s*${ALGORITHM})*$`);
const URL_TEXT = matching(/^https?:\/\//, 'must be a URL');
/** Names of levels in Python's logging. */
const PYTHON_LEVELS = { warning: 'warn', critical: 'fatal' } as const;

/** The settings of the server, in the order of `config.yaml`. */
export const SERVER_SETTINGS = {
  server: section({
    host: setting('address to listen on', { env: 'HOST', flag: '--host H', type: TEXT, default: '0.0.0.0' }),
    port: setting('port to listen on; 0 takes any free one', {
      env: 'PORT',
      flag: '--port N',
      type: whole(0, 65_535),
      default: 8_000,
    }),
    workers: setting('processes that share the port', {
      env: 'WORKERS',
      flag: '--workers N',
      type: whole(1, 256),
      default: 1,
    }),
    bodyLimitBytes: setting('size limit of a body, also after decompression: 32 MiB, enough for 100,000 instances', {
      env: 'BODY_LIMIT_BYTES',
      type: whole(1_024, 268_435_456),
      default: 33_554_432,
    }),
    maxRequests: setting(
      'limit of POSTs in progress in one process, and of gRPC ModelInfers; beyond it, or with bodies of more than 8 x `server.bodyLimitBytes`, 503 before their body is read',
      { env: 'MAX_REQUESTS', type: whole(1, 1_000_000), default: 1_024 },
    ),
    headersTimeoutSeconds: setting('time limit for the header fields to arrive; then 408', {
      env: 'HEADERS_TIMEOUT_SECONDS',
      type: SECONDS,
      default: 10,
    }),
    requestTimeoutSeconds: setting(
      'time limit for the whole request to arrive, never slower than 1 KiB/s over 10 s; then 408. An answer ends that waits longer for its caller to read on',
      { env: 'REQUEST_TIMEOUT_SECONDS', type: SECONDS, default: 60 },
    ),
    keepAliveSeconds: setting(
      'how long idle connections stay open; longer than the load balancer keeps them (usually 60), or it finds them closed',
      { env: 'KEEP_ALIVE_SECONDS', type: SECONDS, default: 65 },
    ),
    maxHeaderBytes: setting('size limit of all header fields together; beyond it 431', {
      env: 'MAX_HEADER_BYTES',
      type: whole(1_024, 1_048_576),
      default: 16_384,
    }),
    trustedProxies: setting(
      "number of proxies in front of this server that put the client's address into `X-Forwarded-For`",
      {
        env: 'TRUSTED_PROXIES',
        type: whole(0, 16),
        default: 0,
      },
    ),
    maxConnections: setting('limit of connections of one process; more are closed at once', {
      env: 'MAX_CONNECTIONS',
      type: whole(1, 1_000_000),
      default: 10_000,
    }),
    maxRequestsPerConnection: setting(
      'then the connection is closed, so that a balancer spreads the load again; 0: never',
      { env: 'MAX_REQUESTS_PER_CONNECTION', type: whole(0, 1_000_000_000), default: 0 },
    ),
  }),

  models: section({
    directory: setting(
      'the folder that holds `<name>/<version>/`; relative to this project here, to the working directory in the environment',
      { env: 'MODELS_DIR', type: TEXT, default: 'models' },
    ),
    default: setting(
      'the model that `/predict` uses; ignored where `MODELS_DIR` or `MODELS_SOURCE` names another place: [models.md](models.md)',
      { env: 'DEFAULT_MODEL', type: optional(TEXT), default: 'random_forest' },
    ),
    load: setting('which versions are loaded: those that an alias names, or `all`', {
      env: 'MODELS_LOAD',
      type: word(['aliases', 'all']),
      default: 'aliases',
    }),
    labels: setting(
      "`model` or `argmax`: which is right where an ONNX classifier's label contradicts its largest probability; not set: such a version is refused: [models.md](models.md)",
      { env: 'MODELS_LABELS', type: optional(oneOf('model', 'argmax')), example: 'argmax' },
    ),
    steps: setting(
      'space-separated files that define steps of your own; relative to this project here, to the working directory in the environment: [features.md](features.md#a-step-of-your-own)',
      { env: 'MODELS_STEPS', type: optional(TEXT), example: 'steps/distance.mjs' },
    ),
    watchSeconds: setting('how often to look for moved aliases and new versions; 0 never looks', {
      env: 'MODELS_WATCH_SECONDS',
      type: SECONDS,
      default: 2,
    }),
    proofSeconds: setting(
      'a new version is proven in a process of its own, which is killed then; 0 proves it in the server: [bundle.md](bundle.md)',
      { env: 'MODELS_PROOF_SECONDS', type: SECONDS, default: 30 },
    ),
    source: setting('space-separated URLs of models from elsewhere, instead of the folder: [models.md](models.md)', {
      env: 'MODELS_SOURCE',
      type: optional(TEXT),
      example: 's3://bucket/models/random_forest',
    }),
    sourceSeconds: setting('how often to look there for moved aliases; 0 only at boot', {
      env: 'MODELS_SOURCE_SECONDS',
      type: SECONDS,
      default: 60,
    }),
    allowedHosts: setting('space-separated hosts that models may be fetched from; none if not set', {
      env: 'MODELS_ALLOWED_HOSTS',
      type: optional(TEXT),
      example: 'models.example.org',
    }),
    cache: setting('the folder that keeps what came from a source', {
      env: 'MODELS_CACHE',
      type: TEXT,
      default: '.cache/models',
    }),
    s3Endpoint: setting('an S3-compatible store; AWS if not set', {
      env: 'MODELS_S3_ENDPOINT',
      type: optional(TEXT),
      example: 'http://localhost:9000',
    }),
    publicKey: setting(
      'a PEM file with an Ed25519 key; versions without its signature are refused: [bundle.md](bundle.md#signatures)',
      { env: 'MODELS_PUBLIC_KEY', type: optional(TEXT), example: 'keys/models.pem' },
    ),
  }),

  inference: section({
    engine: setting(
      '`auto`: models of trees by a kernel of our own, once it has given the answers of ONNX Runtime; or `onnxruntime`',
      { env: 'INFERENCE_ENGINE', type: word(['auto', 'onnxruntime']), default: 'auto' },
    ),
    threads: setting('ONNX Runtime threads of one run', { env: 'INFERENCE_THREADS', type: whole(1, 256), default: 1 }),
    batchThreads: setting('threads of a run of 128 rows or more; another number than `threads` holds the model twice', {
      env: 'BATCH_THREADS',
      type: whole(1, 256),
      default: 2,
    }),
    maxPendingRows: setting('limit of rows in progress in one process; beyond it 503', {
      env: 'MAX_PENDING_ROWS',
      type: whole(1, 1_000_000_000),
      default: 400_000,
    }),
  }),

  batch: section({
    maxInstances: setting('maximum number of instances of one batch', {
      env: 'MAX_BATCH_INSTANCES',
      type: whole(1, 10_000_000),
      default: 100_000,
    }),
  }),

  logging: section({
    level: setting('`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`; probes are logged at `debug`', {
      env: 'LOG_LEVEL',
      type: word(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], PYTHON_LEVELS),
      default: 'info',
    }),
    format: setting('`json`, `pretty`, or `auto`: pretty on a terminal', {
      env: 'LOG_FORMAT',
      type: word(['auto', 'json', 'pretty']),
      default: 'auto',
    }),
  }),

  shutdown: section({
    drainSeconds: setting('after SIGTERM, how long to go on serving while readiness answers 503', {
      env: 'DRAIN_SECONDS',
      type: SECONDS,
      default: 1,
    }),
    graceSeconds: setting('how long requests in progress may then still take', {
      env: 'GRACE_SECONDS',
      type: SECONDS,
      default: 25,
    }),
  }),

  metrics: section({
    enabled: setting('collect metrics: [metrics.md](metrics.md)', {
      env: 'METRICS_ENABLED',
      type: SWITCH,
      default: true,
    }),
    port: setting('a separate port for `GET /metrics`, without keys; not set: the port of the API', {
      env: 'METRICS_PORT',
      type: optional(whole(1, 65_535)),
      example: 9_090,
    }),
    host: setting('the address of that port; not set: `server.host`', {
      env: 'METRICS_HOST',
      type: optional(TEXT),
      example: '127.0.0.1',
    }),
  }),

  monitor: section(
    {
      enabled: setting('keep a record of every prediction: [monitoring.md](monitoring.md)', {
        env: 'MONITOR_ENABLED',
        type: SWITCH,
        default: true,
      }),
      store: setting(
        'where records are kept: a folder of this machine, or `postgres://user:password@host/database` for several: [monitoring.md](monitoring.md)',
        { env: 'MONITOR_STORE', type: TEXT, default: 'monitor' },
      ),
      schema: setting('schema of the tables in the database', {
        env: 'MONITOR_SCHEMA',
        type: TEXT,
        default: 'skewless_monitor',
      }),
      maxBytes: setting('of the folder: beyond it the oldest rows go, then the oldest records; counts stay: 2 GiB', {
        env: 'MONITOR_MAX_BYTES',
        type: whole(1_048_576, Number.MAX_SAFE_INTEGER),
        default: 2_147_483_648,
      }),
      rows: setting(
        'raw rows that are kept beside the records: `off`, `sample` or `all`; `monitor.rows` in `config/models/<name>.yaml` says it of one model, and so do the others below',
        { env: 'MONITOR_ROWS', type: oneOf('off', 'sample', 'all'), default: 'off' },
      ),
      sampleShare: setting('share of the rows that `sample` keeps', {
        env: 'MONITOR_SAMPLE_SHARE',
        type: SHARE,
        default: 0.01,
      }),
      slices: setting('up to 4 columns, separated by spaces, whose values are kept in every record', {
        env: 'MONITOR_SLICES',
        type: optional(TEXT),
        example: 'contract region',
      }),
      excluded: setting('columns, separated by spaces, of which nothing is ever kept', {
        env: 'MONITOR_EXCLUDED',
        type: optional(TEXT),
        example: 'name address',
      }),
      minimumAccuracy: setting(
        'alarm: the accuracy of labelled predictions is proven to be lower; not set: the registered one less 0.05',
        { env: 'MONITOR_MINIMUM_ACCURACY', type: optional(SHARE), example: 0.9 },
      ),
      maximumMae: setting(
        "alarm: a regression's mean absolute error is proven to be greater, in the unit of the target; not set: 1.2 times the registered one",
        { env: 'MONITOR_MAXIMUM_MAE', type: optional(SIZE), example: 4.5 },
      ),
      page: setting('pages at /monitor that show what is wrong: [monitoring.md](monitoring.md#the-page)', {
        env: 'MONITOR_PAGE',
        type: SWITCH,
        default: true,
      }),
    },
    'what is kept of predictions, to see drift and quality',
  ),

  tracing: section(
    {
      endpoint: setting('a receiver of OTLP over HTTP: [tracing.md](tracing.md); without one nothing is traced', {
        env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
        type: optional(URL_TEXT),
        example: 'http://localhost:4318',
      }),
      serviceName: setting('name of this server in traces', {
        env: 'OTEL_SERVICE_NAME',
        type: TEXT,
        default: 'skewless',
      }),
      sampleRatio: setting('share of the traces that begin here; callers decide about theirs', {
        env: 'OTEL_TRACES_SAMPLER_ARG',
        type: SHARE,
        default: 1,
      }),
    },
    'OpenTelemetry: a span for each request and its stages',
  ),

  security: section(
    {
      keysFile: setting(
        'a file of hashed API keys, one per line, read again when it changes: [security.md](security.md)',
        { env: 'API_KEYS_FILE', type: optional(TEXT), example: 'keys.txt' },
      ),
      keys: setting('hashed API keys, separated by spaces', {
        env: 'API_KEYS',
        type: optional(TEXT),
        example: 'ops:read:<sha256>',
      }),
    },
    'without keys, predictions are open to all and nothing can be changed from outside',
  ),

  jwt: section(
    {
      jwksUrl: setting('where the issuer of JSON Web Tokens publishes its keys: [security.md](security.md#tokens)', {
        env: 'JWT_JWKS_URL',
        type: optional(URL_TEXT),
        example: 'https://login.example.com/.well-known/jwks.json',
      }),
      issuer: setting('what `iss` must be', {
        env: 'JWT_ISSUER',
        type: optional(TEXT),
        example: 'https://login.example.com/',
      }),
      audience: setting('what `aud` must hold', { env: 'JWT_AUDIENCE', type: optional(TEXT), example: 'skewless' }),
      algorithms: setting(
        'accepted algorithms; asymmetric ones only: with a shared secret every server could issue tokens',
        {
          env: 'JWT_ALGORITHMS',
          type: matching(
            ALGORITHMS,
            'must name asymmetric algorithms such as RS256, ES256 or EdDSA, separated by commas',
          ),
          default: 'RS256, ES256, EdDSA',
        },
      ),
      scopeClaim: setting('the claim that holds the scopes: a list, or a space-separated text', {
        env: 'JWT_SCOPE_CLAIM',
        type: TEXT,
        default: 'scope',
      }),
    },
    'JSON Web Tokens, accepted in addition to keys',
  ),

  cors: section(
    {
      origins: setting(
        'web sites whose pages may send requests from a browser, separated by commas; `*` allows every one',
        {
          env: 'CORS_ORIGINS',
          type: optional(matching(ORIGINS, 'must be origins such as https://example.com, separated by commas, or *')),
          example: 'https://example.com, https://example.org',
        },
      ),
    },
    'web sites whose pages may send requests from a browser; none by default',
  ),

  rateLimit: section(
    {
      requests: setting(
        'requests of one caller in a window: [security.md](security.md#rate-limits); 0 does not limit',
        { env: 'RATE_LIMIT_REQUESTS', type: whole(0, 1_000_000_000), default: 0 },
      ),
      seconds: setting('length of the window', { env: 'RATE_LIMIT_SECONDS', type: whole(1, 86_400), default: 60 }),
    },
    'of one caller: by key, or without keys by network; for all workers together',
  ),

  grpc: section(
    {
      enabled: setting('serve the Open Inference Protocol over gRPC: [protocols.md](protocols.md)', {
        env: 'GRPC_ENABLED',
        type: SWITCH,
        default: true,
      }),
      host: setting('address to listen on; not set: `server.host`', {
        env: 'GRPC_HOST',
        type: optional(TEXT),
        example: '127.0.0.1',
      }),
      port: setting('port to listen on; 0 takes any free one', {
        env: 'GRPC_PORT',
        type: whole(0, 65_535),
        default: 8_001,
      }),
    },
    'the Open Inference Protocol over gRPC',
  ),
};
