import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type ConnectionInjector,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  setLogVerbosity,
} from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import { ServerGrpc } from '@nestjs/microservices';
import { endStreamLater } from './end-stream-later.js';
import type { ConnectionServer } from './grpc-port.js';

/** Limit per connection; clients queue further calls. */
const MAX_STREAMS = 256;

const PROTO = fileURLToPath(new URL('./inference.proto', import.meta.url));
const SERVICE = 'inference.GRPCInferenceService';
/** How often readiness is polled for the health service, which has to be told. */
const HEALTH_MILLISECONDS = 250;

/** grpc-js would also write to stderr what it throws. */
setLogVerbosity(logVerbosity.NONE);

export interface GrpcServerOptions {
  /** The most a message may hold. */
  readonly messageLimitBytes: number;
  /** How long a connection without calls is kept open. */
  readonly keepAliveSeconds: number;
  /** How long calls in flight and watched connections may last after the server begins to close. */
  readonly graceMilliseconds: number;
  readonly isReady: () => boolean;
  /** Is called first when the server begins to close. */
  readonly closePort: () => void;
  /** Handles every call. */
  readonly interceptor: ServerInterceptor;
}

/**
 * Nest's gRPC server with the standard health service, reflection, and a time limit for its shutdown. It listens on no
 * port of its own.
 */
export class GrpcServer extends ServerGrpc implements ConnectionServer {
  private readonly health = new HealthImplementation();
  private readonly statusTimer = setInterval(() => this.tellHealth(), HEALTH_MILLISECONDS).unref();
  private server?: Server;
  private connections?: ConnectionInjector;
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

  override createClient(): Promise<Server> {
    const { messageLimitBytes, keepAliveSeconds, interceptor } = this.grpc;
    this.server = new Server({
      'grpc.max_receive_message_length': messageLimitBytes,
      'grpc.max_concurrent_streams': MAX_STREAMS,
      ...(keepAliveSeconds > 0 && { 'grpc.max_connection_idle_ms': keepAliveSeconds * 1_000 }),
      interceptors: [interceptor],
    });
    this.connections = this.server.createConnectionInjector(ServerCredentials.createInsecure());
    endUnknownCalls(this.server);
    return Promise.resolve(this.server);
  }

  accept(connection: Socket): void {
    this.connections?.injectConnection(connection);
  }

  /** Lets calls in flight end, then cuts the rest, such as clients that watch the health service. */
  override async close(): Promise<void> {
    clearInterval(this.statusTimer);
    this.grpc.closePort();
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

/** Bounds streams that grpc-js answered without a call, because the method does not exist. */
function endUnknownCalls(server: Server): void {
  const { http2Servers } = server as unknown as { http2Servers: ReadonlyMap<Http2Server, unknown> };
  for (const http2 of http2Servers.keys()) {
    http2.on('stream', (stream: ServerHttp2Stream) => {
      if (stream.writableEnded) endStreamLater(stream);
    });
  }
}
