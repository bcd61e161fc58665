import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import { Admission, type AdmissionOptions } from '../http/admission.js';
import type { Authenticator } from '../security/authenticator.js';
import type { RateLimitOptions } from '../security/rate-limit/rate-limit.options.js';
import { AUTHENTICATOR } from '../security/security.module.js';
import { TRACING } from '../tracing/tracing.module.js';
import type { Tracing } from '../tracing/tracing.js';
import { CallArms } from './call-arms.js';
import { callGate } from './call-gate.js';
import type { CallObserver } from './call-observer.js';
import { CALL_SCOPES } from './call-scopes.js';
import { type ConnectionServer, GrpcPort, type GrpcPortOptions } from './grpc-port.js';
import type { GrpcServerOptions } from './grpc-server.js';

export interface GrpcOptions
  extends GrpcPortOptions, Pick<GrpcServerOptions, 'keepAliveSeconds' | 'graceMilliseconds'> {
  readonly admission: AdmissionOptions;
  readonly rateLimit: RateLimitOptions;
}

/**
 * Opens the gRPC port of an application, which closes with the application.
 *
 * @param observers are notified of every call
 * @param failed is called if gRPC cannot be loaded
 * @returns the port that was bound
 * @throws Error of the operating system if the port cannot be bound
 */
export function startGrpc(
  app: NestExpressApplication,
  options: GrpcOptions,
  observers: readonly CallObserver[],
  failed: (error: Error) => void,
): Promise<number> {
  return app.get(GrpcPort).listen(options, () => loadGrpc(app, options, observers), failed);
}

async function loadGrpc(
  app: NestExpressApplication,
  { admission, rateLimit, ...options }: GrpcOptions,
  observers: readonly CallObserver[],
): Promise<ConnectionServer> {
  const [{ GrpcServer }, { callInterceptor }] = await Promise.all([
    import('./grpc-server.js'),
    import('./call-interceptor.js'),
  ]);
  const [plane, port] = [app.get(DataPlane), app.get(GrpcPort)];
  const messageLimitBytes = admission.bodyLimitBytes;
  const interceptor = callInterceptor({
    limits: { ...options, messageLimitBytes, requestTimeoutSeconds: admission.requestTimeoutSeconds },
    admission: new Admission(admission),
    gate: callGate(app.get(CALL_SCOPES), app.get<Authenticator | null>(AUTHENTICATOR), rateLimit),
    observers,
    arms: app.get(CallArms),
    tracing: app.get<Tracing | null>(TRACING),
  });
  const server = new GrpcServer({
    ...options,
    messageLimitBytes,
    isReady: () => plane.isReady(),
    closePort: () => port.close(),
    interceptor,
  });
  await app.connectMicroservice({ strategy: server }).listen();
  return server;
}
