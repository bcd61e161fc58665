import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { logVerbosity, Server, ServerCredentials, type ServerInterceptor, setLogVerbosity } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import { ServerGrpc } from '@nestjs/microservices';
import { endStreamLater } from './end-stream-later.js';

/** Limit per connection; clients queue further calls. */
const MAX_STREAMS = 256;

const PROTO = fileURLToPath(new URL('./inference.proto', import.meta.url));
const SERVICE = 'inference.GRPCInferenceService';
/** How often readiness is polled for the health service, which has to be told. */
const HEALTH_MILLISECONDS = 250;

/** grpc-js would also write to stderr what it throws. */
setLogVerbosity(logVerbosity.NONE);

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  /** The most a message may hold. */
  readonly messageLimitBytes: number;
  /** Limit for this process; further connections are closed at once. */
  readonly maxConnections: number;
  /** How long a connection without calls is kept open. */
  readonly keepAliveSeconds: number;
  /** How long calls in flight and watched connections may last after the server begins to close. */
  readonly graceMilliseconds: number;
  readonly isReady: () => boolean;
  /** Handles every call. */
  readonly interceptor: ServerInterceptor;
}

/** Nest's gRPC server with the standard health service, reflection, and a time limit for its shutdown. */
export class GrpcServer extends ServerGrpc {
  private readonly health = new HealthImplementation();
  private readonly statusTimer = setInterval(() => this.tellHealth(), HEALTH_MILLISECONDS).unref();
  private server?: Server;
  private boundPort = 0;
  private wasReady?: boolean;

  constructor(private readonly grpc: GrpcServerOptions) {
    super({
      package: 'inference',
      protoPath: [PROTO, healthProto],
      loader: { keepCase: true, longs: String, defaults: true, oneofs: true },
      onLoadPackageDefinition: (definition, server) => {
        leaveAsBytes(definition as PackageDefinition, SERVICE, 'ModelInfer');
        new ReflectionService(definition as PackageDefinition).addToServer(server as Server);
        this.health.addToServer(server as Server);
      },
    });
    this.tellHealth();
  }

  /** The port that was bound. */
  get port(): number {
    return this.boundPort;
  }

  override async createClient(): Promise<Server> {
    const { host, port, messageLimitBytes, maxConnections, keepAliveSeconds, interceptor } = this.grpc;
    this.server = new Server({
      'grpc.max_receive_message_length': messageLimitBytes,
      'grpc.max_concurrent_streams': MAX_STREAMS,
      ...(keepAliveSeconds > 0 && { 'grpc.max_connection_idle_ms': keepAliveSeconds * 1_000 }),
      interceptors: [interceptor],
    });
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const bind = promisify(this.server.bindAsync.bind(this.server));
    this.boundPort = await bind(address, ServerCredentials.createInsecure());
    boundConnections(this.server, maxConnections);
    return this.server;
  }

  /** Lets calls in flight end, then cuts the rest, such as clients that watch the health service. */
  override async close(): Promise<void> {
    clearInterval(this.statusTimer);
    const force = setTimeout(() => this.server?.forceShutdown(), this.grpc.graceMilliseconds).unref();
    await new Promise((resolve) => (this.server ? this.server.tryShutdown(resolve) : resolve(undefined)));
    clearTimeout(force);
  }

  private tellHealth(): void {
    const isReady = this.grpc.isReady();
    if (isReady === this.wasReady) return;
    this.wasReady = isReady;
    for (const service of ['', SERVICE]) this.health.setStatus(service, isReady ? 'SERVING' : 'NOT_SERVING');
  }
}

/** Passes the messages of a method to its handler as bytes. */
function leaveAsBytes(definition: PackageDefinition, service: string, method: string): void {
  const methods = definition[service] as unknown as Record<string, { requestDeserialize: (bytes: Buffer) => unknown }>;
  methods[method].requestDeserialize = (bytes) => bytes;
}

/**
 * Limits what grpc-js does not: connections, and streams that it answered without a call because the method does not
 * exist.
 */
function boundConnections(server: Server, maxConnections: number): void {
  const { http2Servers } = server as unknown as { http2Servers: ReadonlyMap<Http2Server, unknown> };
  for (const http2 of http2Servers.keys()) {
    http2.maxConnections = maxConnections;
    http2.on('stream', (stream: ServerHttp2Stream) => {
      if (stream.writableEnded) endStreamLater(stream);
    });
  }
}
