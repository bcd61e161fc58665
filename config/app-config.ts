import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  isObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOADS = ['aliases', 'all'] as const;
const LABELS = ['model', 'argmax'] as const;
const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
/** What Python's logging calls them. */
const PYTHON_LEVELS = { warning: 'warn', critical: 'fatal' } as const;

/** What a whole number in a range must be, in words. */
const wholeNumber = (low: number, high: number): { message: string } => ({
  message: `must be a whole number from ${low} to ${high}`,
});
const seconds = { message: 'must be a number of seconds from 0 to 3600' };

/** A whole number in a range, with one message for all that can be wrong with it. */
export function IntIn(low: number, high: number): PropertyDecorator {
  return (target, key) => {
    for (const rule of [IsInt, () => Min(low, wholeNumber(low, high)), () => Max(high, wholeNumber(low, high))]) {
      rule(wholeNumber(low, high))(target, key);
    }
  };
}

function Seconds(): PropertyDecorator {
  return (target, key) => {
    IsNumber({}, seconds)(target, key);
    Min(0, seconds)(target, key);
    Max(3_600, seconds)(target, key);
  };
}

/** One of some words, in capitals too. */
function OneOf(words: readonly string[], synonyms: Readonly<Record<string, string>> = {}): PropertyDecorator {
  const read = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const word = synonyms[value.toLowerCase()] ?? value.toLowerCase();
    return words.includes(word) ? word : value;
  };
  return (target, key) => {
    Transform(({ value }) => read(value))(target, key);
    IsIn(words, { message: `must be one of ${words.join(', ')}` })(target, key);
  };
}

export function Text(): PropertyDecorator {
  return (target, key) => {
    IsString({ message: 'must be a text' })(target, key);
    Matches(/\S/, { message: 'must not be blank' })(target, key);
  };
}

/** Settings of their own; a list or nothing at all is none. */
export function Mapping(type: new () => object): PropertyDecorator {
  const options = { message: 'must be a mapping' };
  return (target, key) => {
    for (const rule of [Type(() => type), IsObject(options), ValidateNested(options)]) rule(target, key);
  };
}

/** Values of one kind by names that the user chooses. */
export function MappingOf(isValue: (value: unknown) => boolean, message: string): PropertyDecorator {
  const validate = (value: unknown): boolean => isObject(value) && Object.values(value).every(isValue);
  return ValidateBy({ name: 'mappingOf', validator: { validate } }, { message });
}

export class ServerConfig {
  @Text() readonly host!: string;
  @IntIn(0, 65_535) readonly port!: number;
  @IntIn(1, 256) readonly workers!: number;
  @IntIn(1_024, 268_435_456) readonly bodyLimitBytes!: number;
  @IntIn(1, 1_000_000) readonly maxRequests!: number;
  @Seconds() readonly headersTimeoutSeconds!: number;
  @Seconds() readonly requestTimeoutSeconds!: number;
  @Seconds() readonly keepAliveSeconds!: number;
  @IntIn(1_024, 1_048_576) readonly maxHeaderBytes!: number;
  /** Proxies before this server that tell the client's address in X-Forwarded-For. */
  @IntIn(0, 16) readonly trustedProxies!: number;
  @IntIn(1, 1_000_000) readonly maxConnections!: number;
  /** 0: no limit. */
  @IntIn(0, 1_000_000_000) readonly maxRequestsPerConnection!: number;
}

export class ModelsConfig {
  /** Absolute once loaded. */
  @Text() readonly directory!: string;
  @IsOptional() @Text() readonly default?: string;
  @OneOf(LOADS) readonly load!: (typeof LOADS)[number];
  @Seconds() readonly watchSeconds!: number;
  /** How long the proof of a version may take, in a process of its own; 0: in the server itself, however long. */
  @Seconds() readonly proofSeconds!: number;
  /** Of classifiers of tensors whose label contradicts their largest probability, and whose manifest decides nothing. */
  @IsOptional()
  @IsIn(LABELS, { message: `must be one of ${LABELS.join(', ')}` })
  readonly labels?: (typeof LABELS)[number];
  /** URLs, between blanks, of models that come from elsewhere; the directory is not read then. */
  @IsOptional() @Text() readonly source?: string;
  @Seconds() readonly sourceSeconds!: number;
  /** Between blanks. */
  @IsOptional() @Text() readonly allowedHosts?: string;
  /** Absolute once loaded. */
  @Text() readonly cache!: string;
  @IsOptional() @Text() readonly s3Endpoint?: string;
  /** A PEM file with the Ed25519 key whose signature every version must carry. */
  @IsOptional() @Text() readonly publicKey?: string;
}

export class InferenceConfig {
  @IntIn(1, 256) readonly threads!: number;
  @IntIn(1, 256) readonly batchThreads!: number;
  @IntIn(1, 1_000_000_000) readonly maxPendingRows!: number;
}

export class BatchConfig {
  @IntIn(1, 10_000_000) readonly maxInstances!: number;
}

export class LoggingConfig {
  @OneOf(LOG_LEVELS, PYTHON_LEVELS) readonly level!: (typeof LOG_LEVELS)[number];
  @OneOf(LOG_FORMATS) readonly format!: (typeof LOG_FORMATS)[number];
}

export class ShutdownConfig {
  @Seconds() readonly drainSeconds!: number;
  @Seconds() readonly graceSeconds!: number;
}

export class MetricsConfig {
  @IsBoolean({ message: 'must be true or false' }) readonly enabled!: boolean;
  /** Of their own; without one they are at `/metrics` of the API's. */
  @IsOptional() @IntIn(1, 65_535) readonly port?: number;
  /** Of that port. Not given: that of the server. */
  @IsOptional() @Text() readonly host?: string;
}

/** Without keys, predictions are open to all and nothing can be changed from outside. */
export class SecurityConfig {
  /** A file of hashed API keys, read again when it changes. */
  @IsOptional() @Text() readonly keysFile?: string;
  /** Hashed API keys, as in the file, separated by blanks. */
  @IsOptional() @Text() readonly keys?: string;
}

const ORIGINS = /^(\*|https?:\/\/[^\s/,]+(\s*,\s*https?:\/\/[^\s/,]+)*)$/;

export class CorsConfig {
  /** Web sites whose pages may ask; none when not set. */
  @IsOptional()
  @Matches(ORIGINS, { message: 'must be origins such as https://example.com, separated by commas, or *' })
  readonly origins?: string;
}

export class RateLimitConfig {
  /** Of one caller in a window; 0 does not limit. */
  @IntIn(0, 1_000_000_000) readonly requests!: number;
  @IntIn(1, 86_400) readonly seconds!: number;
}

export class TrackingConfig {
  @Text() readonly experiment!: string;
  /** The local store of runs. */
  @Text() readonly directory!: string;
  /** An MLflow server; without one, runs stay in the local store. */
  @IsOptional() @Text() readonly uri?: string;
}

export class GrpcConfig {
  @IsBoolean({ message: 'must be true or false' }) readonly enabled!: boolean;
  /** Not given: that of the server. */
  @IsOptional() @Text() readonly host?: string;
  @IntIn(0, 65_535) readonly port!: number;
}

const share = { message: 'must be a share from 0 to 1' };
const URL_TEXT = { message: 'must be a URL' };
const ALGORITHM = '(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)';
const ALGORITHMS = new RegExp(`^${ALGORITHM}(\\s*,\\s*${ALGORITHM})*$`);

/** JSON Web Tokens, which count beside keys. */
export class JwtConfig {
  /** Where the issuer publishes its keys; without it no token is believed. */
  @IsOptional() @Matches(/^https?:\/\//, URL_TEXT) readonly jwksUrl?: string;
  @IsOptional() @Text() readonly issuer?: string;
  @IsOptional() @Text() readonly audience?: string;
  /** Asymmetric ones: with a shared secret every server could make tokens. */
  @Matches(ALGORITHMS, {
    message: 'must name asymmetric algorithms such as RS256, ES256 or EdDSA, separated by commas',
  })
  readonly algorithms!: string;
  @Text() readonly scopeClaim!: string;
}

export class TracingConfig {
  /** Of an OTLP receiver over HTTP; without one nothing is traced. */
  @IsOptional() @Matches(/^https?:\/\//, URL_TEXT) readonly endpoint?: string;
  @Text() readonly serviceName!: string;
  @IsNumber({}, share)
  @Min(0, share)
  @Max(1, share)
  readonly sampleRatio!: number;
}

/** All settings of the server, as `config.yaml` groups them. */
export class AppConfig {
  @Mapping(ServerConfig) readonly server!: ServerConfig;
  @Mapping(ModelsConfig) readonly models!: ModelsConfig;
  @Mapping(InferenceConfig) readonly inference!: InferenceConfig;
  @Mapping(BatchConfig) readonly batch!: BatchConfig;
  @Mapping(LoggingConfig) readonly logging!: LoggingConfig;
  @Mapping(ShutdownConfig) readonly shutdown!: ShutdownConfig;
  @Mapping(MetricsConfig) readonly metrics!: MetricsConfig;
  @Mapping(SecurityConfig) readonly security!: SecurityConfig;
  /** The server that sources of the form `mlflow://` mean. */
  @Mapping(TrackingConfig) readonly tracking!: TrackingConfig;
  @Mapping(CorsConfig) readonly cors!: CorsConfig;
  @Mapping(RateLimitConfig) readonly rateLimit!: RateLimitConfig;
  @Mapping(TracingConfig) readonly tracing!: TracingConfig;
  @Mapping(JwtConfig) readonly jwt!: JwtConfig;
  @Mapping(GrpcConfig) readonly grpc!: GrpcConfig;
}
