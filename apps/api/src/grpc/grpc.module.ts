import { type DynamicModule, Module } from '@nestjs/common';
import type { RateLimitOptions } from '../security/rate-limit/rate-limit.options.js';
import { GrpcAdminController } from './grpc-admin.controller.js';
import { GrpcInferenceController } from './grpc-inference.controller.js';
import { RATE_LIMIT } from './scope.guard.js';

/** The gRPC face of the Open Inference Protocol; `startGrpc` opens its port. */
@Module({})
export class GrpcModule {
  /**
   * @param protocol the module that has the data plane
   * @param adminCalls whether callers may load and unload models
   */
  static forRoot(protocol: DynamicModule, adminCalls: boolean, rateLimit: RateLimitOptions): DynamicModule {
    return {
      module: GrpcModule,
      imports: [protocol],
      providers: [{ provide: RATE_LIMIT, useValue: rateLimit }],
      controllers: [GrpcInferenceController, ...(adminCalls ? [GrpcAdminController] : [])],
    };
  }
}
