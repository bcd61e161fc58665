import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import type { GrpcServerOptions } from './grpc-server.js';

/**
 * Opens the gRPC port of an application; it closes with the application. What gRPC needs is loaded here, so that HTTP
 * need not wait for it.
 *
 * @returns the port that was bound
 * @throws Error of the operating system when the port cannot be had
 */
export async function startGrpc(
  app: NestExpressApplication,
  options: Omit<GrpcServerOptions, 'isReady'>,
): Promise<number> {
  const { GrpcServer } = await import('./grpc-server.js');
  const plane = app.get(DataPlane);
  const server = new GrpcServer({ ...options, isReady: () => plane.isReady() });
  const microservice = app.connectMicroservice({ strategy: server });
  await microservice.listen();
  return server.port;
}
