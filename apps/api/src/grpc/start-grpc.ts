import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import { Admission } from '../http/admission.js';
import { TRACING } from '../tracing/tracing.module.js';
import type { Tracing } from '../tracing/tracing.js';
import type { CallObserver } from './call-observer.js';
import type { GrpcServerOptions } from './grpc-server.js';

/**
 * Opens the gRPC port of an application; it closes with the application. What gRPC needs is loaded here, so that HTTP
 * need not wait for it.
 *
 * @param observers are told of every call
 * @returns the port that was bound
 * @throws Error of the operating system when the port cannot be had
 */
export async function startGrpc(
  app: NestExpressApplication,
  options: Omit<GrpcServerOptions, 'isReady' | 'interceptor'>,
  observers: readonly CallObserver[],
): Promise<number> {
  const [{ GrpcServer }, { attendCalls }] = await Promise.all([
    import('./grpc-server.js'),
    import('./attend-calls.js'),
  ]);
  const plane = app.get(DataPlane);
  const interceptor = attendCalls(app.get(Admission), observers, app.get<Tracing | null>(TRACING));
  const server = new GrpcServer({ ...options, isReady: () => plane.isReady(), interceptor });
  const microservice = app.connectMicroservice({ strategy: server });
  await microservice.listen();
  return server.port;
}
